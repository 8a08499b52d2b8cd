"""How a rulebook is made ready to run: one automaton, tests as functions, an index of the rules."""

from collections.abc import Iterator

from policy.core.automata import Automata
from policy.core.checks import Checks
from policy.core.compiled import Compiled, CompiledRule, CompiledTier, Parts, Watch
from policy.core.conditions import BY_TYPE
from policy.core.conditions.kind import Condition
from policy.core.consequences.wanted import conditions
from policy.core.databases import Dumped
from policy.core.index import indexed
from policy.core.ir import Every, Negated
from policy.core.predicate import holds_of
from policy.core.rulebook import Rule, Rulebook
from policy.core.steps import Steps, at_once
from policy.core.text.terms import Term
from policy.core.tiers import Tier


def compile_rulebook(
    rulebook: Rulebook, automata: Automata | None = None, watch: Watch | None = None
) -> Compiled:
    """Return the rulebook ready to run; what `parse` accepted always compiles.

    Given those in use, it takes the automaton of another that looks for the same words.
    """
    return Compiled(rulebook, at_once(parts_of(rulebook, automata or Automata())), watch)


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
