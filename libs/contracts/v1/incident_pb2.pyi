from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Sighting(_message.Message):
    __slots__ = ("kind", "key", "group", "event_id", "message_id", "groups_at_least", "within_ms")
    KIND_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    GROUPS_AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    WITHIN_MS_FIELD_NUMBER: _ClassVar[int]
    kind: str
    key: str
    group: str
    event_id: str
    message_id: str
    groups_at_least: int
    within_ms: int
    def __init__(self, kind: _Optional[str] = ..., key: _Optional[str] = ..., group: _Optional[str] = ..., event_id: _Optional[str] = ..., message_id: _Optional[str] = ..., groups_at_least: _Optional[int] = ..., within_ms: _Optional[int] = ...) -> None: ...

class Incident(_message.Message):
    __slots__ = ("decision_id", "kind", "key", "groups", "event_id", "message_id")
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    decision_id: str
    kind: str
    key: str
    groups: _containers.RepeatedCompositeFieldContainer[IncidentGroup]
    event_id: str
    message_id: str
    def __init__(self, decision_id: _Optional[str] = ..., kind: _Optional[str] = ..., key: _Optional[str] = ..., groups: _Optional[_Iterable[_Union[IncidentGroup, _Mapping]]] = ..., event_id: _Optional[str] = ..., message_id: _Optional[str] = ...) -> None: ...

class IncidentGroup(_message.Message):
    __slots__ = ("group", "at_ms", "event_id")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    group: str
    at_ms: int
    event_id: str
    def __init__(self, group: _Optional[str] = ..., at_ms: _Optional[int] = ..., event_id: _Optional[str] = ...) -> None: ...
