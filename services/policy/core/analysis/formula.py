"""Conditions as formulas, and whether one can hold at all.

A formula is made of leaves that hold or fail, all of them or one of them. It is taken apart into
the ways in which it can hold, each a set of leaves that hold or fail together; a way is impossible
if some number, text or set is left with nothing to be. "Impossible" is proved; "possible" may only
mean that no reason against it was found.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Final, Literal

from policy.core import fields
from policy.core.analysis.spans import HIGHEST, LOWEST, Cut, left, span_of
from policy.core.checks import Checks
from policy.core.conditions.kind import AllOf, Condition
from policy.core.conditions.links import LinkTo
from policy.core.conditions.logic import AnyOf, NotAny
from policy.core.conditions.volume import Flood
from policy.core.ir import (
    Among,
    Ask,
    Compare,
    Every,
    Field,
    Finds,
    Flag,
    Negated,
    Occurs,
    Relate,
    Some,
    Test,
    Weighs,
)
from policy.core.kinds import EVENT_KINDS
from policy.core.limits import needs_a_term
from policy.core.links import parents

WAYS_MAX = 2_000
KIND: Final = next(field for field in fields.EXPRESSED if field.name == "kind")
_FROM_ZERO: Final = frozenset(
    (
        *("text_len", "lines", "words", "substance", "hosts", "links", "mentions", "attachments"),
        *(field.name for field in fields.RECENT.values()),
    )
)
_ZERO: Final[Cut] = (0, 0)
_KINDS: Final = frozenset[str](EVENT_KINDS)


@dataclass(frozen=True, slots=True)
class Whole:
    """A condition, or the numbered part of one, that only its own function can decide."""

    condition: Condition
    part: int = 0


Leaf = Compare | Among | Flag | Occurs | Relate | Finds | Whole


@dataclass(frozen=True, slots=True)
class Lit:
    """A leaf that holds, or one that does not."""

    leaf: Leaf
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Joined:
    """All of the parts hold, or any of them."""

    how: Literal["all", "any"]
    parts: "tuple[Formula, ...]"


Formula = Lit | Joined
Way = frozenset[Lit]
TRUE: Final = Joined("all", ())
FALSE: Final = Joined("any", ())


class TooManyWays(Exception):
    """A formula can hold in more ways than are looked at, so nothing is said of it."""


def negated(formula: Formula) -> Formula:
    """Return the formula that holds where this one does not."""
    if isinstance(formula, Lit):
        return Lit(formula.leaf, not formula.holds)
    return Joined(
        "any" if formula.how == "all" else "all", tuple(negated(part) for part in formula.parts)
    )


def leaves(formula: Formula) -> Iterator[Leaf]:
    """Yield every leaf, as often as it is written."""
    if isinstance(formula, Lit):
        yield formula.leaf
    else:
        for part in formula.parts:
            yield from leaves(part)


def formula_of(checks: Checks, condition: Condition) -> Formula:
    """Return a condition as a formula."""
    match condition:
        case AllOf(parts):
            return Joined("all", tuple(formula_of(checks, part) for part in parts))
        case AnyOf(parts):
            return Joined("any", tuple(formula_of(checks, part) for part in parts))
        case NotAny(part):
            return negated(formula_of(checks, part))
    return _Tested(condition).formula(checks.check(condition).test)


class _Tested:
    """The test of one condition on its way to a formula; numbers what only functions decide."""

    def __init__(self, condition: Condition) -> None:
        self._condition = condition
        self._asked = 0

    def formula(self, test: Test) -> Formula:
        match test:
            case Every(parts):
                return Joined("all", tuple(map(self.formula, parts)))
            case Some(parts):
                return Joined("any", tuple(map(self.formula, parts)))
            case Negated(part):
                return negated(self.formula(part))
            case Weighs():
                needed = Some(test.needed(needs_a_term))
                return Joined("all", (self._own(), self.formula(needed)))
            case Ask(_, given):
                own = self._own()
                return own if given is None else Joined("all", (own, self.formula(given)))
        return Lit(test)

    def _own(self) -> Lit:
        self._asked += 1
        return Lit(Whole(self._condition, self._asked - 1))


def ways(formula: Formula) -> list[Way]:
    """Return the ways in which a formula may hold, in the order written.

    Raises:
        TooManyWays: there are more than `WAYS_MAX`.
    """
    if isinstance(formula, Lit):
        return [frozenset((formula,))]
    found = [ways(part) for part in formula.parts]
    if formula.how == "any":
        joined = [way for part in found for way in part]
    else:
        if prod(map(len, found)) > WAYS_MAX:
            raise TooManyWays
        joined = [frozenset[Lit]().union(*parts) for parts in product(*found)]
    if len(joined) > WAYS_MAX:
        raise TooManyWays
    return list(dict.fromkeys(joined))


def possible(formula: Formula) -> bool:
    """Return whether a formula may hold of something; False is proved.

    Raises:
        TooManyWays: it cannot be told.
    """
    return any(is_possible(way) for way in ways(formula))


def is_possible(way: Way) -> bool:
    """Return whether all of this may be so of one event."""
    about: _About = {}
    for lit in way:
        _sort(about, lit)
    if not all(_fits(subject, *leaves) for subject, leaves in about.items()):
        return False
    for given, then in _LAWS:
        if _says(about, given):
            subject = _sort(about, then)
            if not _fits(subject, *about[subject]):
                return False
    return True


def _sort(about: "_About", lit: Lit) -> object:
    """Put a leaf with the others about the same, and return about what that is."""
    subject = _subject(lit.leaf)
    known = about.get(subject)
    if known is None:
        known = about[subject] = ([], [])
    known[0 if lit.holds else 1].append(lit.leaf)
    return subject


def _says(about: "_About", given: Lit) -> bool:
    """Return whether it follows that this is so: nothing would be left to be otherwise."""
    subject = _subject(given.leaf)
    if subject not in about:
        return False
    held, failed = about[subject]
    return not _fits(subject, held, [*failed, given.leaf])


_About = dict[object, tuple[list[Leaf], list[Leaf]]]
# What is so of every event, beyond what the fields say of themselves.
_LAWS: Final = (
    (Lit(Compare(fields.LINKS, ">", 0)), Lit(Flag(fields.SAYS_MORE))),
    (Lit(Compare(fields.LINKS, ">", 0)), Lit(Compare(fields.HOSTS, ">", 0))),
    (Lit(Among(KIND, frozenset(("command",)))), Lit(Flag(fields.SAYS_MORE))),
)


def _subject(leaf: Leaf) -> object:
    match leaf:
        case Compare(field) | Among(field) | Flag(field):
            return field
        case Whole(condition):
            return type(condition)
        case Occurs():
            return Occurs
    return leaf


def _fits(subject: object, held: list[Leaf], failed: list[Leaf]) -> bool:
    first = (held or failed)[0]
    if isinstance(first, Whole):
        return not any(_implies(leaf, other) for leaf in held for other in failed)
    if isinstance(first, Flag | Relate | Finds):
        return not (held and failed)
    absent = isinstance(subject, Field) and subject.optional and not held
    if absent:
        return True
    if isinstance(first, Compare):
        return _numbers_left(first.field, held, failed)
    if isinstance(first, Among) and first.field.type == "string":
        return _texts_left(first.field, held, failed)
    gone = frozenset[object]().union(*map(_values, failed))
    return all(_values(leaf) - gone for leaf in held)


def _numbers_left(field: Field, held: Iterable[Leaf], failed: Iterable[Leaf]) -> bool:
    lowest = _ZERO if field.name in _FROM_ZERO else LOWEST
    spans = [span_of(leaf) for leaf in held if isinstance(leaf, Compare)]
    without = [span_of(leaf) for leaf in failed if isinstance(leaf, Compare)]
    return bool(left([(lowest, HIGHEST)], spans, without))


def _texts_left(field: Field, held: Iterable[Leaf], failed: Iterable[Leaf]) -> bool:
    sets = [_values(leaf) for leaf in held]
    if field == KIND:
        sets.append(_KINDS)
    if not sets:
        return True
    return bool(frozenset.intersection(*sets) - frozenset[object]().union(*map(_values, failed)))


def _values(leaf: Leaf) -> frozenset[object]:
    if isinstance(leaf, Among):
        return frozenset(leaf.values)
    return frozenset(leaf.terms) if isinstance(leaf, Occurs) else frozenset()


def _implies(leaf: Leaf, other: Leaf) -> bool:
    """Return whether what only functions decide is decided by another: six messages, then five."""
    if leaf == other:
        return True
    match leaf, other:
        case Whole(Flood() as one), Whole(Flood() as two):
            return one.measure == two.measure and (
                one.limit >= two.limit and one.within_ms <= two.within_ms
            )
        case Whole(LinkTo() as one), Whole(LinkTo() as two):
            below = all(set(parents(host)) & set(two.members) for host in one.members)
            return below and set(one.lists) <= set(two.lists)
    return False
