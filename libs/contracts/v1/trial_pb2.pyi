from contracts.v1 import decision_pb2 as _decision_pb2
from contracts.v1 import hit_pb2 as _hit_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

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
    live: _hit_pb2.Outcome
    live_rules: _containers.RepeatedScalarFieldContainer[str]
    candidate: _decision_pb2.Decision
    def __init__(self, trial: _Optional[str] = ..., event_seq: _Optional[int] = ..., event_id: _Optional[str] = ..., at_ms: _Optional[int] = ..., network: _Optional[str] = ..., group: _Optional[str] = ..., member: _Optional[str] = ..., kind: _Optional[str] = ..., live: _Optional[_Union[_hit_pb2.Outcome, str]] = ..., live_rules: _Optional[_Iterable[str]] = ..., candidate: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ...) -> None: ...

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
