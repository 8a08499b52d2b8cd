"""Whether the group has a stored answer to what is asked."""

from dataclasses import dataclass
from typing import Final

from policy.core.answered import asked
from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.document import Node
from policy.core.ir import Ask
from policy.core.seen import Clue, Seen


@dataclass(frozen=True, slots=True)
class Answered(Condition):
    """A keyword stands in the message to which an answer is stored."""


def _read_answered(source: Source, node: Node, path: str) -> Condition | None:
    return None if source.reader.choice(node, path, ("any",), "answer") is None else Answered()


def _check_answered(_checks: Checks, _condition: Answered) -> Check:
    def holds(seen: Seen) -> bool:
        return seen.room is not None and asked(seen.room.harvest, seen) is not None

    def clues(seen: Seen) -> list[Clue]:
        known = asked(seen.room.harvest, seen) if seen.room is not None else None
        return [Clue("answered", listed=known.keyword)] if known is not None else []

    return Check(Ask(holds), clues)


KINDS: Final = (
    Kind(
        name="answered",
        read=_read_answered,
        check=_check_answered,
        type=Answered,
        cost_us=4.0,
        about=About(
            summary=(
                "The keyword of a [stored answer](rulebook.md#stored-answers) stands in a message; "
                "`answer` gives it."
            ),
            value="`any`",
            absent="Where no answer is stored it does not hold.",
            example="answered: any",
            notes=(
                (
                    "Keywords are folded, and those in letters stand by themselves: `wifi` is not "
                    "met by `wifis`. Of several the longest counts."
                ),
            ),
        ),
        schema={"const": "any"},
    ),
)
