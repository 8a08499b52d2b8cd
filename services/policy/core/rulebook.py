"""A rulebook: what a community asks of its members, as its admins wrote it, checked and typed."""

import difflib
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from policy.core import document
from policy.core.appealing import ORDINARY_APPEALS, Appeals, read_appeals
from policy.core.charter import NOTHING, Charter, read_charter
from policy.core.conditions import source_of
from policy.core.conditions.kind import NamedList
from policy.core.consequences import Ladder, place_of, read_ladder
from policy.core.cost import BUDGET_MAX_US, BUDGET_US, FREE, Certificate, cost_of, over_budget
from policy.core.document import Fault, InvalidRulebook, Node, tree
from policy.core.holidays import NO_HOLIDAYS, Holidays, read_holidays
from policy.core.including import Part, Parts
from policy.core.invariants import Invariant, read_invariants
from policy.core.keeping import Answers, Keep, read_answers, read_keep
from policy.core.lists import joined, read_lists
from policy.core.reading import ID_HINT, UNITS_MS, Place, Reader, is_id
from policy.core.rules import Exempt, Rule, read_exempt, read_rules
from policy.core.strain import Late, read_late
from policy.core.tiers import ORDINARY, Membership, Tier, read_membership, read_tiers, tier_names
from policy.core.zones import UTC_ZONE, UnknownZone, Zone, fixed, zone_named
from policy.core.zones import names as zone_names

__all__ = [
    "Exempt", "Fault", "InvalidRulebook", "Packets", "Reading", "Rule", "Rulebook", "digest",
    "parse", "read", "stored",
]  # fmt: skip

LADDERS_MAX = 50
LANGUAGES = ("en", "zh")
KEYS = (
    "name", "language", "timezone", "tell", "include", "parameters", "lists", "exempt", "ladder",
    "ladders", "packets", "members", "tiers", "holidays", "budget_us", "invariants", "staff",
    "hosts", "charter", "keep", "answers",
    "late", "appeals", "rules",
)  # fmt: skip
PACKET_KEYS = ("asset", "lifetime", "mode", "amount_max", "shares_max")
PACKET_LIFE_MAX_MS = 3 * UNITS_MS["d"]  # the ledger refuses more
STAFF = Exempt(roles=("moderator", "admin", "creator"), power=50)
NOBODY = Exempt()
_OFFSET = re.compile(r"([+-])(0[0-9]|1[0-4]):([03]0|45)")


