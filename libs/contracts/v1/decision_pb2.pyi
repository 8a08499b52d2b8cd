from contracts.v1 import action_pb2 as _action_pb2
from contracts.v1 import event_pb2 as _event_pb2
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

class TimerSet(_message.Message):
    __slots__ = ("id", "purpose", "subject_id", "due_ms")
    ID_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_ID_FIELD_NUMBER: _ClassVar[int]
    DUE_MS_FIELD_NUMBER: _ClassVar[int]
    id: str
    purpose: str
    subject_id: str
    due_ms: int
    def __init__(self, id: _Optional[str] = ..., purpose: _Optional[str] = ..., subject_id: _Optional[str] = ..., due_ms: _Optional[int] = ...) -> None: ...

class Decision(_message.Message):
    __slots__ = ("id", "event_id", "event_seq", "at_ms", "platform", "network", "group", "place", "subject", "message_id", "rulebook", "outcome", "hits", "strikes", "until_ms", "case_id", "actions", "timers", "cancelled_timers", "outcome_of", "explanation", "language", "connection", "facts", "acted", "resolution", "sanction")
    ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_SEQ_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    RULEBOOK_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    HITS_FIELD_NUMBER: _ClassVar[int]
    STRIKES_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    ACTIONS_FIELD_NUMBER: _ClassVar[int]
    TIMERS_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_TIMERS_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_OF_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    CONNECTION_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    ACTED_FIELD_NUMBER: _ClassVar[int]
    RESOLUTION_FIELD_NUMBER: _ClassVar[int]
    SANCTION_FIELD_NUMBER: _ClassVar[int]
    id: str
    event_id: str
    event_seq: int
    at_ms: int
    platform: str
    network: str
    group: str
    place: _event_pb2.Place
    subject: _event_pb2.Actor
    message_id: str
    rulebook: str
    outcome: Outcome
    hits: _containers.RepeatedCompositeFieldContainer[RuleHit]
    strikes: int
    until_ms: int
    case_id: str
    actions: _containers.RepeatedCompositeFieldContainer[_action_pb2.Action]
    timers: _containers.RepeatedCompositeFieldContainer[TimerSet]
    cancelled_timers: _containers.RepeatedScalarFieldContainer[str]
    outcome_of: _event_pb2.ActionOutcome
    explanation: str
    language: str
    connection: str
    facts: _containers.RepeatedCompositeFieldContainer[_event_pb2.Event]
    acted: str
    resolution: Resolution
    sanction: Outcome
    def __init__(self, id: _Optional[str] = ..., event_id: _Optional[str] = ..., event_seq: _Optional[int] = ..., at_ms: _Optional[int] = ..., platform: _Optional[str] = ..., network: _Optional[str] = ..., group: _Optional[str] = ..., place: _Optional[_Union[_event_pb2.Place, _Mapping]] = ..., subject: _Optional[_Union[_event_pb2.Actor, _Mapping]] = ..., message_id: _Optional[str] = ..., rulebook: _Optional[str] = ..., outcome: _Optional[_Union[Outcome, str]] = ..., hits: _Optional[_Iterable[_Union[RuleHit, _Mapping]]] = ..., strikes: _Optional[int] = ..., until_ms: _Optional[int] = ..., case_id: _Optional[str] = ..., actions: _Optional[_Iterable[_Union[_action_pb2.Action, _Mapping]]] = ..., timers: _Optional[_Iterable[_Union[TimerSet, _Mapping]]] = ..., cancelled_timers: _Optional[_Iterable[str]] = ..., outcome_of: _Optional[_Union[_event_pb2.ActionOutcome, _Mapping]] = ..., explanation: _Optional[str] = ..., language: _Optional[str] = ..., connection: _Optional[str] = ..., facts: _Optional[_Iterable[_Union[_event_pb2.Event, _Mapping]]] = ..., acted: _Optional[str] = ..., resolution: _Optional[_Union[Resolution, _Mapping]] = ..., sanction: _Optional[_Union[Outcome, str]] = ...) -> None: ...

class Resolution(_message.Message):
    __slots__ = ("case_id", "state", "by", "reason", "undone", "kept", "undo_id")
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    UNDONE_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    UNDO_ID_FIELD_NUMBER: _ClassVar[int]
    case_id: str
    state: str
    by: str
    reason: str
    undone: _containers.RepeatedScalarFieldContainer[str]
    kept: _containers.RepeatedScalarFieldContainer[str]
    undo_id: str
    def __init__(self, case_id: _Optional[str] = ..., state: _Optional[str] = ..., by: _Optional[str] = ..., reason: _Optional[str] = ..., undone: _Optional[_Iterable[str]] = ..., kept: _Optional[_Iterable[str]] = ..., undo_id: _Optional[str] = ...) -> None: ...

