"""Whether a canary hits more, or less, than the backtest said, asked as often as one likes.

The backtest saw a rule act ``h`` times in ``N`` events. At most ``2 (h + 3) / N`` is called normal,
and at least ``(h - 3) / 2 N``: twice as much or half as much, with three hits for what a short log
may have missed. The canary's hits are taken for a Poisson process, and its likelihood at twice the
upper bound, or half the lower one, is held against its likelihood at the bound. By Ville's
inequality the ratio ever exceeds ``1 / alpha`` with a chance of at most ``alpha`` while the rate is
normal, however often one looks (A. Wald, Sequential Tests of Statistical Hypotheses, 1945). Several
rules share ``alpha`` equally.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, log

FACTOR = 2
SLACK = 3  # hits
ALPHA = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How many events rules looked at, how many of them were hit, and how often each rule acted."""

    judged: int
    hits: int
    rules: Mapping[str, int] = field(default_factory=dict)


def outside(predicted: Rates, seen: Rates) -> str:
    """Return which rate is outside its band, and how far, in one sentence; "" where none is."""
    if not predicted.judged or not seen.judged:
        return ""
    names = sorted(predicted.rules.keys() | seen.rules.keys())
    enough = log(2 * (len(names) + 1) / ALPHA)
    every = [("all rules together", predicted.hits, seen.hits)]
    every += [
        (f"the rule {name}", predicted.rules.get(name, 0), seen.rules.get(name, 0))
        for name in names
    ]
    for what, before, now in every:
        for word, evidence in (
            ("more", _too_many(before, predicted.judged, now, seen.judged)),
            ("less", _too_few(before, predicted.judged, now, seen.judged)),
        ):
            if evidence > enough:
                expected = before * seen.judged / predicted.judged
                return (
                    f"{what} acted {now} times in {seen.judged} events, {word} than the "
                    f"backtest allows ({expected:.1f} expected)"
                )
    return ""


def _too_many(before: int, judged_before: int, now: int, judged: int) -> float:
    most = FACTOR * (before + SLACK) / judged_before * judged
    return now * log(2) - most


def _too_few(before: int, judged_before: int, now: int, judged: int) -> float:
    if before <= SLACK:
        return -inf
    least = (before - SLACK) / FACTOR / judged_before * judged
    return least / 2 - now * log(2)
