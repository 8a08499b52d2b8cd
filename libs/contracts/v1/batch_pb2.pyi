from contracts.v1 import decision_pb2 as _decision_pb2
from contracts.v1 import trial_pb2 as _trial_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

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
    decisions: _containers.RepeatedCompositeFieldContainer[_decision_pb2.Decision]
    rulebooks: _containers.RepeatedScalarFieldContainer[str]
    state_digest: bytes
    owner: str
    clock_ms: int
    disagreements: _containers.RepeatedCompositeFieldContainer[_trial_pb2.Disagreement]
    tallies: _containers.RepeatedCompositeFieldContainer[_trial_pb2.Tally]
    def __init__(self, schema: _Optional[int] = ..., partition: _Optional[int] = ..., after_seq: _Optional[int] = ..., last_seq: _Optional[int] = ..., events: _Optional[int] = ..., decisions: _Optional[_Iterable[_Union[_decision_pb2.Decision, _Mapping]]] = ..., rulebooks: _Optional[_Iterable[str]] = ..., state_digest: _Optional[bytes] = ..., owner: _Optional[str] = ..., clock_ms: _Optional[int] = ..., disagreements: _Optional[_Iterable[_Union[_trial_pb2.Disagreement, _Mapping]]] = ..., tallies: _Optional[_Iterable[_Union[_trial_pb2.Tally, _Mapping]]] = ...) -> None: ...
