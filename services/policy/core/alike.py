"""Texts that are the same, or nearly so: each is given the key of the first of its like.

Two texts are the same where their letters and digits are. Longer ones are nearly the same where
most of their runs of characters are: of each text the 16 smallest hashes of its runs are kept (the
bottom-k sketch of Broder, 1997), and what two sketches share tells how much the texts do.
"""

import re
from typing import Final
from zlib import crc32

EXAMINED: Final = 512  # bytes of a text whose runs are looked at
RUN: Final = 6  # bytes: two characters of Chinese, six of English
SHORT: Final = 24  # bytes; of shorter texts only the same are alike
SKETCH: Final = 16
HANDLES: Final = 4
_LEFT_OUT: Final = bytes(code for code in range(0x80) if not chr(code).isalnum())
_NO_SUBSTANCE: Final = re.compile(r"[\W_]+")
COMMON: Final = 10  # of 16 hashes: about half of all runs, so one in ten characters may differ


def substance_of(folded: str) -> bytes:
    """Return the letters and digits of a folded text, as far as they are looked at."""
    if folded.isascii():
        return folded.encode().translate(None, _LEFT_OUT)
    return _NO_SUBSTANCE.sub("", folded).encode("utf-8", "surrogatepass")


def sketch_of(bare: bytes) -> list[int]:
    """Return the smallest hashes of a text's runs, in order."""
    head = bare[:EXAMINED]
    runs = [head[at : at + RUN] for at in range(max(1, len(head) - RUN + 1))]
    return sorted(set(map(crc32, runs)))[:SKETCH]


def are_alike(one: list[int], other: list[int]) -> bool:
    """Return whether two sketches have so much in common that their texts are nearly the same."""
    union = sorted({*one, *other})[:SKETCH]
    common = len({*one} & {*other} & {*union})
    return common * SKETCH >= COMMON * len(union)


def handles(sketch: list[int]) -> list[str]:
    """Return by what a text is found again: each of its smallest hashes."""
    return [f"{part:08x}" for part in sketch[:HANDLES]]
