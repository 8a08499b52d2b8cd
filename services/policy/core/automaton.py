"""One automaton for all words and patterns of a rulebook; each text is scanned once.

Words are literals over folded UTF-8. A word that begins or ends with a letter of a script that
writes words apart meets only whole words there: `ass` is not in `class`; a `*` at its edge lifts
that. Chinese, Japanese, Korean and Thai terms match inside a sentence. Patterns run in linear time
(Hyperscan); where one matched is looked up only when a rule acts on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import hyperscan

from policy.core.text import Look, fold

PATTERN_FLAGS = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_CASELESS
# Scripts from Thai on, but for a few, are written without spaces or glue particles to words.
_JOINED_FROM = "\u0e00"
_CONTINUATION = 0x80  # the two highest bits of the later bytes of a character in UTF-8


@dataclass(frozen=True, slots=True)
class Term:
    """One word or pattern as the rulebook has it."""

    written: str
    kind: Literal["words", "patterns"]


@dataclass(frozen=True, slots=True)
class _Word:
    size: int
    guarded_start: bool
    guarded_end: bool


def _is_word_letter(character: str) -> bool:
    return character < _JOINED_FROM and character.isalnum()


class Automaton:
    """Finds terms by their index in the sequence given."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)
        self._words: list[_Word | None] = []
        self._located: dict[int, hyperscan.Database] = {}
        expressions: list[bytes] = []
        flags: list[int] = []
        for term in self.terms:
            word, expression, flag = _prepared(term)
            self._words.append(word)
            expressions.append(expression)
            flags.append(flag)
        self._database: hyperscan.Database | None = None
        if expressions:
            self._database = hyperscan.Database()
            ids = list(range(len(expressions)))
            self._database.compile(expressions=expressions, ids=ids, elements=len(ids), flags=flags)

    def scan(self, look: Look) -> dict[int, int]:
        """Return the terms that occur, each with the byte of the view where it first ends."""
        found: dict[int, int] = {}
        scanned = look.scanned
        if self._database is None or not scanned:
            return found
        words = self._words

        def on_match(term: int, _start: int, end: int, _flags: int, _context: object) -> None:
            if term in found and found[term] <= end:
                return
            word = words[term]
            if word is None or _stands_alone(word, scanned, end):
                found[term] = end

        self._database.scan(scanned, match_event_handler=on_match)
        return found

    def place(self, look: Look, term: int, end: int) -> tuple[int, int]:
        """Return where in the folded view a term that was found lies, in characters."""
        word = self._words[term]
        if word is not None:
            return look.character(end - word.size), look.character(end)
        return self._locate(look, term)

    def _locate(self, look: Look, term: int) -> tuple[int, int]:
        database = self._located.get(term)
        if database is None:
            database = self._located[term] = hyperscan.Database()
            database.compile(
                expressions=[self.terms[term].written.encode()],
                ids=[0],
                elements=1,
                flags=[PATTERN_FLAGS | hyperscan.HS_FLAG_SOM_LEFTMOST],
            )
        best: list[tuple[int, int]] = []

        def on_match(_id: int, start: int, end: int, _flags: int, _context: object) -> None:
            if not best or (start, -end) < (best[0][0], -best[0][1]):
                best[:] = [(start, end)]

        database.scan(look.scanned, match_event_handler=on_match)
        ((start, end),) = best
        return look.character(start), look.character(end)


def _prepared(term: Term) -> tuple[_Word | None, bytes, int]:
    if term.kind == "patterns":
        # Not "single match": that makes compiling ten times slower and scanning no faster.
        return None, term.written.encode(), PATTERN_FLAGS
    folded = fold(term.written).strip()
    bare = folded.strip("* ")
    literal = bare.encode()
    word = _Word(
        size=len(literal),
        guarded_start=_is_word_letter(bare[0]) and not folded.startswith("*"),
        guarded_end=_is_word_letter(bare[-1]) and not folded.endswith("*"),
    )
    return word, b"".join(b"\\x%02x" % byte for byte in literal), 0


def _stands_alone(word: _Word, scanned: bytes, end: int) -> bool:
    start = end - word.size
    if word.guarded_start and start and _is_word_letter(_character_before(scanned, start)):
        return False
    return not (
        word.guarded_end and end < len(scanned) and _is_word_letter(_character_at(scanned, end))
    )


def _character_before(scanned: bytes, end: int) -> str:
    start = end - 1
    while scanned[start] & 0xC0 == _CONTINUATION:
        start -= 1
    return scanned[start:end].decode()


def _character_at(scanned: bytes, start: int) -> str:
    end = start + 1
    while end < len(scanned) and scanned[end] & 0xC0 == _CONTINUATION:
        end += 1
    return scanned[start:end].decode()
