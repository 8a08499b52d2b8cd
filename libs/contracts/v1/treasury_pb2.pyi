from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SetBudget(_message.Message):
    __slots__ = ("account", "asset", "period", "amount", "why")
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    account: str
    asset: str
    period: str
    amount: int
    why: str
    def __init__(self, account: _Optional[str] = ..., asset: _Optional[str] = ..., period: _Optional[str] = ..., amount: _Optional[int] = ..., why: _Optional[str] = ...) -> None: ...

class SetApproval(_message.Message):
    __slots__ = ("account", "asset", "above", "ended", "why")
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    ABOVE_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    account: str
    asset: str
    above: int
    ended: bool
    why: str
    def __init__(self, account: _Optional[str] = ..., asset: _Optional[str] = ..., above: _Optional[int] = ..., ended: _Optional[bool] = ..., why: _Optional[str] = ...) -> None: ...

class DecideRequest(_message.Message):
    __slots__ = ("request_id", "approved", "by", "why")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    APPROVED_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    approved: bool
    by: str
    why: str
    def __init__(self, request_id: _Optional[str] = ..., approved: _Optional[bool] = ..., by: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...

class SetSplit(_message.Message):
    __slots__ = ("group", "purpose", "parts", "why")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    group: str
    purpose: str
    parts: _containers.RepeatedCompositeFieldContainer[SplitPart]
    why: str
    def __init__(self, group: _Optional[str] = ..., purpose: _Optional[str] = ..., parts: _Optional[_Iterable[_Union[SplitPart, _Mapping]]] = ..., why: _Optional[str] = ...) -> None: ...

class SplitPart(_message.Message):
    __slots__ = ("account", "share")
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    account: str
    share: int
    def __init__(self, account: _Optional[str] = ..., share: _Optional[int] = ...) -> None: ...

class SetMaturity(_message.Message):
    __slots__ = ("asset", "days", "why")
    ASSET_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    asset: str
    days: int
    why: str
    def __init__(self, asset: _Optional[str] = ..., days: _Optional[int] = ..., why: _Optional[str] = ...) -> None: ...

class WriteOff(_message.Message):
    __slots__ = ("account", "asset", "amount", "bearer", "by", "why")
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    BEARER_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    account: str
    asset: str
    amount: int
    bearer: str
    by: str
    why: str
    def __init__(self, account: _Optional[str] = ..., asset: _Optional[str] = ..., amount: _Optional[int] = ..., bearer: _Optional[str] = ..., by: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...

class AcceptPayment(_message.Message):
    __slots__ = ("payment_id", "amount", "by", "why")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    payment_id: str
    amount: int
    by: str
    why: str
    def __init__(self, payment_id: _Optional[str] = ..., amount: _Optional[int] = ..., by: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...
