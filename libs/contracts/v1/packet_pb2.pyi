from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class PacketTerms(_message.Message):
    __slots__ = ("share_min", "share_max", "members", "tiers", "password", "tenure_ms", "reputation")
    SHARE_MIN_FIELD_NUMBER: _ClassVar[int]
    SHARE_MAX_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    TIERS_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    TENURE_MS_FIELD_NUMBER: _ClassVar[int]
    REPUTATION_FIELD_NUMBER: _ClassVar[int]
    share_min: int
    share_max: int
    members: _containers.RepeatedScalarFieldContainer[str]
    tiers: _containers.RepeatedScalarFieldContainer[str]
    password: str
    tenure_ms: int
    reputation: int
    def __init__(self, share_min: _Optional[int] = ..., share_max: _Optional[int] = ..., members: _Optional[_Iterable[str]] = ..., tiers: _Optional[_Iterable[str]] = ..., password: _Optional[str] = ..., tenure_ms: _Optional[int] = ..., reputation: _Optional[int] = ...) -> None: ...

class OpenPacket(_message.Message):
    __slots__ = ("packet_id",)
    PACKET_ID_FIELD_NUMBER: _ClassVar[int]
    packet_id: str
    def __init__(self, packet_id: _Optional[str] = ...) -> None: ...

class FreezePacket(_message.Message):
    __slots__ = ("packet_id", "frozen", "by", "why")
    PACKET_ID_FIELD_NUMBER: _ClassVar[int]
    FROZEN_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    packet_id: str
    frozen: bool
    by: str
    why: str
    def __init__(self, packet_id: _Optional[str] = ..., frozen: _Optional[bool] = ..., by: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...

class SetIdentity(_message.Message):
    __slots__ = ("member", "identity", "why")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    member: str
    identity: str
    why: str
    def __init__(self, member: _Optional[str] = ..., identity: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...

class ClosePacket(_message.Message):
    __slots__ = ("packet_id", "why", "by")
    PACKET_ID_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    packet_id: str
    why: str
    by: str
    def __init__(self, packet_id: _Optional[str] = ..., why: _Optional[str] = ..., by: _Optional[str] = ...) -> None: ...

class BarMember(_message.Message):
    __slots__ = ("member", "until_ms", "everywhere", "since_ms")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MS_FIELD_NUMBER: _ClassVar[int]
    EVERYWHERE_FIELD_NUMBER: _ClassVar[int]
    SINCE_MS_FIELD_NUMBER: _ClassVar[int]
    member: str
    until_ms: int
    everywhere: bool
    since_ms: int
    def __init__(self, member: _Optional[str] = ..., until_ms: _Optional[int] = ..., everywhere: _Optional[bool] = ..., since_ms: _Optional[int] = ...) -> None: ...
