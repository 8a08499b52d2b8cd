"""Texts that are the same, or nearly so: each is given the key of the first of its like.

Two texts are the same where their letters and digits are. Longer ones are nearly the same where
most of their runs of characters are: of each text the 16 smallest hashes of its runs are kept (the
bottom-k sketch of Broder, 1997), and what two sketches share tells how much the texts do.
"""

import re
from typing import Final
from zlib import crc32

import msgspec

from contracts import ids
from policy.core.windows import Generations

TEXTS_MAX: Final = 2_000  # in each of two generations
EXAMINED: Final = 512  # bytes of a text whose runs are looked at
RUN: Final = 6  # bytes: two characters of Chinese, six of English
SHORT: Final = 24  # bytes; of shorter texts only the same are alike
SKETCH: Final = 16
HANDLES: Final = 4
_LEFT_OUT: Final = bytes(code for code in range(0x80) if not chr(code).isalnum())
_NO_SUBSTANCE: Final = re.compile(r"[\W_]+")
COMMON: Final = 10  # of 16 hashes: about half of all runs, so one in ten characters may differ


class Texts(msgspec.Struct, array_like=True):
    """The texts that a group has seen of late: keys by fingerprint and by handle, and sketches."""

    same: Generations[str] = msgspec.field(default_factory=lambda: Generations(0, TEXTS_MAX))
    near: Generations[str] = msgspec.field(
        default_factory=lambda: Generations(0, TEXTS_MAX * HANDLES)
    )
    sketches: Generations[list[int]] = msgspec.field(
        default_factory=lambda: Generations(0, TEXTS_MAX)
    )

    def key(self, folded: str, now_ms: int, horizon_ms: int) -> str:
        """Return the key of a text, and remember it; "" where nothing of substance is said."""
        bare = substance_of(folded)
        if not bare:
            return ""
        own = ids.digest(bare)
        for kept in (self.same, self.near, self.sketches):
            kept.horizon_ms = horizon_ms
            kept.advance(now_ms)
        known = self.same.get(own, now_ms)
        if known is None:
            known = self._nearest(bare, own, now_ms) if len(bare) >= SHORT else own
            self.same.put(own, known, now_ms)
        else:
            for handle in _handles(self.sketches.get(known, now_ms) or []):
                self.near.get(handle, now_ms)
        return known

    def _nearest(self, bare: bytes, own: str, now_ms: int) -> str:
        sketch = sketch_of(bare)
        for handle in _handles(sketch):
            key = self.near.get(handle, now_ms)
            other = self.sketches.get(key, now_ms) if key is not None else None
            if key is not None and other is not None and are_alike(sketch, other):
                return key
        self.sketches.put(own, sketch, now_ms)
        for handle in _handles(sketch):
            self.near.put(handle, own, now_ms)
        return own


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


def _handles(sketch: list[int]) -> list[str]:
    return [f"{part:08x}" for part in sketch[:HANDLES]]
