from contracts.v1 import actor_pb2 as _actor_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Undoing(_message.Message):
    __slots__ = ("undo_id", "case_id", "rule", "action_id", "done", "reason", "member")
    UNDO_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    ACTION_ID_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    undo_id: str
    case_id: str
    rule: str
    action_id: str
    done: _containers.RepeatedCompositeFieldContainer[Done]
    reason: str
    member: _actor_pb2.Actor
    def __init__(self, undo_id: _Optional[str] = ..., case_id: _Optional[str] = ..., rule: _Optional[str] = ..., action_id: _Optional[str] = ..., done: _Optional[_Iterable[_Union[Done, _Mapping]]] = ..., reason: _Optional[str] = ..., member: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ...) -> None: ...

class Done(_message.Message):
    __slots__ = ("kind", "rule", "action_id", "member", "name", "before", "after")
    KIND_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    ACTION_ID_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    kind: str
    rule: str
    action_id: str
    member: str
    name: str
    before: str
    after: str
    def __init__(self, kind: _Optional[str] = ..., rule: _Optional[str] = ..., action_id: _Optional[str] = ..., member: _Optional[str] = ..., name: _Optional[str] = ..., before: _Optional[str] = ..., after: _Optional[str] = ...) -> None: ...
