"""Double entry: accounts, and transactions whose legs sum to nothing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ledger.core.refusals import Code, Refused

MAX_AMOUNT = 2**63 - 1
"""The largest amount and balance, in minor units: PostgreSQL's ``bigint``."""

PATH_LIMIT = 300
"""Characters of an account's path."""

_NAMED = frozenset({"member", "group", "escrow", "packet", "provider", "receivable"})
BOUNDLESS = frozenset({"issuer", "suspense", "provider", "receivable"})
"""Kinds of account that may owe without end."""

RESERVED = frozenset({"packet", "provider", "receivable"})
"""Kinds of account that only commands of their own move."""

HOUSE = frozenset({"treasury", "group", "network", "house"})
"""Kinds of account whose money is the community's; packets may be paid from them."""

KINDS = _NAMED | BOUNDLESS | {"network", "treasury", "house"}
"""What an account can be; the first segment of its path."""


@dataclass(frozen=True, slots=True)
class Asset:
    """Something that is counted in whole minor units."""

    code: str
    kind: str  # "points", "reputation", "paid_credit" or "quota"
    transferable: bool
    giftable: bool


@dataclass(slots=True)
class Account:
    """One account's running state; ``id`` 0 and ``version`` 0 until something is posted to it."""

    network: str
    path: str
    asset: str
    id: int = 0
    balance: int = 0
    held: int = 0
    floor: int | None = 0
    ceiling: int | None = None
    version: int = 0
    state: str = "open"
    stored: bool = False  # the database has a row for it

    @property
    def kind(self) -> str:
        return self.path.partition(":")[0]


class Leg(NamedTuple):
    """What one transaction does to one account; negative takes, positive gives."""

    account: Account
    amount: int


class Txn(NamedTuple):
    """A transaction as stored; the fields are the columns."""

    id: int
    network: str
    key: str
    body_hash: bytes
    kind: str
    purpose: str
    reverses: int | None = None  # the transaction that it takes back


class Posting(NamedTuple):
    """One leg as stored, with the balance and the account's version after it."""

    txn_id: int
    leg: int
    network: str
    account_id: int
    asset: str
    amount: int
    balance_after: int
    account_version: int


class Bound(NamedTuple):
    """What was said of an account; the fields are the columns."""

    account_id: int
    place: int  # in its batch, from 0
    network: str
    since_version: int  # it holds for postings of a higher version
    floor: int | None
    ceiling: int | None
    state: str
    why: str


class Earned(NamedTuple):
    """Reputation that somebody earned or lost, as stored; the fields are the columns."""

    txn_id: int
    network: str
    group: str
    asset: str
    member: str
    giver: str
    amount: int  # minor units; below zero: lost
    rule: str
    reason: str
    evidence: tuple[str, ...]
    happened_ms: int


def blank(network: str, path: str, asset: str) -> Account:
    """Return an account that nothing was posted to yet, with the bounds of its kind."""
    floor = None if path.partition(":")[0] in BOUNDLESS else 0
    return Account(network, path, asset, floor=floor)


def kind_of(path: str) -> str:
    """Return the kind of the account that ``path`` names; ``ACCOUNT_INVALID`` if it names none."""
    kind, colon, name = path.partition(":")
    if kind not in KINDS or (kind in _NAMED and not name) or (colon and not name):
        raise Refused(Code.ACCOUNT_INVALID, path[:PATH_LIMIT])
    if len(path) > PATH_LIMIT or not path.isprintable():
        raise Refused(Code.ACCOUNT_INVALID, "too long, or not printable")
    return kind


def check_amount(amount: int) -> None:
    """Raise unless ``amount`` is at least one minor unit; the wire sees to it that it fits."""
    if amount <= 0:
        raise Refused(Code.AMOUNT_NOT_POSITIVE, str(amount))


def check_transferable(asset: Asset, kinds: set[str]) -> None:
    """Raise unless ``asset`` can go between accounts of ``kinds``."""
    if not asset.transferable and "issuer" not in kinds:
        raise Refused(Code.ASSET_NOT_TRANSFERABLE, asset.code)


def check(legs: Sequence[Leg]) -> None:
    """Raise unless every account of ``legs``, taken in order, can bear its part.

    An account may occur more than once; what earlier legs gave it counts for the later ones.
    """
    running: dict[int, int] = {}
    for account, amount in legs:
        if account.state == "closed":
            raise Refused(Code.ACCOUNT_CLOSED, account.path)
        if account.state == "frozen" and amount < 0:
            raise Refused(Code.ACCOUNT_FROZEN, account.path)
        balance = running.get(id(account), account.balance) + amount
        running[id(account)] = balance
        if not -MAX_AMOUNT <= balance <= MAX_AMOUNT:
            raise Refused(Code.BALANCE_OVERFLOW, account.path)
        if amount < 0 and account.floor is not None and balance - account.held < account.floor:
            raise Refused(Code.INSUFFICIENT_FUNDS, account.path)
        if amount > 0 and account.ceiling is not None and balance > account.ceiling:
            raise Refused(Code.CEILING_REACHED, account.path)


def post(txn_id: int, legs: Sequence[Leg]) -> list[Posting]:
    """Apply ``legs``, which were checked, to their accounts; return the rows that say so."""
    postings = []
    for number, (account, amount) in enumerate(legs):
        account.balance += amount
        account.version += 1
        postings.append(
            Posting(
                txn_id,
                number,
                account.network,
                account.id,
                account.asset,
                amount,
                account.balance,
                account.version,
            )
        )
    return postings
