from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Merit(_message.Message):
    __slots__ = ("giver", "rule", "reason", "evidence", "happened_ms")
    GIVER_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    HAPPENED_MS_FIELD_NUMBER: _ClassVar[int]
    giver: str
    rule: str
    reason: str
    evidence: _containers.RepeatedScalarFieldContainer[str]
    happened_ms: int
    def __init__(self, giver: _Optional[str] = ..., rule: _Optional[str] = ..., reason: _Optional[str] = ..., evidence: _Optional[_Iterable[str]] = ..., happened_ms: _Optional[int] = ...) -> None: ...
