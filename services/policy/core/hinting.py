"""What hints at a disguise in a text, and in which words; the same for every rulebook."""

from functools import cache
from typing import Final

import hyperscan

from policy.core.databases import database
from policy.core.text.hints import LITERALS, MARKED, PATTERNS, PLACED
from policy.core.text.look import Look
from policy.core.text.terms import literal

Words = list[tuple[int, int]]
_HINTS: Final = (*LITERALS.values(), *PATTERNS.values(), *PLACED.values())
_PLACED_FROM: Final = len(LITERALS) + len(PATTERNS)


class Hinting:
    """Meets hints in one text at a time; the database is the same for all."""

    __slots__ = ("_database", "_scratch")

    def __init__(self) -> None:
        self._database = _database()
        self._scratch = hyperscan.Scratch(self._database)

    def hints(self, look: Look) -> tuple[int, Words]:
        """Return what could be in a text, as a sum of hints, and where words that hint lie.

        They are told apart in ASCII text alone; any other is one word as a whole.
        """
        places: list[int] = []
        met = 0

        def on_match(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            nonlocal met
            met |= _HINTS[number]
            if number >= _PLACED_FROM:
                places.append(end)

        self._database.scan(look.scanned, match_event_handler=on_match, scratch=self._scratch)
        text = look.text
        if look.original.isascii():
            return met, _words_at(text, places)
        if "\u202e" in look.original:
            met |= MARKED
        return met, _words_at(text, places) if text.isascii() else [(0, len(text))]


@cache
def _database() -> hyperscan.Database:
    expressions = [*map(literal, LITERALS), *PATTERNS, *PLACED]
    once = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_SINGLEMATCH
    flags = [0] * len(LITERALS) + [once] * len(PATTERNS)
    return database(expressions, flags + [hyperscan.HS_FLAG_UTF8] * len(PLACED))


def _words_at(text: str, places: list[int]) -> Words:
    """Return where the words begin and end that have a character before these places, in order."""
    found: Words = []
    end = 0
    for place in places:
        if place > end:
            start = text.rfind(" ", 0, place) + 1
            end = text.find(" ", place)
            if end < 0:
                end = len(text)
            found.append((start, end))
    return found
