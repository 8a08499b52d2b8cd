"""Folding: each code point by itself becomes what a reader takes it for.

Width and compatibility forms, case, accents and other marks, what cannot be seen (UTS #36, UAX #15
NFKD), styled and enclosed letters, digits of every script, radicals, traditional Chinese. Since it
works code point by code point it takes linear time on any input, and every folded character has one
origin. Rules are folded by the same function, so a word meets its own text.
"""

import re
import unicodedata
from typing import Final

from policy.core.text.tables import look_alikes, simplified

EXAMINED_MAX = 65_536  # code points; of a longer text the head is judged, and the engine flags it

SIMPLIFIED: Final = dict(zip(simplified.PAIRS[::2], simplified.PAIRS[1::2], strict=True))
_RADICALS = dict(zip(look_alikes.RADICALS[::2], look_alikes.RADICALS[1::2], strict=True))
# Letters of the Latin script with a hook, a stroke or no dot, and those within a circle or square.
_LATIN = re.compile(
    "LATIN (?:SMALL |CAPITAL |LETTER |SMALL CAPITAL )*(?:LETTER )?(?:SMALL CAPITAL )?"
    "(?:DOTLESS |SCRIPT |LONG |INSULAR )?([A-Z])(?: WITH .*)?"
)
_LIKE = {"ɑ": "a", "ɛ": "e", "ɜ": "e", "ɩ": "i", "ɔ": "o", "ʋ": "v", "ƽ": "s", "æ": "ae", "œ": "oe"}
_ENCLOSED = re.compile("(?:NEGATIVE|CROSSED) .* LATIN CAPITAL LETTER ([A-Z])")
_DIGIT = re.compile("DINGBAT .* DIGIT [A-Z]+|NEGATIVE CIRCLED DIGIT ZERO|.* FULL STOP")
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
    return "".join(_plain(c) for c in folded if not _is_mark(ord(c)) and ord(c) not in _BLANKS)


def _plain(character: str) -> str:
    if character.isascii():
        return character
    known = SIMPLIFIED.get(_RADICALS.get(character, character))
    if known is not None:
        return known
    if character in _RADICALS or character in _LIKE:
        return _RADICALS.get(character) or _LIKE[character]
    digit = unicodedata.digit(character, None)
    name = unicodedata.name(character, "")
    if digit is not None and (character.isdecimal() or _DIGIT.fullmatch(name)):
        return str(digit)
    letter = _LATIN.fullmatch(name) or _ENCLOSED.fullmatch(name)
    return letter[1].lower() if letter is not None else character


class _Folds(dict[int, str]):
    """The folds met so far: at most one entry for each code point of the planes in use."""

    def __missing__(self, code: int) -> str:
        if any(low <= code < high for low, high in _PLANES):
            folded = self[code] = _fold_of(code)
            return folded
        return chr(code)


_FOLDS = _Folds()
# What is not known at a glance to fold to itself: ASCII but capitals, simplified Chinese, emoji.
_HAN = "".join(chr(code) for code in range(0x4E00, 0x9FA6) if chr(code) not in SIMPLIFIED)
_ODD = re.compile(
    f"[^\t\n\r -@\\[-~\u2018-\u201d\u3001\u3002\u3008-\u3011{_HAN}"
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
