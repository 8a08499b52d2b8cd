"""One automaton for all words and patterns of a rulebook; each view of a text is scanned once.

Words are literals over folded UTF-8. A word that begins or ends with a letter of a script that
writes words apart meets only whole words there: `ass` is not in `class`; a `*` at its edge lifts
that. Chinese, Japanese, Korean and Thai terms match inside a sentence. Patterns run in linear time
(Hyperscan); where one matched is looked up only when a rule acts on it.

Beside the terms the automaton looks for what makes a disguise likely. Ordinary text has little of
it and is scanned once; where there is some, the views that see through it are made and scanned.
"""

from collections.abc import Sequence
from typing import Final

import hyperscan

from policy.core.databases import Databases, compiled, database
from policy.core.hinting import Hinting, Words
from policy.core.layout import Layout, lay_out
from policy.core.loosely import Loosely, meets, met_of
from policy.core.steps import at_once
from policy.core.text.covered import stands
from policy.core.text.hints import (
    APART,
    COVERED,
    LETTERS,
    LINK,
    LOOSE,
    MARKED,
    MIXED,
    PAIRED,
    SPARED,
    TOKEN,
    WIDE,
)
from policy.core.text.look import Look
from policy.core.text.loose import REMEMBERED, WORD_MAX, readings, unsigned
from policy.core.text.spoken import Spoken, sounds
from policy.core.text.terms import (
    PATTERN_FLAGS,
    Found,
    Term,
    Word,
    drawn_apart,
    stands_alone,
)
from policy.core.text.view import View
from policy.core.text.views import Views, kind_of

__all__ = ["PATTERN_FLAGS", "Automaton", "Found", "Term"]

Hits = dict[int, Found]
ASKED_MAX: Final = 64  # words of one text that are looked at by themselves
_OF_VIEWS: Final = MARKED | APART | LETTERS | LOOSE | WIDE


