"""Who brought whom: what an inviter has to be, and how many guests somebody has brought."""

from dataclasses import dataclass
from typing import Final

from policy.core.checks import Check, Checks
from policy.core.conditions.accounts import REPUTATION
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conditions.ranges import (
    AGE_MAX_MS,
    DURATION,
    NUMBERS_SCHEMA,
    Range,
    read_numbers,
)
from policy.core.conditions.standing import GOOD_SPAN, is_good, standing_of
from policy.core.document import Mapping, Node
from policy.core.ir import Ask
from policy.core.members import CERTAIN, LIKELY, Member
from policy.core.reading import UNITS_MS
from policy.core.seen import Clue, ClueKind, Seen

INVITER_KEYS: Final = ("sure", "tenure", "reputation", "tier", "good_standing")


@dataclass(frozen=True, slots=True)
class HasInviter(Condition):
    """Somebody brought them, and that somebody meets all of this."""

    percent: int = LIKELY
    tenure_ms: int = 0
    reputation: int | None = None
    tiers: tuple[str, ...] | None = None
    good_ms: int = 0


@dataclass(frozen=True, slots=True)
class Guests(Condition):
    """They have brought so many members."""

    range: Range


@dataclass(frozen=True, slots=True)
class Locked(Condition):
    """The door of the group is shut."""


def _read_inviter(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    if not isinstance(node, Mapping):
        word = reader.choice(node, path, ("any",), "inviter")
        return None if word is None else HasInviter()
    faults = len(reader.faults)
    found = reader.mapping(node, path, INVITER_KEYS)
    percent, tenure_ms, reputation, good_ms = LIKELY, 0, None, 0
    tiers: tuple[str, ...] | None = None
    if "sure" in found:
        percent = reader.integer(found["sure"], f"{path}.sure", 1, CERTAIN) or percent
    if "tenure" in found:
        place = f"{path}.tenure"
        tenure_ms = reader.duration(found["tenure"], place, UNITS_MS["s"], AGE_MAX_MS) or 0
    if "reputation" in found:
        reputation = reader.integer(found["reputation"], f"{path}.reputation", 0, 10**12)
    if "tier" in found:
        tiers = _tiers_from(source, found["tier"], f"{path}.tier")
    if "good_standing" in found:
        place = f"{path}.good_standing"
        good_ms = reader.duration(found["good_standing"], place, *GOOD_SPAN) or 0
    if len(reader.faults) > faults:
        return None
    return HasInviter(percent, tenure_ms, reputation, tiers, good_ms)


def _tiers_from(source: Source, node: Node, path: str) -> tuple[str, ...] | None:
    word = source.reader.choice(node, path, source.tiers, "tier")
    if word is None:
        return None
    at = source.tiers.index(word)
    return source.tiers[at:] if at else ("", *source.tiers)


def _read_guests(source: Source, node: Node, path: str) -> Condition | None:
    found = read_numbers(source, node, path)
    return None if found is None else Guests(found)


def _read_locked(source: Source, node: Node, path: str) -> Condition | None:
    return None if source.reader.choice(node, path, ("true",), "value") is None else Locked()


def _check_inviter(_checks: Checks, condition: HasInviter) -> Check:
    def fits(seen: Seen, inviter: Member) -> bool:
        joined_ms = inviter.joined_ms or inviter.first_ms
        standing = inviter.standing
        if condition.tenure_ms and not 0 < joined_ms <= seen.now_ms - condition.tenure_ms:
            return False
        balance = standing.balances.get(REPUTATION, 0) if standing is not None else 0
        if condition.reputation is not None and balance < condition.reputation:
            return False
        if condition.good_ms and not is_good(standing, condition.good_ms, seen.now_ms):
            return False
        tier = standing.tier if standing is not None else ""
        return condition.tiers is None or tier in condition.tiers

    def holds(seen: Seen) -> bool:
        record, room = seen.record, seen.room
        if record is None or room is None:
            return False
        for by in record.profile.bringers:
            inviter = room.members.find(by.member, seen.now_ms)
            if by.percent >= condition.percent and inviter is not None and fits(seen, inviter):
                return True
        return False

    return Check(Ask(holds), lambda _seen: [Clue("inviter")])


def _check_guests(_checks: Checks, condition: Guests) -> Check:
    wanted = condition.range
    kind: ClueKind = wanted.clue("guests")  # type: ignore[assignment] # one of two

    def guests(seen: Seen) -> int:
        standing = standing_of(seen.record)
        return standing.guests if standing is not None else 0

    def clues(seen: Seen) -> list[Clue]:
        return [Clue(kind, count=guests(seen), limit=wanted.bound)]

    return Check(Ask(lambda seen: seen.record is not None and wanted.has(guests(seen))), clues)


def _check_locked(_checks: Checks, _condition: Locked) -> Check:
    def holds(seen: Seen) -> bool:
        return seen.room is not None and seen.now_ms < seen.room.members.shut_ms

    return Check(Ask(holds), lambda _seen: [Clue("locked")])


_INVITER_SCHEMA: Final = {
    "anyOf": [
        {"const": "any"},
        {
            "type": "object",
            "properties": {
                "sure": {"type": "integer", "minimum": 1, "maximum": CERTAIN},
                "tenure": DURATION,
                "reputation": {"type": "integer", "minimum": 0},
                "tier": {"type": "string"},
                "good_standing": DURATION,
            },
            "additionalProperties": False,
            "minProperties": 1,
        },
    ]
}
KINDS: Final = (
    Kind(
        name="inviter",
        read=_read_inviter,
        check=_check_inviter,
        type=HasInviter,
        cost_us=1.5,
        about=About(
            summary="Somebody of the group brought the member in, and meets all that is written.",
            value=(
                "`any`, or a mapping of `sure` (percent, 50), `tenure` (a length of time), "
                "`reputation`, `tier` (that or above), `good_standing` (see there)"
            ),
            absent="Where nobody is known to have brought them it does not hold.",
            example="inviter: {tenure: 30d, reputation: 10, good_standing: 30d}",
            notes=("Tenure counts from the inviter's joining or, if unknown, first message.",),
        ),
        schema=_INVITER_SCHEMA,
    ),
    Kind(
        name="guests",
        read=_read_guests,
        check=_check_guests,
        type=Guests,
        cost_us=0.6,
        about=About(
            summary="So many members came whom this member most likely brought.",
            value="a mapping of `at_least` and `below`, each a number of members",
            absent="Of whom nobody is known to have come it is 0; of strangers none holds.",
            example="guests: {at_least: 1}",
            notes=("How many came within a time says `count` with `by: inviter`.",),
        ),
        schema=NUMBERS_SCHEMA,
    ),
    Kind(
        name="locked",
        read=_read_locked,
        check=_check_locked,
        type=Locked,
        cost_us=0.2,
        about=About(
            summary="The group's door is shut by `lockdown`.",
            value="`true`",
            absent="Where nobody has shut the door it does not hold.",
            example="locked: true",
        ),
        schema={"const": True},
    ),
)
