from contracts.v1 import ledger_pb2 as _ledger_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PacketSent(_message.Message):
    __slots__ = ("packet", "command_id")
    PACKET_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    packet: _ledger_pb2.Packet
    command_id: str
    def __init__(self, packet: _Optional[_Union[_ledger_pb2.Packet, _Mapping]] = ..., command_id: _Optional[str] = ...) -> None: ...

class PacketOpened(_message.Message):
    __slots__ = ("packet",)
    PACKET_FIELD_NUMBER: _ClassVar[int]
    packet: _ledger_pb2.Packet
    def __init__(self, packet: _Optional[_Union[_ledger_pb2.Packet, _Mapping]] = ...) -> None: ...

class PacketFrozen(_message.Message):
    __slots__ = ("packet", "frozen", "by", "why", "command_id")
    PACKET_FIELD_NUMBER: _ClassVar[int]
    FROZEN_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    packet: _ledger_pb2.Packet
    frozen: bool
    by: str
    why: str
    command_id: str
    def __init__(self, packet: _Optional[_Union[_ledger_pb2.Packet, _Mapping]] = ..., frozen: _Optional[bool] = ..., by: _Optional[str] = ..., why: _Optional[str] = ..., command_id: _Optional[str] = ...) -> None: ...

class PacketShareTaken(_message.Message):
    __slots__ = ("packet_id", "member", "amount", "asset", "slot", "shares_left", "command_id", "sender", "best_luck", "best_luck_member", "best_luck_amount")
    PACKET_ID_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    SHARES_LEFT_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    SENDER_FIELD_NUMBER: _ClassVar[int]
    BEST_LUCK_FIELD_NUMBER: _ClassVar[int]
    BEST_LUCK_MEMBER_FIELD_NUMBER: _ClassVar[int]
    BEST_LUCK_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    packet_id: str
    member: str
    amount: int
    asset: str
    slot: int
    shares_left: int
    command_id: str
    sender: str
    best_luck: bool
    best_luck_member: str
    best_luck_amount: int
    def __init__(self, packet_id: _Optional[str] = ..., member: _Optional[str] = ..., amount: _Optional[int] = ..., asset: _Optional[str] = ..., slot: _Optional[int] = ..., shares_left: _Optional[int] = ..., command_id: _Optional[str] = ..., sender: _Optional[str] = ..., best_luck: _Optional[bool] = ..., best_luck_member: _Optional[str] = ..., best_luck_amount: _Optional[int] = ...) -> None: ...

class PacketClosed(_message.Message):
    __slots__ = ("packet", "why", "refunded")
    PACKET_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    REFUNDED_FIELD_NUMBER: _ClassVar[int]
    packet: _ledger_pb2.Packet
    why: str
    refunded: int
    def __init__(self, packet: _Optional[_Union[_ledger_pb2.Packet, _Mapping]] = ..., why: _Optional[str] = ..., refunded: _Optional[int] = ...) -> None: ...

class PaymentReceived(_message.Message):
    __slots__ = ("payment_id", "provider", "member", "amount", "asset", "purpose", "intent_id", "destination", "subject")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    INTENT_ID_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    payment_id: str
    provider: str
    member: str
    amount: int
    asset: str
    purpose: str
    intent_id: str
    destination: str
    subject: str
    def __init__(self, payment_id: _Optional[str] = ..., provider: _Optional[str] = ..., member: _Optional[str] = ..., amount: _Optional[int] = ..., asset: _Optional[str] = ..., purpose: _Optional[str] = ..., intent_id: _Optional[str] = ..., destination: _Optional[str] = ..., subject: _Optional[str] = ...) -> None: ...

class PaymentReturned(_message.Message):
    __slots__ = ("payment_id", "provider", "member", "amount", "asset", "purpose", "intent_id", "destination", "subject", "why", "left", "owed")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    INTENT_ID_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    OWED_FIELD_NUMBER: _ClassVar[int]
    payment_id: str
    provider: str
    member: str
    amount: int
    asset: str
    purpose: str
    intent_id: str
    destination: str
    subject: str
    why: str
    left: int
    owed: int
    def __init__(self, payment_id: _Optional[str] = ..., provider: _Optional[str] = ..., member: _Optional[str] = ..., amount: _Optional[int] = ..., asset: _Optional[str] = ..., purpose: _Optional[str] = ..., intent_id: _Optional[str] = ..., destination: _Optional[str] = ..., subject: _Optional[str] = ..., why: _Optional[str] = ..., left: _Optional[int] = ..., owed: _Optional[int] = ...) -> None: ...

class Transferred(_message.Message):
    __slots__ = ("transfer_id", "source", "destination", "amount", "asset", "purpose", "command_id", "reverses")
    TRANSFER_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    REVERSES_FIELD_NUMBER: _ClassVar[int]
    transfer_id: str
    source: str
    destination: str
    amount: int
    asset: str
    purpose: str
    command_id: str
    reverses: str
    def __init__(self, transfer_id: _Optional[str] = ..., source: _Optional[str] = ..., destination: _Optional[str] = ..., amount: _Optional[int] = ..., asset: _Optional[str] = ..., purpose: _Optional[str] = ..., command_id: _Optional[str] = ..., reverses: _Optional[str] = ...) -> None: ...

class HoldChanged(_message.Message):
    __slots__ = ("hold_id", "what", "moved", "account", "destination", "asset", "amount", "captured", "state", "expires_ms", "purpose", "command_id")
    HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CAPTURED_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_MS_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    hold_id: str
    what: str
    moved: int
    account: str
    destination: str
    asset: str
    amount: int
    captured: int
    state: str
    expires_ms: int
    purpose: str
    command_id: str
    def __init__(self, hold_id: _Optional[str] = ..., what: _Optional[str] = ..., moved: _Optional[int] = ..., account: _Optional[str] = ..., destination: _Optional[str] = ..., asset: _Optional[str] = ..., amount: _Optional[int] = ..., captured: _Optional[int] = ..., state: _Optional[str] = ..., expires_ms: _Optional[int] = ..., purpose: _Optional[str] = ..., command_id: _Optional[str] = ...) -> None: ...

class LedgerAnchor(_message.Message):
    __slots__ = ("shard", "batch", "hash", "recorded_ms")
    SHARD_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    RECORDED_MS_FIELD_NUMBER: _ClassVar[int]
    shard: int
    batch: int
    hash: bytes
    recorded_ms: int
    def __init__(self, shard: _Optional[int] = ..., batch: _Optional[int] = ..., hash: _Optional[bytes] = ..., recorded_ms: _Optional[int] = ...) -> None: ...

class LedgerRefused(_message.Message):
    __slots__ = ("command_id", "member", "code", "detail", "command")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    member: str
    code: str
    detail: str
    command: str
    def __init__(self, command_id: _Optional[str] = ..., member: _Optional[str] = ..., code: _Optional[str] = ..., detail: _Optional[str] = ..., command: _Optional[str] = ...) -> None: ...
