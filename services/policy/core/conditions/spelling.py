"""Words that stand in several messages: one letter, syllable or character in each."""

from dataclasses import dataclass
from typing import Final

from policy.core.automaton import Term
from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conditions.terms import TERM_MAX, read_members
from policy.core.document import Mapping, Node
from policy.core.fields import PIECES
from policy.core.ir import Ask, Compare
from policy.core.pieces import HORIZON_MS, LENGTH_MAX, PIECES_MAX
from policy.core.reading import UNITS_MS
from policy.core.said import piece_of
from policy.core.seen import Clue, Seen
from policy.core.text.loose import canonical, disguise
from policy.core.text.terms import word_of

WITHIN_MS: Final = UNITS_MS["m"]
LATIN_MIN, HAN_MIN = 3, 2  # letters of a word that may be spelled out


@dataclass(frozen=True, slots=True)
class SpelledOut(Condition):
    """One of the words has been written piece by piece, by one member within `within_ms`."""

    members: tuple[str, ...]
    lists: tuple[str, ...]
    within_ms: int


def _read(source: Source, node: Node, path: str) -> Condition | None:
    if not isinstance(node, Mapping):
        return SpelledOut(*read_members(source, node, path, "words"), WITHIN_MS)
    reader = source.reader
    found = reader.mapping(node, path, ("any", "within"), ("any",))
    if "any" not in found:
        return None
    within_ms: int | None = WITHIN_MS
    if "within" in found:
        within_ms = reader.duration(found["within"], f"{path}.within", UNITS_MS["s"], HORIZON_MS)
    members, lists = read_members(source, found["any"], f"{path}.any", "words")
    return None if within_ms is None else SpelledOut(members, lists, within_ms)


def _check(checks: Checks, condition: SpelledOut) -> Check:
    within_ms = condition.within_ms
    written = [(member, "") for member in condition.members]
    for name in condition.lists:
        written += [(member, name) for member in checks.lists[name].members]
    forms: dict[str, list[tuple[str, str, str]]] = {}
    for member, name in written:
        word = word_of(0, Term(member, "words")).tight
        meant = "".join(piece_of(character) or "" for character in word)
        if len(meant) >= (LATIN_MIN if meant.isascii() else HAN_MIN):
            forms.setdefault(canonical(meant), []).append((meant, member, name))
    checks.watch.spelled.update(forms)

    def met(seen: Seen) -> tuple[str, str, int] | None:
        for read, count in seen.pieces.endings(seen.now_ms - within_ms):
            for meant, member, name in forms.get(canonical(read), ()):
                if read == meant or disguise(read, meant):
                    return member, name, count
        return None

    def clues(seen: Seen) -> list[Clue]:
        found = met(seen)
        assert found is not None, "only what holds is asked why"
        member, name, count = found
        return [
            Clue(
                "spelled_out",
                0,
                len(seen.look.original),
                member,
                name,
                count=count,
                window_ms=within_ms,
                event_ids=seen.pieces.events(count),
            )
        ]

    return Check(Ask(lambda seen: met(seen) is not None, Compare(PIECES, ">", 1)), clues)


_TERM: Final = {"type": "string", "minLength": 1, "maxLength": TERM_MAX}
_TERMS: Final = {"anyOf": [_TERM, {"type": "array", "items": _TERM, "minItems": 1}]}
KINDS: Final = (
    Kind(
        name="spelled_out",
        read=_read,
        check=_check,
        type=SpelledOut,
        cost_us=4.0,
        about=About(
            summary=(
                "A word, or one of several, has been written over several messages of one member "
                "in a channel, piece by piece, and this message ends it."
            ),
            value=(
                "a list of words, `list:NAME` for all of a list; or a mapping of `any`, that list, "
                "and `within`, a time of at most 10m (1m)"
            ),
            absent="Without messages before it, or of what is replayed, it does not hold.",
            example="spelled_out: {any: [list:insults, 赌博], within: 1m}",
            notes=(
                (
                    "Each message is its piece and nothing else; others may talk in between, and "
                    f"messages without letters are passed over. The last {PIECES_MAX} are kept, "
                    f"each of at most {LENGTH_MAX} letters; a longer message ends them."
                ),
                (
                    "A word of fewer than three letters, or one Chinese character, is not looked "
                    "for. The evidence is every message that has a piece."
                ),
            ),
        ),
        schema={
            "anyOf": [
                *_TERMS["anyOf"],
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["any"],
                    "properties": {"any": _TERMS, "within": {"$ref": "#/$defs/duration"}},
                },
            ]
        },
    ),
)
