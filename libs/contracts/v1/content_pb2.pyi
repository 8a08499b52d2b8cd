from contracts.v1 import actor_pb2 as _actor_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Attachment(_message.Message):
    __slots__ = ("handle", "name", "media_type", "size_bytes", "alt_text", "encrypted", "sha256")
    HANDLE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    ALT_TEXT_FIELD_NUMBER: _ClassVar[int]
    ENCRYPTED_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    handle: str
    name: str
    media_type: str
    size_bytes: int
    alt_text: str
    encrypted: bool
    sha256: str
    def __init__(self, handle: _Optional[str] = ..., name: _Optional[str] = ..., media_type: _Optional[str] = ..., size_bytes: _Optional[int] = ..., alt_text: _Optional[str] = ..., encrypted: _Optional[bool] = ..., sha256: _Optional[str] = ...) -> None: ...

class Forward(_message.Message):
    __slots__ = ("message_id", "place", "text", "attachments")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    place: _actor_pb2.Place
    text: str
    attachments: _containers.RepeatedCompositeFieldContainer[Attachment]
    def __init__(self, message_id: _Optional[str] = ..., place: _Optional[_Union[_actor_pb2.Place, _Mapping]] = ..., text: _Optional[str] = ..., attachments: _Optional[_Iterable[_Union[Attachment, _Mapping]]] = ...) -> None: ...

class Embed(_message.Message):
    __slots__ = ("url", "title", "description")
    URL_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    url: str
    title: str
    description: str
    def __init__(self, url: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class Poll(_message.Message):
    __slots__ = ("question", "answers")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    question: str
    answers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, question: _Optional[str] = ..., answers: _Optional[_Iterable[str]] = ...) -> None: ...

class Content(_message.Message):
    __slots__ = ("text", "html", "reply_to", "mentions", "mentions_everyone", "attachments", "forwards", "embeds", "poll", "form")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    HTML_FIELD_NUMBER: _ClassVar[int]
    REPLY_TO_FIELD_NUMBER: _ClassVar[int]
    MENTIONS_FIELD_NUMBER: _ClassVar[int]
    MENTIONS_EVERYONE_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    FORWARDS_FIELD_NUMBER: _ClassVar[int]
    EMBEDS_FIELD_NUMBER: _ClassVar[int]
    POLL_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    text: str
    html: str
    reply_to: str
    mentions: _containers.RepeatedScalarFieldContainer[str]
    mentions_everyone: bool
    attachments: _containers.RepeatedCompositeFieldContainer[Attachment]
    forwards: _containers.RepeatedCompositeFieldContainer[Forward]
    embeds: _containers.RepeatedCompositeFieldContainer[Embed]
    poll: Poll
    form: str
    def __init__(self, text: _Optional[str] = ..., html: _Optional[str] = ..., reply_to: _Optional[str] = ..., mentions: _Optional[_Iterable[str]] = ..., mentions_everyone: _Optional[bool] = ..., attachments: _Optional[_Iterable[_Union[Attachment, _Mapping]]] = ..., forwards: _Optional[_Iterable[_Union[Forward, _Mapping]]] = ..., embeds: _Optional[_Iterable[_Union[Embed, _Mapping]]] = ..., poll: _Optional[_Union[Poll, _Mapping]] = ..., form: _Optional[str] = ...) -> None: ...
