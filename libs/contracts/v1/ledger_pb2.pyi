from contracts.v1 import hold_pb2 as _hold_pb2
from contracts.v1 import merit_pb2 as _merit_pb2
from contracts.v1 import packet_pb2 as _packet_pb2
from contracts.v1 import payment_pb2 as _payment_pb2
from contracts.v1 import treasury_pb2 as _treasury_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SplitMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SPLIT_MODE_UNSPECIFIED: _ClassVar[SplitMode]
    SPLIT_MODE_EQUAL: _ClassVar[SplitMode]
    SPLIT_MODE_LUCKY: _ClassVar[SplitMode]
SPLIT_MODE_UNSPECIFIED: SplitMode
SPLIT_MODE_EQUAL: SplitMode
SPLIT_MODE_LUCKY: SplitMode

class Packet(_message.Message):
    __slots__ = ("id", "network", "group", "sender", "asset", "total", "shares", "mode", "expires_ms", "shares_taken", "amount_taken", "greeting", "opens_ms", "locked", "terms", "rain", "frozen", "rain_total", "rain_drops")
    ID_FIELD_NUMBER: _ClassVar[int]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    SENDER_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    SHARES_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_MS_FIELD_NUMBER: _ClassVar[int]
    SHARES_TAKEN_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_TAKEN_FIELD_NUMBER: _ClassVar[int]
    GREETING_FIELD_NUMBER: _ClassVar[int]
    OPENS_MS_FIELD_NUMBER: _ClassVar[int]
    LOCKED_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    RAIN_FIELD_NUMBER: _ClassVar[int]
    FROZEN_FIELD_NUMBER: _ClassVar[int]
    RAIN_TOTAL_FIELD_NUMBER: _ClassVar[int]
    RAIN_DROPS_FIELD_NUMBER: _ClassVar[int]
    id: str
    network: str
    group: str
    sender: str
    asset: str
    total: int
    shares: int
    mode: SplitMode
    expires_ms: int
    shares_taken: int
    amount_taken: int
    greeting: str
    opens_ms: int
    locked: bool
    terms: _packet_pb2.PacketTerms
    rain: str
    frozen: bool
    rain_total: int
    rain_drops: int
    def __init__(self, id: _Optional[str] = ..., network: _Optional[str] = ..., group: _Optional[str] = ..., sender: _Optional[str] = ..., asset: _Optional[str] = ..., total: _Optional[int] = ..., shares: _Optional[int] = ..., mode: _Optional[_Union[SplitMode, str]] = ..., expires_ms: _Optional[int] = ..., shares_taken: _Optional[int] = ..., amount_taken: _Optional[int] = ..., greeting: _Optional[str] = ..., opens_ms: _Optional[int] = ..., locked: _Optional[bool] = ..., terms: _Optional[_Union[_packet_pb2.PacketTerms, _Mapping]] = ..., rain: _Optional[str] = ..., frozen: _Optional[bool] = ..., rain_total: _Optional[int] = ..., rain_drops: _Optional[int] = ...) -> None: ...

class SendPacket(_message.Message):
    __slots__ = ("sender", "asset", "total", "shares", "mode", "lifetime_ms", "greeting", "source", "terms", "opens_in_ms", "drops", "every_ms")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    SHARES_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    LIFETIME_MS_FIELD_NUMBER: _ClassVar[int]
    GREETING_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    OPENS_IN_MS_FIELD_NUMBER: _ClassVar[int]
    DROPS_FIELD_NUMBER: _ClassVar[int]
    EVERY_MS_FIELD_NUMBER: _ClassVar[int]
    sender: str
    asset: str
    total: int
    shares: int
    mode: SplitMode
    lifetime_ms: int
    greeting: str
    source: str
    terms: _packet_pb2.PacketTerms
    opens_in_ms: int
    drops: int
    every_ms: int
    def __init__(self, sender: _Optional[str] = ..., asset: _Optional[str] = ..., total: _Optional[int] = ..., shares: _Optional[int] = ..., mode: _Optional[_Union[SplitMode, str]] = ..., lifetime_ms: _Optional[int] = ..., greeting: _Optional[str] = ..., source: _Optional[str] = ..., terms: _Optional[_Union[_packet_pb2.PacketTerms, _Mapping]] = ..., opens_in_ms: _Optional[int] = ..., drops: _Optional[int] = ..., every_ms: _Optional[int] = ...) -> None: ...

