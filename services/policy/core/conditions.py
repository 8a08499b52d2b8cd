"""What a rule can look at: one small type a condition, and how each is read from a rulebook.

A condition that has nothing to look at is false: silence is never a reason to act. `NotAny` turns
that around and says so. The types are the intermediate form: typed, loop-free, ready to compile.
"""

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import hyperscan

from policy.core.document import Node, Scalar
from policy.core.links import canonical_host
from policy.core.reading import Reader, nearest
from policy.core.text import fold

TERM_MAX = 200
PATTERN_MAX = 500
FLOOD_MAX = 1_000
AMOUNT_FLOOD_MAX = 20_000
WINDOW_MAX_MS = 86_400_000
POWER_MAX = 1 << 53

Measure = Literal["messages", "lines", "characters"]
ListKind = Literal["words", "patterns", "domains"]
LIST_KINDS: tuple[ListKind, ...] = ("words", "patterns", "domains")
PATTERN_FLAGS = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_CASELESS


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list that rules refer to as `list:name`; its members are written texts of one kind."""

    name: str
    kind: ListKind
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds where every part holds."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds where some part holds."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class NotAny:
    """Holds where its part does not."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Matches:
    """A word or pattern occurs in the folded text; `members` stand in the rule itself."""

    kind: Literal["words", "patterns"]
    members: tuple[str, ...]
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flood:
    """The author wrote more than `limit` of the measure within `within_ms`, this included."""

    measure: Measure
    limit: int
    within_ms: int


@dataclass(frozen=True, slots=True)
class MinLength:
    """The message has fewer than `graphemes` graphemes of substance, and nothing else."""

    graphemes: int


@dataclass(frozen=True, slots=True)
class MaxLength:
    """The message has more than `characters` code points."""

    characters: int


@dataclass(frozen=True, slots=True)
class ColdLink:
    """The message has a link and fewer than `graphemes` graphemes of substance beside it."""

    graphemes: int


@dataclass(frozen=True, slots=True)
class LinkTo:
    """The message names a host of these domains or below; with neither, it has any link at all."""

    members: tuple[str, ...]
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HasRole:
    """The author has one of the roles."""

    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HasPower:
    """The author has at least this Matrix power level."""

    at_least: int


@dataclass(frozen=True, slots=True)
class IsMember:
    """The author is one of these."""

    members: tuple[str, ...]


