from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class AskPayment(_message.Message):
    __slots__ = ("member", "destination", "asset", "amount", "purpose", "subject", "provider")
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    member: str
    destination: str
    asset: str
    amount: int
    purpose: str
    subject: str
    provider: str
    def __init__(self, member: _Optional[str] = ..., destination: _Optional[str] = ..., asset: _Optional[str] = ..., amount: _Optional[int] = ..., purpose: _Optional[str] = ..., subject: _Optional[str] = ..., provider: _Optional[str] = ...) -> None: ...

class LinkPayment(_message.Message):
    __slots__ = ("payment_id", "link", "reference")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    LINK_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    payment_id: str
    link: str
    reference: str
    def __init__(self, payment_id: _Optional[str] = ..., link: _Optional[str] = ..., reference: _Optional[str] = ...) -> None: ...

class NotePayment(_message.Message):
    __slots__ = ("payment_id", "provider", "what", "object", "amount", "asset")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    OBJECT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    payment_id: str
    provider: str
    what: str
    object: str
    amount: int
    asset: str
    def __init__(self, payment_id: _Optional[str] = ..., provider: _Optional[str] = ..., what: _Optional[str] = ..., object: _Optional[str] = ..., amount: _Optional[int] = ..., asset: _Optional[str] = ...) -> None: ...

class AskRefund(_message.Message):
    __slots__ = ("payment_id", "amount", "why")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    payment_id: str
    amount: int
    why: str
    def __init__(self, payment_id: _Optional[str] = ..., amount: _Optional[int] = ..., why: _Optional[str] = ...) -> None: ...
