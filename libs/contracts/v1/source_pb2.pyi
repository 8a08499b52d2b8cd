from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Gap(_message.Message):
    __slots__ = ("reason", "from_cursor", "to_cursor")
    REASON_FIELD_NUMBER: _ClassVar[int]
    FROM_CURSOR_FIELD_NUMBER: _ClassVar[int]
    TO_CURSOR_FIELD_NUMBER: _ClassVar[int]
    reason: str
    from_cursor: str
    to_cursor: str
    def __init__(self, reason: _Optional[str] = ..., from_cursor: _Optional[str] = ..., to_cursor: _Optional[str] = ...) -> None: ...

class Malformed(_message.Message):
    __slots__ = ("source_kind", "fault")
    SOURCE_KIND_FIELD_NUMBER: _ClassVar[int]
    FAULT_FIELD_NUMBER: _ClassVar[int]
    source_kind: str
    fault: str
    def __init__(self, source_kind: _Optional[str] = ..., fault: _Optional[str] = ...) -> None: ...
