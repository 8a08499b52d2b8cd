"""Words and patterns in the folded text of what is said."""

from dataclasses import dataclass
from typing import Final, Literal

from policy.core.automaton import Term
from policy.core.checks import CLUES_MAX, Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conditions.terms import PATTERN_MAX, TERM_MAX, read_members
from policy.core.document import Node
from policy.core.ir import Occurs
from policy.core.seen import Clue, ClueKind, Seen


@dataclass(frozen=True, slots=True)
class Matches(Condition):
    """A word or pattern occurs in the folded text; `members` stand in the rule itself."""

    kind: Literal["words", "patterns"]
    members: tuple[str, ...]
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words(Matches):
    """One of the words occurs."""


@dataclass(frozen=True, slots=True)
class Patterns(Matches):
    """One of the patterns matches."""


def _read_words(source: Source, node: Node, path: str) -> Condition | None:
    return Words("words", *read_members(source, node, path, "words"))


def _read_patterns(source: Source, node: Node, path: str) -> Condition | None:
    return Patterns("patterns", *read_members(source, node, path, "patterns"))


def check_matches(checks: Checks, condition: Matches) -> Check:
    """Return the check that one of the terms occurs."""
    written = [(member, "") for member in condition.members]
    for name in condition.lists:
        written += [(member, name) for member in checks.lists[name].members]
    # A term of two lists is looked for once; the list named first tells its name.
    listed: dict[int, str] = {}
    for member, name in written:
        listed.setdefault(checks.term(Term(member, condition.kind)), name)
    needs = frozenset(listed)
    kind: ClueKind = "word" if condition.kind == "words" else "pattern"

    def clues(seen: Seen) -> list[Clue]:
        found: list[Clue] = []
        for term in sorted(needs & seen.hits.keys())[:CLUES_MAX]:
            start, end = seen.place(term)
            found.append(Clue(kind, start, end, seen.written(term), listed[term]))
        return sorted(found, key=lambda clue: (clue.start, clue.end, clue.term))

    return Check(Occurs(needs), clues)


def _schema(longest: int) -> dict[str, object]:
    term = {"type": "string", "minLength": 1, "maxLength": longest}
    return {"anyOf": [term, {"type": "array", "items": term, "minItems": 1}]}


KINDS: Final = (
    Kind(
        name="words",
        read=_read_words,
        check=check_matches,
        type=Words,
        cost_us=0.1,
        about=About(
            summary="A word, or one of several, occurs in the text.",
            value="a list of words; `list:NAME` means all of a list",
            absent="Without text it does not hold.",
            example='words: [list:insults, shut up, "scam*", 白痴]',
            notes=(
                (
                    "A word of a script that writes words apart is met whole only: `ass` is not in "
                    "`class`. A `*` at an edge lets letters go on there."
                ),
                "Chinese, Japanese, Korean and Thai are met inside a sentence.",
            ),
        ),
        schema=_schema(TERM_MAX),
    ),
    Kind(
        name="pattern",
        read=_read_patterns,
        check=check_matches,
        type=Patterns,
        cost_us=0.1,
        about=About(
            summary="A pattern, or one of several, matches somewhere in the text.",
            value="a list of patterns; `list:NAME` means all of a list",
            absent="Without text it does not hold.",
            example=r"pattern: ['\bfree\s+nitro\b', '(?:加|➕)\s*(?:v|微)\s*信', list:phrases]",
            notes=(
                (
                    "Regular expressions in the syntax of Hyperscan, upper and lower case alike; "
                    r"`\b`, `\w`, `\d` know ASCII."
                ),
                (
                    "Back-references and look-around are refused, since they cannot run in linear "
                    "time; so are patterns that match nothing, or almost anywhere."
                ),
            ),
        ),
        schema=_schema(PATTERN_MAX),
    ),
)
