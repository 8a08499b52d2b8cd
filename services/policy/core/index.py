"""Which of thousands of rules may hold, at a cost that hardly grows with their number.

One bit stands for each conjunction that follows from a rule's test (`policy.core.limits`). Each
field has, for every stretch of its values, the bits of those that it does not rule out. A message
reads each field that still matters once and leaves the intersection. What is left may hold, and is
asked; what is not, cannot.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import reduce
from itertools import accumulate
from math import inf
from operator import or_
from typing import Any

from policy.core.ir import Field, Test
from policy.core.kinds import EVENT_KINDS, EventKind
from policy.core.limits import TERMS, Bounds, Conjunction, Limit, conjunctions
from policy.core.steps import Steps

STRETCHES_MAX = 256  # of one field; rules whose bounds lie in one stretch are asked rather often
DENSE_FROM = 64  # bits that one value stands for, from which on they are kept as one number


class Index:
    """Rules by what they ask of fields. `places` are the rules that bits stand for."""

    def __init__(
        self,
        places: Sequence[int],
        of_kind: Mapping[EventKind, int],
        terms: "Values",
        narrowings: "Sequence[Narrowing]",
    ) -> None:
        """Take the bits of each kind of event, and what rules out some of them."""
        self.places = tuple(places)
        self._of_kind = dict(of_kind)
        self._quiet = {kind: bits & terms.free for kind, bits in self._of_kind.items()}
        self._terms = terms
        self._narrowings = list(narrowings)

    def wake(self, seen: Any) -> int:  # noqa: ANN401 -- what the fields read
        """Return the bits of the rules that may hold of what is seen."""
        hits = seen.hits
        kind: EventKind = seen.kind
        left = self._of_kind[kind] & self._terms.some(hits) if hits else self._quiet[kind]
        for one in self._narrowings:
            if left & one.limited:
                left &= one.leaves(seen)
        return left

    def holding(self, seen: Any, holds: Sequence[Callable[[Any], bool]]) -> list[int]:  # noqa: ANN401 -- as above
        """Return the places of the rules that hold of what is seen, in order.

        `holds` are all rules as functions; of each place one is asked no more than once.
        """
        woken = self.wake(seen)
        if not woken:
            return []
        found: set[int] = set()
        while woken:
            bit = woken.bit_length() - 1
            woken ^= 1 << bit
            place = self.places[bit]
            if place not in found and holds[place](seen):
                found.add(place)
        return sorted(found)


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
    terms, narrowings = yield from _narrowings([one for _, one in entries])
    return Index(places, of_kind, terms, narrowings)


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


class Narrowing:
    """What one field rules out, of those bits that it limits.

    `free` are the others: they stay whatever it says, and all do where there is nothing to read.
    """

    def __init__(self, of: Field, limited: int, free: int, *, values: "Values | None") -> None:
        """Take the bits that values leave; `between` is for numbers."""
        self.limited = limited
        self._read = of.read
        self._free = free
        self._is_list = of.type == "strings"
        self._values = values
        self._edges: list[Any] = []  # whole numbers beyond what a float tells apart among them
        self._masks: list[int] = []
        self._least: Any = inf

    def between(self, edges: list[Any], masks: list[int]) -> None:
        """Take the edges between stretches of numbers, and the bits that each stretch leaves."""
        self._edges, self._masks = edges, masks
        self._least = edges[0] if edges else inf

    def leaves(self, seen: Any) -> int:  # noqa: ANN401 -- as above
        """Return the bits that the field does not rule out."""
        value = self._read(seen)
        values = self._values
        if values is not None:
            return values.some(value) if self._is_list else values.one(value)
        if value is None:
            return self._free
        if value < self._least:
            return self._masks[0]
        return self._masks[bisect_right(self._edges, value)]


def _narrowings(limits: Sequence[Conjunction]) -> Steps[tuple[Values, list[Narrowing]]]:
    """Return what terms rule out, and what the other fields do, the cheapest first."""
    fields: dict[Field, list[int]] = {}
    for bit, one in enumerate(limits):
        for of in one:
            fields.setdefault(of, []).append(bit)
    everything = mask(range(len(limits)))
    terms = _values(TERMS, fields.pop(TERMS, []), limits, everything)
    found: list[Narrowing] = []
    for of in sorted(fields, key=lambda of: (of.cost_us, of.name)):
        yield
        bits = fields[of]
        limited = mask(bits)
        free = everything & ~limited
        is_text = of.type in ("string", "strings")
        values = _values(of, bits, limits, everything) if is_text else None
        narrowing = Narrowing(of, limited, free, values=values)
        if not is_text:
            edges, masks = _stretches([(bit, _bounds(limits[bit][of])) for bit in bits], free)
            narrowing.between(edges, masks)
        found.append(narrowing)
    return terms, found


def _bounds(limit: Limit) -> Bounds:
    """Return the limit of a number, or of yes and no as 1 and 0."""
    if isinstance(limit, bool):
        return Bounds(low=1) if limit else Bounds(high=1)
    assert isinstance(limit, Bounds), "numbers have bounds"
    return limit


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


def _stretches(bounds: list[tuple[int, Any]], free: int) -> tuple[list[Any], list[int]]:
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
