"""How far a text keeps to the theme of its group: a score that advises, and never sanctions alone.

The charter names words, links and example messages. Words of a script that writes words apart are
features, and so are pairs of neighbours of Chinese. A listed word weighs 1,000; what the examples
teach weighs up to 500, by how much oftener it stands there than in ordinary talk. A text scores
what its different features weigh against what a text of its length needs, from 0 to 100.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt, log
from operator import add
from typing import Final

from policy.core.analysis.sample import ORDINARY
from policy.core.text.fold import fold

FULL: Final = 100
LISTED: Final = 1_000
LEARNT_MAX: Final = 500
LEARNT: Final = 150  # for each e-fold that something is oftener in the examples
LEAST: Final = 3  # features; what has fewer is too short to tell
EXAMINED_MAX: Final = 2_000  # characters
SHORT: Final = 8  # features; up to so many one listed word is enough
LETTERS: Final = 3  # shorter words say nothing of a theme
_HAN: Final = "\u3400-\u9fff\uf900-\ufaff"
_RUN: Final = re.compile(rf"[{_HAN}]+|[^\W\d_{_HAN}]+")


@dataclass(frozen=True, slots=True)
class Theme:
    """What a group is about: words, hosts, and messages as they should be."""

    words: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


def features(folded: str) -> set[str]:
    """Return what a theme is known by: words, and pairs of neighbours of Chinese."""
    found: set[str] = set()
    for run in _RUN.findall(folded[:EXAMINED_MAX]):
        if run[0] >= "\u3400":
            found.update(map(add, run, run[1:]))
        elif len(run) >= LETTERS:
            found.add(run)
    return found


class Scorer:
    """Scores texts against one theme. `weights` are those of all features that weigh anything."""

    def __init__(self, theme: Theme) -> None:
        self.links = frozenset(host.casefold() for host in theme.links)
        taught = _frequencies(theme.examples)
        ordinary = _frequencies(ORDINARY)
        self.weights: dict[str, int] = {}
        for feature, n in taught.items():
            there = (n + 0.5) / (len(theme.examples) + 1)
            elsewhere = (ordinary.get(feature, 0) + 0.5) / (len(ORDINARY) + 1)
            weight = min(LEARNT_MAX, int(LEARNT * log(there / elsewhere)))
            if weight > 0:
                self.weights[feature] = weight
        listed = (feature for word in theme.words for feature in features(fold(word)))
        self.weights.update(dict.fromkeys(listed, LISTED))
        self._last: tuple[str, int | None] = ("", None)

    def score(self, folded: str, hosts: Iterable[str] = ()) -> int | None:
        """Return how far a folded text keeps to the theme, from 0 to 100; None: nobody can tell."""
        if self.links and any(self._is_ours(host) for host in hosts):
            return FULL
        text, known = self._last
        if text != folded:
            known = self._score(folded)
            self._last = (folded, known)
        return known

    def _score(self, folded: str) -> int | None:
        found = features(folded)
        if len(found) < LEAST:
            return None
        weight = sum(self.weights[feature] for feature in found & self.weights.keys())
        needed = max(LISTED, isqrt(len(found) * LISTED * LISTED // SHORT))
        return min(FULL, FULL * weight // needed)

    def _is_ours(self, host: str) -> bool:
        return any(host == ours or host.endswith(f".{ours}") for ours in self.links)


@lru_cache(maxsize=64)
def scorer_of(theme: Theme) -> Scorer:
    """Return the scorer of a theme; what it taught is kept for those who ask again."""
    return Scorer(theme)


def _frequencies(texts: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for text in texts:
        for feature in features(fold(text)):
            found[feature] = found.get(feature, 0) + 1
    return found
