"""Payments: what a provider said of each, and what follows from that. Pure.

A provider repeats itself and keeps no order. So a payment is the set of what was said of it, and
where it stands follows from the set: whichever way the letters come, the books end up the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ledger.core.packets import Scene

PURPOSES = ("entry", "seat", "ad", "topup")

CAPTURES = {"captured": 1}
REFUNDS = {"refund_asked": 1, "refunded": 2, "refund_failed": 3}
DISPUTES = {
    "dispute_opened": 1,
    "dispute_dropped": 2,
    "disputed": 3,
    "dispute_lost": 4,
    "dispute_won": 5,
}
"""What can be said of one capture, refund or dispute, and which of it is the last word."""

_GONE = frozenset({"refunded", "disputed", "dispute_lost"})
"""What takes money back, as long as it is the last word on its object."""

SAID_BY_PROVIDERS = frozenset(
    {*CAPTURES, "failed", *(REFUNDS.keys() - {"refund_asked"}), *DISPUTES}
)


WHOLE = 10_000
"""Basis points of all that comes in."""


class Part(NamedTuple):
    """What one account gets of a payment."""

    account: str  # whose it is, and who owes it where it goes back and was spent
    share: int  # basis points
    payee: str  # the account that got it: its own, or suspense in its place

    @property
    def receivable(self) -> str:
        """The account of what it owes, below zero."""
        return f"receivable:{self.account}"


class Said(NamedTuple):
    """One thing that was said of a payment."""

    what: str
    object: str  # the provider's id of the capture, refund or dispute
    amount: int  # minor units


class PaymentStep(NamedTuple):
    """One thing that happened to a payment; the fields are the columns."""

    payment_id: str
    step: int  # of the payment, from 1
    network: str
    what: str
    object: str
    amount: int
    txn_id: int | None  # the transaction that followed
    place: int  # in its batch, from 0


class Standing(NamedTuple):
    """Where a payment stands, in minor units."""

    captured: int
    returned: int
    state: str

    @property
    def left(self) -> int:
        return self.captured - self.returned


@dataclass(slots=True, kw_only=True)
class PaymentState:
    """A payment and all that was said of it."""

    id: str
    scene: Scene
    member: str
    destination: str
    asset: str
    amount: int
    purpose: str
    subject: str
    provider: str
    asked_ms: int
    link: str = ""
    reference: str = ""  # the provider's id of the whole
    payee: str = ""  # whose account has it
    captured_ms: int = 0
    parts: tuple[Part, ...] = ()  # of what came in, as they were said when it did
    steps: int = 0
    said: set[Said] = field(default_factory=set)
    standing: Standing = field(default_factory=lambda: Standing(0, 0, "asked"))

    @property
    def cashbox(self) -> str:
        """The account of the provider; below zero by what it has of ours."""
        return f"provider:{self.provider}"

    @property
    def differs(self) -> bool:
        """Whether another amount came in than was asked for, and nobody has accepted that yet."""
        return is_different(self.amount, self.said)

    @property
    def refundable(self) -> int:
        """Minor units that nobody has given back, nor asked to."""
        words = last_words(self.said)
        busy = sum(one.amount for one in words if one.what in _GONE or one.what == "refund_asked")
        return max(0, self.standing.captured - busy)

    @property
    def charge(self) -> str:
        """The provider's id of what was captured; of the whole, while nothing is."""
        return min((o.object for o in self.said if o.what == "captured"), default=self.reference)

    def knows(self, what: str, name: str) -> bool:
        """Return whether that was said before."""
        return any(one.what == what and one.object == name for one in self.said)


def apportion(amount: int, shares: Sequence[int]) -> list[int]:
    """Return ``amount`` in parts of so many basis points each, which come to `WHOLE`.

    Each is rounded down, and what is left goes, one unit each, to the largest remainders, of equal
    ones to the first. It is a matter of the amount alone, and not of the way there.
    """
    assert sum(shares) == WHOLE, "parts come to the whole"
    parts = [amount * share // WHOLE for share in shares]
    turns = sorted(range(len(shares)), key=lambda place: -(amount * shares[place] % WHOLE))
    for place in turns[: amount - sum(parts)]:
        parts[place] += 1
    return parts


def last_words(said: Iterable[Said]) -> list[Said]:
    """Return what counts of each capture, refund and dispute, in an order of its own."""
    best: dict[tuple[int, str], tuple[int, Said]] = {}
    for one in said:
        for number, ranks in enumerate((CAPTURES, REFUNDS, DISPUTES)):
            rank = ranks.get(one.what, 0)
            if rank > best.get((number, one.object), (0, one))[0]:
                best[number, one.object] = rank, one
    return [one for _, (_, one) in sorted(best.items())]


def is_different(amount: int, said: Iterable[Said]) -> bool:
    """Return whether another amount came in than ``amount``, and nobody has accepted it."""
    everything = list(said)
    captured = [one.amount for one in everything if one.what == "captured"]
    accepted = any(one.what == "accepted" for one in everything)
    return bool(captured) and captured != [amount] and not accepted


def stand(amount: int, said: Iterable[Said]) -> Standing:
    """Return where a payment of ``amount`` stands after all that was ``said``, in any order."""
    everything = list(said)
    words = last_words(everything)
    whats = {one.what for one in words}
    captured = sum(one.amount for one in words if one.what == "captured")
    returned = min(captured, sum(one.amount for one in words if one.what in _GONE))
    if not captured:
        failed = any(one.what == "failed" for one in everything)
        return Standing(0, 0, "failed" if failed else "asked")
    for what, state in (("dispute_lost", "lost"), ("disputed", "disputed"), ("dispute_won", "won")):
        if what in whats:
            return Standing(captured, returned, state)
    if returned < captured and is_different(amount, everything):
        return Standing(captured, returned, "differs")
    if not returned:
        return Standing(captured, 0, "captured")
    return Standing(captured, returned, "refunded" if returned == captured else "refunded_part")
