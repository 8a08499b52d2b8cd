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

class SetStanding(_message.Message):
    __slots__ = ("member", "asset", "standing", "level", "labels", "givers", "days", "day", "upto_txn")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    GIVERS_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    UPTO_TXN_FIELD_NUMBER: _ClassVar[int]
    member: str
    asset: str
    standing: int
    level: str
    labels: _containers.RepeatedScalarFieldContainer[str]
    givers: int
    days: int
    day: int
    upto_txn: int
    def __init__(self, member: _Optional[str] = ..., asset: _Optional[str] = ..., standing: _Optional[int] = ..., level: _Optional[str] = ..., labels: _Optional[_Iterable[str]] = ..., givers: _Optional[int] = ..., days: _Optional[int] = ..., day: _Optional[int] = ..., upto_txn: _Optional[int] = ...) -> None: ...

class StandingChanged(_message.Message):
    __slots__ = ("member", "asset", "standing", "level", "level_before", "labels", "labels_lost", "givers", "days")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    LEVEL_BEFORE_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    LABELS_LOST_FIELD_NUMBER: _ClassVar[int]
    GIVERS_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    member: str
    asset: str
    standing: int
    level: str
    level_before: str
    labels: _containers.RepeatedScalarFieldContainer[str]
    labels_lost: _containers.RepeatedScalarFieldContainer[str]
    givers: int
    days: int
    def __init__(self, member: _Optional[str] = ..., asset: _Optional[str] = ..., standing: _Optional[int] = ..., level: _Optional[str] = ..., level_before: _Optional[str] = ..., labels: _Optional[_Iterable[str]] = ..., labels_lost: _Optional[_Iterable[str]] = ..., givers: _Optional[int] = ..., days: _Optional[int] = ...) -> None: ...
