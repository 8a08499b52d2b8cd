"""Which of thousands of rules may hold, at a cost that hardly grows with their number.

One bit stands for each conjunction that follows from a rule's test (`policy.core.limits`). Each
field has, for every stretch of its values, the bits of those that it does not rule out. A message
reads each field that still matters once and leaves the intersection. What is left may hold, and is
asked; what is not, cannot.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from math import inf
from operator import or_
from typing import Any

from policy.core.fields import FUNCTIONS
from policy.core.ir import Field, Test
from policy.core.kinds import EVENT_KINDS, EventKind
from policy.core.limits import TERMS, Conjunction, conjunctions
from policy.core.seen import Seen
from policy.core.steps import Steps

STRETCHES_MAX = 256  # of one field; rules whose bounds lie in one stretch are asked rather often
DENSE_FROM = 64  # bits that one value stands for, from which on they are kept as one number

Wake = Callable[[Seen], int]


@dataclass(frozen=True, slots=True)
class Index:
    """Rules by what they ask of fields; `wake` gives bits, `places` the rules they stand for."""

    places: tuple[int, ...]
    wake: Wake


def indexed(tests: Sequence[tuple[Collection[EventKind], Test]]) -> Steps[Index]:
    """Index rules by the kinds of event they look at and their tests, in the order of the book."""
    every: list[tuple[int, Conjunction]] = []
    for place, (_, test) in enumerate(tests):
        every += [(place, one) for one in conjunctions(test)]
        yield
    # Those that need a term come last: without one, the numbers stay short.
    entries = [entry for entry in every if TERMS not in entry[1]]
    entries += [entry for entry in every if TERMS in entry[1]]
    places = tuple(place for place, _ in entries)
    looking: dict[frozenset[EventKind], list[int]] = {}
    for bit, place in enumerate(places):
        looking.setdefault(frozenset(tests[place][0]), []).append(bit)
    masks = {kinds: mask(bits) for kinds, bits in looking.items()}
    of_kind = {
        kind: reduce(or_, (bits for kinds, bits in masks.items() if kind in kinds), 0)
        for kind in EVENT_KINDS
    }
    yield
    wake = yield from _waking(of_kind, [one for _, one in entries])
    return Index(places, wake)


def mask(bits: Iterable[int]) -> int:
    """Return the number that has these bits."""
    known = tuple(bits)
    made = bytearray(max(known, default=0) // 8 + 1)
    for bit in known:
        made[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(made, "little")


class Values:
    """Bits by value; those without a limit always stay."""

    __slots__ = ("_dense", "_sparse", "free")

    def __init__(self, free: int, bits: Mapping[Any, Sequence[int]]) -> None:
        self.free = free
        self._sparse = {value: of for value, of in bits.items() if len(of) < DENSE_FROM}
        self._dense = {value: mask(of) for value, of in bits.items() if len(of) >= DENSE_FROM}

    def one(self, value: Any) -> int:  # noqa: ANN401 -- whatever values there are
        """Return the bits that a value leaves."""
        found = self.free | self._dense.get(value, 0)
        for bit in self._sparse.get(value, ()):
            found |= 1 << bit
        return found

    def some(self, values: Iterable[Any]) -> int:
        """Return the bits that a list of values leaves."""
        found = self.free
        for value in values:
            found |= self._dense.get(value, 0)
            for bit in self._sparse.get(value, ()):
                found |= 1 << bit
        return found


def _waking(of_kind: Mapping[EventKind, int], limits: Sequence[Conjunction]) -> Steps[Wake]:
    fields: dict[Field, list[int]] = {}
    for bit, one in enumerate(limits):
        for of in one:
            fields.setdefault(of, []).append(bit)
    everything = mask(range(len(limits)))
    terms = _values(TERMS, fields.pop(TERMS, []), limits, everything)
    quiet = {kind: bits & terms.free for kind, bits in of_kind.items()}
    known: dict[str, object] = {
        **FUNCTIONS,
        "bisect_right": bisect_right, "quiet": quiet, "of_kind": of_kind, "some": terms.some,
    }  # fmt: skip
    lines = [
        "def wake(seen):",
        "    hits = seen.hits",
        "    left = of_kind[seen.kind] & some(hits) if hits else quiet[seen.kind]",
    ]
    for number, of in enumerate(sorted(fields, key=lambda of: (of.cost_us, of.name))):
        yield
        limited = mask(fields[of])
        known[f"limited{number}"] = limited
        known[f"free{number}"] = everything & ~limited
        lines.append(f"    if left & limited{number}:")
        lines += [f"        {line}" for line in _narrow(of, number, fields[of], limits, known)]
    lines.append("    return left")
    exec("\n".join(lines), known)  # noqa: S102 -- the text is made here, of names that are ours
    made: Wake = known.pop("wake")  # type: ignore[assignment] # what the text defines
    return made


def _narrow(
    of: Field, number: int, bits: list[int], limits: Sequence[Conjunction], known: dict[str, object]
) -> list[str]:
    """Return the lines that leave of `left` what one field does not rule out."""
    free = known[f"free{number}"]
    assert isinstance(free, int), "it is a mask"
    everything = free | mask(bits)
    if of.type == "bool":
        known[f"yes{number}"] = free | mask(bit for bit in bits if limits[bit][of] is True)
        known[f"no{number}"] = free | mask(bit for bit in bits if limits[bit][of] is False)
        return [f"left &= yes{number} if {of.code} else no{number}"]
    if of.type in ("string", "strings"):
        values = _values(of, bits, limits, everything)
        known[f"leaves{number}"] = values.some if of.type == "strings" else values.one
        return [f"left &= leaves{number}({of.code})"]
    edges, masks = _stretches([(bit, limits[bit][of]) for bit in bits], free)
    known[f"edges{number}"], known[f"masks{number}"] = edges, masks
    if of.optional:
        leaves = f"masks{number}[bisect_right(edges{number}, v)]"
        return [f"v = {of.code}", f"left &= free{number} if v is None else {leaves}"]
    return [f"left &= masks{number}[bisect_right(edges{number}, {of.code})]"]


def _values(
    of: Field, bits: Iterable[int], limits: Sequence[Conjunction], everything: int
) -> Values:
    by_value: dict[Any, list[int]] = {}
    known = tuple(bits)
    for bit in known:
        wanted = limits[bit][of]
        assert isinstance(wanted, frozenset), "texts are limited to texts"
        for value in wanted:
            by_value.setdefault(value, []).append(bit)
    return Values(everything & ~mask(known), by_value)


def _stretches(bounds: list[tuple[int, Any]], free: int) -> tuple[list[float], list[int]]:
    """Return the edges between stretches of a number, and the bits left in each stretch."""
    edges = sorted({edge for _, of in bounds for edge in (of.low, of.high)} - {inf, -inf})
    step = -(-len(edges) // STRETCHES_MAX) or 1
    edges = edges[::step]
    opening: list[list[int]] = [[] for _ in range(len(edges) + 1)]
    closing: list[list[int]] = [[] for _ in range(len(edges) + 1)]
    for bit, of in bounds:
        opening[bisect_right(edges, of.low)].append(bit)
        # The last stretch that has a number below `high`; a bound inside a stretch leaves it open.
        last = bisect_right(edges, of.high)
        closing[last - 1 if last and edges[last - 1] == of.high else last].append(bit)
    opened = list(accumulate(map(mask, opening), or_))
    closed = list(accumulate(map(mask, reversed(closing)), or_))[::-1]
    return edges, [free | (begun & going) for begun, going in zip(opened, closed, strict=True)]
