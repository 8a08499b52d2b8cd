from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTCOME_UNSPECIFIED: _ClassVar[Outcome]
    OUTCOME_ALLOW: _ClassVar[Outcome]
    OUTCOME_NOTICE: _ClassVar[Outcome]
    OUTCOME_WARN: _ClassVar[Outcome]
    OUTCOME_HOLD: _ClassVar[Outcome]
    OUTCOME_DELETE: _ClassVar[Outcome]
    OUTCOME_MUTE: _ClassVar[Outcome]
    OUTCOME_KICK: _ClassVar[Outcome]
    OUTCOME_BAN: _ClassVar[Outcome]
OUTCOME_UNSPECIFIED: Outcome
OUTCOME_ALLOW: Outcome
OUTCOME_NOTICE: Outcome
OUTCOME_WARN: Outcome
OUTCOME_HOLD: Outcome
OUTCOME_DELETE: Outcome
OUTCOME_MUTE: Outcome
OUTCOME_KICK: Outcome
OUTCOME_BAN: Outcome

class Span(_message.Message):
    __slots__ = ("view", "start", "end", "text", "term", "surface")
    VIEW_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TERM_FIELD_NUMBER: _ClassVar[int]
    SURFACE_FIELD_NUMBER: _ClassVar[int]
    view: str
    start: int
    end: int
    text: str
    term: str
    surface: str
    def __init__(self, view: _Optional[str] = ..., start: _Optional[int] = ..., end: _Optional[int] = ..., text: _Optional[str] = ..., term: _Optional[str] = ..., surface: _Optional[str] = ...) -> None: ...

class Saw(_message.Message):
    __slots__ = ("kind", "listed", "measure", "count", "threshold", "window_ms", "said", "span", "spare")
    KIND_FIELD_NUMBER: _ClassVar[int]
    LISTED_FIELD_NUMBER: _ClassVar[int]
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    WINDOW_MS_FIELD_NUMBER: _ClassVar[int]
    SAID_FIELD_NUMBER: _ClassVar[int]
    SPAN_FIELD_NUMBER: _ClassVar[int]
    SPARE_FIELD_NUMBER: _ClassVar[int]
    kind: str
    listed: str
    measure: str
    count: int
    threshold: int
    window_ms: int
    said: str
    span: int
    spare: bool
    def __init__(self, kind: _Optional[str] = ..., listed: _Optional[str] = ..., measure: _Optional[str] = ..., count: _Optional[int] = ..., threshold: _Optional[int] = ..., window_ms: _Optional[int] = ..., said: _Optional[str] = ..., span: _Optional[int] = ..., spare: _Optional[bool] = ...) -> None: ...

class RuleHit(_message.Message):
    __slots__ = ("rule", "outcome", "spans", "event_ids", "count", "threshold", "window_ms", "points", "exempt", "saw")
    RULE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    SPANS_FIELD_NUMBER: _ClassVar[int]
    EVENT_IDS_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    WINDOW_MS_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    EXEMPT_FIELD_NUMBER: _ClassVar[int]
    SAW_FIELD_NUMBER: _ClassVar[int]
    rule: str
    outcome: Outcome
    spans: _containers.RepeatedCompositeFieldContainer[Span]
    event_ids: _containers.RepeatedScalarFieldContainer[str]
    count: int
    threshold: int
    window_ms: int
    points: int
    exempt: str
    saw: _containers.RepeatedCompositeFieldContainer[Saw]
    def __init__(self, rule: _Optional[str] = ..., outcome: _Optional[_Union[Outcome, str]] = ..., spans: _Optional[_Iterable[_Union[Span, _Mapping]]] = ..., event_ids: _Optional[_Iterable[str]] = ..., count: _Optional[int] = ..., threshold: _Optional[int] = ..., window_ms: _Optional[int] = ..., points: _Optional[int] = ..., exempt: _Optional[str] = ..., saw: _Optional[_Iterable[_Union[Saw, _Mapping]]] = ...) -> None: ...
