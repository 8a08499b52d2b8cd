"""How long somebody has said nothing."""

from dataclasses import dataclass
from typing import Final

from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.document import Node
from policy.core.ir import Ask
from policy.core.reading import UNITS_MS
from policy.core.seen import Clue, Seen

LEAST_MS: Final = UNITS_MS["m"]
MOST_MS: Final = 366 * UNITS_MS["d"]


@dataclass(frozen=True, slots=True)
class Silent(Condition):
    """Whom this is about had contributed nothing for `for_ms`."""

    for_ms: int


def _read_silent(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    found = reader.mapping(node, path, ("for",), ("for",))
    if "for" not in found:
        return None
    for_ms = reader.duration(found["for"], f"{path}.for", LEAST_MS, MOST_MS)
    return None if for_ms is None else Silent(for_ms)


def _check_silent(checks: Checks, condition: Silent) -> Check:
    for_ms = condition.for_ms
    checks.watch.silences.append(for_ms)

    def holds(seen: Seen) -> bool:
        if seen.kind != "tick":
            return seen.silent_ms >= for_ms
        assert seen.event is not None, "a tick is an event"
        fact = seen.event.member_silent
        # Whoever spoke since is not silent, and each length of silence is its own event.
        still = seen.room is not None and seen.room.silence.since(seen.member) == fact.since_ms
        return bool(fact.for_ms == for_ms and still)

    def clues(seen: Seen) -> list[Clue]:
        return [Clue("silent", window_ms=for_ms, measure="members" if seen.kind == "tick" else "")]

    return Check(Ask(holds), clues)


KINDS: Final = (
    Kind(
        name="silent",
        read=_read_silent,
        check=_check_silent,
        type=Silent,
        cost_us=0.3,
        about=About(
            summary=(
                "The author had contributed nothing for so long; with `kinds: [tick]`, a member "
                "has contributed nothing for so long, and each of them is judged."
            ),
            value="`for`, a duration",
            absent=(
                "Members are watched from when they come, or first speak, while such a rule is in "
                "force; of others nothing is known, and it does not hold."
            ),
            example="silent: {for: 30d}",
            notes=(
                (
                    "Messages, commands, red packets and new threads are contributions. From a "
                    "minute to 366 days; noticed late by a second, or a ten-thousandth of the time."
                ),
                (
                    "A rule on ticks looks at each member once for each length of each silence. At "
                    "most 20,000 members of a group are watched."
                ),
            ),
        ),
        schema={
            "type": "object",
            "required": ["for"],
            "properties": {"for": {"$ref": "#/$defs/duration"}},
            "additionalProperties": False,
        },
    ),
)
