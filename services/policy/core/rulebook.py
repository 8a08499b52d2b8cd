"""A rulebook: what a community asks of its members, as its admins wrote it, checked and typed."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from policy.core.conditions import source_of
from policy.core.conditions.kind import LIST_KINDS, Condition, NamedList, condition_from
from policy.core.conditions.people import POWER_MAX
from policy.core.conditions.terms import read_member
from policy.core.consequences import (
    Consequences,
    Ladder,
    Where,
    Wording,
    place_of,
    read_consequences,
    read_ladder,
    read_wording,
)
from policy.core.document import Fault, InvalidRulebook, Listing, Mapping, Node, Scalar, tree
from policy.core.kinds import EVENT_KINDS, SPEECH, EventKind
from policy.core.reading import UNITS_MS, Reader, nearest

__all__ = ["Exempt", "Fault", "InvalidRulebook", "Packets", "Rule", "Rulebook", "digest", "parse"]

RULES_MAX = 50_000
LISTS_MAX = 200
LADDERS_MAX = 50
LANGUAGES = ("en", "zh")
KEYS = (
    "name", "language", "timezone", "tell", "lists", "exempt", "ladder", "ladders", "packets",
    "rules",
)  # fmt: skip
RULE_KEYS = ("id", "why", "kinds", "exempt", "when", "unless", "then", "otherwise", "fulfilled")
PACKET_KEYS = ("asset", "lifetime", "mode", "amount_max", "shares_max")
EXEMPT_KEYS = ("roles", "power", "members")
PACKET_LIFE_MAX_MS = 3 * UNITS_MS["d"]  # the ledger refuses more
_ID = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_ID_HINT = "use small letters of any script, digits and single hyphens"
ID_MAX = 64
_OFFSET = re.compile(r"([+-])(0[0-9]|1[0-4]):([03]0|45)")


@dataclass(frozen=True, slots=True)
class Exempt:
    """Whom no rule acts on: by role, by Matrix power level (None: nobody by power), by id."""

    roles: tuple[str, ...] = ()
    power: int | None = None
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Packets:
    """What a red packet is that a member sends with `!packet`. Amounts are minor units."""

    asset: str = "points"
    lifetime_ms: int = UNITS_MS["d"]
    mode: Literal["lucky", "equal"] = "lucky"
    amount_max: int = 1_000_000
    shares_max: int = 100


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it looks at (`when`, not `unless`) and what follows.

    `otherwise` follows instead when what `then` expects has not come in time. `exempt` stands in
    place of the rulebook's own, None where that is meant.
    """

    id: str
    why: Wording
    kinds: frozenset[EventKind]
    when: Condition
    unless: Condition | None
    then: Consequences
    otherwise: Consequences | None
    exempt: Exempt | None = None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All that is in force in a group. `digest` is the SHA-256 of the text, in hex."""

    digest: str
    name: str
    language: Literal["en", "zh"]
    offset_minutes: int
    private: bool
    lists: tuple[NamedList, ...]
    exempt: Exempt
    ladder: Ladder | None
    packets: Packets
    rules: tuple[Rule, ...]
    ladders: tuple[tuple[str, Ladder], ...] = ()

    def ladder_of(self, offence: str) -> tuple[str, Ladder | None]:
        """Return the ladder that points of this kind climb, and its name; "" is the default."""
        named = dict(self.ladders).get(offence)
        return (offence, named) if named is not None else ("", self.ladder)


def digest(text: str) -> str:
    """Return the name of a rulebook's text: its SHA-256 in hex, the same in every process."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def parse(text: str, *, source: str = "rulebook.yaml") -> Rulebook:
    """Return the rulebook written in `text`.

    Raises:
        InvalidRulebook: with every fault found, each with its line, column, reason and a hint.
    """
    root, faults = tree(text)
    reader = Reader(faults)
    rulebook = None
    if root is not None:
        rulebook = _read_rulebook(reader, root, digest(text))
    if rulebook is None or reader.faults:
        raise InvalidRulebook(sorted(reader.faults), source=source)
    return rulebook


