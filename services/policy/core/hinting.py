"""What hints at a disguise in a text, and in which words; the same for every rulebook."""

from functools import cache

import hyperscan

from policy.core.databases import database
from policy.core.text.hints import LITERALS, MARKED, hints
from policy.core.text.look import Look
from policy.core.text.terms import literal

Words = list[tuple[int, int, int]]  # where each begins and ends, and what it hints at


class Hinting:
    """Meets hints in one text at a time; the databases are the same for all.

    That for ASCII text is a seventh of the other, so it stays in the processor's cache.
    """

    __slots__ = ("_ascii", "_beyond")

    def __init__(self) -> None:
        self._ascii = _Meeting(beyond_ascii=False)
        self._beyond = _Meeting(beyond_ascii=True)

    def hints(self, look: Look) -> tuple[int, Words]:
        """Return what could be in a text, as a sum of hints, and the words that hint.

        They are told apart in ASCII text alone; any other is one word as a whole.
        """
        text = look.text
        places: list[int] = []
        kinds: list[int] = []
        is_ascii = text.isascii()
        met = (self._ascii if is_ascii else self._beyond).met(look.scanned, places, kinds)
        if not look.original.isascii() and "\u202e" in look.original:
            met |= MARKED
        return met, _words_at(text, places, kinds) if is_ascii else [(0, len(text), met)]


class _Meeting:
    """One scan at a time; what is told of it is the same function each time, made once."""

    __slots__ = ("_database", "_hints", "_kinds", "_met", "_on_match", "_placed_from", "_places")

    def __init__(self, *, beyond_ascii: bool) -> None:
        self._database, self._hints, self._placed_from = _known(beyond_ascii)
        self._met = 0
        self._places: list[int] = []
        self._kinds: list[int] = []
        self._on_match = self._meet

    def met(self, scanned: bytes, places: list[int], kinds: list[int]) -> int:
        """Return the sum of what is met; add where it ends of which it matters in which words."""
        self._met, self._places, self._kinds = 0, places, kinds
        self._database.scan(scanned, self._on_match)
        return self._met

    def _meet(self, number: int, _start: int, end: int, _flags: int, _context: object) -> None:
        kind = self._hints[number]
        self._met |= kind
        if number >= self._placed_from:
            self._places.append(end)
            self._kinds.append(kind)


@cache
def _known(beyond_ascii: bool) -> tuple[hyperscan.Database, tuple[int, ...], int]:  # noqa: FBT001 -- a key
    """Return the database, what each of its expressions hints at, and the first that is placed."""
    literals = {text: hint for text, hint in LITERALS.items() if beyond_ascii or text.isascii()}
    once, placed = hints(beyond_ascii=beyond_ascii)
    encoding = hyperscan.HS_FLAG_UTF8 if beyond_ascii else 0
    flags = [0] * len(literals) + [encoding | hyperscan.HS_FLAG_SINGLEMATCH] * len(once)
    flags += [encoding] * len(placed)
    found = database([*map(literal, literals), *once, *placed], flags)
    known = (*literals.values(), *once.values(), *placed.values())
    return found, known, len(literals) + len(once)


def _words_at(text: str, places: list[int], kinds: list[int]) -> Words:
    """Return the words that have a character before these places, in order."""
    found: Words = []
    start = end = kind = 0
    for number, place in enumerate(places):
        if place > end:
            if kind:
                found.append((start, end, kind))
            kind = 0
            start = text.rfind(" ", 0, place) + 1
            end = text.find(" ", place)
            if end < 0:
                end = len(text)
        kind |= kinds[number]
    if kind:
        found.append((start, end, kind))
    return found
