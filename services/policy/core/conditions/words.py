"""Words and patterns in the folded text of what is said."""

from dataclasses import dataclass
from typing import Final, Literal

from policy.core.automaton import Term
from policy.core.checks import CLUES_MAX, Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conditions.terms import PATTERN_MAX, TERM_MAX, read_members
from policy.core.document import Mapping, Node
from policy.core.ir import Occurs
from policy.core.seen import Clue, ClueKind, Seen
from policy.core.surfaces import SURFACES
from policy.core.text.terms import Reach
from policy.core.text.views import KINDS as KINDS_OF_VIEW


@dataclass(frozen=True, slots=True)
class Matches(Condition):
    """A word or pattern occurs in the folded text; `members` stand in the rule itself.

    `reach`, `views` and `surfaces` say how far disguises are followed, and where; see `Term`.
    """

    kind: Literal["words", "patterns"]
    members: tuple[str, ...]
    lists: tuple[str, ...]
    reach: Reach = "normal"
    views: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words(Matches):
    """One of the words occurs."""


@dataclass(frozen=True, slots=True)
class Patterns(Matches):
    """One of the patterns matches."""


_OPTIONS: Final = ("any", "in", "views", "disguises")
_REACHES: Final[dict[str, Reach]] = {"strict": "strict", "normal": "normal", "loose": "loose"}
_MARKS: Final = ("original", "folded", "simplified")


def _read_words(source: Source, node: Node, path: str) -> Condition | None:
    return _read(source, node, path, Words, "words")


def _read_patterns(source: Source, node: Node, path: str) -> Condition | None:
    return _read(source, node, path, Patterns, "patterns")


def _read(
    source: Source,
    node: Node,
    path: str,
    made: type[Matches],
    kind: Literal["words", "patterns"],
) -> Condition | None:
    if not isinstance(node, Mapping):
        return made(kind, *read_members(source, node, path, kind))
    reader = source.reader
    found = reader.mapping(node, path, _OPTIONS, ("any",))
    if "any" not in found:
        return None
    members, lists = read_members(source, found["any"], f"{path}.any", kind)
    views = _choices(source, found.get("views"), f"{path}.views", KINDS_OF_VIEW, "view")
    surfaces = _choices(source, found.get("in"), f"{path}.in", tuple(SURFACES), "surface")
    reach: Reach = "normal"
    if "disguises" in found:
        chosen = reader.choice(found["disguises"], f"{path}.disguises", _REACHES, "reach")
        reach = _REACHES.get(chosen or "", reach)
    return made(kind, members, lists, reach, (*_MARKS, *views) if views else (), surfaces)


def _choices(
    source: Source, node: Node | None, path: str, known: tuple[str, ...], what: str
) -> tuple[str, ...]:
    if node is None:
        return ()
    reader = source.reader
    items = reader.items(node, path, f"a {what}")
    found = (reader.choice(item, place, known, what) for item, place in items)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def terms_of(checks: Checks, condition: Matches) -> dict[int, str]:
    """Return the terms that are looked for, each with the list that names it first, or ""."""
    written = [(member, "") for member in condition.members]
    for name in condition.lists:
        written += [(member, name) for member in checks.lists[name].members]
    listed: dict[int, str] = {}
    for member, name in written:
        term = Term(member, condition.kind, condition.reach, condition.views, condition.surfaces)
        listed.setdefault(checks.term(term), name)
    return listed


def check_matches(checks: Checks, condition: Matches) -> Check:
    """Return the check that one of the terms occurs."""
    listed = terms_of(checks, condition)
    needs = frozenset(listed)
    kind: ClueKind = "word" if condition.kind == "words" else "pattern"

    def clues(seen: Seen) -> list[Clue]:
        terms = sorted(needs & seen.hits.keys())[:CLUES_MAX]
        found = [seen.clue(kind, term, listed[term]) for term in terms]
        return sorted(found, key=lambda clue: (clue.start, clue.end, clue.term))

    return Check(Occurs(needs), clues)


def _schema(longest: int) -> dict[str, object]:
    term = {"type": "string", "minLength": 1, "maxLength": longest}
    terms = {"anyOf": [term, {"type": "array", "items": term, "minItems": 1}]}
    options = {
        "type": "object",
        "additionalProperties": False,
        "required": ["any"],
        "properties": {
            "any": terms,
            "in": _one_or_more(tuple(SURFACES)),
            "views": _one_or_more(KINDS_OF_VIEW),
            "disguises": {"enum": list(_REACHES)},
        },
    }
    return {"anyOf": [*terms["anyOf"], options]}


def _one_or_more(known: tuple[str, ...]) -> dict[str, object]:
    one = {"enum": list(known)}
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


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
                (
                    "Disguises are seen through: look-alikes, signs for letters, letters set "
                    "apart, markup, components, emoji. `{any: [...], disguises: strict}` "
                    "looks at the folded text alone; `loose` takes any gap for a disguise, and "
                    "what is only guessed: pinyin, homophones, `f***`. `views` names those that "
                    "count, `in` the surfaces."
                ),
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