class Disagreement(_message.Message):
    __slots__ = ("trial", "event_seq", "event_id", "at_ms", "network", "group", "member", "kind", "live", "live_rules", "candidate")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    EVENT_SEQ_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    LIVE_FIELD_NUMBER: _ClassVar[int]
    LIVE_RULES_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    trial: str
    event_seq: int
    event_id: str
    at_ms: int
    network: str
    group: str
    member: str
    kind: str
    live: Outcome
    live_rules: _containers.RepeatedScalarFieldContainer[str]
    candidate: Decision
    def __init__(self, trial: _Optional[str] = ..., event_seq: _Optional[int] = ..., event_id: _Optional[str] = ..., at_ms: _Optional[int] = ..., network: _Optional[str] = ..., group: _Optional[str] = ..., member: _Optional[str] = ..., kind: _Optional[str] = ..., live: _Optional[_Union[Outcome, str]] = ..., live_rules: _Optional[_Iterable[str]] = ..., candidate: _Optional[_Union[Decision, _Mapping]] = ...) -> None: ...

class RuleTally(_message.Message):
    __slots__ = ("rule", "hits", "newly", "spared")
    RULE_FIELD_NUMBER: _ClassVar[int]
    HITS_FIELD_NUMBER: _ClassVar[int]
    NEWLY_FIELD_NUMBER: _ClassVar[int]
    SPARED_FIELD_NUMBER: _ClassVar[int]
    rule: str
    hits: int
    newly: int
    spared: int
    def __init__(self, rule: _Optional[str] = ..., hits: _Optional[int] = ..., newly: _Optional[int] = ..., spared: _Optional[int] = ...) -> None: ...

class Tally(_message.Message):
    __slots__ = ("trial", "judged", "hits", "disagreed", "rules")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    JUDGED_FIELD_NUMBER: _ClassVar[int]
    HITS_FIELD_NUMBER: _ClassVar[int]
    DISAGREED_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    trial: str
    judged: int
    hits: int
    disagreed: int
    rules: _containers.RepeatedCompositeFieldContainer[RuleTally]
    def __init__(self, trial: _Optional[str] = ..., judged: _Optional[int] = ..., hits: _Optional[int] = ..., disagreed: _Optional[int] = ..., rules: _Optional[_Iterable[_Union[RuleTally, _Mapping]]] = ...) -> None: ...

class DecisionBatch(_message.Message):
    __slots__ = ("schema", "partition", "after_seq", "last_seq", "events", "decisions", "rulebooks", "state_digest", "owner", "clock_ms", "disagreements", "tallies")
    SCHEMA_FIELD_NUMBER: _ClassVar[int]
    PARTITION_FIELD_NUMBER: _ClassVar[int]
    AFTER_SEQ_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQ_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    RULEBOOKS_FIELD_NUMBER: _ClassVar[int]
    STATE_DIGEST_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    CLOCK_MS_FIELD_NUMBER: _ClassVar[int]
    DISAGREEMENTS_FIELD_NUMBER: _ClassVar[int]
    TALLIES_FIELD_NUMBER: _ClassVar[int]
    schema: int
    partition: int
    after_seq: int
    last_seq: int
    events: int
    decisions: _containers.RepeatedCompositeFieldContainer[Decision]
    rulebooks: _containers.RepeatedScalarFieldContainer[str]
    state_digest: bytes
    owner: str
    clock_ms: int
    disagreements: _containers.RepeatedCompositeFieldContainer[Disagreement]
    tallies: _containers.RepeatedCompositeFieldContainer[Tally]
    def __init__(self, schema: _Optional[int] = ..., partition: _Optional[int] = ..., after_seq: _Optional[int] = ..., last_seq: _Optional[int] = ..., events: _Optional[int] = ..., decisions: _Optional[_Iterable[_Union[Decision, _Mapping]]] = ..., rulebooks: _Optional[_Iterable[str]] = ..., state_digest: _Optional[bytes] = ..., owner: _Optional[str] = ..., clock_ms: _Optional[int] = ..., disagreements: _Optional[_Iterable[_Union[Disagreement, _Mapping]]] = ..., tallies: _Optional[_Iterable[_Union[Tally, _Mapping]]] = ...) -> None: ...
