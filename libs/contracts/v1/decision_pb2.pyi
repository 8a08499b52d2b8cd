from contracts.v1 import action_pb2 as _action_pb2
from contracts.v1 import actor_pb2 as _actor_pb2
from contracts.v1 import event_pb2 as _event_pb2
from contracts.v1 import harvest_pb2 as _harvest_pb2
from contracts.v1 import hit_pb2 as _hit_pb2
from contracts.v1 import outcome_pb2 as _outcome_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

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
    __slots__ = ("id", "event_id", "event_seq", "at_ms", "platform", "network", "group", "place", "subject", "message_id", "rulebook", "outcome", "hits", "strikes", "until_ms", "case_id", "actions", "timers", "cancelled_timers", "outcome_of", "explanation", "language", "connection", "facts", "acted", "resolution", "sanction", "harvested")
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
    HARVESTED_FIELD_NUMBER: _ClassVar[int]
    id: str
    event_id: str
    event_seq: int
    at_ms: int
    platform: str
    network: str
    group: str
    place: _actor_pb2.Place
    subject: _actor_pb2.Actor
    message_id: str
    rulebook: str
    outcome: _hit_pb2.Outcome
    hits: _containers.RepeatedCompositeFieldContainer[_hit_pb2.RuleHit]
    strikes: int
    until_ms: int
    case_id: str
    actions: _containers.RepeatedCompositeFieldContainer[_action_pb2.Action]
    timers: _containers.RepeatedCompositeFieldContainer[TimerSet]
    cancelled_timers: _containers.RepeatedScalarFieldContainer[str]
    outcome_of: _outcome_pb2.ActionOutcome
    explanation: str
    language: str
    connection: str
    facts: _containers.RepeatedCompositeFieldContainer[_event_pb2.Event]
    acted: str
    resolution: Resolution
    sanction: _hit_pb2.Outcome
    harvested: _containers.RepeatedCompositeFieldContainer[_harvest_pb2.Harvested]
    def __init__(self, id: _Optional[str] = ..., event_id: _Optional[str] = ..., event_seq: _Optional[int] = ..., at_ms: _Optional[int] = ..., platform: _Optional[str] = ..., network: _Optional[str] = ..., group: _Optional[str] = ..., place: _Optional[_Union[_actor_pb2.Place, _Mapping]] = ..., subject: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., message_id: _Optional[str] = ..., rulebook: _Optional[str] = ..., outcome: _Optional[_Union[_hit_pb2.Outcome, str]] = ..., hits: _Optional[_Iterable[_Union[_hit_pb2.RuleHit, _Mapping]]] = ..., strikes: _Optional[int] = ..., until_ms: _Optional[int] = ..., case_id: _Optional[str] = ..., actions: _Optional[_Iterable[_Union[_action_pb2.Action, _Mapping]]] = ..., timers: _Optional[_Iterable[_Union[TimerSet, _Mapping]]] = ..., cancelled_timers: _Optional[_Iterable[str]] = ..., outcome_of: _Optional[_Union[_outcome_pb2.ActionOutcome, _Mapping]] = ..., explanation: _Optional[str] = ..., language: _Optional[str] = ..., connection: _Optional[str] = ..., facts: _Optional[_Iterable[_Union[_event_pb2.Event, _Mapping]]] = ..., acted: _Optional[str] = ..., resolution: _Optional[_Union[Resolution, _Mapping]] = ..., sanction: _Optional[_Union[_hit_pb2.Outcome, str]] = ..., harvested: _Optional[_Iterable[_Union[_harvest_pb2.Harvested, _Mapping]]] = ...) -> None: ...

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
