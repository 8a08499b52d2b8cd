"""Digits and signs in place of letters, and letters held down: fr33, v!agra, freeeee.

Both are read by one canonical alphabet in which letters that look alike when written so are one,
and runs of one letter are a single one. It says too much, so what is met there is compared with the
term letter by letter: each sign must be able to stand for the letter that the term has.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import compress, groupby
from typing import Final

from policy.core.text.view import Edit, Rewritten, View

# Each line: the canonical letter, and what may stand for it. "1" and "|" may be i or l.
SIGNS: Final = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b",
    "9": "g", "@": "a", "$": "s", "!": "il", "|": "il", "+": "t", "€": "e", "£": "l", "¢": "c",
    "¥": "y", "₿": "b", "µ": "u", "×": "x", "§": "s", "∂": "d", "¡": "i",
}  # fmt: skip
_CANON = str.maketrans(
    {"l": "i"} | {sign: meant[0].replace("l", "i") for sign, meant in SIGNS.items()}
)
_CANON_ASCII = bytes(map(ord, "".join(map(chr, range(0x80))).translate(_CANON))).ljust(256)
_REPEATS = re.compile(r"([^\n])\1+")
STRETCHED_MIN = 3
LETTERS_MIN = 2
SIZE_MIN = 3
REMEMBERED: Final = 16_384  # words, none of them longer than the next says
WORD_MAX: Final = 64


def canonical(text: str) -> str:
    """Return the text in the canonical alphabet, runs of one letter as a single one."""
    if may_be_canonical(text):
        return Canonical(text).scanned.decode()
    return _REPEATS.sub(r"\1", text.translate(_CANON))


def _changes(data: bytes) -> bytes:
    """Return for each byte its difference from the one before: 0 where they are the same."""
    number = int.from_bytes(data)
    return (number ^ number >> 8).to_bytes(len(data))


class Canonical:
    """An ASCII text in the canonical alphabet, with the way back; much less than a view is."""

    __slots__ = ("_changes", "_places", "scanned", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        read = text.encode().translate(_CANON_ASCII)
        self._changes = _changes(read)
        self.scanned = bytes(compress(read, self._changes))
        self._places: list[int] = []

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Return which characters of the text these bytes are made from, runs whole."""
        if not self._places:
            self._places = [*compress(range(len(self.text)), self._changes), len(self.text)]
        return self._places[start], self._places[end]

    def is_plain(self, first: int, last: int) -> bool:
        """Tell whether none of these characters stands for another or is held down."""
        return not _WRITTEN_OTHERWISE.search(self.text[first:last].replace(" ", ""))


def may_be_canonical(text: str) -> bool:
    """Tell whether a text can be read as `Canonical`."""
    return text.isascii() and "\n\n" not in text and "\0" not in text


class Loose(Rewritten):
    """The loose view of another view."""

    __slots__ = ("read",)

    def __init__(self, source: View) -> None:
        self.read = source
        letters = _Letters(source)
        super().__init__(
            letters,
            [
                Edit(run.start() + 1, run.end(), "", "repeats")
                for run in _REPEATS.finditer(letters.text)
            ],
        )

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Return which characters these are made from, runs whole."""
        first = super().back(start, end)[0]
        last = super().back(end, end + 1)[0] if end < len(self.text) else len(self.source.text)
        return first, last

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Return which characters of the source these bytes are made from, runs whole."""
        return self.back(self.character(start), self.character(end))

    def is_plain(self, _first: int, _last: int) -> bool:
        """Tell whether nothing can be disguised there, which is told of ASCII text alone."""
        return False


class _Letters(View):
    """The canonical letters of a view, one for one."""

    __slots__ = ("_view",)

    def __init__(self, view: View) -> None:
        self._view = view
        super().__init__(view.text.translate(_CANON))

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self._view.span(start, end)

    def kinds(self, start: int, end: int) -> tuple[str, ...]:
        return self._view.kinds(start, end)


