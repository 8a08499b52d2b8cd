from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ActorKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACTOR_KIND_UNSPECIFIED: _ClassVar[ActorKind]
    ACTOR_KIND_USER: _ClassVar[ActorKind]
    ACTOR_KIND_BOT: _ClassVar[ActorKind]
    ACTOR_KIND_WEBHOOK: _ClassVar[ActorKind]
    ACTOR_KIND_APPSERVICE: _ClassVar[ActorKind]
    ACTOR_KIND_SERVER: _ClassVar[ActorKind]
    ACTOR_KIND_SYSTEM: _ClassVar[ActorKind]
ACTOR_KIND_UNSPECIFIED: ActorKind
ACTOR_KIND_USER: ActorKind
ACTOR_KIND_BOT: ActorKind
ACTOR_KIND_WEBHOOK: ActorKind
ACTOR_KIND_APPSERVICE: ActorKind
ACTOR_KIND_SERVER: ActorKind
ACTOR_KIND_SYSTEM: ActorKind

class Place(_message.Message):
    __slots__ = ("channel", "thread", "parent")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    THREAD_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    channel: str
    thread: str
    parent: str
    def __init__(self, channel: _Optional[str] = ..., thread: _Optional[str] = ..., parent: _Optional[str] = ...) -> None: ...

class Actor(_message.Message):
    __slots__ = ("id", "kind", "is_self", "display_name", "roles", "power", "joined_ms", "account_created_ms")
    ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    IS_SELF_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    POWER_FIELD_NUMBER: _ClassVar[int]
    JOINED_MS_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_CREATED_MS_FIELD_NUMBER: _ClassVar[int]
    id: str
    kind: ActorKind
    is_self: bool
    display_name: str
    roles: _containers.RepeatedScalarFieldContainer[str]
    power: int
    joined_ms: int
    account_created_ms: int
    def __init__(self, id: _Optional[str] = ..., kind: _Optional[_Union[ActorKind, str]] = ..., is_self: _Optional[bool] = ..., display_name: _Optional[str] = ..., roles: _Optional[_Iterable[str]] = ..., power: _Optional[int] = ..., joined_ms: _Optional[int] = ..., account_created_ms: _Optional[int] = ...) -> None: ...