@dataclass(frozen=True, slots=True)
class Packets:
    """What a red packet is that a member sends with `!packet`. Amounts are minor units."""

    asset: str = "points"
    lifetime_ms: int = UNITS_MS["d"]
    mode: Literal["lucky", "equal"] = "lucky"
    amount_max: int = 1_000_000
    shares_max: int = 100


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All that is in force in a group. `digest` is the SHA-256 of the text, in hex."""

    digest: str
    name: str
    language: Literal["en", "zh"]
    zone: Zone
    private: bool
    lists: tuple[NamedList, ...]
    exempt: Exempt
    ladder: Ladder | None
    packets: Packets
    rules: tuple[Rule, ...]
    ladders: tuple[tuple[str, Ladder], ...] = ()
    tiers: tuple[Tier, ...] = ()
    membership: Membership = ORDINARY
    holidays: Holidays = NO_HOLIDAYS
    budget_us: int = BUDGET_US
    invariants: tuple[Invariant, ...] = ()
    staff: Exempt = STAFF
    hosts: Exempt = NOBODY
    charter: Charter = NOTHING
    keep: Keep | None = None
    answers: Answers | None = None
    late: Late | None = None
    appeals: Appeals = ORDINARY_APPEALS

    def ladder_of(self, offence: str) -> tuple[str, Ladder | None]:
        """Return the ladder that points of this kind climb, and its name; "" is the default."""
        named = dict(self.ladders).get(offence)
        return (offence, named) if named is not None else ("", self.ladder)


def digest(text: str) -> str:
    """Return the name of a rulebook's text: its SHA-256 in hex, the same in every process."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read of a text: a rulebook, whole or not, and every fault.

    `places` tell where things are written, by `("rule", id, key)`, `("list", name)` and
    `("parameter", name)`; `used` are the lists and parameters that are named somewhere. `cost` is
    told by `read` alone: what was accepted once stays so, whatever it costs.
    """

    rulebook: Rulebook
    faults: tuple[Fault, ...]
    places: Mapping[tuple[str, ...], Place]
    used: frozenset[tuple[str, ...]]
    cost: Certificate = FREE


def parse(text: str, *, source: str = "rulebook.yaml") -> Rulebook:
    """Return the rulebook written in `text`.

    Raises:
        InvalidRulebook: with every fault found, each with its line, column, reason and a hint.
    """
    return _whole(read(text), source)


def stored(text: str) -> Rulebook:
    """Return a rulebook that was accepted once, whatever it costs by what is known today.

    Costs are measured anew from version to version, and what is in force has to stay so.

    Raises:
        InvalidRulebook: as `parse`.
    """
    return _whole(_read(text, ())[0], "rulebook.yaml")


def read(text: str, *, known_sets: Collection[str] = ()) -> Reading:
    """Return what can be read of a text; `known_sets` are suggested where a set is not there."""
    found, reader = _read(text, known_sets)
    cost = cost_of(found.rulebook)
    dear = over_budget(cost, found.rulebook.budget_us)
    if dear is not None:
        reader.note(reader.places["rule", dear[0], "when"], "budget_us", *dear[1:])
    return replace(found, faults=_ordered(reader), cost=cost)


def _whole(found: Reading, source: str) -> Rulebook:
    if found.faults:
        raise InvalidRulebook(list(found.faults), source=source)
    return found.rulebook


def _read(text: str, known_sets: Collection[str]) -> tuple[Reading, Reader]:
    root, faults = tree(text)
    reader = Reader(faults)
    parts = Parts(reader, text, KEYS, known_sets)
    rulebook = _read_rulebook(reader, () if root is None else parts.all(root), digest(text))
    used = frozenset(reader.used)
    return Reading(rulebook, _ordered(reader), reader.places, used), reader


def _ordered(reader: Reader) -> tuple[Fault, ...]:
    return tuple(sorted(reader.faults, key=lambda fault: (fault.within, fault)))


def _read_rulebook(reader: Reader, parts: Iterable[Part], text_digest: str) -> Rulebook:
    sets: list[tuple[str, Node]] = []
    lists: dict[str, NamedList] = {}
    found: dict[str, Node] = {}
    for part in parts:
        if not part.name:
            found = part.found
            reader.used |= {("parameter", name) for name in part.parameters.used}
        if "lists" in part.found:
            lists = joined(reader, lists, read_lists(reader, part.found["lists"]))
        if "rules" in part.found:
            sets.append((part.name, part.found["rules"]))
    reader.within = ""
    head = _read_head(reader, found)
    ladder = read_ladder(reader, found["ladder"], "ladder") if "ladder" in found else None
    ladders = dict(_read_ladders(reader, found["ladders"])) if "ladders" in found else {}
    written = frozenset(ladders) | ({""} if "ladder" in found else set())
    source = source_of(reader, lists, tier_names(found.get("tiers")), head.charter.theme)
    rules: list[Rule] = []
    known: dict[str, Place] = {}
    for reader.within, node in sets:
        rules += read_rules(place_of(source, written), node, known)
    reader.within = ""
    invariants = read_invariants(source, found["invariants"]) if "invariants" in found else ()
    return replace(
        head,
        digest=text_digest,
        lists=tuple(lists.values()),
        ladder=ladder,
        rules=tuple(rules),
        ladders=tuple((name, one) for name, one in ladders.items() if one is not None),
        invariants=tuple(invariants),
        tiers=tuple(read_tiers(source, found["tiers"])) if "tiers" in found else (),
        answers=read_answers(source, found["answers"]) if "answers" in found else None,
    )


def _read_head(reader: Reader, found: Mapping[str, Node]) -> Rulebook:
    name = reader.text(found["name"], "name") if "name" in found else None
    language = None
    if "language" in found:
        language = reader.choice(found["language"], "language", LANGUAGES, "language")
    tell = None
    if "tell" in found:
        tell = reader.choice(found["tell"], "tell", ("room", "private"), "way to tell")
    return Rulebook(
        digest="",
        name=name or "",
        language="zh" if language == "zh" else "en",
        zone=_read_zone(reader, found["timezone"]) if "timezone" in found else UTC_ZONE,
        private=tell == "private",
        lists=(),
        exempt=read_exempt(reader, found["exempt"]) if "exempt" in found else Exempt(),
        ladder=None,
        packets=_read_packets(reader, found["packets"]) if "packets" in found else Packets(),
        rules=(),
        membership=read_membership(reader, found["members"]) if "members" in found else ORDINARY,
        holidays=_read_days_off(reader, found),
        budget_us=_read_budget(reader, found),
        staff=read_exempt(reader, found["staff"], "staff") if "staff" in found else STAFF,
        hosts=read_exempt(reader, found["hosts"], "hosts") if "hosts" in found else NOBODY,
        charter=read_charter(reader, found["charter"]) if "charter" in found else NOTHING,
        keep=read_keep(reader, found["keep"]) if "keep" in found else None,
        appeals=read_appeals(reader, found["appeals"]) if "appeals" in found else ORDINARY_APPEALS,
        late=read_late(reader, found["late"]) if "late" in found else None,
    )


def _read_zone(reader: Reader, node: Node) -> Zone:
    written = reader.text(node, "timezone")
    if written is None:
        return UTC_ZONE
    match = _OFFSET.fullmatch(written)
    if match is not None:
        minutes = int(match[2]) * 60 + int(match[3])
        return fixed(-minutes if match[1] == "-" else minutes)
    try:
        return UTC_ZONE if written == "UTC" else zone_named(written)
    except UnknownZone:
        close = difflib.get_close_matches(written[:64], sorted(zone_names()), n=1)
        hint = f'did you mean "{close[0]}"?' if close else 'write Asia/Shanghai, UTC or "+08:00"'
        reader.fault(node, "timezone", f'"{written[:40]}" is not a time zone', hint)
        return UTC_ZONE


def _read_budget(reader: Reader, found: Mapping[str, Node]) -> int:
    if "budget_us" not in found:
        return BUDGET_US
    return reader.integer(found["budget_us"], "budget_us", 1, BUDGET_MAX_US) or BUDGET_US


def _read_days_off(reader: Reader, found: Mapping[str, Node]) -> Holidays:
    if "holidays" not in found:
        return NO_HOLIDAYS
    return read_holidays(reader, found["holidays"], "holidays")


def _read_ladders(reader: Reader, node: Node) -> Iterator[tuple[str, Ladder | None]]:
    if not isinstance(node, document.Mapping):
        reader.wrong_shape(node, "ladders", "a mapping of kinds of offence to ladders")
        return
    if len(node.pairs) > LADDERS_MAX:
        reader.fault(node, "ladders", f"more than {LADDERS_MAX} ladders")
        return
    for key, value in reader.pairs(node, "ladders"):
        path = f"ladders.{key.value[:40]}"
        if not is_id(key.value):
            reader.fault(key, path, f'"{key.value[:40]}" is no name for a ladder', ID_HINT)
            continue
        yield key.value, read_ladder(reader, value, path)


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
