from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class SetGroup(_message.Message):
    __slots__ = ("key", "value", "instead_of")
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    INSTEAD_OF_FIELD_NUMBER: _ClassVar[int]
    key: str
    value: str
    instead_of: str
    def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ..., instead_of: _Optional[str] = ...) -> None: ...

class Lockdown(_message.Message):
    __slots__ = ("until_ms",)
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    until_ms: int
    def __init__(self, until_ms: _Optional[int] = ...) -> None: ...

class Unlock(_message.Message):
    __slots__ = ("lockdown_action_id",)
    LOCKDOWN_ACTION_ID_FIELD_NUMBER: _ClassVar[int]
    lockdown_action_id: str
    def __init__(self, lockdown_action_id: _Optional[str] = ...) -> None: ...
