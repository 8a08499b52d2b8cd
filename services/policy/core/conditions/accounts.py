"""What the ledger has told of somebody: reputation, payments, red packets and bars from them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from policy.core.bars import own_until
from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conditions.ranges import (
    AGE_MAX_MS,
    DURATION,
    INTEGER,
    NUMBERS,
    Range,
    read_numbers,
    schema,
)
from policy.core.conditions.standing import standing_of
from policy.core.document import Mapping, Node
from policy.core.ir import Ask
from policy.core.members import Standing
from policy.core.reading import UNITS_MS
from policy.core.seen import Clue, ClueKind, Seen
from policy.core.zones import moment

REPUTATION: Final = "reputation"
BARRED: Final = ("packets",)


@dataclass(frozen=True, slots=True)
class Amount(Condition):
    """Their balance or payments in an asset."""

    range: Range
    asset: str


@dataclass(frozen=True, slots=True)
class Reputation(Amount):
    """Their balance in an asset, as far as the ledger told it in this group."""


@dataclass(frozen=True, slots=True)
class Paid(Amount):
    """What they paid in all to the group or the network."""


@dataclass(frozen=True, slots=True)
class Barred(Condition):
    """They are barred from one of these things."""

    things: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Took(Condition):
    """They took a share of a red packet less than `within_ms` ago."""

    within_ms: int


def _read_amount(
    source: Source, node: Node, path: str, *, make: type[Amount], asset: str
) -> Condition | None:
    reader = source.reader
    faults = len(reader.faults)
    found = read_numbers(source, node, path, ("asset",))
    if isinstance(node, Mapping):
        for key, value in reader.pairs(node, path):
            if key.value == "asset":
                asset = reader.text(value, f"{path}.asset", "an asset") or ""
    return make(found, asset) if found is not None and len(reader.faults) == faults else None


def _read_reputation(source: Source, node: Node, path: str) -> Condition | None:
    return _read_amount(source, node, path, make=Reputation, asset=REPUTATION)


def _read_paid(source: Source, node: Node, path: str) -> Condition | None:
    return _read_amount(source, node, path, make=Paid, asset="points")


def _read_barred(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    items = reader.items(node, path, "what they are barred from")
    words = [reader.choice(item, place, BARRED, "bar") for item, place in items]
    return Barred(tuple(word for word in words if word is not None))


def _read_took(source: Source, node: Node, path: str) -> Condition | None:
    within_ms = source.reader.duration(node, path, UNITS_MS["s"], AGE_MAX_MS)
    return None if within_ms is None else Took(within_ms)


def _check_amount(condition: Amount, name: str, of: Callable[[Standing], dict[str, int]]) -> Check:
    wanted, asset = condition.range, condition.asset
    kind: ClueKind = wanted.clue(name)  # type: ignore[assignment] # one of two

    def amount(seen: Seen) -> int:
        standing = standing_of(seen.record)
        return of(standing).get(asset, 0) if standing is not None else 0

    def clues(seen: Seen) -> list[Clue]:
        return [Clue(kind, listed=asset, count=amount(seen), limit=wanted.bound)]

    return Check(Ask(lambda seen: seen.record is not None and wanted.has(amount(seen))), clues)


def _check_reputation(_checks: Checks, condition: Reputation) -> Check:
    return _check_amount(condition, "reputation", lambda standing: standing.balances)


def _check_paid(_checks: Checks, condition: Paid) -> Check:
    return _check_amount(condition, "paid", lambda standing: standing.paid)


def _check_barred(checks: Checks, condition: Barred) -> Check:
    zone = checks.zone

    def bar(seen: Seen) -> tuple[int, bool] | None:
        found = (own_until(seen, thing) for thing in condition.things)
        return next((one for one in found if one is not None), None)

    def clues(seen: Seen) -> list[Clue]:
        until_ms, everywhere = bar(seen) or (0, False)
        measure = f"{'network_' if everywhere else ''}{'until' if until_ms else ''}".rstrip("_")
        said = moment(until_ms, zone) if until_ms else ""
        return [Clue("barred", measure=measure, said=said)]

    return Check(Ask(lambda seen: bar(seen) is not None), clues)


def _check_took(_checks: Checks, condition: Took) -> Check:
    within_ms = condition.within_ms
    clue = Clue("took", window_ms=within_ms)

    def holds(seen: Seen) -> bool:
        standing = standing_of(seen.record)
        took_ms = standing.took_ms if standing is not None else 0
        return bool(took_ms) and seen.now_ms - took_ms < within_ms

    return Check(Ask(holds), lambda _seen: [clue])


KINDS: Final = (
    Kind(
        name="reputation",
        read=_read_reputation,
        check=_check_reputation,
        type=Reputation,
        cost_us=0.6,
        about=About(
            summary="The member's balance in `asset`, as the ledger told it in this group.",
            value="a mapping of `at_least`, `below` (minor units) and `asset` (`reputation`)",
            absent="Of whom the ledger has told nothing the balance is 0; of strangers none holds.",
            example="reputation: {at_least: 10}",
        ),
        schema=schema(NUMBERS, INTEGER, asset={"type": "string"}),
    ),
    Kind(
        name="paid",
        read=_read_paid,
        check=_check_paid,
        type=Paid,
        cost_us=0.6,
        about=About(
            summary=(
                "What the member has paid in all: by payment, or to the accounts of the group and "
                "of the network, less what came back."
            ),
            value="a mapping of `at_least`, `below` (minor units) and `asset` (`points`)",
            absent="Of whom the ledger has told nothing it is 0; of strangers none holds.",
            example="paid: {at_least: 990, asset: CNY}",
        ),
        schema=schema(NUMBERS, INTEGER, asset={"type": "string"}),
    ),
    Kind(
        name="barred",
        read=_read_barred,
        check=_check_barred,
        type=Barred,
        cost_us=0.6,
        about=About(
            summary="The member is barred from one of these.",
            value="`packets`",
            absent="Of members who are barred from nothing it does not hold.",
            example="barred: packets",
            notes=("In this group, or by `bar` with `in: network` in any group of the network.",),
        ),
        schema={"enum": list(BARRED)},
    ),
    Kind(
        name="took",
        read=_read_took,
        check=_check_took,
        type=Took,
        cost_us=0.6,
        about=About(
            summary="The member took a share of a red packet less than so long ago.",
            value="a length of time",
            absent="Of members who took none it does not hold.",
            example="took: 10m",
        ),
        schema=DURATION,
    ),
)
