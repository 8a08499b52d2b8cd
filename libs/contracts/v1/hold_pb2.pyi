from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class PlaceHold(_message.Message):
    __slots__ = ("account", "destination", "asset", "amount", "lifetime_ms", "purpose")
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    LIFETIME_MS_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    account: str
    destination: str
    asset: str
    amount: int
    lifetime_ms: int
    purpose: str
    def __init__(self, account: _Optional[str] = ..., destination: _Optional[str] = ..., asset: _Optional[str] = ..., amount: _Optional[int] = ..., lifetime_ms: _Optional[int] = ..., purpose: _Optional[str] = ...) -> None: ...

class CaptureHold(_message.Message):
    __slots__ = ("hold_id", "amount", "last")
    HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    hold_id: str
    amount: int
    last: bool
    def __init__(self, hold_id: _Optional[str] = ..., amount: _Optional[int] = ..., last: _Optional[bool] = ...) -> None: ...

class ReleaseHold(_message.Message):
    __slots__ = ("hold_id", "why")
    HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    hold_id: str
    why: str
    def __init__(self, hold_id: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...
