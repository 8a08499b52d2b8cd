"""What Hyperscan makes of the terms, and how one process makes it for another.

Compiling ten thousand words takes most of a second, loading what came of it a millisecond. Of what
is in use already it is made no more. Bytes are loaded only where our own process wrote them:
Hyperscan believes what it is given.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import hyperscan

from policy.core.layout import Layout, Part
from policy.core.steps import Steps

Known = Mapping[bytes, hyperscan.Database]


class Databases(NamedTuple):
    """Those of each view that is scanned, one for each part of what is looked for in it."""

    folded: tuple[hyperscan.Database, ...]
    loose: tuple[hyperscan.Database, ...]
    spoken: tuple[hyperscan.Database, ...]
    known: Known  # all of them by the digests of the parts


class Dumped(NamedTuple):
    """What the databases of a layout are made of, by the digests of its parts.

    `made` has those as bytes that were not known to whoever asked.
    """

    digest: bytes  # of the layout
    folded: tuple[bytes, ...]
    loose: tuple[bytes, ...]
    spoken: tuple[bytes, ...]
    made: Mapping[bytes, bytes]


def compiled(layout: Layout) -> Databases:
    """Return the databases of what is laid out."""
    parts = layout.parts()
    known = {part.digest: _of(part) for view in parts for part in view}
    folded, loose, spoken = (tuple(known[part.digest] for part in view) for view in parts)
    return Databases(folded, loose, spoken, known)


def dumped(layout: Layout, known: Collection[bytes] = ()) -> Dumped:
    """Return the databases of what is laid out as bytes, but those that are known."""
    parts = layout.parts()
    made = {part.digest: part for view in parts for part in view}
    folded, loose, spoken = (tuple(part.digest for part in view) for view in parts)
    dumps = {
        digest: bytes(hyperscan.dumpb(_of(part)))
        for digest, part in made.items()
        if digest not in known
    }
    return Dumped(layout.digest, folded, loose, spoken, dumps)


def loaded(dump: Dumped, known: Known) -> Steps[Databases | None]:
    """Load the databases that `dumped` gave as bytes, one by one, and take those that are known.

    None: one that was known is known no more.
    """
    found: dict[bytes, hyperscan.Database] = {}
    for digest in (*dump.folded, *dump.loose, *dump.spoken):
        if digest in known:
            found[digest] = known[digest]
        elif digest in dump.made:
            found[digest] = _loaded(dump.made[digest])
            yield
        else:
            return None
    folded, loose, spoken = (
        tuple(found[digest] for digest in view) for view in (dump.folded, dump.loose, dump.spoken)
    )
    return Databases(folded, loose, spoken, found)


def database(expressions: Sequence[bytes], flags: Sequence[int]) -> hyperscan.Database:
    """Return what finds these expressions, each with the flags beside it."""
    made = hyperscan.Database()
    ids = list(range(len(expressions)))
    made.compile(expressions=list(expressions), ids=ids, elements=len(ids), flags=list(flags))
    return made


def _of(part: Part) -> hyperscan.Database:
    return database(part.expressions, part.flags)


def _loaded(data: bytes) -> hyperscan.Database:
    made = hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
    made.scratch = hyperscan.Scratch(made)
    return made
