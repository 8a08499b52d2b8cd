"""Examples beside rules (N11): what a rule must meet, and what it must leave alone.

An example is a text, or a mapping that says who did what; or `messages`, several of these one after
another, for rules that count. It is a match if the rule holds of one of them.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, get_args

from policy.core.document import Listing, Mapping, Node, Scalar
from policy.core.reading import UNITS_MS, Reader

EXAMPLES_MAX = 100
MESSAGES_MAX = 100
TIMES_MAX = 1_100  # a flood of as many messages as may be counted, and some
EXAMPLE_TEXT_MAX = 20_000
EVERY_MS = 100
KEYS: Final = ("match", "no_match")
_LONGEST_MS = 3_660 * UNITS_MS["d"]
_POWER = 1 << 53
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOMENT = re.compile(rf"({'|'.join(DAYS)}) ([01][0-9]|2[0-3]):([0-5][0-9])")

DoneKind = Literal[
    "message", "edit", "command", "join", "leave", "profile", "group", "thread", "reaction",
    "packet", "share", "payment",
]  # fmt: skip
KINDS: Final[tuple[DoneKind, ...]] = get_args(DoneKind)
ONE_KEYS: Final = (
    "text", "kind", "author", "on", "at", "times", "every", "html", "attached", "reply", "setting",
    "amount", "asset", "shares",
)  # fmt: skip
AUTHOR_KEYS: Final = ("id", "name", "roles", "power", "joined", "account", "tier")
MONEY_KEYS: Final = ("amount", "asset", "shares")
MONEY: Final = ("packet", "share", "payment")
AMOUNT_MAX: Final = 10**12
SHARES_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class Author:
    """Who does something in an example; an ordinary member unless it says more.

    `joined_ms` and `account_ms` are how long ago they joined, and their account was made. `tier` is
    the one they have risen to; "": none.
    """

    id: str = "@member:example.org"
    name: str = "Member"
    roles: tuple[str, ...] = ()
    power: int = 0
    joined_ms: int = 365 * UNITS_MS["d"]
    account_ms: int = 3 * 365 * UNITS_MS["d"]
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done: said `text`, unless `kind` says otherwise, `times` times.

    `on_ms` is a time of the week, from Monday 00:00 where the group is; `at_ms` counts from there,
    or from the one before: None, right after it. Of a profile the text is the
    new name, of a group the value of its `setting`, of a thread the title, of a reaction the emoji,
    which is to the message before. A packet is sent, a share of one taken, a payment made: `amount`
    in minor units.
    """

    text: str = ""
    kind: DoneKind = "message"
    author: Author = Author()
    on_ms: int | None = None
    at_ms: int | None = None
    times: int = 1
    every_ms: int = EVERY_MS
    html: str = ""
    attached: tuple[str, ...] = ()
    reply: bool = False
    setting: str = "name"
    amount: int = 100
    asset: str = "points"
    shares: int = 1