def disguise(seen: str, meant: str) -> str:
    """Return "leet" or "repeats" where `seen` is a disguise of the folded term; "" where not."""
    groups, wanted = _groups(seen), _groups(meant)
    if len(groups) != len(wanted) or len(meant) < SIZE_MIN:
        return ""
    signs = stretched = 0
    for group, goal in zip(groups, wanted, strict=True):
        if len(group) < len(goal):
            return ""
        for character in group:
            if character not in goal:
                if not set(SIGNS.get(character, "")).intersection(goal):
                    return ""
                signs += 1
        han = group[0] >= "\u3400"
        if len(group) > len(goal) and (han or len(group) >= STRETCHED_MIN):
            stretched += 1
        elif len(group) > len(goal):
            return ""
    if signs:
        return "leet" if sum(map(str.isalpha, seen)) >= LETTERS_MIN else ""
    return "repeats" if stretched else ""


def _groups(text: str) -> list[str]:
    return ["".join(run) for _, run in groupby(text, lambda c: c.translate(_CANON))]


TOKEN_MAX: Final = 30
MEANT: Final = "0-9" + re.escape("".join(s for s in SIGNS if not s.isdigit()))
# What is all letters takes no time: such a word is passed over as a whole.
_SIGNED = re.compile(f"(?<![a-z])[a-z]*+[{MEANT}][a-z{MEANT}]*+")
_LETTER_RUN = re.compile("([a-z])\\1{2,}")
_WRITTEN_OTHERWISE = re.compile(f"[{MEANT}]|(.)\\1{{2}}", re.DOTALL)
_RUNS: Final = {letter: re.compile(letter + "{3,}") for letter in map(chr, range(0x61, 0x7B))}
_WAYS: Final = ((0, "els"), (-1, ""))


def unsigned(source: View, reading: str) -> View:
    """Return the view of one of the `readings` of a text."""
    written = list(_mixed(source.text))
    views = (_unsigned(source, written, way, double) for way, double in _WAYS)
    return next(view for view in views if view.text == reading)


def _unsigned(source: View, written: Sequence[tuple[int, str]], way: int, double: str) -> View:
    view = source
    if written:
        view = Rewritten(view, [_as_letters(start, token, way) for start, token in written])
    edits = [
        Edit(run.start() + 1 + (run[1] in double), run.end(), "", "repeats")
        for run in _LETTER_RUN.finditer(view.text)
    ]
    return Rewritten(view, edits) if edits else view


def readings(text: str, words: Sequence[tuple[int, int]]) -> list[str]:
    """Return what a text reads as with signs for letters, for patterns, which are met as a whole.

    Where a sign may be one of two letters it is first the one and then the other in the whole text;
    of a letter held down, e, l and s are there twice, as words have them, and then all once.
    """
    found: list[str] = []
    before = text
    meant = [_read(text[start:end]) for start, end in words]
    for way in range(len(_WAYS)):
        parts: list[str] = []
        last = 0
        for (start, end), ways in zip(words, meant, strict=True):
            parts += (text[last:start], ways[way])
            last = end
        parts.append(text[last:])
        read = "".join(parts)
        if read != before:
            before = read
            found.append(read)
    return found


def _read(word: str) -> tuple[str, ...]:
    """Return what a word reads as in each way; much is said again, so it is remembered."""
    return _remembered(word) if len(word) <= WORD_MAX else _ways(word)


def _ways(word: str) -> tuple[str, ...]:
    mixed = list(_mixed(word))
    if not (mixed or _LETTER_RUN.search(word)):
        return (word,) * len(_WAYS)
    mixed.reverse()
    found: list[str] = []
    for way, double in _WAYS:
        read = word
        for start, token in mixed:
            read = read[:start] + _meant(token, way) + read[start + len(token) :]
        for letter in _LETTER_RUN.findall(read):
            read = _RUNS[letter].sub(letter * (1 + (letter in double)), read)
        found.append(read)
    return tuple(found)


_remembered = lru_cache(REMEMBERED)(_ways)


def _mixed(text: str) -> Iterator[tuple[int, str]]:
    """Yield the words that may be written with signs for letters, each with its place."""
    for found in _SIGNED.finditer(text):
        for start in range(found.start(), found.end(), TOKEN_MAX):
            token = text[start : min(start + TOKEN_MAX, found.end())].rstrip("!+|")
            letters = sum(map(str.isalpha, token))
            if LETTERS_MIN <= letters < len(token) <= letters * 3:
                yield start, token


def _as_letters(start: int, token: str, way: int) -> Edit:
    return Edit(start, start + len(token), _meant(token, way), "leet")


def _meant(token: str, way: int) -> str:
    return "".join(SIGNS[c][way] if c in SIGNS else c for c in token)