class Automaton:
    """Finds terms by their index in the sequence given."""

    def __init__(
        self,
        terms: Sequence[Term],
        layout: Layout | None = None,
        databases: Databases | None = None,
    ) -> None:
        """Take the layout and the databases of the terms, where they were made before."""
        laid = layout or at_once(lay_out(terms))
        self.terms = laid.terms
        self._splits = laid.splits
        self._bare, self._tight = laid.bare, laid.tight
        self._spoken = laid.spoken
        self._covered = laid.covered
        self._literals, self._patterns = laid.literals[0], tuple(laid.patterns)
        self._terms = len(self._literals) + len(self._patterns)
        self._hints = tuple(laid.hints.values())
        self._hinting = Hinting()
        self._words: dict[str, int] = {}
        self._follows = any(self.terms[number].reach != "strict" for number in self._patterns)
        self._picky = tuple(n for n, term in enumerate(self.terms) if term.surfaces or term.views)
        self.names = any("names" in term.surfaces for term in self.terms)
        self._located: dict[int, hyperscan.Database] = {}
        self._spoken_forms = tuple(self._spoken)
        made = databases or compiled(laid)
        self._database = made.folded[0] if made.folded else None
        self._others = tuple(zip(made.folded[1:], laid.literals[1:], strict=True))
        self._spoken_database = made.spoken[0] if made.spoken else None
        self._loosely = Loosely(laid.loose, zip(made.loose, laid.loose_forms, strict=True))

    def scan(self, look: Look) -> Hits:
        """Return the terms that occur, each with where in which view it was first met."""
        hits: Hits = {}
        database = self._database
        if database is None or not look.scanned:
            return hits
        follows, words = self._hinted(look)
        follows |= self._scan_folded(database, look, hits)
        hinted = follows & _OF_VIEWS
        views: Views | None = None
        plain: View = look
        if hinted & ~LOOSE:
            views = Views(
                look,
                self._splits,
                marked=hinted & MARKED > 0,
                apart=hinted & APART > 0,
                wide=hinted & WIDE > 0,
            )
            plain = views.plain
            if plain is not look:
                self._scan_plain(database, views, hits)
        disguised = hinted & LOOSE > 0 and not follows & SPARED
        if disguised:
            self._loosely.scan(look, None, look, hits)
        if views is not None and plain is not look and (disguised or not views.letters_alone):
            self._loosely.scan(look, views, plain, hits)
        if follows & (COVERED | PAIRED):
            self._scan_covered(look, words, follows, hits)
        if self._follows and hinted & LOOSE and (follows & MIXED or plain is not look):
            self._scan_unsigned(database, look, words, plain, hits)
        if self._spoken_database is not None:
            self._scan_spoken(self._spoken_database, look, plain, hits)
        if hits:
            self._leave_out(look, hits)
        return hits

    def _hinted(self, look: Look) -> tuple[int, Words]:
        """Return what could be there, and in which words."""
        found, words = self._hinting.hints(look)
        look.may_link = found & LINK > 0
        if not found & (TOKEN | COVERED | PAIRED | LOOSE):
            return found, words
        tells = COVERED | LOOSE
        if len(words) <= ASKED_MAX and look.text.isascii():
            tells = 0
            for start, end, hints in words:
                tells |= self._told(look.text[start:end], hints)
        elif found & TOKEN and self._loosely.reads_as_a_term(look.text):
            tells |= TOKEN
        if not tells & COVERED:
            found &= ~(COVERED | PAIRED)
        if not tells & LOOSE:
            found |= SPARED
        return found | APART if found & TOKEN and tells & TOKEN else found, words

    def _told(self, word: str, hints: int) -> int:
        """Return TOKEN where a word reads as a term, COVERED and LOOSE where one may hide in it.

        What it hints at is in the word alone, and what is told is remembered for a while: much is
        said again.
        """
        found = self._words.get(word)
        if found is None:
            found = 0
            if hints & TOKEN and self._loosely.reads_as_a_term(word):
                found = TOKEN
            if hints & (COVERED | PAIRED) and self._is_met_covered(word, hints):
                found |= COVERED
            if hints & (LOOSE | MIXED) and self._loosely.hides(word):
                found |= LOOSE
            if len(word) <= WORD_MAX:
                if len(self._words) >= REMEMBERED:
                    self._words.clear()
                self._words[word] = found
        return found

    def _is_met_covered(self, word: str, hints: int) -> bool:
        signs, drawn = hints & COVERED > 0, hints & PAIRED > 0
        whole = [(0, len(word))]
        return any(True for _ in self._covered.met(word, whole, signs=signs, drawn=drawn))

    def _scan_covered(self, look: Look, words: Words, hinted: int, hits: Hits) -> None:
        signs, drawn = hinted & COVERED > 0, hinted & PAIRED > 0
        places = _hinting(words, COVERED | PAIRED)
        for one in self._covered.met(look.text, places, signs=signs, drawn=drawn):
            if one.word.term not in hits and stands(one, look.text):
                start, end = look.bytes(one.start, one.end)
                hits[one.word.term] = Found(look, look, start, end, one.kind)

    def _scan_unsigned(
        self, database: hyperscan.Database, look: Look, words: Words, plain: View, hits: Hits
    ) -> None:
        places = _hinting(words, MIXED) if plain is look else [(0, len(plain.text))]
        patterns, known, terms = self._patterns, len(self._literals), self._terms
        met: list[int] = []

        def on_match(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            if known <= number < terms and self.terms[patterns[number - known]].reach != "strict":
                met.extend((patterns[number - known], end))

        for text in readings(plain.text, places):
            database.scan(text.encode("utf-8", "replace"), on_match)
            if met:
                view = unsigned(plain, text)
                for at in range(0, len(met), 2):
                    hits.setdefault(met[at], Found(look, view, -1, met[at + 1], ""))
                met.clear()

    def _scan_folded(self, database: hyperscan.Database, look: Look, hits: Hits) -> int:
        """Return what some of the terms hint at being there, too."""
        literals, patterns = self._literals, self._patterns
        known, terms = len(literals), self._terms
        met = 0

        def on_match(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            nonlocal met
            if number >= terms:
                met |= self._hints[number - terms]
            elif number >= known:
                hits.setdefault(patterns[number - known], Found(look, look, -1, end, ""))
            else:
                self._read(literals[number], look, end, hits)

        database.scan(look.scanned, on_match)
        for other, forms in self._others:
            for text, end in met_of(other, forms, look.scanned):
                self._read(text, look, end, hits)
        return met

    def _read(self, text: str, look: Look, end: int, hits: Hits) -> None:
        for word in self._bare.get(text, ()):
            if word.term not in hits:
                start = end - word.size
                if stands_alone(word, look, start, end) or self._drawn(word, look, start, end):
                    hits[word.term] = Found(look, look, start, end, "")

    def _drawn(self, word: Word, look: Look, start: int, end: int) -> bool:
        if look.original.isascii():
            return False
        return drawn_apart(word, look, look.character(start), look.character(end))

    def _scan_plain(self, database: hyperscan.Database, views: Views, hits: Hits) -> None:
        look, plain = views.look, views.plain
        literals, patterns = self._literals, self._patterns
        known, terms = len(literals), self._terms

        def on_match(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            if number >= terms:
                return
            if number >= known:
                term = patterns[number - known]
                if self.terms[term].reach != "strict":
                    hits.setdefault(term, Found(look, plain, -1, end, ""))
                return
            self._read_plain(literals[number], views, end, hits)

        database.scan(plain.scanned, on_match)
        for other, forms in self._others:
            for text, end in met_of(other, forms, plain.scanned):
                self._read_plain(text, views, end, hits)

    def _read_plain(self, text: str, views: Views, end: int, hits: Hits) -> None:
        for words in (self._bare.get(text, ()), self._tight.get(text, ())):
            for word in words:
                if word.term not in hits and word.reach != "strict":
                    found = self._met(views, word, end - len(text.encode()), end)
                    if found is not None:
                        hits[word.term] = found

    def _met(self, views: Views, word: Word, start: int, end: int) -> Found | None:
        plain = views.plain
        first, last = plain.character(start), plain.character(end)
        if not (stands_alone(word, plain, start, end) or views.mostly(first, last)):
            return None
        if not views.holds(first, last, loose=word.reach == "loose"):
            return None
        return Found(views.look, plain, start, end, "")

    def _scan_spoken(
        self, database: hyperscan.Database, look: Look, plain: View, hits: Hits
    ) -> None:
        if not meets(database, sounds(plain)):
            return
        view = Spoken(plain)
        forms = self._spoken_forms

        def on_match(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            for word in self._spoken[forms[number]]:
                if word.term in hits:
                    continue
                start = view.character(end - len(forms[number]))
                kind = view.agrees(start, view.character(end), word.bare)
                if kind:
                    first, last = view.back(start, view.character(end))
                    hits[word.term] = Found(look, plain, *plain.bytes(first, last), kind)

        database.scan(view.scanned, on_match)

    def _leave_out(self, look: Look, hits: Hits) -> None:
        for number in self._picky:
            found = hits.get(number)
            if found is None:
                continue
            term = self.terms[number]
            elsewhere = term.surfaces and look.surface not in term.surfaces
            if elsewhere or (term.views and self.kind(number, found) not in term.views):
                del hits[number]

    def place(self, number: int, found: Found) -> tuple[int, int]:
        """Return where in the view it was found in a term lies, in characters."""
        view = found.view
        if found.start < 0:
            return self._locate(view, number)
        return view.character(found.start), view.character(found.end)

    def kind(self, number: int, found: Found) -> str:
        """Return the name of the view in which a term was read."""
        return kind_of(found.look, found.view, *self.place(number, found), found.kind)

    def _locate(self, view: View, number: int) -> tuple[int, int]:
        locating = self._located.get(number)
        if locating is None:
            written = self.terms[number].written.encode()
            flags = PATTERN_FLAGS | hyperscan.HS_FLAG_SOM_LEFTMOST
            locating = self._located[number] = database([written], [flags])
        best: list[tuple[int, int]] = []

        def on_match(_id: int, start: int, end: int, _flags: int, _context: object) -> None:
            if not best or (start, -end) < (best[0][0], -best[0][1]):
                best[:] = [(start, end)]

        locating.scan(view.scanned, on_match)
        ((start, end),) = best
        return view.character(start), view.character(end)


def _hinting(words: Words, hints: int) -> list[tuple[int, int]]:
    """Return where the words lie that hint at one of these."""
    return [(start, end) for start, end, hint in words if hint & hints]
