from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class GroupChanged(_message.Message):
    __slots__ = ("key", "value", "previous")
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    key: str
    value: str
    previous: str
    def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ..., previous: _Optional[str] = ...) -> None: ...

class ThreadCreated(_message.Message):
    __slots__ = ("title", "root_message_id")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    ROOT_MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    title: str
    root_message_id: str
    def __init__(self, title: _Optional[str] = ..., root_message_id: _Optional[str] = ...) -> None: ...

class ThreadChanged(_message.Message):
    __slots__ = ("title", "previous_title", "archived", "deleted")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_TITLE_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    DELETED_FIELD_NUMBER: _ClassVar[int]
    title: str
    previous_title: str
    archived: bool
    deleted: bool
    def __init__(self, title: _Optional[str] = ..., previous_title: _Optional[str] = ..., archived: _Optional[bool] = ..., deleted: _Optional[bool] = ...) -> None: ...

class InviteChanged(_message.Message):
    __slots__ = ("code", "deleted", "uses", "max_uses", "expires_ms")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DELETED_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    MAX_USES_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_MS_FIELD_NUMBER: _ClassVar[int]
    code: str
    deleted: bool
    uses: int
    max_uses: int
    expires_ms: int
    def __init__(self, code: _Optional[str] = ..., deleted: _Optional[bool] = ..., uses: _Optional[int] = ..., max_uses: _Optional[int] = ..., expires_ms: _Optional[int] = ...) -> None: ...

class PolicyListed(_message.Message):
    __slots__ = ("list", "entity", "kind", "recommendation", "reason", "removed")
    LIST_FIELD_NUMBER: _ClassVar[int]
    ENTITY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    RECOMMENDATION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    list: str
    entity: str
    kind: str
    recommendation: str
    reason: str
    removed: bool
    def __init__(self, list: _Optional[str] = ..., entity: _Optional[str] = ..., kind: _Optional[str] = ..., recommendation: _Optional[str] = ..., reason: _Optional[str] = ..., removed: _Optional[bool] = ...) -> None: ...
