"""What comes to the ledger's door, and how it is answered."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from contracts.codec import encode
from contracts.values import (
    AcceptPayment,
    AskPayment,
    AskRefund,
    BarMember,
    CaptureHold,
    ClosePacket,
    DecideRequest,
    FreezePacket,
    LedgerCommand,
    LinkPayment,
    NotePayment,
    OpenPacket,
    PlaceHold,
    ReleaseHold,
    Reverse,
    SendPacket,
    SetAccount,
    SetApproval,
    SetBudget,
    SetIdentity,
    SetMaturity,
    SetSplit,
    SetStanding,
    TakeShare,
    Transfer,
    WriteOff,
)
from ledger.core.packets import Scene

Body = (
    SendPacket
    | TakeShare
    | Transfer
    | ClosePacket
    | OpenPacket
    | FreezePacket
    | Reverse
    | BarMember
    | SetAccount
    | PlaceHold
    | CaptureHold
    | ReleaseHold
    | AskPayment
    | LinkPayment
    | NotePayment
    | AskRefund
    | SetStanding
    | SetBudget
    | SetApproval
    | DecideRequest
    | SetSplit
    | SetMaturity
    | WriteOff
    | AcceptPayment
    | SetIdentity
)

NAMES: dict[type, str] = {
    SendPacket: "send_packet",
    TakeShare: "take_share",
    Transfer: "transfer",
    ClosePacket: "close_packet",
    OpenPacket: "open_packet",
    FreezePacket: "freeze_packet",
    Reverse: "reverse",
    BarMember: "bar_member",
    SetAccount: "set_account",
    PlaceHold: "place_hold",
    CaptureHold: "capture_hold",
    ReleaseHold: "release_hold",
    AskPayment: "ask_payment",
    LinkPayment: "link_payment",
    NotePayment: "note_payment",
    AskRefund: "ask_refund",
    SetStanding: "set_standing",
    SetBudget: "set_budget",
    SetApproval: "set_approval",
    DecideRequest: "decide_request",
    SetSplit: "set_split",
    SetMaturity: "set_maturity",
    WriteOff: "write_off",
    AcceptPayment: "accept_payment",
    SetIdentity: "set_identity",
}
"""The commands by the names that `LedgerRefused.command` and the metrics use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a provider sent, as it came; its signature was right."""

    provider: str
    event_id: str
    payment_id: str
    kind: str
    headers: str  # JSON
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing asked for. ``key`` makes it unrepeatable within its network, for ever."""

    key: str
    scene: Scene
    body: Body
    seed: bytes = b""  # 32 random bytes, for the split of a packet that is sent
    deadline_ms: int = 0  # later than this it is not wanted any more; 0: always wanted
    letter: Letter | None = None  # what it was read from, kept with the answer
    approved: bool = False  # by a second person, who asks for it to be carried out
    told: bool = False  # who asked gets the answer itself: a refusal is no news to anyone else

    def body_hash(self) -> bytes:
        """Return 16 bytes that differ when the same key asks for something else."""
        scene = self.scene
        place = scene.place
        parts = (
            scene.network, scene.group, scene.platform, scene.connection,
            place.channel, place.thread, place.parent,
        )  # fmt: skip
        where = "".join([f"{len(part)}:{part}" for part in parts]).encode()
        return blake2b(where + encode(LedgerCommand(body=self.body)), digest_size=16).digest()

    @property
    def member(self) -> str:
        """The id of the member who asked; empty if none did."""
        body = self.body
        if isinstance(body, SendPacket):
            return body.sender
        if isinstance(body, (TakeShare, AskPayment)):
            return body.member
        if isinstance(body, (ClosePacket, FreezePacket, WriteOff, AcceptPayment)):
            return body.by
        if isinstance(body, Transfer) and body.source.startswith("member:"):
            return body.source.removeprefix("member:")
        if isinstance(body, PlaceHold) and body.account.startswith("member:"):
            return body.account.removeprefix("member:")
        return ""


class Verdict(NamedTuple):
    """The answer to a command, as stored; the fields are the columns of the inbox.

    ``code`` is empty if it was booked, as transaction ``txn_id``; otherwise why it was refused.
    What a command has no use for is ``None``.
    """

    network: str
    key: str
    body_hash: bytes
    code: str = ""
    detail: str = ""
    txn_id: int | None = None
    packet_id: str | None = None
    slot: int | None = None
    amount: int | None = None
    shares_left: int | None = None
    hold_id: str | None = None
    at_ms: int = 0
    repeated: bool = False  # answered before; nothing was booked now
