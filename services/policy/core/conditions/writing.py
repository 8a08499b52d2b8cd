"""How something is written, whatever it says: alphabets mixed, shouting, stretched runs."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from policy.core.checks import Check, Checks, Clues
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.document import Node
from policy.core.fields import ASCII, cases
from policy.core.ir import Ask, Flag, Negated, Test
from policy.core.seen import Clue, ClueKind, Seen
from policy.core.text.letters import mixed_words

COUNT_MAX = 1_000
# Blocks of Unicode without any combining mark are passed over.
MAY_BE_MARKS: Final = re.compile(
    "[^\x00-\u02ff\u1e00-\u20cf\u2100-\u2cee\u2e00-\u3029\u309b-\ua66e\uabee-\ufb1d\ufe30-\uffff"
    "\U0001f000-\U0001faff]+"
)
_RUN = re.compile(r"(\S)\1+")
CAPITALS_MIN = 12  # letters; of fewer than that no share is taken


@dataclass(frozen=True, slots=True)
class MixedScript(Condition):
    """At least so many words mix Latin letters with those of another alphabet."""

    words: int


@dataclass(frozen=True, slots=True)
class LongestRun(Condition):
    """One character stands at least so many times in a row."""

    characters: int


@dataclass(frozen=True, slots=True)
class StackedMarks(Condition):
    """One letter has at least so many combining marks."""

    marks: int


@dataclass(frozen=True, slots=True)
class Capitals(Condition):
    """At least this share of the letters are capitals, in hundredths."""

    percent: int


def longest_run(text: str) -> int:
    """Return how often a character other than white space stands in a row at most."""
    return max((len(run[0]) for run in _RUN.finditer(text)), default=min(len(text.strip()), 1))


def runs_to(text: str, length: int) -> bool:
    """Return whether a character other than white space stands so often in a row."""
    wide = not text.isascii()
    data = text.encode("utf-32-le", "surrogatepass") if wide else text.encode()
    number, width = int.from_bytes(data, "little"), 4 if wide else 1
    # Where a character stands again, the difference of the text and itself moved by one is 0.
    changes = (number ^ number >> 8 * width).to_bytes(len(data), "little")
    return bytes(width * (length - 1)) in changes and longest_run(text) >= length


def stacked_marks(text: str) -> int:
    """Return how many combining marks one letter has at most."""
    most = 0
    for run in MAY_BE_MARKS.findall(text):
        now = 0
        for character in run:
            now = now + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
            most = max(most, now)
    return most


def capitals(text: str) -> int:
    """Return the share of capitals among the letters that have them, in hundredths."""
    upper, cased = cases(text)
    return upper * 100 // cased if cased >= CAPITALS_MIN else 0


def _number(
    made: Callable[[int], Condition], low: int, high: int
) -> Callable[[Source, Node, str], Condition | None]:
    def read(source: Source, node: Node, path: str) -> Condition | None:
        value = source.reader.integer(node, path, low, high)
        return None if value is None else made(value)

    return read


def _at_least(
    kind: ClueKind, measured: Callable[[Seen], int], limit: int, given: Test | None = None
) -> Check:
    return Check(Ask(lambda seen: measured(seen) >= limit, given), _told(kind, measured, limit))


def _told(kind: ClueKind, measured: Callable[[Seen], int], limit: int) -> Clues:
    def clues(seen: Seen) -> list[Clue]:
        return [Clue(kind, count=measured(seen), limit=limit)]

    return clues


def _check_mixed(_checks: Checks, condition: MixedScript) -> Check:
    return _at_least(
        "mixed_script",
        lambda seen: mixed_words(seen.look.text),
        condition.words,
        Negated(Flag(ASCII)),
    )


def _check_run(_checks: Checks, condition: LongestRun) -> Check:
    limit = condition.characters
    clues = _told("max_run", lambda seen: longest_run(seen.look.text), limit)
    return Check(Ask(lambda seen: runs_to(seen.look.text, limit)), clues)


def _check_marks(_checks: Checks, condition: StackedMarks) -> Check:
    return _at_least("marks", lambda seen: stacked_marks(seen.look.original), condition.marks)


def _check_capitals(_checks: Checks, condition: Capitals) -> Check:
    return _at_least("capitals", lambda seen: capitals(seen.look.original), condition.percent)


def _schema(low: int, high: int) -> dict[str, object]:
    return {"type": "integer", "minimum": low, "maximum": high}


KINDS: Final = (
    Kind(
        name="mixed_script",
        read=_number(MixedScript, 1, COUNT_MAX),
        check=_check_mixed,
        type=MixedScript,
        cost_us=3.0,
        about=About(
            summary=(
                "At least so many words have Latin letters and those of another alphabet by turns."
            ),
            value="a number of words",
            absent="Without text it does not hold.",
            example="mixed_script: 3",
            notes=("A foreign word with an ending of the own language is none of them.",),
        ),
        schema=_schema(1, COUNT_MAX),
    ),
    Kind(
        name="max_run",
        read=_number(LongestRun, 2, COUNT_MAX),
        check=_check_run,
        type=LongestRun,
        cost_us=2.5,
        about=About(
            summary="One character, white space left out, stands at least so many times in a row.",
            value="a number of characters",
            absent="Without text it does not hold.",
            example="max_run: 30",
        ),
        schema=_schema(2, COUNT_MAX),
    ),
    Kind(
        name="marks",
        read=_number(StackedMarks, 1, COUNT_MAX),
        check=_check_marks,
        type=StackedMarks,
        cost_us=3.0,
        about=About(
            summary="One letter carries at least so many combining marks, as stacked text does.",
            value="a number of marks",
            absent="Without text it does not hold.",
            example="marks: 4",
            notes=("Scripts that need marks have up to three on a letter.",),
        ),
        schema=_schema(1, COUNT_MAX),
    ),
    Kind(
        name="capitals",
        read=_number(Capitals, 1, 100),
        check=_check_capitals,
        type=Capitals,
        cost_us=2.0,
        about=About(
            summary="At least this share of the letters that have capitals are capitals.",
            value="hundredths",
            absent=f"Of fewer than {CAPITALS_MIN} letters it does not hold.",
            example="capitals: 80",
        ),
        schema=_schema(1, 100),
    ),
)
