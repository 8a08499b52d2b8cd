"""One look at a text: its folded view, and the way back from there to the characters as written.

Folding (UTS #36, UAX #15 NFKD) maps each code point by itself to what a reader takes it for: width
and compatibility forms, case, accents and other combining marks, and characters that cannot be
seen. Since it works code point by code point it takes linear time on any input, and every folded
character has one origin. Rules are folded by the same function, so a word meets its own text.
"""

import re
import unicodedata

EXAMINED_MAX = 65_536  # code points; of a longer text the head is judged, and the engine flags it

_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F),
    (0x0670, 0x0670), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F), (0x180B, 0x180F), (0xE0100, 0xE01EF),
)  # fmt: skip  # accents, points and selectors; vowel signs of Indic and Thai script are letters
_BLANKS = frozenset((0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0))
_KEPT_CONTROLS = frozenset((0x09, 0x0A, 0x0D))
_UNSEEN = frozenset(("Cc", "Cf", "Cs"))
# Beyond these lie code points that nobody has assigned or that are private.
_PLANES = ((0x0000, 0x32000), (0xE0000, 0xE1000))


def _is_mark(code: int) -> bool:
    return any(low <= code <= high for low, high in _MARKS)


def _fold_of(code: int) -> str:
    character = chr(code)
    if code in _KEPT_CONTROLS:
        return character
    if code in _BLANKS or _is_mark(code) or unicodedata.category(character) in _UNSEEN:
        return ""
    if character.isascii():
        return character.lower()
    plain = unicodedata.normalize("NFKD", character)
    folded = unicodedata.normalize("NFKD", plain.casefold())
    return "".join(c for c in folded if not _is_mark(ord(c)) and ord(c) not in _BLANKS)


class _Folds(dict[int, str]):
    """The folds met so far: at most one entry for each code point of the planes in use."""

    def __missing__(self, code: int) -> str:
        if any(low <= code < high for low, high in _PLANES):
            folded = self[code] = _fold_of(code)
            return folded
        return chr(code)


_FOLDS = _Folds()
# What is not known at a glance to fold to itself: ASCII but capitals, Chinese, emoji.
_ODD = re.compile(
    "[^\t\n\r -@\\[-~\u2018-\u201d\u3001\u3002\u3008-\u3011\u3400-\u4db5\u4e00-\u9fa5"
    "\U0001f300-\U0001f5ff\U0001f600-\U0001f64f\U0001f680-\U0001f6c5]+"
)


def fold(text: str) -> str:
    """Return the folded view of `text`. Folding twice changes nothing."""
    if text.isascii():
        lowered = text.lower()
        if lowered.isprintable():
            return lowered
    return _ODD.sub(_fold_run, text)


def _fold_run(run: re.Match[str]) -> str:
    return run[0].translate(_FOLDS)


def origins(text: str) -> list[int]:
    """Return, for each character of `fold(text)`, the index in `text` of the one it came from."""
    found: list[int] = []
    for index, character in enumerate(text):
        found.extend([index] * len(_FOLDS[ord(character)]))
    return found


class Look:
    """The views of one text, each made when first asked for.

    `original` holds at most `EXAMINED_MAX` code points; `folded` is its folded view, `scanned` the
    same as UTF-8, which is what the automaton reads.
    """

    __slots__ = ("_origins", "_same", "folded", "length", "original", "scanned")

    def __init__(self, text: str) -> None:
        self.length = len(text)
        self.original = text = text if self.length <= EXAMINED_MAX else text[:EXAMINED_MAX]
        self.folded = folded = fold(text)
        self.scanned = folded.encode("utf-8", "replace")
        self._same = len(folded) == len(text) and text.isascii()
        self._origins: list[int] | None = None

    def character(self, byte: int) -> int:
        """Return the index in the folded view of the character that starts at `byte`."""
        if len(self.scanned) == len(self.folded):
            return byte
        return len(self.scanned[:byte].decode("utf-8", "ignore"))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where folded characters `start` to `end` (exclusive, not empty) were written."""
        if self._same:
            return start, end
        if self._origins is None:
            self._origins = origins(self.original)
        return self._origins[start], self._origins[end - 1] + 1


def substance(text: str) -> int:
    """Count the graphemes that say something: letters and digits of any script, marks not counted.

    White space, punctuation and emoji say nothing (S1); quoted lines and mentions are the caller's
    to leave out.
    """
    if text.isascii():
        return len(text.encode().translate(None, _EMPTY_TALK))
    letters = sum(map(str.isalnum, text))
    # Conjoining vowels and finals of Hangul belong to the syllable before them.
    return letters - len(_CONJOINING.findall(text)) if _CONJOINING.search(text) else letters


_EMPTY_TALK = bytes(code for code in range(128) if not chr(code).isalnum())
_CONJOINING = re.compile("[\u1160-\u11ff]")
