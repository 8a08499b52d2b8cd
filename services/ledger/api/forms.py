"""What is said over REST: amounts are integers in the asset's minor unit, times are RFC 3339."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from ledger.core.conditions import NAMES_LIMIT, PASSWORD_LIMIT, TENURE_LIMIT_MS
from ledger.core.packets import MAX_SHARES
from ledger.core.postings import KINDS, MAX_AMOUNT, PATH_LIMIT
from ledger.core.sending import DROPS_LIMIT, OPENS_LIMIT_MS

_NO_NUL = r"^[^\x00]*$"
_LONGEST_MEMBER = 255
_LONGEST_TEXT = 200

Word = Annotated[str, Field(min_length=1, max_length=PATH_LIMIT, pattern=_NO_NUL)]
AccountPath = Annotated[
    str,
    Field(
        max_length=PATH_LIMIT,
        pattern=rf"^({'|'.join(sorted(KINDS))})(:[^\x00]+)?$",
        description="account path, such as `member:@ann:example.org`, `treasury` or `issuer`",
    ),
]
Words = Annotated[str, Field(max_length=_LONGEST_TEXT, pattern=_NO_NUL)]
Name = Annotated[str, Field(max_length=PATH_LIMIT, pattern=_NO_NUL)]
Member = Annotated[str, Field(min_length=1, max_length=_LONGEST_MEMBER, pattern=_NO_NUL)]
Amount = Annotated[int, Field(strict=True, ge=1, le=MAX_AMOUNT)]
AssetCode = Annotated[str, Field(max_length=32, pattern=r"^([A-Za-z][A-Za-z0-9_-]*)?$")]

AssetClass = Literal["points", "reputation", "paid_credit", "quota"]

Bound = Annotated[int, Field(strict=True, ge=-MAX_AMOUNT, le=MAX_AMOUNT)] | None
Ceiling = Annotated[int, Field(strict=True, ge=1, le=MAX_AMOUNT)] | None
State = Literal["open", "frozen", "closed"]

Network = Annotated[
    str, Query(min_length=1, max_length=PATH_LIMIT, pattern=_NO_NUL, description="The network.")
]
Filter = Annotated[str | None, Query(max_length=PATH_LIMIT, pattern=_NO_NUL)]
Limit = Annotated[int, Query(ge=1, le=1000, description="How many at most.")]
Number = Annotated[int, Path(ge=1, le=MAX_AMOUNT)]
Cursor = Annotated[
    str | None,
    Query(pattern=r"^[0-9]{1,18}$", description="The `next` of the page before; first page: none."),
]
Next = Annotated[
    str | None, Field(description="the cursor of the next page; null: this is the last")
]
PacketId = Annotated[str, Path(pattern=r"^[a-z2-7]{26}$")]


class Form(BaseModel):
    """What a caller sends; a field that is not known is a fault, since it may be a misspelling."""

    model_config = ConfigDict(extra="forbid")


class Whereabouts(Form):
    """Where facts about this are to be told."""

    network: Word
    group: Name = ""
    platform: Name = Field("", description="such as `matrix`")
    channel: Name = Field(
        "", description="the room or channel where it is told; empty: it is told nowhere"
    )
    connection: Name = Field("", description="the platform connection that speaks there")


class Move(Form):
    """An amount, from one account to another."""

    source: AccountPath
    destination: AccountPath
    asset: AssetCode = Field("", description="empty: the default asset")
    amount: Amount
    purpose: Words = ""
    or_suspense: Annotated[bool, Field(strict=True)] = Field(
        default=False,
        description="keep in `suspense` what the destination cannot take, instead of refusing",
    )


class TransferForm(Move, Whereabouts):
    """Move an amount from one account to another."""


class PacketTermsForm(Form):
    """Who may take of a packet, and how much at least and at most; all of it has to hold."""

    share_min: Annotated[int, Field(strict=True, ge=0, le=MAX_AMOUNT)] = Field(
        0, description="of the smallest share; 0: one minor unit"
    )
    share_max: Annotated[int, Field(strict=True, ge=0, le=MAX_AMOUNT)] = Field(
        0, description="of the largest share; 0: no bound"
    )
    members: Annotated[list[Member], Field(max_length=NAMES_LIMIT)] = Field(
        [], description="only these; empty: all"
    )
    tiers: Annotated[list[Member], Field(max_length=NAMES_LIMIT)] = Field(
        [], description="only members of these tiers; empty: of any"
    )
    password: Annotated[str, Field(max_length=PASSWORD_LIMIT, pattern=_NO_NUL)] = ""
    tenure_s: Annotated[int, Field(strict=True, ge=0, le=TENURE_LIMIT_MS // 1_000)] = Field(
        0, description="only who has belonged to the group for so many seconds"
    )
    reputation: Annotated[int, Field(strict=True, ge=0, le=MAX_AMOUNT)] = Field(
        0, description="only who stands at least so high in the group"
    )


class PacketForm(Whereabouts):
    """Send a red packet to a group."""

    group: Word
    sender: Annotated[str, Field(max_length=_LONGEST_MEMBER, pattern=_NO_NUL)] = Field(
        "", description="the member who pays; empty where the house does"
    )
    source: Name = Field(
        "",
        description="the house's account that pays, such as `treasury`; empty: the sender's",
    )
    asset: AssetCode = Field("", description="empty: the default asset")
    total: Amount
    shares: Annotated[int, Field(strict=True, ge=1, le=MAX_SHARES)]
    mode: Literal["equal", "lucky"] = "equal"
    lifetime_s: Annotated[int, Field(strict=True, ge=0, le=259_200)] = Field(
        0, description="seconds until the rest goes back; 0: as the operator decided"
    )
    greeting: Words = ""
    terms: PacketTermsForm | None = Field(None, description="null: everybody may take")
    opens_in_s: Annotated[int, Field(strict=True, ge=0, le=OPENS_LIMIT_MS // 1_000)] = Field(
        0, description="seconds until it can be taken from"
    )
    drops: Annotated[int, Field(strict=True, ge=1, le=DROPS_LIMIT)] = Field(
        1, description="more than one: a rain of so many packets, which share the total"
    )
    every_s: Annotated[int, Field(strict=True, ge=0, le=OPENS_LIMIT_MS // 1_000)] = Field(
        0, description="seconds from one drop of a rain to the next"
    )


class AssetForm(Form):
    """Declare an asset; what is declared is never changed."""

    scale: Annotated[int, Field(strict=True, ge=0, le=9)] = Field(
        0, description="digits of the minor unit: 2 means that 100 is 1.00"
    )
    asset_class: AssetClass = Field(alias="class")
    transferable: Annotated[bool, Field(strict=True)] = Field(
        description="whether accounts may pass it on, or it goes from and to its issuer alone"
    )
    giftable: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="whether it may be given in packets"
    )


class BoundsForm(Form):
    """Say what an account may hold, instead of what was said before."""

    network: Word
    path: AccountPath
    asset: AssetCode = Field("", description="empty: the default asset")
    floor: Bound = Field(
        0,
        description="the balance never falls below it; below zero: what it may owe; null: no floor,"
        " which only issuers and suspense may do without; both ask for the scope `issue`",
    )
    ceiling: Ceiling = Field(None, description="the balance never rises above it; null: no ceiling")
    state: State = Field(
        "open",
        description="`frozen`: nothing leaves it; `closed`: it is empty, and nothing reaches it",
    )
    why: Words = ""


class ClaimForm(Form):
    """Take a share."""

    network: Word
    member: Member
    password: Annotated[str, Field(max_length=PASSWORD_LIMIT, pattern=_NO_NUL)] = ""
    tier: Name = Field("", description="the member's tier, where the packet asks for one")
    since: datetime | None = Field(
        None, description="since when the member belongs to the group; null: nobody knows"
    )
    identity: Annotated[str, Field(max_length=_LONGEST_MEMBER, pattern=_NO_NUL)] = Field(
        "", description="of the person, where several accounts are known to be one"
    )


class CloseForm(Form):
    """End a packet before its time."""

    network: Word
    why: Literal["recalled", "withdrawn"] = Field(
        "recalled",
        description="`recalled`: by its sender, before anyone took; `withdrawn`: by the staff",
    )
    by: Annotated[str, Field(max_length=_LONGEST_MEMBER, pattern=_NO_NUL)] = Field(
        "", description="the member who asks for it"
    )


class FreezeForm(Form):
    """Let nobody take of a packet, or again."""

    network: Word
    frozen: Annotated[bool, Field(strict=True)]
    by: Annotated[str, Field(max_length=_LONGEST_MEMBER, pattern=_NO_NUL)] = Field(
        "", description="the member who asks for it"
    )
    why: Words = ""


class Asset(BaseModel):
    """Something that is counted."""

    code: str
    scale: int = Field(description="digits of the minor unit: 2 means that 100 is 1.00")
    asset_class: AssetClass = Field(alias="class")
    transferable: bool
    giftable: bool


class Assets(BaseModel):
    """A page of assets."""

    items: list[Asset]
    next: Next


class Account(BaseModel):
    """What somebody has of an asset."""

    id: int
    network: str
    path: str
    asset: str
    kind: str
    balance: int
    held: int = Field(description="reserved, and not to be spent")
    floor: int | None = Field(description="the balance never falls below it; null: no floor")
    ceiling: int | None
    version: int = Field(description="how many postings it has")
    state: str


class Bounds(BaseModel):
    """What an account may hold from now on."""

    network: str
    path: str
    asset: str
    floor: int | None
    ceiling: int | None
    state: State


class StatementLine(BaseModel):
    """One line of a statement."""

    version: int = Field(description="the posting's number in its account")
    txn_id: int
    amount: int
    balance_after: int
    asset: str
    kind: str
    purpose: str
    counterparts: list[str] = Field(description="the other accounts of the transaction")
    recorded_at: datetime


class Transfer(BaseModel):
    """A transfer that was booked."""

    id: int
    network: str
    kind: str
    source: str
    destination: str
    asset: str
    amount: int
    purpose: str
    recorded_at: datetime


class Claim(BaseModel):
    """A share that was taken."""

    member: str
    slot: int = Field(description="the place in the order of taking, from 1")
    amount: int
    recorded_at: datetime


class Taken(BaseModel):
    """The share a member got."""

    packet_id: str
    member: str
    slot: int
    amount: int
    shares_left: int
    txn_id: int


class PacketConditions(BaseModel):
    """Who may take of a packet, the password aside."""

    members: list[str] = []
    tiers: list[str] = []
    tenure_ms: int = 0
    reputation: int = 0


class Sent(BaseModel):
    """A packet as it was sent."""

    id: str
    number: int = Field(description="the transaction that funded it")
    network: str
    group: str
    platform: str
    channel: str
    connection: str
    sender: str
    asset: str
    total: int
    shares: int
    mode: str
    greeting: str
    seed_hash: str = Field(description="SHA-256 of the seed of the split, hex")
    opened_at: datetime
    opens_at: datetime = Field(description="from when on it can be taken from")
    expires_at: datetime
    share_min: int
    share_max: int | None
    locked: bool = Field(description="there is a password")
    rain: str = Field(description="first packet of the rain it is a drop of; empty: it is alone")
    rain_total: int = Field(description="minor units of the whole rain; 0: it is alone")
    rain_drops: int = Field(description="packets of the rain; 0: it is alone")
    terms: PacketConditions | None = Field(description="who may take of it; null: everybody")


class Packet(Sent):
    """A packet as it is now."""

    state: str
    frozen: bool = Field(description="nobody can take of it until the staff frees it")
    taken: int = Field(description="how many shares are taken")
    amount_taken: int
    refunded: int
    best_member: str
    best_amount: int
    closed_why: str = Field(
        description="`sold_out`, `expired`, `recalled` or `withdrawn`; empty while open"
    )
    closed_at: datetime | None
    seed: str | None = Field(description="hex, once the packet is closed")


class Frozen(BaseModel):
    """A packet that was frozen or freed."""

    packet_id: str
    frozen: bool


class Closed(BaseModel):
    """A packet that was ended."""

    packet_id: str
    refunded: int
    txn_id: int


class Accounts(BaseModel):
    """A page of accounts."""

    items: list[Account]
    next: Next


class Packets(BaseModel):
    """A page of packets, newest first."""

    items: list[Packet]
    next: Next
