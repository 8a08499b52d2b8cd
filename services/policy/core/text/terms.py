"""Terms as they are looked for: the forms of each word, and what must stand around it."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import hyperscan

from policy.core.text.fold import fold
from policy.core.text.look import Look
from policy.core.text.view import View

PATTERN_FLAGS: Final = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_CASELESS
Reach = Literal["strict", "normal", "loose"]
# Scripts from Thai on, but for a few, are written without spaces or glue particles to words.
_JOINED_FROM = "\u0e00"
_ESCAPED: Final = tuple(b"\\x%02x" % byte for byte in range(256))
_CONTINUATION = 0x80  # the two highest bits of the later bytes of a character in UTF-8


@dataclass(frozen=True, slots=True)
class Term:
    """One word or pattern as the rulebook has it, and how far a disguise of it is followed.

    `reach`: "strict" looks at the folded text alone; "loose" takes every gap between letters for a
    disguise. `views` are those a hit may have been read in; empty: all but the lossy ones.
    `surfaces` are those looked at; empty: all that the member wrote.
    """

    written: str
    kind: Literal["words", "patterns"]
    reach: Reach = "normal"
    views: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = ()


class Found(NamedTuple):
    """Where a term was met: bytes of a view; `start` is -1 where only the end is known."""

    look: Look
    view: View
    start: int
    end: int
    kind: str  # what the loose or spoken view made of it; "" elsewhere


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is looked for: what is left of it, and where no letter may go on."""

    term: int
    bare: str
    guarded_start: bool
    guarded_end: bool
    reach: Reach

    @property
    def size(self) -> int:
        """How many bytes the word is."""
        return len(self.bare.encode())

    @property
    def tight(self) -> str:
        """The word without its spaces, as it reads where all letters are set apart."""
        return self.bare.replace(" ", "")


def word_of(number: int, term: Term) -> Word:
    """Return the word that a term is."""
    folded = fold(term.written).strip()
    bare = folded.strip("* ")
    return Word(
        number,
        bare,
        word_letter(bare[0]) and not folded.startswith("*"),
        word_letter(bare[-1]) and not folded.endswith("*"),
        term.reach,
    )


def word_letter(character: str) -> bool:
    """Tell whether a letter of this script before or after a word makes it another word."""
    return character < _JOINED_FROM and character.isalnum()


def literal(data: bytes) -> bytes:
    """Return the expression that matches just these bytes."""
    return b"".join(map(_ESCAPED.__getitem__, data))


def stands_alone(word: Word, view: View, start: int, end: int) -> bool:
    """Tell whether no letter goes on where none may; `start` and `end` are bytes of the view."""
    scanned = view.scanned
    if word.guarded_start and start and word_letter(_before(scanned, start)):
        return False
    return not (word.guarded_end and end < len(scanned) and word_letter(_after(scanned, end)))


def alone(word: Word, text: str, start: int, end: int) -> bool:
    """Tell the same as `stands_alone`, of characters of any text."""
    if word.guarded_start and start and word_letter(text[start - 1]):
        return False
    return not (word.guarded_end and end < len(text) and word_letter(text[end]))


def _before(scanned: bytes, end: int) -> str:
    start = end - 1
    while scanned[start] & 0xC0 == _CONTINUATION:
        start -= 1
    return scanned[start:end].decode()


def _after(scanned: bytes, start: int) -> str:
    end = start + 1
    while end < len(scanned) and scanned[end] & 0xC0 == _CONTINUATION:
        end += 1
    return scanned[start:end].decode()


def drawn_apart(word: Word, look: Look, start: int, end: int) -> bool:
    """Tell whether the letters that go on are drawn otherwise than the word, as emoji are.

    A letter in a circle or a square glued to a word in plain letters does not make it another.
    """
    text = look.text
    for edge, beside, guarded in (
        (start, start - 1, word.guarded_start),
        (end - 1, end, word.guarded_end),
    ):
        if not guarded or not 0 <= beside < len(text) or not word_letter(text[beside]):
            continue
        if look.written(edge).isalnum() == look.written(beside).isalnum():
            return False
    return True
