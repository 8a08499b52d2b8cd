"""The part of the books that a batch of commands touches, and what the batch adds to it. Pure."""

from dataclasses import dataclass, field
from typing import NamedTuple

from contracts.values import Event, Transfer
from ledger.core import facts
from ledger.core.auditing import Entry
from ledger.core.commands import Letter, Verdict
from ledger.core.holds import HoldState, HoldStep
from ledger.core.packets import PacketState, PacketStep, Scene
from ledger.core.payments import PaymentState, PaymentStep
from ledger.core.postings import (
    Account,
    Asset,
    Bound,
    Earned,
    Leg,
    Posting,
    Txn,
    blank,
    check,
    post,
)
from ledger.core.refusals import Code, Refused
from ledger.core.requests import Request

TEXT_LIMIT = 200
"""Characters of a greeting, a purpose or a reason."""

GRANT = "opening_grant"
"""The purpose of the transfer that opens a member's account, where the operator grants one."""


class Cap(NamedTuple):
    """What one of a kind may do in a day: so often, and so many minor units of each asset.

    0 is no bound; a cap without any counts nothing.
    """

    number: int = 0
    amount: int = 0

    def __bool__(self) -> bool:
        return bool(self.number or self.amount)


BOUNDLESS = Cap()


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was done since ``since_ms``, and of how many minor units."""

    since_ms: int
    number: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the operator decides about the ledger."""

    default_asset: str = "points"
    opening_grant: int = 0  # minor units of the default asset for a member's first account
    lifetime_ms: int = 24 * 3_600_000  # of a packet that names none
    lifetime_min_ms: int = 1_000
    lifetime_max_ms: int = 72 * 3_600_000
    hold_ms: int = 7 * 24 * 3_600_000  # of a hold that names no lifetime
    hold_max_ms: int = 90 * 24 * 3_600_000
    sender_cap: Cap = BOUNDLESS  # of packets that a member sends
    receiver_cap: Cap = BOUNDLESS  # of shares that a member takes
    group_cap: Cap = BOUNDLESS  # of packets in a group
    approval_ms: int = 3 * 24 * 3_600_000  # that what is asked for waits for a second person
    paid_gifts: bool = False  # paid credit may be given to others
    maturity_days: int = 14  # after which it may, where nothing else is said
    day_shift_ms: int = 0  # by how much the day of the caps begins before that of UTC
    password_tries: int = 5  # wrong ones, of a member for a packet in a minute


class Bar(NamedTuple):
    """A bar decided at `since_ms`; `until_ms` is when it ends, 0 when somebody lifts it."""

    until_ms: int
    since_ms: int

    def holds(self, now_ms: int) -> bool:
        """Return whether it is not over yet."""
        return not self.until_ms or now_ms < self.until_ms


class Standing(NamedTuple):
    """What the world was told that a group makes of a member; made on ``day``, up to there."""

    standing: int
    level: str
    labels: tuple[str, ...]
    givers: int
    days: int
    day: int
    upto_txn: int


UNTOLD = Standing(0, "", (), 0, 0, 0, 0)
"""The standing of whom nothing was told."""


class Budget(NamedTuple):
    """How much may leave an account of the house in a period, and how much has."""

    amount: int  # minor units; 0: there is no budget any more
    spent: int
    said_ms: int  # from when on it counts
    since_ms: int  # when the period began in which so much was spent
    renews_ms: int  # and when it ends


class SplitRule(NamedTuple):
    """Who gets what of the payments of a group and for a purpose; empty: of any."""

    id: str
    network: str
    group: str
    purpose: str
    version: int  # of what was said of them, from 1
    parts: tuple[tuple[str, int], ...]  # accounts, and basis points; none: the rule is over


class Maturity(NamedTuple):
    """After how many days what was paid for can be given to others."""

    version: int  # of what was said of it, from 1
    days: int


class Lot(NamedTuple):
    """What an account has got of one payment, less what went back from there."""

    born_ms: int  # when the payment came in
    amount: int


Lots = dict[tuple[str, str, str], dict[str, Lot]]
"""By network, account and asset, and then by payment."""