@dataclass(frozen=True, slots=True)
class Example:
    """What happens in an example, and where it is written."""

    happens: tuple[Done, ...]
    path: str
    line: int
    column: int

    @property
    def text(self) -> str | None:
        """The text, if that is all there is to it."""
        only = self.happens[0]
        return only.text if len(self.happens) == 1 and only == Done(only.text) else None


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples of one rule."""

    match: tuple[Example, ...] = ()
    no_match: tuple[Example, ...] = ()


NO_EXAMPLES: Final = Examples()


def read_examples(reader: Reader, node: Node, path: str, tiers: Collection[str] = ()) -> Examples:
    """Return the examples written at `node`; `tiers` are those that an author may be in."""
    found = reader.mapping(node, path, KEYS)
    read = {key: _read_each(reader, value, f"{path}.{key}") for key, value in found.items()}
    for example in (*read.get("match", ()), *read.get("no_match", ())):
        for tier in dict.fromkeys(done.author.tier for done in example.happens):
            if tier and tier not in tiers:
                place = Scalar(example.line, example.column, "", plain=True)
                reader.fault(place, example.path, f'no such tier: "{tier[:40]}"')
    return Examples(read.get("match", ()), read.get("no_match", ()))


def _read_each(reader: Reader, node: Node, path: str) -> tuple[Example, ...]:
    if isinstance(node, Listing) and len(node.items) > EXAMPLES_MAX:
        reader.fault(node, path, f"more than {EXAMPLES_MAX} examples")
        return ()
    found: list[Example] = []
    for item, place in reader.items(node, path, "an example"):
        happens = _read_example(reader, item, place)
        if happens:
            found.append(Example(happens, place, item.line, item.column))
    return tuple(found)


def _read_example(reader: Reader, node: Node, path: str) -> tuple[Done, ...]:
    if isinstance(node, Scalar):
        text = _text(reader, node, path)
        return () if text is None else (Done(text),)
    found = reader.mapping(node, path, (*ONE_KEYS, "messages"))
    if "messages" not in found:
        return _kept(_read_done(reader, node, found, path))
    if len(found) > 1:
        reader.fault(node, path, "beside `messages` nothing else belongs here")
    several = found["messages"]
    if isinstance(several, Listing) and len(several.items) > MESSAGES_MAX:
        reader.fault(several, f"{path}.messages", f"more than {MESSAGES_MAX} messages")
        return ()
    happens: list[Done] = []
    for item, place in reader.items(several, f"{path}.messages", "a message"):
        if isinstance(item, Scalar):
            text = _text(reader, item, place)
            happens += [] if text is None else [Done(text)]
        else:
            happens += _kept(_read_done(reader, item, reader.mapping(item, place, ONE_KEYS), place))
    return tuple(happens)


def _kept(done: Done | None) -> tuple[Done, ...]:
    return () if done is None else (done,)


def _text(reader: Reader, node: Node, path: str) -> str | None:
    """Return a text that may be empty, and longer than those of rules are."""
    if not isinstance(node, Scalar) or (node.plain and not node.value):
        reader.wrong_shape(node, path, "a text")
        return None
    if len(node.value) > EXAMPLE_TEXT_MAX:
        reader.fault(node, path, f"this text is longer than {EXAMPLE_TEXT_MAX} characters")
        return None
    return node.value


def _read_done(reader: Reader, node: Node, found: dict[str, Node], path: str) -> Done | None:
    faults = len(reader.faults)
    if not found:
        if isinstance(node, Mapping) and not node.pairs:
            reader.fault(node, path, "nothing happens here", "say what: {text: …}")
        return None
    read = _Fields(reader, found, path)
    kind = read.choice("kind", KINDS) or "message"
    done = Done(
        text=(_text(reader, found["text"], f"{path}.text") or "") if "text" in found else "",
        kind=next(known for known in KINDS if known == kind),
        author=_read_author(reader, found["author"], f"{path}.author")
        if "author" in found
        else Author(),
        on_ms=_read_moment(reader, found["on"], f"{path}.on") if "on" in found else None,
        at_ms=read.duration("at", 0),
        times=read.integer("times", 1, TIMES_MAX, 1),
        every_ms=read.duration("every", 1) or EVERY_MS,
        html=(_text(reader, found["html"], f"{path}.html") or "") if "html" in found else "",
        attached=read.texts("attached", "a file name"),
        reply=read.choice("reply", ("true", "false")) == "true",
        setting=read.choice("setting", ("name", "topic", "avatar", "pinned")) or "name",
        amount=read.integer("amount", 1, AMOUNT_MAX, 100),
        asset=read.text("asset") or "points",
        shares=read.integer("shares", 1, SHARES_MAX, 1),
    )
    if kind not in MONEY and not found.keys().isdisjoint(MONEY_KEYS):
        reader.fault(node, path, f"{kind} has no amount", f"amounts are of {', '.join(MONEY)}")
    return done if len(reader.faults) == faults else None


def _read_moment(reader: Reader, node: Node, path: str) -> int | None:
    """Return a time of the week, such as `fri 20:30`, in milliseconds from Monday 00:00."""
    written = reader.text(node, path)
    if written is None:
        return None
    match = _MOMENT.fullmatch(written)
    if match is None:
        reader.fault(
            node, path, f'"{written[:40]}" is no time of the week', "write it as fri 20:30"
        )
        return None
    hours = DAYS.index(match[1]) * 24 + int(match[2])
    return hours * UNITS_MS["h"] + int(match[3]) * UNITS_MS["m"]


def _read_author(reader: Reader, node: Node, path: str) -> Author:
    read = _Fields(reader, reader.mapping(node, path, AUTHOR_KEYS), path)
    joined_ms, account_ms = read.duration("joined", 0), read.duration("account", 0)
    plain = Author()
    return Author(
        id=read.text("id") or plain.id,
        name=read.text("name") or plain.name,
        roles=read.texts("roles", "a role"),
        power=read.integer("power", -_POWER, _POWER, 0),
        joined_ms=plain.joined_ms if joined_ms is None else joined_ms,
        account_ms=plain.account_ms if account_ms is None else account_ms,
        tier=read.text("tier") or plain.tier,
    )


@dataclass(frozen=True, slots=True)
class _Fields:
    """The values of a mapping that may or may not be there."""

    reader: Reader
    found: dict[str, Node]
    path: str

    def text(self, key: str) -> str | None:
        node = self.found.get(key)
        return None if node is None else self.reader.text(node, f"{self.path}.{key}")

    def texts(self, key: str, wanted: str) -> tuple[str, ...]:
        node = self.found.get(key)
        return () if node is None else self.reader.texts(node, f"{self.path}.{key}", wanted)

    def choice(self, key: str, known: Collection[str]) -> str | None:
        node = self.found.get(key)
        if node is None:
            return None
        return self.reader.choice(node, f"{self.path}.{key}", known, key)

    def duration(self, key: str, low_ms: int) -> int | None:
        node = self.found.get(key)
        if node is None:
            return None
        return self.reader.duration(node, f"{self.path}.{key}", low_ms, _LONGEST_MS)

    def integer(self, key: str, low: int, high: int, default: int) -> int:
        node = self.found.get(key)
        read = None
        if node is not None:
            read = self.reader.integer(node, f"{self.path}.{key}", low, high)
        return default if read is None else read
