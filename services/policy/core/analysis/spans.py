"""Which numbers are left when some comparisons hold and others do not: exact, as cuts of the line.

A cut lies between two numbers: `(5, 0)` just before 5, `(5, 1)` just after it. Of whole numbers a
cut is moved up to the next whole one, so that `more than 5 and less than 6` leaves nothing.
"""

import math
from collections.abc import Iterable

from policy.core.ir import Compare

Cut = tuple[float, int]
Span = tuple[Cut, Cut]
LOWEST: Cut = (-math.inf, 0)
HIGHEST: Cut = (math.inf, 1)


def span_of(compare: Compare) -> Span:
    """Return the numbers of which the comparison holds."""
    before, after = (compare.value, 0), (compare.value, 1)
    low, high = {
        "<": (LOWEST, before),
        "<=": (LOWEST, after),
        ">": (after, HIGHEST),
        ">=": (before, HIGHEST),
        "==": (before, after),
    }[compare.relation]
    return (_whole(low), _whole(high)) if compare.field.type == "int" else (low, high)


def _whole(cut: Cut) -> Cut:
    value, side = cut
    if math.isinf(value):
        return cut
    return (math.floor(value) + 1 if side else math.ceil(value)), 0


def left(spans: Iterable[Span], holding: Iterable[Span], failing: Iterable[Span]) -> list[Span]:
    """Return what of `spans` lies in all of `holding` and in none of `failing`."""
    found = list(spans)
    for low, high in holding:
        found = [(max(low, start), min(high, end)) for start, end in found]
    for low, high in failing:
        found = [
            part
            for start, end in found
            for part in ((start, min(end, low)), (max(start, high), end))
        ]
    return sorted({(start, end) for start, end in found if start < end})
