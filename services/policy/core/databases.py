"""What Hyperscan makes of the terms, and how one process makes it for another.

Compiling ten thousand words takes most of a second, loading what came of it a millisecond. Bytes
are loaded only where our own process wrote them: Hyperscan believes what it is given.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import hyperscan

from policy.core.layout import Layout
from policy.core.text.terms import literal


class Databases(NamedTuple):
    """One for each view that is scanned; None where nothing is looked for in it."""

    folded: hyperscan.Database | None
    loose: hyperscan.Database | None
    spoken: hyperscan.Database | None


class Dumped(NamedTuple):
    """Databases as bytes, and the digest of the layout that they are of; b"" for None."""

    digest: bytes
    folded: bytes
    loose: bytes
    spoken: bytes


def compiled(layout: Layout) -> Databases:
    """Return the databases of what is laid out."""
    folded = database(*layout.expressions()) if layout.terms else None
    return Databases(folded, _of_literals(layout.loose), _of_literals(layout.spoken))


def dumped(layout: Layout) -> Dumped:
    """Return the databases of what is laid out as bytes."""
    made = (b"" if one is None else bytes(hyperscan.dumpb(one)) for one in compiled(layout))
    return Dumped(layout.digest, *made)


def loaded(dump: Dumped) -> Databases:
    """Return the databases that `dumped` gave as bytes."""
    return Databases(_loaded(dump.folded), _loaded(dump.loose), _loaded(dump.spoken))


def database(expressions: Sequence[bytes], flags: Sequence[int]) -> hyperscan.Database:
    """Return what finds these expressions, each with the flags beside it."""
    made = hyperscan.Database()
    ids = list(range(len(expressions)))
    made.compile(expressions=list(expressions), ids=ids, elements=len(ids), flags=list(flags))
    return made


def _of_literals(forms: Iterable[str]) -> hyperscan.Database | None:
    expressions = [literal(form.encode()) for form in forms]
    return database(expressions, [0] * len(expressions)) if expressions else None


def _loaded(data: bytes) -> hyperscan.Database | None:
    if not data:
        return None
    made = hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
    made.scratch = hyperscan.Scratch(made)
    return made
