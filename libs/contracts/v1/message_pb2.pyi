from contracts.v1 import actor_pb2 as _actor_pb2
from contracts.v1 import content_pb2 as _content_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MessageCreated(_message.Message):
    __slots__ = ("message_id", "content")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    content: _content_pb2.Content
    def __init__(self, message_id: _Optional[str] = ..., content: _Optional[_Union[_content_pb2.Content, _Mapping]] = ...) -> None: ...

class MessageEdited(_message.Message):
    __slots__ = ("message_id", "content", "edit_id")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    EDIT_ID_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    content: _content_pb2.Content
    edit_id: str
    def __init__(self, message_id: _Optional[str] = ..., content: _Optional[_Union[_content_pb2.Content, _Mapping]] = ..., edit_id: _Optional[str] = ...) -> None: ...

class MessageDeleted(_message.Message):
    __slots__ = ("message_ids", "deleted_by", "deleted_by_confidence", "reason")
    MESSAGE_IDS_FIELD_NUMBER: _ClassVar[int]
    DELETED_BY_FIELD_NUMBER: _ClassVar[int]
    DELETED_BY_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    message_ids: _containers.RepeatedScalarFieldContainer[str]
    deleted_by: _actor_pb2.Actor
    deleted_by_confidence: float
    reason: str
    def __init__(self, message_ids: _Optional[_Iterable[str]] = ..., deleted_by: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., deleted_by_confidence: _Optional[float] = ..., reason: _Optional[str] = ...) -> None: ...

class CommandInvoked(_message.Message):
    __slots__ = ("name", "args", "text", "message_id", "interaction", "content", "direct")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ARGS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    DIRECT_FIELD_NUMBER: _ClassVar[int]
    name: str
    args: _containers.RepeatedScalarFieldContainer[str]
    text: str
    message_id: str
    interaction: str
    content: _content_pb2.Content
    direct: bool
    def __init__(self, name: _Optional[str] = ..., args: _Optional[_Iterable[str]] = ..., text: _Optional[str] = ..., message_id: _Optional[str] = ..., interaction: _Optional[str] = ..., content: _Optional[_Union[_content_pb2.Content, _Mapping]] = ..., direct: _Optional[bool] = ...) -> None: ...

class Screened(_message.Message):
    __slots__ = ("verdict", "rule", "content")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    verdict: str
    rule: str
    content: _content_pb2.Content
    def __init__(self, verdict: _Optional[str] = ..., rule: _Optional[str] = ..., content: _Optional[_Union[_content_pb2.Content, _Mapping]] = ...) -> None: ...