Budgets = dict[tuple[str, str, str, str], Budget]
"""By network, account, asset and period: "day", "week" or "month"."""

Limits = dict[tuple[str, str, str], int | None]
"""Above how much a second person is asked, by network, account and asset; ``None``: never."""

Told = dict[tuple[str, str, str, str], Standing]
"""By network, group, asset and member."""


@dataclass(slots=True)
class Booked:
    """What a transaction did: path, asset and amount of each leg."""

    network: str
    kind: str
    legs: list[tuple[str, str, int]]
    is_reversed: bool = False


@dataclass(slots=True, kw_only=True)
class Books:
    """As much of the books as a batch touches, read under their locks."""

    now_ms: int
    next_txn: int
    next_account: int
    assets: dict[str, Asset]
    terms: Terms
    accounts: dict[tuple[str, str, str], Account] = field(default_factory=dict)
    packets: dict[str, PacketState] = field(default_factory=dict)
    holds: dict[str, HoldState] = field(default_factory=dict)
    payments: dict[str, PaymentState] = field(default_factory=dict)
    recent: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """Packets by network and group, newest first: all that are open, and the newest of any."""
    shares: dict[tuple[str, int], int] = field(default_factory=dict)
    claims: set[tuple[str, str]] = field(default_factory=set)
    identities: set[tuple[str, str]] = field(default_factory=set)
    """Packets, and the persons of whom some account has a share."""

    answers: dict[tuple[str, str], Verdict] = field(default_factory=dict)
    booked: dict[int, Booked] = field(default_factory=dict)
    """By number, what commands of the batch would take back, and what it booked itself."""

    bars: dict[tuple[str, str, str], Bar] = field(default_factory=dict)
    """Of the members who take, by network, group ("": all of them) and member."""
    tallies: dict[tuple[str, str, str, str], Tally] = field(default_factory=dict)
    """What caps count: by network, what, of whom, and which asset or packet."""

    standings: Told = field(default_factory=dict)
    budgets: Budgets = field(default_factory=dict)
    limits: Limits = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)
    splits: dict[tuple[str, str, str], SplitRule] = field(default_factory=dict)
    """The newest rules, by network, group and purpose."""
    maturities: dict[tuple[str, str], Maturity] = field(default_factory=dict)
    """What was said last, by network and asset."""
    lots: Lots = field(default_factory=dict)
    """Of payments that came in of late; complete for the accounts that the batch gives from."""

    persons: dict[tuple[str, str], str] = field(default_factory=dict)
    """Whose an account is, by network and member; empty: of nobody known."""
    kin: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """All accounts of each of these persons, by network and identity."""

    def know(self, network: str, member: str, identity: str) -> None:
        """Take it from here that an account is a person's, and nobody else's."""
        before = self.persons.get((network, member))
        if before:
            self.kin[network, before].discard(member)
        self.persons[network, member] = identity
        if identity:
            self.kin.setdefault((network, identity), set()).add(member)

    def account(self, network: str, path: str, asset: str) -> Account:
        key = (network, path, asset)
        account = self.accounts.get(key)
        if account is None:
            account = self.accounts[key] = blank(network, path, asset)
        return account

    def asset(self, code: str) -> Asset:
        """Return what ``code`` names, the default asset if it is empty; or ``ASSET_UNKNOWN``."""
        asset = self.assets.get(code or self.terms.default_asset)
        if asset is None:
            raise Refused(Code.ASSET_UNKNOWN, code[:TEXT_LIMIT])
        return asset


