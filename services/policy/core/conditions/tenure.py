"""How long somebody is here, and what they did since: tenure, account, messages, contributions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conditions.ranges import (
    AGE_MAX_MS,
    AGE_SCHEMA,
    DURATION,
    NUMBERS_SCHEMA,
    Range,
    read_age,
    read_numbers,
)
from policy.core.document import Node
from policy.core.ir import Ask
from policy.core.members import Member
from policy.core.reading import UNITS_MS
from policy.core.seen import Clue, ClueKind, Seen

FIRST_MAX = 1_000
CONTRIBUTIONS = "contributions"  # what a book wants to be counted
LEAVINGS: Final = ("leave", "kick", "ban")


@dataclass(frozen=True, slots=True)
class Joined(Condition):
    """So long ago they joined the group."""

    age: Range


@dataclass(frozen=True, slots=True)
class AccountAge(Condition):
    """So old is their account."""

    age: Range


@dataclass(frozen=True, slots=True)
class FirstMessages(Condition):
    """This is one of the first `n` messages since they joined."""

    n: int


@dataclass(frozen=True, slots=True)
class Contributions(Condition):
    """So many messages of substance they have written here."""

    range: Range


@dataclass(frozen=True, slots=True)
class NeverSpoke(Condition):
    """They joined at least `for_ms` ago and never said anything."""

    for_ms: int


@dataclass(frozen=True, slots=True)
class Rejoined(Condition):
    """They were here before and left in one of these ways less than `within_ms` ago."""

    within_ms: int
    after: tuple[str, ...]


def _read_joined(source: Source, node: Node, path: str) -> Condition | None:
    age = read_age(source, node, path)
    return None if age is None else Joined(age)


def _read_account(source: Source, node: Node, path: str) -> Condition | None:
    age = read_age(source, node, path)
    return None if age is None else AccountAge(age)


def _read_first(source: Source, node: Node, path: str) -> Condition | None:
    n = source.reader.integer(node, path, 1, FIRST_MAX)
    return None if n is None else FirstMessages(n)


def _read_contributions(source: Source, node: Node, path: str) -> Condition | None:
    found = read_numbers(source, node, path)
    return None if found is None else Contributions(found)


def _read_never_spoke(source: Source, node: Node, path: str) -> Condition | None:
    for_ms = source.reader.duration(node, path, UNITS_MS["s"], AGE_MAX_MS)
    return None if for_ms is None else NeverSpoke(for_ms)


def _read_rejoined(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    found = reader.mapping(node, path, ("within", "after"), ("within",))
    if "within" not in found:
        return None
    within_ms = reader.duration(found["within"], f"{path}.within", UNITS_MS["s"], AGE_MAX_MS)
    after: tuple[str, ...] = LEAVINGS
    if "after" in found:
        items = reader.items(found["after"], f"{path}.after", "a way to leave")
        words = [reader.choice(item, place, LEAVINGS, "way to leave") for item, place in items]
        after = tuple(word for word in words if word is not None)
    return None if within_ms is None else Rejoined(within_ms, after)


def joined_ms(record: Member | None, seen: Seen) -> int:
    """Return when whom this is about joined; 0: nobody knows."""
    known = record.joined_ms if record is not None else 0
    return known or seen.actor.joined_ms


def account_ms(record: Member | None, seen: Seen) -> int:
    """Return when the account was made; 0: nobody knows."""
    return seen.actor.account_created_ms or (record.profile.account_ms if record else 0)


def _check_age(
    name: Literal["joined", "account"], age: Range, since: Callable[[Member | None, Seen], int]
) -> Check:
    kind: ClueKind = f"{name}_{'younger' if age.high is not None else 'older'}"  # type: ignore[assignment] # one of four
    clue = Clue(kind, window_ms=age.bound)

    def holds(seen: Seen) -> bool:
        since_ms = since(seen.record, seen)
        return bool(since_ms) and age.has(seen.now_ms - since_ms)

    return Check(Ask(holds), lambda _seen: [clue])


def _check_joined(_checks: Checks, condition: Joined) -> Check:
    return _check_age("joined", condition.age, joined_ms)


def _check_account(_checks: Checks, condition: AccountAge) -> Check:
    return _check_age("account", condition.age, account_ms)


def _check_first(_checks: Checks, condition: FirstMessages) -> Check:
    n = condition.n

    def holds(seen: Seen) -> bool:
        record = seen.record
        return record is not None and record.whole and 1 <= record.messages <= n

    def clues(seen: Seen) -> list[Clue]:
        record = seen.record
        count = record.messages if record is not None else 0
        return [Clue("first_messages", count=count, limit=n)]

    return Check(Ask(holds), clues)


def _check_contributions(checks: Checks, condition: Contributions) -> Check:
    wanted = condition.range
    checks.wants.add(CONTRIBUTIONS)
    kind: ClueKind = wanted.clue(CONTRIBUTIONS)  # type: ignore[assignment] # one of two

    def holds(seen: Seen) -> bool:
        record, room = seen.record, seen.room
        if record is None or room is None or not wanted.has(record.contributions):
            return False
        # That somebody has few is known only if all they wrote was counted.
        counted_ms = room.members.counted_ms
        return wanted.high is None or 0 < counted_ms <= record.profile.joined_ms

    def clues(seen: Seen) -> list[Clue]:
        record = seen.record
        count = record.contributions if record is not None else 0
        return [Clue(kind, count=count, limit=wanted.bound)]

    return Check(Ask(holds), clues)


def _check_never_spoke(_checks: Checks, condition: NeverSpoke) -> Check:
    for_ms = condition.for_ms
    clue = Clue("never_spoke", window_ms=for_ms)

    def holds(seen: Seen) -> bool:
        record = seen.record
        if record is None or not record.whole or record.messages:
            return False
        return record.profile.present and seen.now_ms - record.profile.joined_ms >= for_ms

    return Check(Ask(holds), lambda _seen: [clue])


def _check_rejoined(_checks: Checks, condition: Rejoined) -> Check:
    within_ms, after = condition.within_ms, frozenset(condition.after)
    clue = Clue("rejoined", window_ms=within_ms)

    def holds(seen: Seen) -> bool:
        record = seen.record
        if record is None:
            return False
        profile = record.profile
        recent = profile.left_ms > 0 and seen.now_ms - profile.left_ms < within_ms
        return profile.present and recent and profile.left_how in after

    return Check(Ask(holds), lambda _seen: [clue])


KINDS: Final = (
    Kind(
        name="joined",
        read=_read_joined,
        check=_check_joined,
        type=Joined,
        cost_us=0.6,
        about=About(
            summary="They joined less than `younger_than`, or at least `older_than`, ago.",
            value="a mapping of `younger_than` and `older_than`, each a length of time",
            absent="Where nobody knows when they joined it does not hold.",
            example="joined: {younger_than: 7d}",
            notes=("Whoever leaves and comes back has joined anew.",),
        ),
        schema=AGE_SCHEMA,
    ),
    Kind(
        name="account_age",
        read=_read_account,
        check=_check_account,
        type=AccountAge,
        cost_us=0.6,
        about=About(
            summary="The account is younger than `younger_than`, or as old as `older_than`.",
            value="a mapping of `younger_than` and `older_than`, each a length of time",
            absent="Where the platform does not tell (Matrix) it does not hold.",
            example="account_age: {younger_than: 30d}",
        ),
        schema=AGE_SCHEMA,
    ),
    Kind(
        name="first_messages",
        read=_read_first,
        check=_check_first,
        type=FirstMessages,
        cost_us=0.6,
        about=About(
            summary="This is one of the member's first so many messages in the group.",
            value="a number of messages, from 1 to 1,000",
            absent="Of members who were here before Reeve it does not hold.",
            example="first_messages: 3",
            notes=("Leaving and coming back does not begin a new count.",),
        ),
        schema={"type": "integer", "minimum": 1, "maximum": FIRST_MAX},
    ),
    Kind(
        name="contributions",
        read=_read_contributions,
        check=_check_contributions,
        type=Contributions,
        cost_us=0.6,
        about=About(
            summary="So many messages of substance the member has written in the group.",
            value="a mapping of `at_least` and `below`, each a number of messages",
            absent=(
                "It counts from when a rulebook first asks. Of members who joined before that, "
                "`below` does not hold."
            ),
            example="contributions: {below: 5}",
            notes=(
                (
                    "A message of substance has enough graphemes of its author's own words (see "
                    "`members`) or something attached, is no command, and was not deleted."
                ),
            ),
        ),
        schema=NUMBERS_SCHEMA,
    ),
    Kind(
        name="never_spoke",
        read=_read_never_spoke,
        check=_check_never_spoke,
        type=NeverSpoke,
        cost_us=0.6,
        about=About(
            summary="The member joined at least so long ago and has never said anything.",
            value="a length of time",
            absent="Of members who were here before Reeve it does not hold.",
            example="never_spoke: 14d",
        ),
        schema=DURATION,
    ),
    Kind(
        name="rejoined",
        read=_read_rejoined,
        check=_check_rejoined,
        type=Rejoined,
        cost_us=0.6,
        about=About(
            summary="The member is back, having left less than `within` ago.",
            value="a mapping of `within`, a length of time, and `after`: `leave`, `kick`, `ban`",
            absent="Of members whom Reeve did not see leave it does not hold.",
            example="rejoined: {within: 1d, after: [kick]}",
        ),
        schema={
            "type": "object",
            "properties": {
                "within": DURATION,
                "after": {"type": "array", "items": {"enum": list(LEAVINGS)}, "minItems": 1},
            },
            "required": ["within"],
            "additionalProperties": False,
        },
    ),
)
