"""What is counted, and for whom: events of some kinds, each once or for its amount, by some key."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, get_args

from contracts import ids
from policy.core import amounts
from policy.core.amounts import By, Distinct
from policy.core.kinds import EventKind
from policy.core.seen import Seen

BYS: Final[tuple[By, ...]] = get_args(By)
DISTINCTS: Final[tuple[Distinct, ...]] = get_args(Distinct)


@dataclass(frozen=True, slots=True)
class What:
    """Something that can be counted: events of some kinds, each once or for its amount."""

    kinds: tuple[EventKind, ...]
    amount: Callable[[Seen], int] | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """What is counted for which key; with `distinct`, how many different ones there are.

    `asset` narrows amounts of money. `where` says in canonical form which events count: streams of
    one name count the same, whatever rule asks for them.
    """

    of: str
    by: tuple[By, ...]
    distinct: Distinct | None = None
    asset: str = ""
    where: str = ""

    @property
    def name(self) -> str:
        """Return the name of what this counts, the same for ever."""
        parts = [self.of if self.distinct is None else f"{self.distinct} of {self.of}"]
        if self.by != ("member",):
            parts.append(f"by {'+'.join(self.by) or 'group'}")
        if self.asset:
            parts.append(f"in {self.asset}")
        if self.where:
            parts.append(f"where {ids.digest(self.where.encode('utf-8', 'surrogatepass'))}")
        return " ".join(parts)

    @property
    def kinds(self) -> tuple[EventKind, ...]:
        """Return the kinds of event that are counted."""
        return WHATS[self.of].kinds

    def key(self, seen: Seen) -> str | None:
        """Return for whom what is seen counts; None where it counts for nobody."""
        return amounts.key(self.by, seen)

    def amount(self, seen: Seen) -> int:
        """Return how much what is seen comes to; 0 where it does not count."""
        amount = WHATS[self.of].amount
        assert amount is not None, "only asked where amounts are counted"
        if self.asset and amounts.asset(seen) != self.asset:
            return 0
        return max(0, amount(seen))

    def values(self, seen: Seen) -> Iterable[str]:
        """Return the different things that are counted, each once."""
        assert self.distinct is not None, "only asked where different things are counted"
        return amounts.values(self.distinct, seen)


SAID: Final[tuple[EventKind, ...]] = ("message", "command")
WHATS: Final[Mapping[str, What]] = {
    "messages": What(SAID),
    "lines": What(SAID, amounts.lines),
    "characters": What(SAID, amounts.characters),
    "mentions": What(SAID, amounts.mentions),
    "emoji": What(SAID, amounts.emoji),
    "attachments": What(SAID, amounts.attachments),
    "stickers": What(SAID, amounts.stickers),
    "links": What(SAID, amounts.clickable),
    "commands": What(("command",)),
    "edits": What(("edit",)),
    "joins": What(("join",)),
    "leaves": What(("leave",)),
    "kicks": What(("kick",)),
    "bans": What(("ban",)),
    "invites": What(("invite",)),
    "reactions": What(("reaction",)),
    "reports": What(("report",)),
    "packets": What(("packet",)),
    "shares": What(("share",)),
    "payments": What(("payment",)),
    "transfers": What(("transfer",)),
    "packet_amount": What(("packet",), amounts.packet_total),
    "share_amount": What(("share",), amounts.paid),
    "payment_amount": What(("payment",), amounts.paid),
    "transfer_amount": What(("transfer",), amounts.paid),
}
MONEY: Final = frozenset(name for name in WHATS if name.endswith("_amount"))
