"""A rulebook ready to run: one automaton, tests as functions, and an index of the rules.

Of the rules only those are asked that the index does not rule out, so the cost of a message hardly
grows with their number. Every cap of state is known here. `policy.core.compile` makes it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from policy.core import zones
from policy.core.automata import Shared
from policy.core.automaton import Automaton
from policy.core.checks import Checks, Clues
from policy.core.conditions.kind import Condition
from policy.core.consequences import Expects
from policy.core.consequences.members import AUTHORS, Esteem
from policy.core.counting import Counted, Use
from policy.core.harvest import SAYINGS
from policy.core.index import Index
from policy.core.ir import Holds, Test
from policy.core.rulebook import Rule, Rulebook
from policy.core.seen import Seen
from policy.core.strain import LATE_KINDS


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule as a function, with why it holds and what its `when` counts.

    `place` is its place in the book. `test` is all that it asks, `unless` included, and `holds` the
    same as a function; `clues` may be asked only where it holds.
    """

    rule: Rule
    place: int
    test: Test
    holds: Holds
    clues: Clues
    counts: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class CompiledTier:
    """What a tier asks for and what keeps a member in it; None: nothing does that by itself."""

    rises: Holds | None
    keeps: Holds | None


@dataclass(frozen=True, slots=True)
class Parts:
    """What a rulebook is compiled of: what its conditions ask, and what finds what they ask for."""

    checks: Checks
    rules: list[CompiledRule]
    expects: dict[str, Expects]
    expected: dict[Condition, Holds]
    tiers: tuple[CompiledTier, ...]
    trusts: Holds | None
    shared: Shared
    index: Index


class Compiled:
    """A rulebook ready to run. Shared by all groups it is in force in.

    `kinds` are the kinds of event that some rule looks at, `heard` those and what matters beside;
    `expects` is all that its rules may come to expect, by key, and `expected` the conditions that
    tell whether it has come. `trusts` says who may store answers besides the staff, None: nobody
    else. `zone_data` is the version of the time zones that its hours go by.
    """

    def __init__(self, rulebook: Rulebook, parts: Parts, watch: "Watch | None" = None) -> None:
        """Take the parts of the rulebook; `watch` is told whenever it is asked what holds."""
        self.rulebook = rulebook
        self.digest = rulebook.digest
        self.zone_data = zones.VERSION
        self.rules = tuple(parts.rules)
        self.by_id = {compiled.rule.id: compiled for compiled in self.rules}
        self.wary = tuple(rule for rule in self.rules if rule.rule.failure != "open")
        self.expects, self.expected, self.tiers = parts.expects, parts.expected, parts.tiers
        self.trusts = parts.trusts
        self._shared, self._index, self._watch = parts.shared, parts.index, watch
        self._holds = tuple(rule.holds for rule in self.rules)
        self.automaton: Automaton = parts.shared.automaton
        self.wants = frozenset(parts.checks.wants) | _authors(rulebook)
        if rulebook.keep is not None:
            self.wants |= {SAYINGS}
        self.belongs = bool(self.wants or self.tiers)
        self.kinds = frozenset(kind for rule in self.rules for kind in rule.rule.kinds)
        self.counted: Counted = parts.checks.watch.finish()
        if rulebook.late is not None:
            noticed = self.counted.noticed | LATE_KINDS
            self.counted = replace(self.counted, late=rulebook.late, noticed=noticed)
        self.heard = self.kinds | self.counted.noticed
        if rulebook.keep is not None and rulebook.keep.reactions:
            self.heard |= {"reaction"}

    def rises(self, place: int, seen: Seen) -> bool:
        """Return whether whom this is about meets what the tier at this place asks for."""
        rises = self.tiers[place].rises
        return rises is not None and rises(seen)

    def keeps(self, place: int, seen: Seen) -> bool:
        """Return whether whom this is about may stay in the tier at this place."""
        keeps = self.tiers[place].keeps
        return keeps is None or keeps(seen)

    def holding(self, seen: Seen) -> list[CompiledRule]:
        """Return the rules that hold of what is seen, in the order of the book."""
        places = self._index.holding(seen, self._holds)
        found = [self.rules[place] for place in places] if places else []
        if self._watch is not None:
            self._watch(self, seen, found)
        return found


Watch = Callable[[Compiled, Seen, list[CompiledRule]], None]
"""Is told which rules hold of what is seen."""


def _authors(rulebook: Rulebook) -> frozenset[str]:
    """Return what tells that it has to be known who wrote what is praised."""
    for rule in rulebook.rules:
        later = [then for one in rule.then.expects() for then in (one.otherwise, one.fulfilled)]
        for then in (rule.then, *later):
            for effect in then.effects if then is not None else ():
                if isinstance(effect, Esteem) and effect.to == "author":
                    return frozenset({AUTHORS})
    return frozenset()
