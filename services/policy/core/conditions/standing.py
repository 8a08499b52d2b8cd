"""What a community has made of somebody: tier, labels, good standing, the charter accepted."""

from dataclasses import dataclass
from typing import Final

from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conditions.ranges import (
    AGE_MAX_MS,
    DURATION,
    NUMBERS,
    schema,
)
from policy.core.document import Mapping, Node
from policy.core.ir import Ask
from policy.core.members import Member, Standing
from policy.core.reading import UNITS_MS, nearest
from policy.core.seen import Clue, Seen

GOOD_SPAN: Final = (UNITS_MS["s"], AGE_MAX_MS)
TEXTS: Final = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}


@dataclass(frozen=True, slots=True)
class InTier(Condition):
    """They are in one of these tiers; "" is that of whom nothing is known."""

    tiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HasLabel(Condition):
    """They have one of these labels."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accepted(Condition):
    """They accepted the charter: the rulebook now in force, or any."""

    current: bool


@dataclass(frozen=True, slots=True)
class Pending(Condition):
    """They have yet to be let in."""


@dataclass(frozen=True, slots=True)
class GoodStanding(Condition):
    """They were not warned or worse for so long, and no sanction runs."""

    for_ms: int


def _read_tier(source: Source, node: Node, path: str) -> Condition | None:
    reader, tiers = source.reader, source.tiers
    if not tiers:
        reader.fault(node, path, "there are no tiers in this book", "write them under `tiers`")
        return None
    if not isinstance(node, Mapping):
        items = reader.items(node, path, "a tier")
        words = [reader.choice(item, place, tiers, "tier") for item, place in items]
        named = {word for word in words if word is not None}
        return InTier(_with_unknown(tiers, named)) if len(named) == len(words) else None
    faults = len(reader.faults)
    found = reader.mapping(node, path, NUMBERS)
    places = {}
    for key, value in found.items():
        word = reader.choice(value, f"{path}.{key}", tiers, "tier")
        places[key] = tiers.index(word) if word is not None else 0
    if len(reader.faults) > faults:
        return None
    inside = tiers[places.get("at_least", 0) : places.get("below", len(tiers))]
    if not found or not inside:
        reader.fault(node, path, "no tier is in this range", nearest("", tiers))
        return None
    return InTier(_with_unknown(tiers, set(inside)))


def _with_unknown(tiers: tuple[str, ...], named: set[str]) -> tuple[str, ...]:
    """Whoever has no tier yet is in the first."""
    return tuple(tier for tier in ("", *tiers) if (tier or tiers[0]) in named)


def _read_label(source: Source, node: Node, path: str) -> Condition | None:
    return HasLabel(source.reader.texts(node, path, "a label"))


def _read_accepted(source: Source, node: Node, path: str) -> Condition | None:
    word = source.reader.choice(node, path, ("current", "any"), "charter")
    return None if word is None else Accepted(word == "current")


def _read_pending(source: Source, node: Node, path: str) -> Condition | None:
    return None if source.reader.choice(node, path, ("true",), "value") is None else Pending()


def _read_good(source: Source, node: Node, path: str) -> Condition | None:
    for_ms = source.reader.duration(node, path, *GOOD_SPAN)
    return None if for_ms is None else GoodStanding(for_ms)


def is_good(standing: Standing | None, for_ms: int, now_ms: int) -> bool:
    """Return whether nothing was held against somebody for so long, and no sanction runs."""
    if standing is None:
        return True
    if standing.pending or now_ms < max(standing.muted_ms, standing.banned_ms):
        return False
    return not standing.struck_ms or now_ms - standing.struck_ms >= for_ms


def is_on(marks: dict[str, int], names: frozenset[str], now_ms: int) -> bool:
    """Return whether one of the names is among the marks and has not run out."""
    return any(name in names and (not until or now_ms < until) for name, until in marks.items())


def standing_of(record: Member | None) -> Standing | None:
    return record.standing if record is not None else None


def _check_tier(_checks: Checks, condition: InTier) -> Check:
    tiers = frozenset(condition.tiers)

    def tier(seen: Seen) -> str:
        standing = standing_of(seen.record)
        return standing.tier if standing is not None else ""

    def clues(seen: Seen) -> list[Clue]:
        return [Clue("tier", listed=tier(seen) or condition.tiers[-1])]

    return Check(Ask(lambda seen: seen.record is not None and tier(seen) in tiers), clues)


def _check_label(_checks: Checks, condition: HasLabel) -> Check:
    labels = frozenset(condition.labels)

    def holds(seen: Seen) -> bool:
        standing = standing_of(seen.record)
        return standing is not None and is_on(standing.labels, labels, seen.now_ms)

    return Check(Ask(holds), lambda _seen: [Clue("label", listed=condition.labels[0])])


def _check_accepted(checks: Checks, condition: Accepted) -> Check:
    current = checks.digest if condition.current else ""

    def holds(seen: Seen) -> bool:
        standing = standing_of(seen.record)
        accepted = standing.accepted if standing is not None else ""
        return bool(accepted) and (not current or accepted == current)

    return Check(Ask(holds), lambda _seen: [Clue("accepted")])


def _check_pending(_checks: Checks, _condition: Pending) -> Check:
    def holds(seen: Seen) -> bool:
        record = seen.record
        if record is None:
            return False
        return record.profile.gated or (record.standing is not None and record.standing.pending)

    return Check(Ask(holds), lambda _seen: [Clue("pending")])


def _check_good(_checks: Checks, condition: GoodStanding) -> Check:
    for_ms = condition.for_ms

    def holds(seen: Seen) -> bool:
        record = seen.record
        return record is not None and is_good(record.standing, for_ms, seen.now_ms)

    return Check(Ask(holds), lambda _seen: [Clue("good_standing", window_ms=for_ms)])


KINDS: Final = (
    Kind(
        name="tier",
        read=_read_tier,
        check=_check_tier,
        type=InTier,
        cost_us=0.6,
        about=About(
            summary="The member is in one of these tiers, or in one of a range of them.",
            value="a list of tiers, or a mapping of `at_least` and `below`",
            absent="Whoever has risen to none is in the first; of strangers it does not hold.",
            example="tier: {below: regular}",
            notes=("Tiers stand in the book under `tiers`, the lowest first.",),
        ),
        schema={"anyOf": [*TEXTS["anyOf"], schema(NUMBERS, {"type": "string"})]},
    ),
    Kind(
        name="label",
        read=_read_label,
        check=_check_label,
        type=HasLabel,
        cost_us=0.6,
        about=About(
            summary="The member has one of these labels, and it has not run out.",
            value="a list of labels",
            absent="Of members without labels it does not hold.",
            example="label: [volunteer, guest]",
        ),
        schema=TEXTS,
    ),
    Kind(
        name="accepted_charter",
        read=_read_accepted,
        check=_check_accepted,
        type=Accepted,
        cost_us=0.6,
        about=About(
            summary="The member has accepted the rulebook in force (`current`), or any before it.",
            value="`current` or `any`",
            absent="Of members who have not said `!agree` it does not hold.",
            example="accepted_charter: any",
        ),
        schema={"enum": ["current", "any"]},
    ),
    Kind(
        name="pending",
        read=_read_pending,
        check=_check_pending,
        type=Pending,
        cost_us=0.6,
        about=About(
            summary="The member has yet to be let in, by Reeve or by the platform's own gate.",
            value="`true`",
            absent="Of members who were never asked to wait it does not hold.",
            example="pending: true",
        ),
        schema={"const": True},
    ),
    Kind(
        name="good_standing",
        read=_read_good,
        check=_check_good,
        type=GoodStanding,
        cost_us=0.6,
        about=About(
            summary=(
                "The member was not warned or sanctioned for so long, is not muted, banned or "
                "made to wait."
            ),
            value="a length of time",
            absent="Of strangers it does not hold.",
            example="good_standing: 30d",
        ),
        schema=DURATION,
    ),
)