Condition = (
    AllOf | AnyOf | NotAny | Matches | Flood | MinLength | MaxLength | ColdLink
    | LinkTo | HasRole | HasPower | IsMember
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Where conditions are read: the reader that collects faults, and the lists they may name."""

    reader: Reader
    lists: Mapping[str, NamedList]


def read_condition(source: Source, node: Node, path: str) -> Condition | None:
    """Return the condition written at `node`; a mapping of several holds where all of them hold."""
    reader = source.reader
    faults = len(reader.faults)
    found = reader.mapping(node, path, CONDITIONS)
    parts = [CONDITIONS[key](source, value, f"{path}.{key}") for key, value in found.items()]
    if not parts:
        if len(reader.faults) == faults:
            reader.fault(node, path, "no condition is written here", nearest("", CONDITIONS))
        return None
    known = tuple(part for part in parts if part is not None)
    if len(known) < len(parts):
        return None
    return known[0] if len(known) == 1 else AllOf(known)


def _read_parts(source: Source, node: Node, path: str) -> tuple[Condition, ...]:
    items = source.reader.items(node, path, "a condition")
    parts = [read_condition(source, item, place) for item, place in items]
    return tuple(part for part in parts if part is not None)


def _read_all(source: Source, node: Node, path: str) -> Condition | None:
    return AllOf(_read_parts(source, node, path))


def _read_any(source: Source, node: Node, path: str) -> Condition | None:
    return AnyOf(_read_parts(source, node, path))


def _read_not(source: Source, node: Node, path: str) -> Condition | None:
    part = read_condition(source, node, path)
    return None if part is None else NotAny(part)


def _read_members(
    source: Source, node: Node, path: str, kind: ListKind
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    members: list[str] = []
    lists: list[str] = []
    wanted = {"words": "a word", "patterns": "a pattern", "domains": "a domain"}[kind]
    for item, place in source.reader.items(node, path, wanted):
        written = source.reader.text(item, place, f"{wanted} or list:NAME")
        if written is None:
            continue
        if not written.startswith("list:"):
            member = read_member(source.reader, item, place, kind)
            members += [] if member is None else [member]
            continue
        name = written.removeprefix("list:")
        same_kind = {known.name for known in source.lists.values() if known.kind == kind}
        if name in same_kind:
            lists.append(name)
        elif name in source.lists:
            reason = f'"{name}" is a list of {source.lists[name].kind}; {kind} belong here'
            source.reader.fault(item, place, reason, nearest(name, same_kind))
        else:
            source.reader.fault(item, place, f'no such list: "{name}"', nearest(name, same_kind))
    return tuple(dict.fromkeys(members)), tuple(dict.fromkeys(lists))


def read_member(reader: Reader, node: Node, path: str, kind: ListKind) -> str | None:
    """Return one word, pattern or domain as it will be looked for, or note why it cannot be."""
    written = reader.text(node, path)
    if written is None:
        return None
    if kind == "words":
        return _read_word(reader, node, path, written)
    if kind == "patterns":
        return _read_pattern(reader, node, path, written)
    host = canonical_host(written.removeprefix("*."))
    if "." not in host:
        reader.fault(node, path, f'"{written[:60]}" is not a domain', "write it as example.org")
        return None
    return host


def _read_word(reader: Reader, node: Node, path: str, written: str) -> str | None:
    bare = fold(written).strip("* \t\n\r")
    if not bare:
        hint = "white space, accents and invisible characters alone cannot be looked for"
        reader.fault(node, path, "nothing is left of this word when it is folded", hint)
        return None
    if len(bare) > TERM_MAX:
        reader.fault(node, path, f"this word is longer than {TERM_MAX} characters")
        return None
    return written.strip()


def _read_pattern(reader: Reader, node: Node, path: str, written: str) -> str | None:
    if len(written) > PATTERN_MAX:
        reader.fault(node, path, f"this pattern is longer than {PATTERN_MAX} characters")
        return None
    folded: list[str] = []
    for character in written:
        seen = character if character.isascii() else fold(character)
        if len(seen) != 1:
            shown = f'"{character}" ' if character.isprintable() else ""
            reason = f"{shown}(U+{ord(character):04X}) never occurs in folded text"
            hint = f'write "{seen}"' if seen else "leave it away; it is not seen in messages either"
            reader.fault(node, path, reason, hint)
            return None
        folded.append(seen)
    pattern = "".join(folded)
    refused = pattern_fault(pattern)
    if refused:
        reader.fault(node, path, *refused)
        return None
    return pattern


def pattern_fault(pattern: str) -> tuple[str, str] | None:
    """Return why a pattern cannot run in linear time with its place known, and what to do."""
    database = hyperscan.Database()
    try:
        flags = PATTERN_FLAGS | hyperscan.HS_FLAG_SOM_LEFTMOST
        database.compile(expressions=[pattern.encode()], ids=[0], elements=1, flags=flags)
    except hyperscan.error as error:
        told = str(error).rstrip(".")
        for mark, reason, hint in _REFUSALS:
            if mark in told:
                return reason, hint
        return f"this pattern cannot be used: {told[:1].lower()}{told[1:]}", ""
    ends: set[int] = set()

    def on_match(_id: int, _start: int, end: int, _flags: int, _context: object) -> None:
        ends.add(end)

    database.scan(_ANY_TEXT.encode(), match_event_handler=on_match)
    if len(ends) * 2 > len(_ANY_TEXT):
        return "this pattern matches almost anywhere", "say more exactly what it looks for"
    return None


_ANY_TEXT = "a quick fox, 123 times 4.5; 敏捷的狐狸跳过了懒狗！ /x?y=z #end"
_REFUSALS = (
    ("Back-references", "back-references (\\1) cannot run in linear time", "write the repeat out"),
    ("Zero-width", "look-around cannot run in linear time", "use `not:` with a second pattern"),
    ("empty buffer", "this pattern matches where there is nothing", "use + for *, drop a ?"),
    ("too large", "this pattern is too large", "shorten its {repeats}"),
    ("never match", "this pattern can never match", "look at its ^, $ and \\b"),
)


def _read_words(source: Source, node: Node, path: str) -> Condition | None:
    return Matches("words", *_read_members(source, node, path, "words"))


def _read_patterns(source: Source, node: Node, path: str) -> Condition | None:
    return Matches("patterns", *_read_members(source, node, path, "patterns"))


def _read_link(source: Source, node: Node, path: str) -> Condition | None:
    if isinstance(node, Scalar) and node.value == "any":
        return LinkTo((), ())
    members, lists = _read_members(source, node, path, "domains")
    return LinkTo(members, lists) if members or lists else None


def _read_flood(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    measures: tuple[Measure, ...] = ("messages", "lines", "characters")
    found = reader.mapping(node, path, (*measures, "within"), ("within",))
    within_ms = None
    if "within" in found:
        within_ms = reader.duration(found["within"], f"{path}.within", 1, WINDOW_MAX_MS)
    named = [measure for measure in measures if measure in found]
    if len(named) != 1:
        if "within" in found:
            reader.fault(node, path, f"exactly one of {', '.join(measures)} belongs here")
        return None
    measure = named[0]
    most = AMOUNT_FLOOD_MAX if measure == "characters" else FLOOD_MAX
    limit = reader.integer(found[measure], f"{path}.{measure}", 1, most)
    return None if limit is None or within_ms is None else Flood(measure, limit, within_ms)


def _read_min_length(source: Source, node: Node, path: str) -> Condition | None:
    graphemes = source.reader.integer(node, path, 1, 1_000)
    return None if graphemes is None else MinLength(graphemes)


def _read_max_length(source: Source, node: Node, path: str) -> Condition | None:
    characters = source.reader.integer(node, path, 1, 65_536)
    return None if characters is None else MaxLength(characters)


def _read_cold_link(source: Source, node: Node, path: str) -> Condition | None:
    graphemes = source.reader.integer(node, path, 1, 1_000)
    return None if graphemes is None else ColdLink(graphemes)


def _read_role(source: Source, node: Node, path: str) -> Condition | None:
    return HasRole(source.reader.texts(node, path, "a role"))


def _read_power(source: Source, node: Node, path: str) -> Condition | None:
    at_least = source.reader.integer(node, path, -POWER_MAX, POWER_MAX)
    return None if at_least is None else HasPower(at_least)


def _read_member(source: Source, node: Node, path: str) -> Condition | None:
    return IsMember(source.reader.texts(node, path, "a member's id"))


CONDITIONS: dict[str, Callable[[Source, Node, str], Condition | None]] = {
    "all": _read_all,
    "any": _read_any,
    "not": _read_not,
    "words": _read_words,
    "pattern": _read_patterns,
    "flood": _read_flood,
    "min_length": _read_min_length,
    "max_length": _read_max_length,
    "cold_link": _read_cold_link,
    "link": _read_link,
    "role": _read_role,
    "power": _read_power,
    "member": _read_member,
}

assert all(name.strip(string.ascii_lowercase + "_") == "" for name in CONDITIONS)
