"""What follows from a test that can be looked up: conjunctions of limits of fields.

Wherever the test holds, one of its conjunctions does. The other way round need not be true, so what
cannot be looked up is left out, and whoever looks up asks the test afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, nextafter
from operator import attrgetter
from typing import Any, Final

from policy.core.ir import (
    Among,
    Ask,
    Compare,
    Every,
    Field,
    Flag,
    Negated,
    Occurs,
    Relation,
    Some,
    Test,
    Weighs,
)

ALTERNATIVES_MAX = 8

TERMS: Final = Field("terms", "strings", attrgetter("hits"))
_CONTRARY: Final[dict[Relation, Relation]] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True, slots=True)
class Bounds:
    """Numbers from `low` on and below `high`."""

    low: float = -inf
    high: float = inf


Limit = Bounds | frozenset[Any] | bool
Conjunction = Mapping[Field, Limit]
NO_LIMIT: Final[Conjunction] = {}


def conjunctions(test: Test) -> tuple[Conjunction, ...]:  # noqa: PLR0911 -- one case for each form
    """Return conjunctions of which one holds wherever the test does; `NO_LIMIT` always holds."""
    match test:
        case Every(parts):
            return _every([conjunctions(part) for part in parts])
        case Some(parts):
            return _some([one for part in parts for one in conjunctions(part)])
        case Negated(part):
            return _contrary(part)
        case Weighs():
            needed = test.needed(needs_a_term)
            return _some([one for part in needed for one in conjunctions(part)])
        case Ask(_, given) if given is not None:
            return conjunctions(given)
        case Occurs(terms):
            return ({TERMS: terms},)
        case Compare(of, relation, value):
            return ({of: _bounds(of, relation, value)},)
        case Among(of, values):
            return ({of: values},)
        case Flag(of):
            return ({of: True},)
    return (NO_LIMIT,)


def needs_a_term(test: Test) -> bool:
    """Return whether a term must occur wherever the test holds."""
    return all(TERMS in one for one in conjunctions(test))


def _contrary(test: Test) -> tuple[Conjunction, ...]:
    match test:
        case Every(parts):
            return _some([one for part in parts for one in _contrary(part)])
        case Some(parts):
            return _every([_contrary(part) for part in parts])
        case Negated(part):
            return conjunctions(part)
        case Compare(of, relation, value) if relation in _CONTRARY and not of.optional:
            return ({of: _bounds(of, _CONTRARY[relation], value)},)
        case Flag(of) if not of.optional:
            return ({of: False},)
    return (NO_LIMIT,)


def _bounds(of: Field, relation: Relation, value: float) -> Bounds:
    after = value + 1 if of.type == "int" and isinstance(value, int) else nextafter(value, inf)
    match relation:
        case "<":
            return Bounds(high=value)
        case "<=":
            return Bounds(high=after)
        case ">":
            return Bounds(low=after)
        case ">=":
            return Bounds(low=value)
    return Bounds(value, after)


def _every(each: list[tuple[Conjunction, ...]]) -> tuple[Conjunction, ...]:
    found: list[Conjunction] = [NO_LIMIT]
    for alternatives in sorted(each, key=len):
        if len(found) * len(alternatives) <= ALTERNATIVES_MAX:
            both = [_both(one, other) for one in found for other in alternatives]
            found = [one for one in both if one is not None]
    return tuple(found)


def _both(one: Conjunction, other: Conjunction) -> Conjunction | None:
    """Return what follows from both; None where they exclude each other."""
    if not one or not other:
        return one or other
    found = dict(one)
    for of, limit in other.items():
        known = found.setdefault(of, limit)
        if isinstance(known, Bounds) and isinstance(limit, Bounds):
            met = Bounds(max(known.low, limit.low), min(known.high, limit.high))
            if met.low >= met.high:
                return None
            found[of] = met
        elif isinstance(known, frozenset) and isinstance(limit, frozenset):
            # A list may have one value of each; then the rarer is the better to look up.
            found[of] = min(known, limit, key=len) if of.type == "strings" else known & limit
        elif known != limit:
            return None
    return found


def _some(alternatives: list[Conjunction]) -> tuple[Conjunction, ...]:
    values: dict[Field, frozenset[Any]] = {}
    others: list[Conjunction] = []
    for one in alternatives:
        if not one:
            return (NO_LIMIT,)
        (of, limit), *more = one.items()
        if isinstance(limit, frozenset) and not more:
            values[of] = values.get(of, frozenset()) | limit
        else:
            others.append(one)
    found = [*({of: known} for of, known in values.items()), *others]
    if len(found) <= ALTERNATIVES_MAX:
        return tuple(found)
    terms = [limit for one in found for limit in [one.get(TERMS)] if isinstance(limit, frozenset)]
    if len(terms) < len(found):
        return (NO_LIMIT,)
    return ({TERMS: frozenset[Any]().union(*terms)},)
