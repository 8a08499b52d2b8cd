from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AdoptionMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ADOPTION_MODE_UNSPECIFIED: _ClassVar[AdoptionMode]
    ADOPTION_MODE_SHADOW: _ClassVar[AdoptionMode]
    ADOPTION_MODE_CANARY: _ClassVar[AdoptionMode]
    ADOPTION_MODE_ENDED: _ClassVar[AdoptionMode]
ADOPTION_MODE_UNSPECIFIED: AdoptionMode
ADOPTION_MODE_SHADOW: AdoptionMode
ADOPTION_MODE_CANARY: AdoptionMode
ADOPTION_MODE_ENDED: AdoptionMode

class RulebookAdopted(_message.Message):
    __slots__ = ("digest", "name", "groups", "author", "reason", "platform", "channels", "mode", "trial", "share")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    PLATFORM_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    digest: str
    name: str
    groups: _containers.RepeatedScalarFieldContainer[str]
    author: str
    reason: str
    platform: str
    channels: _containers.RepeatedScalarFieldContainer[str]
    mode: AdoptionMode
    trial: str
    share: int
    def __init__(self, digest: _Optional[str] = ..., name: _Optional[str] = ..., groups: _Optional[_Iterable[str]] = ..., author: _Optional[str] = ..., reason: _Optional[str] = ..., platform: _Optional[str] = ..., channels: _Optional[_Iterable[str]] = ..., mode: _Optional[_Union[AdoptionMode, str]] = ..., trial: _Optional[str] = ..., share: _Optional[int] = ...) -> None: ...
