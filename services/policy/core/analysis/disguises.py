"""Ways in which words are hidden (S15), in which the examples of a rule are tried again.

Each gives the same text for the same seed, and leaves a text alone that it cannot change.
"""

from collections.abc import Callable, Mapping
from typing import Final

_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_BOLD = {ord("a") + number: 0x1D41A + number for number in range(26)}


def capitals(text: str, _seed: int) -> str:
    """Return the text in capitals."""
    return text.upper()


def full_width(text: str, _seed: int) -> str:
    """Return the text in the wide forms of ASCII."""
    return text.translate(_WIDE)


def zero_width(text: str, _seed: int) -> str:
    """Return the text with a character between each two that cannot be seen."""
    return "\u200b".join(text)


def accents(text: str, _seed: int) -> str:
    """Return the text with an accent on every letter of ASCII."""
    return "".join(f"{c}\u0301" if c.isascii() and c.isalpha() else c for c in text)


def mathematical(text: str, _seed: int) -> str:
    """Return the text with small letters in the bold ones of mathematics."""
    return text.translate(_BOLD)


DISGUISES: Final[Mapping[str, Callable[[str, int], str]]] = {
    make.__name__: make for make in (capitals, full_width, zero_width, accents, mathematical)
}
