from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Harvested(_message.Message):
    __slots__ = ("kind", "key", "text", "member", "name", "by", "channel", "source")
    KIND_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    kind: str
    key: str
    text: str
    member: str
    name: str
    by: str
    channel: str
    source: str
    def __init__(self, kind: _Optional[str] = ..., key: _Optional[str] = ..., text: _Optional[str] = ..., member: _Optional[str] = ..., name: _Optional[str] = ..., by: _Optional[str] = ..., channel: _Optional[str] = ..., source: _Optional[str] = ...) -> None: ...
