from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class TimerDue(_message.Message):
    __slots__ = ("timer_id", "purpose", "subject_id", "due_ms")
    TIMER_ID_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_ID_FIELD_NUMBER: _ClassVar[int]
    DUE_MS_FIELD_NUMBER: _ClassVar[int]
    timer_id: str
    purpose: str
    subject_id: str
    due_ms: int
    def __init__(self, timer_id: _Optional[str] = ..., purpose: _Optional[str] = ..., subject_id: _Optional[str] = ..., due_ms: _Optional[int] = ...) -> None: ...

class Tick(_message.Message):
    __slots__ = ("at_ms",)
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    at_ms: int
    def __init__(self, at_ms: _Optional[int] = ...) -> None: ...

class MemberSilent(_message.Message):
    __slots__ = ("since_ms", "for_ms")
    SINCE_MS_FIELD_NUMBER: _ClassVar[int]
    FOR_MS_FIELD_NUMBER: _ClassVar[int]
    since_ms: int
    for_ms: int
    def __init__(self, since_ms: _Optional[int] = ..., for_ms: _Optional[int] = ...) -> None: ...
