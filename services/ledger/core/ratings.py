"""What can be made of merits: standings, quality and trust, anew from the same rows. Pure.

Nothing of it is kept: made again from the same merits, the same comes out, to the last digit.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import isqrt
from typing import NamedTuple

from ledger.core.standings import Counted, Deed, MeritTerms, count, share, weigh

MILLION = 1_000_000
TRUST = 10**12
"""All the trust there is in a place; each member has so much of it."""

REASONS = 3
"""How many are told of each who is praised."""

ROUNDS = 32
"""How often trust is passed on; by then 0.85^32, less than a hundredth, is still on its way."""

_PASSED = 85  # percent of the trust in somebody that they pass on to those whom they praise
_Z2 = 38_416  # 1.96 squared, times 10^4: two-sided, 95 percent
_UNIT = 10**4
_PRECISION = 10**6


class Rating(NamedTuple):
    """What a place makes of a member."""

    member: str
    standing: int  # minor units, decayed
    givers: int  # different ones who praised them
    days: int  # different ones on which they were praised
    quality_ppm: int  # at least so many of a million of their merits are good ones
    trust: int  # parts of `TRUST`


class Told(NamedTuple):
    """A merit with what is told of it."""

    txn_id: int
    member: str
    giver: str
    day: int
    amount: int
    rule: str
    reason: str
    evidence: tuple[str, ...]


class Praised(NamedTuple):
    """A member who was praised, and what for: the largest merits first, none twice."""

    member: str
    amount: int  # minor units that count
    reasons: tuple[Told, ...]


def rate(deeds: Sequence[Deed], terms: MeritTerms, today: int) -> list[Rating]:
    """Rate everybody in ``deeds``, the highest standing first, of equal ones by their ids."""
    counted = count(deeds, terms)
    quality = _qualities(deeds)
    trust = trust_rank(counted, terms.seeds)
    givers = counted.givers()
    members = {deed.member for deed in deeds} | trust.keys()
    ratings = [
        Rating(
            member,
            weigh(counted.days.get(member, {}), today, terms.half_life_days),
            givers.get(member, 0),
            len(counted.praised.get(member, ())),
            wilson_ppm(*quality.get(member, (0, 0))),
            trust.get(member, 0),
        )
        for member in members
    ]
    return sorted(ratings, key=lambda rating: (-rating.standing, rating.member))


def praise(told: Iterable[Told], terms: MeritTerms, most: int) -> list[Praised]:
    """Return who was praised most, of equal ones by their ids, with the reasons; nothing decays."""
    found: dict[str, list[Told]] = defaultdict(list)
    for each in told:
        found[each.member].append(each)
    deeds = [
        Deed(one.member, one.giver, one.day, one.amount) for ones in found.values() for one in ones
    ]
    sums = {member: sum(days.values()) for member, days in count(deeds, terms).days.items()}
    first = sorted(
        (member for member, n in sums.items() if n), key=lambda each: (-sums[each], each)
    )
    return [Praised(member, sums[member], _reasons(found[member])) for member in first[:most]]


def _reasons(told: Iterable[Told]) -> tuple[Told, ...]:
    kept: dict[tuple[str, str], Told] = {}
    for each in sorted(told, key=lambda one: (-one.amount, one.txn_id)):
        kept.setdefault((each.rule, each.reason), each)
    return tuple(kept.values())[:REASONS]


def wilson_ppm(good: int, all_of_them: int) -> int:
    """Return the lower Wilson bound of a ratio at 95 percent, in millionths, rounded down.

    Source: E. B. Wilson, 1927; ``(2p + z² - z sqrt(z² + 4p(n-p)/n)) / (2(n + z²))``, z = 1.96.
    """
    if not good:
        return 0
    n, p = all_of_them, good
    under_root = (_Z2 * _Z2 * n + 4 * _Z2 * _UNIT * p * (n - p)) * _PRECISION**2
    root = isqrt(under_root // n) + 1
    above = (2 * p * _UNIT + _Z2) * _PRECISION - root
    return max(above * MILLION // (2 * (n * _UNIT + _Z2) * _PRECISION), 0)


def trust_rank(counted: Counted, seeds: Iterable[str]) -> dict[str, int]:
    """Return how trust spreads from ``seeds`` along praise: a ring that no seed praises has none.

    Everybody passes 85 percent on, in proportion to what counts of their praise; the rest, and what
    cannot be divided or has nobody to go to, is the seeds' again. Source: EigenTrust (Kamvar and
    others, 2003) with a pre-trusted set.
    """
    roots = sorted(set(seeds))
    if not roots:
        return {}
    praise: dict[str, dict[str, int]] = defaultdict(dict)
    for (giver, member), n in counted.given.items():
        praise[giver][member] = n
    sums = {giver: sum(by_member.values()) for giver, by_member in praise.items()}
    trust = share(TRUST, dict.fromkeys(roots, TRUST))
    for _ in range(ROUNDS):
        passed: dict[str, int] = defaultdict(int)
        for giver, n in trust.items():
            for member, weight in praise.get(giver, {}).items():
                passed[member] += n * _PASSED * weight // (100 * sums[giver])
        rest = TRUST - sum(passed.values())
        for member, n in share(rest, dict.fromkeys(roots, TRUST)).items():
            passed[member] += n
        trust = {member: n for member, n in passed.items() if n}
    return trust


def _qualities(deeds: Iterable[Deed]) -> dict[str, tuple[int, int]]:
    """Return of each member how many merits are gains that stand, and how many there are."""
    found: dict[str, tuple[int, int]] = {}
    for deed in deeds:
        good, all_of_them = found.get(deed.member, (0, 0))
        found[deed.member] = (good + (deed.stands and deed.amount > 0), all_of_them + 1)
    return found
