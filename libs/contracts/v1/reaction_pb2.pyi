from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class ReactionAdded(_message.Message):
    __slots__ = ("message_id", "key", "reaction_id")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    REACTION_ID_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    key: str
    reaction_id: str
    def __init__(self, message_id: _Optional[str] = ..., key: _Optional[str] = ..., reaction_id: _Optional[str] = ...) -> None: ...

class ReactionRemoved(_message.Message):
    __slots__ = ("message_id", "key", "reaction_id")
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    REACTION_ID_FIELD_NUMBER: _ClassVar[int]
    message_id: str
    key: str
    reaction_id: str
    def __init__(self, message_id: _Optional[str] = ..., key: _Optional[str] = ..., reaction_id: _Optional[str] = ...) -> None: ...
