"""How a text sounds: Chinese characters as their syllables without tones, so 督博 reads dubo.

It says far too much, so what is met there is compared syllable by syllable, and only rules that ask
for it hear it.
"""

import re
from typing import Final

from policy.core.text.tables import syllables
from policy.core.text.view import Edit, Rewritten, View

_SPLIT = re.compile("([a-z]+)([^a-z]+)")
READINGS: Final[dict[str, str]] = {
    character: found[1]
    for found in map(_SPLIT.fullmatch, syllables.ENTRIES.split(" "))
    if found is not None
    for character in found[2]
}
SYLLABLES: Final = frozenset(READINGS.values())
_HAN = re.compile("[\u3400-\u9fff]")
_WORDS = re.compile("(?<![a-z])[a-z]++(?:[ '\\-]++[a-z]++)+")
_WORD = re.compile("[a-z]+")


_APART: Final = " '-"  # these may stand between two syllables
_SILENT: Final = _APART.encode()
_SOUNDS: Final = str.maketrans({**READINGS, **dict.fromkeys(_APART, "")})


def sounds(view: View) -> bytes:
    """Return the sounds of a text one after another, in which every form that it has occurs."""
    if view.text.isascii():
        return view.scanned.translate(None, _SILENT)
    return view.text.translate(_SOUNDS).encode("utf-8", "replace")


class Spoken(Rewritten):
    """The spoken view of another view."""

    __slots__ = ()

    def __init__(self, source: View) -> None:
        text = source.text
        edits = [
            Edit(m.start(), m.end(), READINGS[m[0]], "homophone")
            for m in _HAN.finditer(text)
            if m[0] in READINGS
        ]
        for words in _WORDS.finditer(text):
            edits += _said_apart(text, words.start(), words.end())
        super().__init__(source, sorted(edits))

    def agrees(self, start: int, end: int, meant: str) -> str:
        """Return "homophone" or "pinyin" where these characters sound like the term; "" if not.

        Each character must be a whole syllable of the term, and words in Latin letters whole ones.
        """
        bounds = _bounds(meant)
        origin = [edit for edit in self.within(start, end) if edit.text]
        for edit in origin:
            first = self._starts[self.edits.index(edit)]
            if first < start or first + len(edit.text) > end:
                return ""
            if not {first - start, first + len(edit.text) - start} <= bounds:
                return ""
        text = self.text
        covered = sum(len(edit.text) for edit in origin)
        if covered == end - start:
            return "homophone"
        return "" if self._goes_on(start, text, -1) or self._goes_on(end, text, 0) else "pinyin"

    def _goes_on(self, at: int, text: str, side: int) -> bool:
        inner, outer = (at, at - 1) if side else (at - 1, at)
        if not 0 <= outer < len(text) or not text[outer].isalnum() or not text[inner].isascii():
            return False
        first, last = self.back(outer, outer + 1)
        if not self.source.text[first:last].isascii():
            return False
        first, last = self.back(inner, inner + 1)
        return self.source.text[first:last].isascii() and not self.taken_out(at)


def _said_apart(text: str, start: int, end: int) -> list[Edit]:
    edits: list[Edit] = []
    before: re.Match[str] | None = None
    for word in _WORD.finditer(text, start, end):
        if before is not None and before[0] in SYLLABLES and word[0] in SYLLABLES:
            edits.append(Edit(before.end(), word.start(), "", "pinyin"))
        before = word
    return edits


def spoken(term: str) -> str:
    """Return how a term sounds; "" for one that has fewer than two Chinese characters."""
    if sum(character in READINGS for character in term) < len("贝者"):
        return ""
    return "".join(READINGS.get(character, character) for character in term if character != " ")


def _bounds(term: str) -> frozenset[int]:
    found = {0}
    length = 0
    for character in term.replace(" ", ""):
        length += len(READINGS.get(character, character))
        found.add(length)
    return frozenset(found)