class TakeShare(_message.Message):
    __slots__ = ("packet_id", "member", "password", "tier", "since_ms", "identity")
    PACKET_ID_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    TIER_FIELD_NUMBER: _ClassVar[int]
    SINCE_MS_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    packet_id: str
    member: str
    password: str
    tier: str
    since_ms: int
    identity: str
    def __init__(self, packet_id: _Optional[str] = ..., member: _Optional[str] = ..., password: _Optional[str] = ..., tier: _Optional[str] = ..., since_ms: _Optional[int] = ..., identity: _Optional[str] = ...) -> None: ...

class Transfer(_message.Message):
    __slots__ = ("source", "destination", "asset", "amount", "purpose", "or_suspense", "merit")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    OR_SUSPENSE_FIELD_NUMBER: _ClassVar[int]
    MERIT_FIELD_NUMBER: _ClassVar[int]
    source: str
    destination: str
    asset: str
    amount: int
    purpose: str
    or_suspense: bool
    merit: _merit_pb2.Merit
    def __init__(self, source: _Optional[str] = ..., destination: _Optional[str] = ..., asset: _Optional[str] = ..., amount: _Optional[int] = ..., purpose: _Optional[str] = ..., or_suspense: _Optional[bool] = ..., merit: _Optional[_Union[_merit_pb2.Merit, _Mapping]] = ...) -> None: ...

class Reverse(_message.Message):
    __slots__ = ("command_id", "purpose")
    COMMAND_ID_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    command_id: str
    purpose: str
    def __init__(self, command_id: _Optional[str] = ..., purpose: _Optional[str] = ...) -> None: ...

