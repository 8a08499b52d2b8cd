"""How many members vouch for somebody."""

from dataclasses import dataclass
from typing import Final

from policy.core import vouches
from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conditions.ranges import INTEGER, NUMBERS, Range, read_numbers, schema
from policy.core.document import Mapping, Node
from policy.core.ir import Ask
from policy.core.seen import Clue, ClueKind, Seen


@dataclass(frozen=True, slots=True)
class Vouched(Condition):
    """So many members vouch for them, who are in one of these tiers; none named: in any."""

    range: Range
    tiers: tuple[str, ...]


def _read_vouched(source: Source, node: Node, path: str) -> Condition | None:
    reader, tiers = source.reader, source.tiers
    found = read_numbers(source, node, path, ("tier",))
    inside: tuple[str, ...] = ()
    for key, value in node.pairs if isinstance(node, Mapping) else ():
        if key.value != "tier":
            continue
        if not tiers:
            hint = "write them under `tiers`"
            reader.fault(value, f"{path}.tier", "there are no tiers in this book", hint)
            return None
        word = reader.choice(value, f"{path}.tier", tiers, "tier")
        if word is None:
            return None
        at = tiers.index(word)
        inside = (*tiers[at:], *(() if at else ("",)))
    return None if found is None else Vouched(found, inside)


def _check_vouched(_checks: Checks, condition: Vouched) -> Check:
    wanted, tiers = condition.range, frozenset(condition.tiers)
    kind: ClueKind = wanted.clue("vouched")  # type: ignore[assignment] # one of two

    def count(seen: Seen) -> int:
        assert seen.room is not None, "it is known who this is about"
        by = vouches.counting(seen.room.members, seen.member, seen.now_ms)
        return sum(
            not tiers or (one.standing.tier if one.standing is not None else "") in tiers
            for _, one in by
        )

    def clues(seen: Seen) -> list[Clue]:
        return [Clue(kind, count=count(seen), limit=wanted.bound)]

    return Check(Ask(lambda seen: seen.record is not None and wanted.has(count(seen))), clues)


KINDS: Final = (
    Kind(
        name="vouched",
        read=_read_vouched,
        check=_check_vouched,
        type=Vouched,
        cost_us=1.5,
        about=About(
            summary="So many members [vouch](rulebook.md#vouching) for them.",
            value="`at_least`, `below` or both, and if wanted `tier`: only those in it or above it",
            absent="Of whom nothing is known, and of who left, it does not hold.",
            example="vouched: {at_least: 2, tier: regular}",
            notes=(
                (
                    "Each member counts once, those who left or were banned do not; at most 50 "
                    "vouch for one member, and one for 20."
                ),
            ),
        ),
        schema=schema(NUMBERS, INTEGER, tier={"type": "string"}),
    ),
)
