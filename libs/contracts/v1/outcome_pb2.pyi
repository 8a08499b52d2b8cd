from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OutcomeStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTCOME_STATUS_UNSPECIFIED: _ClassVar[OutcomeStatus]
    OUTCOME_STATUS_DONE: _ClassVar[OutcomeStatus]
    OUTCOME_STATUS_ALREADY: _ClassVar[OutcomeStatus]
    OUTCOME_STATUS_DENIED: _ClassVar[OutcomeStatus]
    OUTCOME_STATUS_GONE: _ClassVar[OutcomeStatus]
    OUTCOME_STATUS_FAILED: _ClassVar[OutcomeStatus]
OUTCOME_STATUS_UNSPECIFIED: OutcomeStatus
OUTCOME_STATUS_DONE: OutcomeStatus
OUTCOME_STATUS_ALREADY: OutcomeStatus
OUTCOME_STATUS_DENIED: OutcomeStatus
OUTCOME_STATUS_GONE: OutcomeStatus
OUTCOME_STATUS_FAILED: OutcomeStatus

class ActionOutcome(_message.Message):
    __slots__ = ("action_id", "case_id", "kind", "status", "fault", "effect_id", "prior", "requests", "latency_ms", "decided_ms")
    ACTION_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FAULT_FIELD_NUMBER: _ClassVar[int]
    EFFECT_ID_FIELD_NUMBER: _ClassVar[int]
    PRIOR_FIELD_NUMBER: _ClassVar[int]
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    DECIDED_MS_FIELD_NUMBER: _ClassVar[int]
    action_id: str
    case_id: str
    kind: str
    status: OutcomeStatus
    fault: str
    effect_id: str
    prior: str
    requests: int
    latency_ms: int
    decided_ms: int
    def __init__(self, action_id: _Optional[str] = ..., case_id: _Optional[str] = ..., kind: _Optional[str] = ..., status: _Optional[_Union[OutcomeStatus, str]] = ..., fault: _Optional[str] = ..., effect_id: _Optional[str] = ..., prior: _Optional[str] = ..., requests: _Optional[int] = ..., latency_ms: _Optional[int] = ..., decided_ms: _Optional[int] = ...) -> None: ...