@dataclass(slots=True)
class Batch:
    """What is to be written, in the order in which it came about."""

    verdicts: list[Verdict] = field(default_factory=list)  # one per command
    answered: list[Verdict] = field(default_factory=list)  # those of them that are new
    txns: list[Txn] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    accounts: dict[int, Account] = field(default_factory=dict)
    opened: list[PacketState] = field(default_factory=list)
    touched: dict[str, PacketState] = field(default_factory=dict)  # packets that changed
    shares: list[tuple[str, int, str, int]] = field(default_factory=list)
    claims: list[tuple[str, str, int, str, int, int, str]] = field(default_factory=list)
    deeds: list[PacketStep] = field(default_factory=list)
    facts: list[Event] = field(default_factory=list)
    placed: list[HoldState] = field(default_factory=list)
    held: dict[str, HoldState] = field(default_factory=dict)  # holds that changed
    steps: list[HoldStep] = field(default_factory=list)
    asked: list[PaymentState] = field(default_factory=list)
    paid: dict[str, PaymentState] = field(default_factory=dict)  # payments that changed
    payment_steps: list[PaymentStep] = field(default_factory=list)
    letters: list[tuple[Letter, Verdict]] = field(default_factory=list)
    bars: dict[tuple[str, str, str], Bar] = field(default_factory=dict)
    tallies: dict[tuple[str, str, str, str], Tally] = field(default_factory=dict)
    merits: list[Earned] = field(default_factory=list)
    standings: Told = field(default_factory=dict)
    budgets: Budgets = field(default_factory=dict)
    limits: Limits = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)  # that are new, or changed
    splits: list[SplitRule] = field(default_factory=list)
    maturities: list[tuple[str, str, int, int]] = field(default_factory=list)
    """Network, asset, version and days."""
    persons: dict[tuple[str, str], str] = field(default_factory=dict)
    """Identities by network and member."""
    shared: list[tuple[PaymentState, SplitRule]] = field(default_factory=list)
    """Payments that came in, and by which rule they are split."""
    entries: list[Entry] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)
    bounded: set[int] = field(default_factory=set)
    """Accounts of which more than the balance changed."""


def check_text(text: str, name: str) -> None:
    """Raise ``TEXT_INVALID`` unless ``text`` can be kept."""
    if len(text) > TEXT_LIMIT or "\0" in text:
        raise Refused(Code.TEXT_INVALID, name)


def open_account(books: Books, batch: Batch, account: Account) -> None:
    """Let the batch write ``account``, with a number if it has none yet."""
    if not account.id:
        account.id = books.next_account
        books.next_account += 1
    batch.accounts[account.id] = account


def post_txn(books: Books, batch: Batch, legs: list[Leg], what: Txn, scene: Scene) -> int:
    """Post one transaction, and before it the opening grants of members seen for the first time.

    ``what`` is the transaction without its number, which is returned.
    """
    check([*opening_grants(books, legs), *legs])
    book_grants(books, batch, legs, what, scene)
    return _write(books, batch, legs, what)


def book_grants(books: Books, batch: Batch, legs: list[Leg], what: Txn, scene: Scene) -> None:
    """Post the opening grants that have to come before ``legs``, which were checked with them."""
    grants = opening_grants(books, legs)
    for grant in zip(grants[::2], grants[1::2], strict=True):
        issued, given = grant
        path, asset = given.account.path, given.account.asset
        named = what._replace(key=f"grant:{path}:{asset}", kind="grant", purpose=GRANT)
        number = _write(books, batch, list(grant), named)
        told = Transfer(
            source=issued.account.path,
            destination=path,
            asset=asset,
            amount=given.amount,
            purpose=GRANT,
        )
        batch.facts.append(facts.transferred(scene, number, told, "", at_ms=books.now_ms))


def opening_grants(books: Books, legs: list[Leg]) -> list[Leg]:
    """Return the grants that have to come before ``legs``, two legs each: issuer and member."""
    grant, asset = books.terms.opening_grant, books.terms.default_asset
    if not grant:
        return []
    newcomers = [
        account
        for account, _ in legs
        if account.version == 0 and account.kind == "member" and account.asset == asset
    ]
    return [
        leg
        for account in newcomers
        for leg in (
            Leg(books.account(account.network, "issuer", asset), -grant),
            Leg(account, grant),
        )
    ]


def _write(books: Books, batch: Batch, legs: list[Leg], what: Txn) -> int:
    number = books.next_txn
    books.next_txn += 1
    for account, _ in legs:
        open_account(books, batch, account)
    batch.txns.append(Txn(number, *what[1:]))
    batch.postings += post(number, legs)
    return number
