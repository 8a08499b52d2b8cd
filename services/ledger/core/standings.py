"""How much of what members earned counts, and for how long. Pure, and in whole numbers throughout.

Caps are over the set of a day's merits: what comes later, or first, makes no difference. In a day,
UTC, and a group or the whole network:

1. what one gives to one counts up to `per_pair`;
2. what one gives to all, after that, up to `per_giver`: if it is more, each gets their part of it,
   ``floor(cap * part / sum)``, and what is left of the cap goes, one unit each, to the largest
   remainders, of equal ones to the member whose id comes first;
3. what one is given by all, after that, up to `per_member`.

Praise and blame are capped apart from each other, and alike. What no member gave is not capped.

What was counted for a day halves with every half-life. After ``n`` days it counts times
``w(n) / 2^62``, where with ``h`` days of half-life ``w(n)`` is made of ``f = floor((n mod h) * 2^32
/ h)``, beginning with ``2^62``: for each bit of ``f`` that is set, from the highest, ``w`` becomes
``floor(w * r / 2^62)`` with the ``r`` of that bit; then it is halved ``floor(n / h)`` times,
rounding down. The ``r`` of the highest bit is ``floor(sqrt(2^123))``, and of each next
``floor(sqrt(r * 2^62))`` with the ``r`` before: 2^62 divided by the square root of two, the fourth
root, and so on. A standing is the sum over the days, divided by 2^62 and rounded to the nearest,
halves towards zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import isqrt
from typing import NamedTuple

from ledger.core.levels import Level

_BITS = 62
_FRACTION_BITS = 32
_ONE = 1 << _BITS


@dataclass(frozen=True, slots=True, kw_only=True)
class MeritTerms:
    """What an operator decides about reputation: 0 is no decay and no cap."""

    half_life_days: int = 180
    per_giver: int = 20  # minor units a day, as are the others
    per_member: int = 40
    per_pair: int = 5
    seeds: tuple[str, ...] = ()  # members whom the network trusts to begin with
    levels: tuple[Level, ...] = ()  # of standing, the lowest first
    serial: int = 0  # so often within a week from one to one is serial voting; 0: never


class Deed(NamedTuple):
    """A merit, as far as counting goes."""

    member: str
    giver: str
    day: int  # since 1970, UTC
    amount: int
    stands: bool = True  # it was not taken back


@dataclass(slots=True)
class Counted:
    """What counts of a set of merits."""

    days: dict[str, dict[int, int]] = field(default_factory=dict)  # by member and day
    given: dict[tuple[str, str], int] = field(default_factory=dict)  # praise, by giver and member
    praised: dict[str, set[int]] = field(default_factory=dict)  # days on which others praised them

    def givers(self) -> dict[str, int]:
        """Return how many different ones praised each member."""
        found: dict[str, int] = defaultdict(int)
        for _, member in self.given:
            found[member] += 1
        return dict(found)


def count(deeds: Iterable[Deed], terms: MeritTerms) -> Counted:
    """Return what counts of all ``deeds`` of a place, in whichever order they come."""
    wants: dict[tuple[int, bool, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    got: dict[tuple[str, int, bool], int] = defaultdict(int)
    counted = Counted()
    for deed in deeds:
        if not deed.stands:
            continue
        if deed.giver:
            wants[deed.day, deed.amount > 0, deed.giver][deed.member] += abs(deed.amount)
        else:
            _add(counted, deed.member, deed.day, deed.amount)
    for (day, is_praise, giver), by_member in wants.items():
        capped = {member: _at_most(n, terms.per_pair) for member, n in by_member.items()}
        for member, n in share(terms.per_giver, capped).items():
            got[member, day, is_praise] += n
            if is_praise and n:
                counted.given[giver, member] = counted.given.get((giver, member), 0) + n
                counted.praised.setdefault(member, set()).add(day)
    for (member, day, is_praise), n in got.items():
        n = _at_most(n, terms.per_member)  # noqa: PLW2901 - as much of it as counts
        _add(counted, member, day, n if is_praise else -n)
    return counted


def share(cap: int, wanted: Mapping[str, int]) -> dict[str, int]:
    """Divide ``cap`` (0: none) among all by what each wants; nobody gets more than that."""
    total = sum(wanted.values())
    if not cap or total <= cap:
        return dict(wanted)
    shares = {name: cap * n // total for name, n in wanted.items()}
    left = cap - sum(shares.values())
    by_rest = sorted(wanted, key=lambda name: (-(cap * wanted[name] % total), name))
    for name in by_rest[:left]:
        shares[name] += 1
    return shares


def weigh(days: Mapping[int, int], today: int, half_life_days: int) -> int:
    """Return what is left today of what was counted by day, to the nearest, halves to zero."""
    exact = sum(n * weight(max(today - day, 0), half_life_days) for day, n in days.items())
    size = (abs(exact) + _ONE // 2 - 1) >> _BITS
    return size if exact >= 0 else -size


@cache
def weight(age_days: int, half_life_days: int) -> int:
    """Return by what something of that age counts, in parts of 2^62; of a half-life of 0, all."""
    if not half_life_days:
        return _ONE
    halvings, rest = divmod(age_days, half_life_days)
    fraction = (rest << _FRACTION_BITS) // half_life_days
    left = _ONE
    for place, root in enumerate(_roots(), start=1):
        if fraction >> (_FRACTION_BITS - place) & 1:
            left = left * root >> _BITS
    return left >> halvings


@cache
def _roots() -> tuple[int, ...]:
    """Return 2^62 times the square root of a half, the fourth root of it, and so on."""
    roots = [isqrt(_ONE * _ONE // 2)]
    while len(roots) < _FRACTION_BITS:
        roots.append(isqrt(roots[-1] << _BITS))
    return tuple(roots)


def _at_most(n: int, cap: int) -> int:
    return min(n, cap) if cap else n


def _add(counted: Counted, member: str, day: int, n: int) -> None:
    days = counted.days.setdefault(member, {})
    days[day] = days.get(day, 0) + n
