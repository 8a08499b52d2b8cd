"""Words with letters under a sign, f*ck, sh#t, 草*马, or drawn by two others, vvhore, rnoron.

What is covered could be any letter, so the word must say the rest itself: it has four letters or
more, its first and at least half of them stand there, and no other letter stands in place of one.
Of words that may be guessed it is enough that the first letter and the length are left, f***, 傻*.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from policy.core.text.terms import Word, alone

COVERED_MAX = 3
TOKENS_MAX = 64  # of one text; one full of signs is looked at so far
SIGNS: Final = "*#@$!•●○■□█✱×"
WEAK: Final = "_+%=~^-"  # these stand between two words as well: one of them, in a longer word
IN_HAN: Final = "x〇某"  # between Chinese characters these cover one, too
MASKS: Final = ("*", "#", "•●", "○■□")  # signs that one masks the rest of a word with
HALF: Final = "".join(MASKS) + "〇x"  # signs that mask the second half of a word
_HAN = "\u3400-\u9fff"
_IN_LATIN = re.compile(
    f"(?<![a-z0-9@/.])[a-z][a-z{SIGNS}{WEAK}]{{2,23}}(?![a-z0-9])(?!@|[.:/][a-z0-9])"
)
_IN_HAN = re.compile(f"(?<=[{_HAN}])[{SIGNS}{IN_HAN}]{{1,2}}(?=[{_HAN}])")
_DRAWN = re.compile(
    "(?<![a-z0-9@/.-])[a-z]{0,20}(?:rn|vv|cl)[a-z]{0,20}(?![a-z0-9@-]|[.:/][a-z0-9])"
)
_RUNS: Final = "|".join(f"[{signs}]{{2,11}}" for signs in MASKS)
_MASKED = re.compile(f"(?<![a-z0-9@/._#*~`-])[a-z](?:{_RUNS})[a-z]?(?![a-z0-9*#])")
_HALF = re.compile(f"(?<=[{_HAN}])[{HALF}](?![a-z0-9*#])")
_AS_ONE: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"))
LETTERS_MIN, LETTERS_MIN_WEAK, HAN_MIN = 4, 5, 3
HALVES: Final = 2  # characters of a Chinese word of which one may be left
_HAN_REACH = 8
# Words that open so are what they are, however they are drawn: click, burning, corner.
_ORDINARY = re.compile(
    "(?:a(?:corn|dorn)|b(?:arn|ern|orn|urn)|c(?:airn|arn|hurn|orn)|d(?:arn|iscern)|e(?:arn|rn)|f(?:ern|urn)|"
    "g(?:arn|overn)|h(?:arn|orn)|intern|journ|kern|l(?:earn|orn)|m(?:arn|orn|odern|ourn)|orn|"
    "p(?:attern|orn)|return|s(?:corn|purn|tern|avv|kivv)|t(?:arn|ern|horn|orn|ourn|urn)|urn|"
    "varnish|w(?:arn|orn)|yarn|navv|revv|"
    "cl(?:a(?:d|ck|im|m|n|p|rity|sh|sp|ss|use|w|y)|e(?:an|ar|f|nch|rk|ver|w)|i(?:ck|ent|ff|m|n|p|que)|"
    "o(?:ak|ck|d|g|ne|nk|s|t|ud|ut|v|wn|y)|u(?:b|ck|e|mp|ms|n|ster|t))|"
    "c(?:ircl|ycl)|declare|exclu|inclin|inclu|muscl|nuclear|recycl|uncl)"
)


class Met(NamedTuple):
    """A word met at characters `start` to `end` of the text, and what hid it."""

    word: Word
    start: int
    end: int
    kind: str


class Covered:
    """Finds these words in a folded text where some of their letters are hidden."""

    __slots__ = ("_by_canon", "_halves", "_han", "_latin", "_left")

    def __init__(self, words: Iterable[Word]) -> None:
        self._latin: dict[tuple[str, int], list[Word]] = {}
        self._han: dict[tuple[str, int], list[Word]] = {}
        self._by_canon: dict[str, list[Word]] = {}
        self._left: dict[tuple[str, int], list[Word]] = {}
        self._halves: dict[str, list[Word]] = {}
        self.add(words)

    def add(self, words: Iterable[Word]) -> None:
        """Look for these words, too."""
        for word in words:
            bare, size = word.bare, len(word.bare)
            if bare.isascii() and bare.isalpha() and size >= LETTERS_MIN:
                self._latin.setdefault((bare[0], size), []).append(word)
                if not _DRAWN_LETTERS.isdisjoint(bare):
                    self._by_canon.setdefault(_as_one(bare), []).append(word)
            elif HAN_MIN <= size <= _HAN_REACH and all("\u3400" <= c <= "\u9fff" for c in bare):
                self._han.setdefault((bare[0], size), []).append(word)

    def guess(self, words: Iterable[Word]) -> None:
        """Look for what is left of these words, too."""
        for word in words:
            bare, size = word.bare, len(word.bare)
            if bare.isascii() and bare.isalpha() and size >= LETTERS_MIN:
                self._left.setdefault((bare[0], size), []).append(word)
            elif size == HALVES and all("\u3400" <= c <= "\u9fff" for c in bare):
                self._halves.setdefault(bare[0], []).append(word)

    def met(
        self, text: str, words: Sequence[tuple[int, int]], *, signs: bool, drawn: bool
    ) -> Iterator[Met]:
        """Yield the words that are met in these stretches of the text, which white space bounds.

        Without `signs` none stands beside a letter, and without `drawn` no letter is drawn by two.
        """
        words = words[:TOKENS_MAX]
        if drawn:
            yield from self._drawn(text, words)
        if signs:
            yield from self._under_signs(text, words)

    def _drawn(self, text: str, words: Sequence[tuple[int, int]]) -> Iterator[Met]:
        if not self._by_canon:
            return
        for token in _found(_DRAWN, text, words):
            for word in self._by_canon.get(_as_one(token[0]), ()):
                if _draws(token[0], word.bare) and not _ORDINARY.match(token[0]):
                    yield Met(word, token.start(), token.end(), "look-alike")

    def _under_signs(self, text: str, words: Sequence[tuple[int, int]]) -> Iterator[Met]:
        if self._latin:
            for token in _found(_IN_LATIN, text, words):
                if not token[0].isalpha():
                    yield from self._in_latin(text, token.start(), token[0])
        if self._han and not text.isascii():
            yield from self._all_in_han(text)
        if self._left:
            for token in _found(_MASKED, text, words):
                seen = token[0]
                for word in self._left.get((seen[0], len(seen)), ()):
                    if not seen[-1].isalpha() or seen[-1] == word.bare[-1]:
                        yield Met(word, token.start(), token.end(), "masked")
        if self._halves and not text.isascii():
            yield from self._in_halves(text)

    def _in_halves(self, text: str) -> Iterator[Met]:
        for _, sign in zip(range(TOKENS_MAX), _HALF.finditer(text), strict=False):
            start = sign.start() - 1
            # Signs in pairs set words off and cover nothing.
            if text[start] in self._halves and (sign[0] == "x" or text.count(sign[0]) % 2):
                for word in self._halves[text[start]]:
                    yield Met(word, start, sign.end(), "masked")

    def _in_latin(self, text: str, start: int, token: str) -> Iterator[Met]:
        least = len(token.rstrip(SIGNS + WEAK))
        for size in range(max(least, LETTERS_MIN), min(len(token), least + COVERED_MAX) + 1):
            # A mark of emphasis after a word covers nothing.
            if size > least and (
                token[least:size] != "*" * (size - least) or text[start - 1 : start] == "*"
            ):
                break
            for word in self._latin.get((token[0], size), ()):
                if _covers(token, word.bare):
                    yield Met(word, start, start + size, "covered")

    def _all_in_han(self, text: str) -> Iterator[Met]:
        for _, sign in zip(range(TOKENS_MAX), _IN_HAN.finditer(text), strict=False):
            yield from self._in_han(text, sign.start())

    def _in_han(self, text: str, sign: int) -> Iterator[Met]:
        for start in range(max(0, sign - _HAN_REACH), sign):
            for size in range(max(HAN_MIN, sign - start + 2), _HAN_REACH + 1):
                for word in self._han.get((text[start], size), ()):
                    seen = text[start : start + size]
                    if len(seen) == size and _covers(seen, word.bare, IN_HAN):
                        yield Met(word, start, start + size, "covered")


def _found(
    pattern: re.Pattern[str], text: str, words: Sequence[tuple[int, int]]
) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    for start, end in words:
        found += pattern.finditer(text, start, end)
        if len(found) >= TOKENS_MAX:
            break
    return found[:TOKENS_MAX]


_DRAWN_LETTERS: Final = frozenset(one for _, one in _AS_ONE)


def _as_one(text: str) -> str:
    for two, one in _AS_ONE:
        text = text.replace(two, one)
    return text


def _draws(token: str, word: str) -> bool:
    """Tell whether the token is the word with one of its letters or more drawn by two."""
    if token == word:
        return False
    at = 0
    for letter in word:
        two = next((two for two, one in _AS_ONE if one == letter), letter)
        if token.startswith(letter, at):
            at += 1
        elif token.startswith(two, at):
            at += 2
        else:
            return False
    return at == len(token)


def _covers(seen: str, word: str, more: str = "") -> bool:
    """Tell whether the letters seen are those of the word, but for one to three under a sign."""
    covered = weak = 0
    for character, letter in zip(seen, word, strict=False):
        if character == letter:
            continue
        if character in WEAK:
            weak += 1
        elif character not in SIGNS and character not in more:
            return False
        covered += 1
    if not 1 <= covered <= COVERED_MAX or covered * 2 > len(word):
        return False
    return not weak or (covered == 1 and len(word) >= LETTERS_MIN_WEAK)


def stands(met: Met, text: str) -> bool:
    """Tell whether no letter goes on where none may."""
    return alone(met.word, text, met.start, met.end)
