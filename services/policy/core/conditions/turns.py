"""Whose turn it is: who has the floor, and whether something of the author waits for a person."""

from dataclasses import dataclass
from typing import Final, Literal

from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conduct import Floor
from policy.core.document import Node
from policy.core.ir import Ask
from policy.core.seen import Clue, Seen

Whose = Literal["given", "own", "other"]
WHOSE: Final[tuple[Whose, ...]] = ("given", "own", "other")


@dataclass(frozen=True, slots=True)
class OnFloor(Condition):
    """Somebody has the floor where this happens: the author (own), another (other), whoever."""

    whose: Whose


@dataclass(frozen=True, slots=True)
class Waits(Condition):
    """Something that the author said waits for the staff."""


def _read_floor(source: Source, node: Node, path: str) -> Condition | None:
    word = source.reader.choice(node, path, WHOSE, "floor")
    return next((OnFloor(whose) for whose in WHOSE if whose == word), None)


def _read_review(source: Source, node: Node, path: str) -> Condition | None:
    return None if source.reader.choice(node, path, ("waiting",), "review") is None else Waits()


def _floor(seen: Seen) -> Floor | None:
    if seen.room is None or seen.event is None or not seen.room.conduct.floors:
        return None
    return seen.room.conduct.floors.get(seen.event.place.channel)


def _check_floor(_checks: Checks, condition: OnFloor) -> Check:
    whose = condition.whose

    def holds(seen: Seen) -> bool:
        floor = _floor(seen)
        if floor is None:
            return False
        own = floor.is_held_by(seen.member, seen.actor.display_name)
        return whose == "given" or own == (whose == "own")

    return Check(Ask(holds), lambda _seen: [Clue("floor")])


def _check_review(_checks: Checks, _condition: Waits) -> Check:
    def holds(seen: Seen) -> bool:
        held = seen.room.conduct.held if seen.room is not None else {}
        return any(one.author.member == seen.member for one in held.values())

    return Check(Ask(holds), lambda _seen: [Clue("review")])


KINDS: Final = (
    Kind(
        name="floor",
        read=_read_floor,
        check=_check_floor,
        type=OnFloor,
        cost_us=0.3,
        about=About(
            summary="Somebody has [the floor](rulebook.md#the-floor) in this channel.",
            value="`given` (whoever has it), `own` (the author has it) or `other` (another has it)",
            absent="Where nobody has the floor it does not hold.",
            example="floor: own",
        ),
        schema={"enum": list(WHOSE)},
    ),
    Kind(
        name="review",
        read=_read_review,
        check=_check_review,
        type=Waits,
        cost_us=2.0,
        about=About(
            summary=(
                "Something that the author said still [waits for the staff]"
                "(rulebook.md#what-waits-for-a-person)."
            ),
            value="`waiting`",
            absent="Where nothing of the author waits it does not hold.",
            example="review: waiting",
        ),
        schema={"const": "waiting"},
    ),
)
