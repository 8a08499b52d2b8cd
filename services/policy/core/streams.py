"""What is counted, and for whom: events of some kinds, each once or for its amount, by some key."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from contracts import ids
from policy.core.kinds import EventKind
from policy.core.seen import Seen

By = Literal["member", "channel", "text", "inviter"]
BYS: Final[tuple[By, ...]] = get_args(By)
Distinct = Literal["members", "channels", "texts", "hosts", "mentions"]
DISTINCTS: Final[tuple[Distinct, ...]] = get_args(Distinct)
SEPARATOR: Final = "\x1f"  # between the parts of a key; no platform has it in an id
_EMOJI = re.compile(
    "<a?:\\w+:[0-9]+>|[\U0001f1e6-\U0001f1ff]{2}|[#*0-9]\ufe0f?\u20e3"
    "|[\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]"
    "(?:[\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[\u2600-\u27bf\U0001f300-\U0001faff])*"
)


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
        if self.by == ("member",):
            return seen.member or None
        parts = [_KEYS[by](seen) for by in self.by]
        return SEPARATOR.join(parts) if all(parts) else None

    def amount(self, seen: Seen) -> int:
        """Return how much what is seen comes to; 0 where it does not count."""
        amount = WHATS[self.of].amount
        assert amount is not None, "only asked where amounts are counted"
        if self.asset and _asset(seen) != self.asset:
            return 0
        return max(0, amount(seen))

    def values(self, seen: Seen) -> Iterable[str]:
        """Return the different things that are counted, each once."""
        assert self.distinct is not None, "only asked where different things are counted"
        return dict.fromkeys(filter(None, _VALUES[self.distinct](seen)))


def _payload(seen: Seen) -> Any:  # noqa: ANN401 -- of the kind that is counted
    assert seen.event is not None, "what is counted by its payload is an event"
    return seen.event.payload


def _asset(seen: Seen) -> str:
    payload = _payload(seen)
    asset: str = payload.packet.asset if seen.kind == "packet" else payload.asset
    return asset


def _mentions(seen: Seen) -> int:
    return len(seen.content.mentions) + bool(seen.content.mentions_everyone)


def _hosts(seen: Seen) -> list[str]:
    return [link.host for link in seen.clickable]


SAID: Final[tuple[EventKind, ...]] = ("message", "command")
WHATS: Final[Mapping[str, What]] = {
    "messages": What(SAID),
    "lines": What(SAID, lambda seen: seen.look.original.count("\n") + 1),
    "characters": What(SAID, lambda seen: max(1, seen.look.length)),
    "mentions": What(SAID, _mentions),
    "emoji": What(SAID, lambda seen: sum(1 for _ in _EMOJI.finditer(seen.look.original))),
    "attachments": What(SAID, lambda seen: len(seen.content.attachments)),
    "stickers": What(SAID, lambda seen: int(seen.content.form == "sticker")),
    "links": What(SAID, lambda seen: len(seen.clickable)),
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
    "packet_amount": What(("packet",), lambda seen: int(_payload(seen).packet.total)),
    "share_amount": What(("share",), lambda seen: int(_payload(seen).amount)),
    "payment_amount": What(("payment",), lambda seen: int(_payload(seen).amount)),
    "transfer_amount": What(("transfer",), lambda seen: int(_payload(seen).amount)),
}
MONEY: Final = frozenset(name for name in WHATS if name.endswith("_amount"))
_KEYS: Final[Mapping[By, Callable[[Seen], str]]] = {
    "member": lambda seen: seen.member,
    "channel": lambda seen: seen.channel,
    "text": lambda seen: seen.text_key,
    "inviter": lambda seen: seen.inviter,
}
_VALUES: Final[Mapping[Distinct, Callable[[Seen], Iterable[str]]]] = {
    "members": lambda seen: (seen.member,),
    "channels": lambda seen: (seen.channel,),
    "texts": lambda seen: (seen.text_key,),
    "hosts": _hosts,
    "mentions": lambda seen: seen.content.mentions,
}