def _read_rulebook(reader: Reader, root: Node, text_digest: str) -> Rulebook | None:
    found = reader.mapping(root, "", KEYS, ("name", "language", "rules"))
    name = reader.text(found["name"], "name") if "name" in found else None
    language = None
    if "language" in found:
        language = reader.choice(found["language"], "language", LANGUAGES, "language")
    tell = "room"
    if "tell" in found:
        tell = reader.choice(found["tell"], "tell", ("room", "private"), "way to tell") or tell
    lists = dict(_read_lists(reader, found["lists"])) if "lists" in found else {}
    ladder = read_ladder(reader, found["ladder"], "ladder") if "ladder" in found else None
    ladders = dict(_read_ladders(reader, found["ladders"])) if "ladders" in found else {}
    written = frozenset(ladders) | ({""} if "ladder" in found else set())
    rules: tuple[Rule, ...] = ()
    if "rules" in found:
        read = _read_rules(place_of(source_of(reader, lists), written), found["rules"])
        rules = tuple(read)
    offset = _read_offset(reader, found["timezone"]) if "timezone" in found else 0
    exempt = _read_exempt(reader, found["exempt"]) if "exempt" in found else Exempt()
    packets = _read_packets(reader, found["packets"]) if "packets" in found else Packets()
    if name is None or language is None:
        return None
    return Rulebook(
        digest=text_digest,
        name=name,
        language="zh" if language == "zh" else "en",
        offset_minutes=offset,
        private=tell == "private",
        lists=tuple(lists.values()),
        exempt=exempt,
        ladder=ladder,
        packets=packets,
        rules=rules,
        ladders=tuple((name, one) for name, one in ladders.items() if one is not None),
    )


def _read_offset(reader: Reader, node: Node) -> int:
    written = reader.text(node, "timezone")
    if written is None or written == "UTC":
        return 0
    match = _OFFSET.fullmatch(written)
    if match is None:
        hint = 'write UTC or a difference such as "+08:00"'
        reader.fault(node, "timezone", f'"{written[:40]}" is not a time zone', hint)
        return 0
    minutes = int(match[2]) * 60 + int(match[3])
    return -minutes if match[1] == "-" else minutes


def _read_lists(reader: Reader, node: Node) -> Iterator[tuple[str, NamedList]]:
    if not isinstance(node, Mapping):
        reader.wrong_shape(node, "lists", "a mapping of names to lists")
        return
    if len(node.pairs) > LISTS_MAX:
        reader.fault(node, "lists", f"more than {LISTS_MAX} lists")
        return
    for key, value in reader.pairs(node, "lists"):
        path = f"lists.{key.value[:40]}"
        if not _is_id(key.value):
            reader.fault(key, path, f'"{key.value[:40]}" is no name for a list', _ID_HINT)
            continue
        found = reader.mapping(value, path, LIST_KINDS)
        if len(found) != 1:
            if isinstance(value, Mapping) and len(found) == len(value.pairs):
                reader.fault(value, path, f"exactly one of {', '.join(LIST_KINDS)} belongs here")
            # A list with faults is still a list: what names it shall not be a fault as well.
            yield key.value, NamedList(key.value, "words", ())
            continue
        (kind,) = (kind for kind in LIST_KINDS if kind in found)
        items = reader.items(found[kind], f"{path}.{kind}", f"one of the {kind}")
        members = [read_member(reader, item, place, kind) for item, place in items]
        known = tuple(dict.fromkeys(member for member in members if member is not None))
        yield key.value, NamedList(key.value, kind, known)


def _read_ladders(reader: Reader, node: Node) -> Iterator[tuple[str, Ladder | None]]:
    if not isinstance(node, Mapping):
        reader.wrong_shape(node, "ladders", "a mapping of kinds of offence to ladders")
        return
    if len(node.pairs) > LADDERS_MAX:
        reader.fault(node, "ladders", f"more than {LADDERS_MAX} ladders")
        return
    for key, value in reader.pairs(node, "ladders"):
        path = f"ladders.{key.value[:40]}"
        if not _is_id(key.value):
            reader.fault(key, path, f'"{key.value[:40]}" is no name for a ladder', _ID_HINT)
            continue
        yield key.value, read_ladder(reader, value, path)


def _read_exempt(reader: Reader, node: Node, path: str = "exempt") -> Exempt:
    if isinstance(node, Scalar) and node.value == "nobody":
        return Exempt()
    found = reader.mapping(node, path, EXEMPT_KEYS)
    roles: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    if "roles" in found:
        roles = reader.texts(found["roles"], f"{path}.roles", "a role")
    if "members" in found:
        members = reader.texts(found["members"], f"{path}.members", "a member's id")
    power = None
    if "power" in found:
        power = reader.integer(found["power"], f"{path}.power", 1, POWER_MAX)
    return Exempt(roles, power, members)


