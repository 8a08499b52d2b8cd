"""A rulebook made ready to run: one automaton, tests as functions, and an index of the rules.

Of the rules only those are asked that the index does not rule out, so the cost of a message hardly
grows with their number. Every cap of state is known here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from policy.core import zones
from policy.core.automata import Automata, Shared
from policy.core.checks import Checks, Clues
from policy.core.conditions import BY_TYPE
from policy.core.conditions.kind import Condition
from policy.core.consequences import Expects
from policy.core.consequences.members import AUTHORS, Esteem
from policy.core.consequences.wanted import conditions
from policy.core.counting import Use
from policy.core.databases import Dumped
from policy.core.harvest import SAYINGS
from policy.core.index import Index, indexed
from policy.core.ir import Every, Holds, Negated, Test
from policy.core.predicate import holds_of
from policy.core.rulebook import Rule, Rulebook
from policy.core.seen import Seen
from policy.core.steps import Steps, at_once
from policy.core.strain import LATE_KINDS
from policy.core.text.terms import Term
from policy.core.tiers import Tier


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


class Compiled:
    """A rulebook ready to run. Shared by all groups it is in force in.

    `kinds` are the kinds of event that some rule looks at, `heard` those and what matters beside;
    `expects` is all that its rules may come to expect, by key, and `expected` the conditions that
    tell whether it has come. `trusts` says who may store answers besides the staff, None: nobody
    else. `zone_data` is the version of the time zones that its hours go by.
    """

    def __init__(self, rulebook: Rulebook, parts: "Parts | None" = None) -> None:
        """Take the parts of the rulebook, where they were made before."""
        made = parts or at_once(parts_of(rulebook, Automata()))
        self.rulebook = rulebook
        self.digest = rulebook.digest
        self.zone_data = zones.VERSION
        self.rules = tuple(made.rules)
        self.by_id = {compiled.rule.id: compiled for compiled in self.rules}
        self.wary = tuple(rule for rule in self.rules if rule.rule.failure != "open")
        self.expects, self.expected, self.tiers = made.expects, made.expected, made.tiers
        self.trusts = made.trusts
        self._shared, self._index = made.shared, made.index
        self._holds = tuple(rule.holds for rule in self.rules)
        self.automaton = made.shared.automaton
        self.wants = frozenset(made.checks.wants) | _authors(rulebook)
        if rulebook.keep is not None:
            self.wants |= {SAYINGS}
        self.belongs = bool(self.wants or self.tiers)
        self.kinds = frozenset(kind for rule in self.rules for kind in rule.rule.kinds)
        self.counted = made.checks.watch.finish()
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
        return [self.rules[place] for place in places] if places else []


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


def compile_rulebook(rulebook: Rulebook, automata: Automata | None = None) -> Compiled:
    """Return the rulebook ready to run; what `parse` accepted always compiles.

    Given those in use, it takes the automaton of another that looks for the same words.
    """
    return at_once(compiling(rulebook, automata or Automata()))


def compiling(
    rulebook: Rulebook, automata: Automata, dump: Dumped | None = None
) -> Steps[Compiled]:
    """Compile a rulebook step by step, with the databases of its terms where they are there."""
    return Compiled(rulebook, (yield from parts_of(rulebook, automata, dump)))


def parts_of(rulebook: Rulebook, automata: Automata, dump: Dumped | None = None) -> Steps[Parts]:
    """Compile the parts of a rulebook, rule by rule."""
    checks = _checks(rulebook)
    rules: list[CompiledRule] = []
    for place, rule in enumerate(rulebook.rules):
        rules.append(_rule(checks, rule, place))
        yield
    expects = {one.key: one for rule in rulebook.rules for one in rule.then.expects()}
    expected = {
        condition: holds_of(checks.check(condition).test) for condition in _expected(rulebook)
    }
    tiers = tuple(_tier(checks, tier) for tier in rulebook.tiers)
    trusted = _trusted(rulebook)
    trusts = holds_of(checks.check(trusted).test) if trusted is not None else None
    shared = yield from automata.of(tuple(checks.terms), dump)
    index = yield from indexed([(rule.rule.kinds, rule.test) for rule in rules])
    return Parts(checks, rules, expects, expected, tiers, trusts, shared, index)


def terms_of(rulebook: Rulebook) -> tuple[Term, ...]:
    """Return the terms that a rulebook looks for, as they are numbered when it is compiled."""
    checks = _checks(rulebook)
    for rule in rulebook.rules:
        for asked in (rule.when, rule.unless):
            if asked is not None:
                checks.check(asked)
    for condition in _expected(rulebook):
        checks.check(condition)
    for tier in rulebook.tiers:
        _tier(checks, tier)
    trusted = _trusted(rulebook)
    if trusted is not None:
        checks.check(trusted)
    return tuple(checks.terms)


def _checks(book: Rulebook) -> Checks:
    return Checks(book.lists, BY_TYPE, book.digest, book.zone, book.holidays)


def _expected(rulebook: Rulebook) -> Iterator[Condition]:
    for rule in rulebook.rules:
        for expects in rule.then.expects():
            yield from conditions(expects.what)


def _trusted(rulebook: Rulebook) -> Condition | None:
    return rulebook.answers.by if rulebook.answers is not None else None


def _authors(rulebook: Rulebook) -> frozenset[str]:
    """Return what tells that it has to be known who wrote what is praised."""
    for rule in rulebook.rules:
        later = [then for one in rule.then.expects() for then in (one.otherwise, one.fulfilled)]
        for then in (rule.then, *later):
            for effect in then.effects if then is not None else ():
                if isinstance(effect, Esteem) and effect.to == "author":
                    return frozenset({AUTHORS})
    return frozenset()


def _tier(checks: Checks, tier: Tier) -> CompiledTier:
    tests = (None if part is None else checks.check(part).test for part in (tier.when, tier.keep))
    rises, keeps = (None if test is None else holds_of(test) for test in tests)
    return CompiledTier(rises, keeps)


def _rule(checks: Checks, rule: Rule, place: int) -> CompiledRule:
    before, silences = len(checks.watch.uses), len(checks.watch.silences)
    moments = len(checks.watch.moments)
    when = checks.check(rule.when)
    counts = tuple(checks.watch.uses[before:])
    if "tick" in rule.kinds:
        checks.watch.lapses.update(checks.watch.silences[silences:])
    if "clock" in rule.kinds:
        checks.watch.strikes.update(checks.watch.moments[moments:])
    test = when.test
    if rule.unless is not None:
        test = Every((test, Negated(checks.check(rule.unless).test)))
    return CompiledRule(rule, place, test, holds_of(test), when.clues, counts)
