"""Terms written with signs or letters held down, met in the canonical alphabet of the loose view.

In ASCII text a term written so has a word in which it is, or a part of it. So that an ordinary
word with a digit in it costs little, `hides` tells of one word whether it can be that.
"""

from collections.abc import Iterable, Mapping, Sequence

import hyperscan

from policy.core.text import joined
from policy.core.text.look import Look
from policy.core.text.loose import Canonical, Loose, canonical, disguise, may_be_canonical
from policy.core.text.terms import Found, Word, alone, word_letter
from policy.core.text.view import View
from policy.core.text.views import Views


class Loosely:
    """The terms by their forms in the canonical alphabet, and what finds them."""

    def __init__(
        self,
        forms: Mapping[str, Sequence[Word]],
        databases: Iterable[tuple[hyperscan.Database, Sequence[str]]],
    ) -> None:
        """Take the forms, and the databases with those that each finds."""
        self._words = forms
        self._databases = tuple(databases)
        self._begun: dict[str, bool] = {}  # with which a term goes on in the next word
        self._ended: dict[str, bool] = {}  # with which one does that began in the word before
        for form, known in forms.items():
            first, *rest = form.split(" ")
            if rest:
                self._begun[first] = self._begun.get(first, False) or any(
                    not word.guarded_start for word in known
                )
                self._ended[rest[-1]] = self._ended.get(rest[-1], False) or any(
                    not word.guarded_end for word in known
                )
                for part in rest[:-1]:
                    self._begun.setdefault(part, False)
        self._part_max = max(map(len, (*self._begun, *self._ended)), default=0)

    def scan(self, look: Look, views: Views | None, plain: View, hits: dict[int, Found]) -> None:
        """Add the terms that occur in `plain`, which is `look` or the last of its `views`."""
        read: Canonical | Loose
        text = plain.text
        if not self._databases:
            return
        if may_be_canonical(text):
            read = Canonical(text)
        elif self._is_met(canonical(text).encode("utf-8", "replace")):
            read = Loose(plain)
        else:
            return
        for form, end in self._met(read.scanned):
            first, last = read.written(end - len(form.encode()), end)
            if read.is_plain(first, last):
                continue
            for word in self._words[form]:
                if word.term in hits:
                    continue
                kind = disguise(text[first:last].replace(" ", ""), word.tight)
                if not kind or not alone(word, text, first, last):
                    continue
                if views is None or views.holds(first, last, loose=word.reach == "loose"):
                    hits[word.term] = Found(look, plain, *plain.bytes(first, last), kind)

    def _is_met(self, scanned: bytes) -> bool:
        return any(meets(database, scanned) for database, _ in self._databases)

    def _met(self, scanned: bytes) -> list[tuple[str, int]]:
        """Return the forms that occur and where each ends, in the order of the text."""
        found = [
            one for database, forms in self._databases for one in met_of(database, forms, scanned)
        ]
        if len(self._databases) > 1:
            found.sort(key=_end)
        return found

    def hides(self, word: str) -> bool:
        """Tell whether a term may be written in an ASCII word, or begin, go on or end there."""
        if not self._databases:
            return False
        if not may_be_canonical(word):
            return True
        read = Canonical(word)
        for form, end in self._met(read.scanned):
            if not read.is_plain(*read.written(end - len(form.encode()), end)):
                return True
        return self._holds_a_part(read)

    def _holds_a_part(self, read: Canonical) -> bool:
        """Tell whether a term of several words may begin, go on or end here, written otherwise."""
        letters, text = read.scanned.decode(), read.text
        size = len(letters)
        for length in range(1, min(size, self._part_max) + 1):
            free = self._begun.get(letters[size - length :])
            if free is not None:
                first, last = read.written(size - length, size)
                glued = first > 0 and word_letter(text[first - 1])
                if (free or not glued) and not read.is_plain(first, last):
                    return True
            free = self._ended.get(letters[:length])
            if free is not None:
                first, last = read.written(0, length)
                glued = last < len(text) and word_letter(text[last])
                if (free or not glued) and not read.is_plain(first, last):
                    return True
        return False

    def reads_as_a_term(self, text: str) -> bool:
        """Tell whether one of the words reads as a term without the signs inside it."""
        tokens = " ".join(joined.tokens(text))
        return not self._words.keys().isdisjoint(canonical(tokens).split(" "))


def met_of(
    database: hyperscan.Database, forms: Sequence[str], scanned: bytes
) -> list[tuple[str, int]]:
    """Return which of the forms occur, and where each ends."""
    found: list[tuple[str, int]] = []

    def on_match(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
        found.append((forms[number], end))

    database.scan(scanned, on_match)
    return found


def _end(met: tuple[str, int]) -> int:
    return met[1]


def meets(database: hyperscan.Database, scanned: bytes) -> bool:
    """Tell whether anything that is looked for is there."""
    met = False

    def on_match(_number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        nonlocal met
        met = True

    database.scan(scanned, on_match)
    return met
