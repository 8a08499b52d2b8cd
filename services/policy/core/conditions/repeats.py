"""One character again and again: what a pattern with a back-reference would look for."""

from dataclasses import dataclass
from typing import Final

from policy.core import fields
from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.document import Node
from policy.core.ir import Compare
from policy.core.seen import Clue, Seen

RUN_MAX: Final = 1_000


@dataclass(frozen=True, slots=True)
class MaxRun(Condition):
    """The text has one character more than `times` times in a row."""

    times: int


def _read(source: Source, node: Node, path: str) -> Condition | None:
    times = source.reader.integer(node, path, 1, RUN_MAX)
    return None if times is None else MaxRun(times)


def _check(_checks: Checks, condition: MaxRun) -> Check:
    times = condition.times

    def clues(seen: Seen) -> list[Clue]:
        return [Clue("run", measure="characters", count=fields.longest_run(seen), limit=times)]

    return Check(Compare(fields.LONGEST_RUN, ">", times), clues)


KINDS: Final = (
    Kind(
        name="max_run",
        read=_read,
        check=_check,
        type=MaxRun,
        cost_us=4.0,
        about=About(
            summary=(
                "The text has one character, white space aside, more than so many times in a row: "
                "`max_run: 9` is what the pattern `(.)\\1{9,}` would look for."
            ),
            value="a number of times",
            absent="Without text it does not hold.",
            example="max_run: 9",
        ),
        schema={"type": "integer", "minimum": 1, "maximum": RUN_MAX},
    ),
)