class SetAccount(_message.Message):
    __slots__ = ("account", "asset", "floor", "boundless", "ceiling", "state", "why")
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    ASSET_FIELD_NUMBER: _ClassVar[int]
    FLOOR_FIELD_NUMBER: _ClassVar[int]
    BOUNDLESS_FIELD_NUMBER: _ClassVar[int]
    CEILING_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    account: str
    asset: str
    floor: int
    boundless: bool
    ceiling: int
    state: str
    why: str
    def __init__(self, account: _Optional[str] = ..., asset: _Optional[str] = ..., floor: _Optional[int] = ..., boundless: _Optional[bool] = ..., ceiling: _Optional[int] = ..., state: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...

class LedgerCommand(_message.Message):
    __slots__ = ("send_packet", "take_share", "transfer", "close_packet", "reverse", "bar_member", "set_account", "place_hold", "capture_hold", "release_hold", "open_packet", "freeze_packet", "ask_payment", "link_payment", "note_payment", "ask_refund", "set_standing", "set_budget", "set_approval", "decide_request", "set_split", "set_maturity", "write_off", "accept_payment", "set_identity")
    SEND_PACKET_FIELD_NUMBER: _ClassVar[int]
    TAKE_SHARE_FIELD_NUMBER: _ClassVar[int]
    TRANSFER_FIELD_NUMBER: _ClassVar[int]
    CLOSE_PACKET_FIELD_NUMBER: _ClassVar[int]
    REVERSE_FIELD_NUMBER: _ClassVar[int]
    BAR_MEMBER_FIELD_NUMBER: _ClassVar[int]
    SET_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    PLACE_HOLD_FIELD_NUMBER: _ClassVar[int]
    CAPTURE_HOLD_FIELD_NUMBER: _ClassVar[int]
    RELEASE_HOLD_FIELD_NUMBER: _ClassVar[int]
    OPEN_PACKET_FIELD_NUMBER: _ClassVar[int]
    FREEZE_PACKET_FIELD_NUMBER: _ClassVar[int]
    ASK_PAYMENT_FIELD_NUMBER: _ClassVar[int]
    LINK_PAYMENT_FIELD_NUMBER: _ClassVar[int]
    NOTE_PAYMENT_FIELD_NUMBER: _ClassVar[int]
    ASK_REFUND_FIELD_NUMBER: _ClassVar[int]
    SET_STANDING_FIELD_NUMBER: _ClassVar[int]
    SET_BUDGET_FIELD_NUMBER: _ClassVar[int]
    SET_APPROVAL_FIELD_NUMBER: _ClassVar[int]
    DECIDE_REQUEST_FIELD_NUMBER: _ClassVar[int]
    SET_SPLIT_FIELD_NUMBER: _ClassVar[int]
    SET_MATURITY_FIELD_NUMBER: _ClassVar[int]
    WRITE_OFF_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_PAYMENT_FIELD_NUMBER: _ClassVar[int]
    SET_IDENTITY_FIELD_NUMBER: _ClassVar[int]
    send_packet: SendPacket
    take_share: TakeShare
    transfer: Transfer
    close_packet: _packet_pb2.ClosePacket
    reverse: Reverse
    bar_member: _packet_pb2.BarMember
    set_account: SetAccount
    place_hold: _hold_pb2.PlaceHold
    capture_hold: _hold_pb2.CaptureHold
    release_hold: _hold_pb2.ReleaseHold
    open_packet: _packet_pb2.OpenPacket
    freeze_packet: _packet_pb2.FreezePacket
    ask_payment: _payment_pb2.AskPayment
    link_payment: _payment_pb2.LinkPayment
    note_payment: _payment_pb2.NotePayment
    ask_refund: _payment_pb2.AskRefund
    set_standing: _merit_pb2.SetStanding
    set_budget: _treasury_pb2.SetBudget
    set_approval: _treasury_pb2.SetApproval
    decide_request: _treasury_pb2.DecideRequest
    set_split: _treasury_pb2.SetSplit
    set_maturity: _treasury_pb2.SetMaturity
    write_off: _treasury_pb2.WriteOff
    accept_payment: _treasury_pb2.AcceptPayment
    set_identity: _packet_pb2.SetIdentity
    def __init__(self, send_packet: _Optional[_Union[SendPacket, _Mapping]] = ..., take_share: _Optional[_Union[TakeShare, _Mapping]] = ..., transfer: _Optional[_Union[Transfer, _Mapping]] = ..., close_packet: _Optional[_Union[_packet_pb2.ClosePacket, _Mapping]] = ..., reverse: _Optional[_Union[Reverse, _Mapping]] = ..., bar_member: _Optional[_Union[_packet_pb2.BarMember, _Mapping]] = ..., set_account: _Optional[_Union[SetAccount, _Mapping]] = ..., place_hold: _Optional[_Union[_hold_pb2.PlaceHold, _Mapping]] = ..., capture_hold: _Optional[_Union[_hold_pb2.CaptureHold, _Mapping]] = ..., release_hold: _Optional[_Union[_hold_pb2.ReleaseHold, _Mapping]] = ..., open_packet: _Optional[_Union[_packet_pb2.OpenPacket, _Mapping]] = ..., freeze_packet: _Optional[_Union[_packet_pb2.FreezePacket, _Mapping]] = ..., ask_payment: _Optional[_Union[_payment_pb2.AskPayment, _Mapping]] = ..., link_payment: _Optional[_Union[_payment_pb2.LinkPayment, _Mapping]] = ..., note_payment: _Optional[_Union[_payment_pb2.NotePayment, _Mapping]] = ..., ask_refund: _Optional[_Union[_payment_pb2.AskRefund, _Mapping]] = ..., set_standing: _Optional[_Union[_merit_pb2.SetStanding, _Mapping]] = ..., set_budget: _Optional[_Union[_treasury_pb2.SetBudget, _Mapping]] = ..., set_approval: _Optional[_Union[_treasury_pb2.SetApproval, _Mapping]] = ..., decide_request: _Optional[_Union[_treasury_pb2.DecideRequest, _Mapping]] = ..., set_split: _Optional[_Union[_treasury_pb2.SetSplit, _Mapping]] = ..., set_maturity: _Optional[_Union[_treasury_pb2.SetMaturity, _Mapping]] = ..., write_off: _Optional[_Union[_treasury_pb2.WriteOff, _Mapping]] = ..., accept_payment: _Optional[_Union[_treasury_pb2.AcceptPayment, _Mapping]] = ..., set_identity: _Optional[_Union[_packet_pb2.SetIdentity, _Mapping]] = ...) -> None: ...
