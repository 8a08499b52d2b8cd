from contracts.v1 import actor_pb2 as _actor_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Inviter(_message.Message):
    __slots__ = ("actor", "confidence", "via")
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    VIA_FIELD_NUMBER: _ClassVar[int]
    actor: _actor_pb2.Actor
    confidence: float
    via: str
    def __init__(self, actor: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., confidence: _Optional[float] = ..., via: _Optional[str] = ...) -> None: ...

class MemberJoined(_message.Message):
    __slots__ = ("member", "inviters", "pending", "previous", "avatar")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    INVITERS_FIELD_NUMBER: _ClassVar[int]
    PENDING_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    AVATAR_FIELD_NUMBER: _ClassVar[int]
    member: _actor_pb2.Actor
    inviters: _containers.RepeatedCompositeFieldContainer[Inviter]
    pending: bool
    previous: str
    avatar: str
    def __init__(self, member: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., inviters: _Optional[_Iterable[_Union[Inviter, _Mapping]]] = ..., pending: _Optional[bool] = ..., previous: _Optional[str] = ..., avatar: _Optional[str] = ...) -> None: ...

class MemberLeft(_message.Message):
    __slots__ = ("member", "previous")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    member: _actor_pb2.Actor
    previous: str
    def __init__(self, member: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., previous: _Optional[str] = ...) -> None: ...

class MemberInvited(_message.Message):
    __slots__ = ("member",)
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    member: _actor_pb2.Actor
    def __init__(self, member: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ...) -> None: ...

class MemberKicked(_message.Message):
    __slots__ = ("member", "reason", "kicked_by_confidence")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    KICKED_BY_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    member: _actor_pb2.Actor
    reason: str
    kicked_by_confidence: float
    def __init__(self, member: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., reason: _Optional[str] = ..., kicked_by_confidence: _Optional[float] = ...) -> None: ...

class MemberBanned(_message.Message):
    __slots__ = ("member", "reason", "until_ms")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    member: _actor_pb2.Actor
    reason: str
    until_ms: int
    def __init__(self, member: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., reason: _Optional[str] = ..., until_ms: _Optional[int] = ...) -> None: ...

class MemberUnbanned(_message.Message):
    __slots__ = ("member",)
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    member: _actor_pb2.Actor
    def __init__(self, member: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ...) -> None: ...

class ProfileChanged(_message.Message):
    __slots__ = ("member", "previous_display_name", "avatar", "previous_avatar")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    AVATAR_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_AVATAR_FIELD_NUMBER: _ClassVar[int]
    member: _actor_pb2.Actor
    previous_display_name: str
    avatar: str
    previous_avatar: str
    def __init__(self, member: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., previous_display_name: _Optional[str] = ..., avatar: _Optional[str] = ..., previous_avatar: _Optional[str] = ...) -> None: ...

class RoleChanged(_message.Message):
    __slots__ = ("member", "added", "removed", "previous_power")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    ADDED_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_POWER_FIELD_NUMBER: _ClassVar[int]
    member: _actor_pb2.Actor
    added: _containers.RepeatedScalarFieldContainer[str]
    removed: _containers.RepeatedScalarFieldContainer[str]
    previous_power: int
    def __init__(self, member: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., added: _Optional[_Iterable[str]] = ..., removed: _Optional[_Iterable[str]] = ..., previous_power: _Optional[int] = ...) -> None: ...

class VoiceChanged(_message.Message):
    __slots__ = ("member", "channel", "previous_channel", "muted")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_CHANNEL_FIELD_NUMBER: _ClassVar[int]
    MUTED_FIELD_NUMBER: _ClassVar[int]
    member: _actor_pb2.Actor
    channel: str
    previous_channel: str
    muted: bool
    def __init__(self, member: _Optional[_Union[_actor_pb2.Actor, _Mapping]] = ..., channel: _Optional[str] = ..., previous_channel: _Optional[str] = ..., muted: _Optional[bool] = ...) -> None: ...

class MemberBarred(_message.Message):
    __slots__ = ("member", "thing", "until_ms", "group", "rule")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    THING_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    member: str
    thing: str
    until_ms: int
    group: str
    rule: str
    def __init__(self, member: _Optional[str] = ..., thing: _Optional[str] = ..., until_ms: _Optional[int] = ..., group: _Optional[str] = ..., rule: _Optional[str] = ...) -> None: ...