def _read_packets(reader: Reader, node: Node) -> Packets:
    found = reader.mapping(node, "packets", PACKET_KEYS)
    default = Packets()
    asset, mode, lifetime_ms = default.asset, default.mode, default.lifetime_ms
    amount_max, shares_max = default.amount_max, default.shares_max
    if "asset" in found:
        asset = reader.text(found["asset"], "packets.asset", "an asset") or asset
    if "lifetime" in found:
        most = PACKET_LIFE_MAX_MS
        lifetime = reader.duration(found["lifetime"], "packets.lifetime", 1_000, most)
        lifetime_ms = lifetime or lifetime_ms
    if "mode" in found:
        chosen = reader.choice(found["mode"], "packets.mode", ("lucky", "equal"), "split")
        mode = "equal" if chosen == "equal" else "lucky"
    if "amount_max" in found:
        amount_max = reader.integer(found["amount_max"], "packets.amount_max", 1, 10**12) or 1
    if "shares_max" in found:
        shares_max = reader.integer(found["shares_max"], "packets.shares_max", 1, 10_000) or 1
    return Packets(asset, lifetime_ms, mode, amount_max, shares_max)


def _read_rules(where: Where, node: Node) -> Iterator[Rule]:
    reader = where.reader
    if not isinstance(node, Listing):
        reader.wrong_shape(node, "rules", "a list of rules")
        return
    if len(node.items) > RULES_MAX:
        reader.fault(node, "rules", f"more than {RULES_MAX} rules")
        return
    lines: dict[str, int] = {}
    for item, path in reader.items(node, "rules", "a rule"):
        rule = _read_rule(where, item, path, lines)
        if rule is not None:
            yield rule


def _read_rule(where: Where, node: Node, path: str, lines: dict[str, int]) -> Rule | None:
    reader, source = where.reader, where.source
    found = reader.mapping(node, path, RULE_KEYS, ("id", "why", "when", "then"))
    name = _read_id(reader, found["id"], f"{path}.id", lines) if "id" in found else None
    why = read_wording(reader, found["why"], f"{path}.why") if "why" in found else None
    kinds = _read_kinds(reader, found["kinds"], f"{path}.kinds") if "kinds" in found else SPEECH
    exempt = None
    if "exempt" in found:
        exempt = _read_exempt(reader, found["exempt"], f"{path}.exempt")
    when = condition_from(source, found["when"], f"{path}.when") if "when" in found else None
    unless = None
    if "unless" in found:
        unless = condition_from(source, found["unless"], f"{path}.unless")
    then, otherwise = _read_then(where, node, found, path)
    if name is None or why is None or when is None or then is None:
        return None
    return Rule(name, why, frozenset(kinds), when, unless, then, otherwise, exempt)


def _read_then(
    where: Where, node: Node, found: dict[str, Node], path: str
) -> tuple[Consequences | None, Consequences | None]:
    reader = where.reader
    then = None
    if "then" in found:
        then = read_consequences(where, found["then"], f"{path}.then")
    later: dict[str, Consequences | None] = {"otherwise": None, "fulfilled": None}
    for key in later:
        if key not in found:
            continue
        later[key] = read_consequences(replace(where, nested=True), found[key], f"{path}.{key}")
        if then is not None and not any(then.expects()):
            reader.fault(found[key], f"{path}.{key}", "nothing is expected in `then`")
    if then is not None:
        then = then.completed(later["otherwise"], later["fulfilled"])
        if then.incomplete and not found.keys() & later.keys():
            reader.fault(
                node, path, '"otherwise" is missing', "say what follows if it does not come"
            )
    return then, later["otherwise"]


def _is_id(name: str) -> bool:
    return len(name) <= ID_MAX and name == name.lower() and _ID.fullmatch(name) is not None


def _read_id(reader: Reader, node: Node, path: str, lines: dict[str, int]) -> str | None:
    name = reader.text(node, path)
    if name is None:
        return None
    if not _is_id(name):
        reader.fault(node, path, f'"{name[:40]}" is no id for a rule', _ID_HINT)
        return None
    if name in lines:
        reader.fault(node, path, f'"{name}" is the id of another rule, on line {lines[name]}')
    lines.setdefault(name, node.line)
    return name


def _read_kinds(reader: Reader, node: Node, path: str) -> tuple[EventKind, ...]:
    found = reader.texts(node, path, "a kind of event")
    for word in found:
        if word not in EVENT_KINDS:
            reader.fault(node, path, f'no such kind: "{word[:40]}"', nearest(word, EVENT_KINDS))
    return tuple(kind for kind in EVENT_KINDS if kind in found)
