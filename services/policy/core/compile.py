"""A rulebook made ready to run: one automaton, tests as functions, rules by what they need.

A rule that can only hold where certain terms occur is asked only when one of them did, so the cost
of a message does not grow with the number of such rules. Every cap of state is known here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from policy.core.automaton import Automaton
from policy.core.checks import Checks, Clues
from policy.core.conditions import BY_TYPE
from policy.core.conditions.kind import Condition
from policy.core.consequences import Expects
from policy.core.consequences.wanted import conditions
from policy.core.counting import Use
from policy.core.ir import Every, Holds, Negated, Occurs, Some, Test
from policy.core.kinds import EVENT_KINDS, EventKind
from policy.core.predicate import holds_of
from policy.core.rulebook import Rule, Rulebook
from policy.core.seen import Seen


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule as a function, with why it holds and what its `when` counts.

    `place` is its place in the book; `needs` are the terms of which at least one must occur for it
    to hold, None where it may hold without any. `clues` may be asked only where it holds.
    """

    rule: Rule
    place: int
    holds: Holds
    clues: Clues
    counts: tuple[Use, ...]
    needs: frozenset[int] | None


class Compiled:
    """A rulebook ready to run. Shared by all groups it is in force in.

    `kinds` are the kinds of event that some rule looks at; `expects` is all that its rules may come
    to expect, by key, and `expected` the conditions that tell whether it has come.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        checks = Checks(rulebook.lists, BY_TYPE)
        self.rulebook = rulebook
        self.digest = rulebook.digest
        self.rules = tuple(_rule(checks, rule, place) for place, rule in enumerate(rulebook.rules))
        self.by_id = {compiled.rule.id: compiled for compiled in self.rules}
        self.expects: dict[str, Expects] = {}
        self.expected: dict[Condition, Holds] = {}
        for written in rulebook.rules:
            for expects in written.then.expects():
                self.expects[expects.key] = expects
                for condition in conditions(expects.what):
                    self.expected[condition] = holds_of(checks.check(condition).test)
        self.automaton = Automaton(tuple(checks.terms))
        self.counted = checks.watch.finish()
        self._always: dict[EventKind, tuple[CompiledRule, ...]] = {
            kind: tuple(
                rule for rule in self.rules if rule.needs is None and kind in rule.rule.kinds
            )
            for kind in EVENT_KINDS
        }
        self.kinds = frozenset(kind for rule in self.rules for kind in rule.rule.kinds)
        self._needing: dict[int, list[CompiledRule]] = {}
        for rule in self.rules:
            for term in rule.needs or ():
                self._needing.setdefault(term, []).append(rule)

    def holding(self, seen: Seen) -> list[CompiledRule]:
        """Return the rules that hold of what is seen, in the order of the book."""
        return [rule for rule in self._candidates(seen) if rule.holds(seen)]

    def _candidates(self, seen: Seen) -> Iterable[CompiledRule]:
        always = self._always[seen.kind]
        if not seen.hits:
            return always
        woken = {rule.place: rule for rule in always}
        for term in seen.hits:
            for rule in self._needing.get(term, ()):
                if seen.kind in rule.rule.kinds:
                    woken[rule.place] = rule
        return [woken[place] for place in sorted(woken)]


def compile_rulebook(rulebook: Rulebook) -> Compiled:
    """Return the rulebook ready to run; what `parse` accepted always compiles."""
    return Compiled(rulebook)


def _rule(checks: Checks, rule: Rule, place: int) -> CompiledRule:
    before = len(checks.watch.uses)
    when = checks.check(rule.when)
    counts = tuple(checks.watch.uses[before:])
    test = when.test
    if rule.unless is not None:
        test = Every((test, Negated(checks.check(rule.unless).test)))
    return CompiledRule(rule, place, holds_of(test), when.clues, counts, needs_of(test))


def needs_of(test: Test) -> frozenset[int] | None:
    """Return the terms of which one must occur for the test to hold; None: it may without any."""
    match test:
        case Occurs(terms):
            return terms
        case Every(parts):
            known = [needs for part in parts if (needs := needs_of(part)) is not None]
            return min(known, key=len, default=None)
        case Some(parts):
            every = [needs_of(part) for part in parts]
            known = [needs for needs in every if needs is not None]
            return frozenset[int]().union(*known) if len(known) == len(every) else None
    return None
