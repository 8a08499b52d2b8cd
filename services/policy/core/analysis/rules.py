"""Rules that cannot hold, cannot fail, say what another says, or change nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from policy.core.analysis.findings import Findings
from policy.core.analysis.formula import (
    KIND,
    Formula,
    Joined,
    Lit,
    TooManyWays,
    formula_of,
    negated,
    possible,
)
from policy.core.analysis.outcomes import acts
from policy.core.checks import Checks
from policy.core.conditions import BY_TYPE
from policy.core.conditions.kind import AllOf, Condition
from policy.core.consequences import Consequences
from policy.core.ir import Among
from policy.core.kinds import SPEECH
from policy.core.rules import Rule

PAIRS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Formulas:
    """A rule taken apart: of what kinds, when, unless, and all of it."""

    rule: Rule
    kinds: Formula
    when: Formula
    unless: Formula | None
    counts: bool

    @property
    def whole(self) -> Formula:
        """What is so where the rule holds."""
        parts = (self.kinds, self.when)
        return Joined("all", parts if self.unless is None else (*parts, negated(self.unless)))


def formulas_of(checks: Checks, rule: Rule) -> Formulas:
    """Return the formulas of one rule."""
    kinds = Lit(Among(KIND, frozenset(rule.kinds)))
    before = len(checks.watch.uses)
    when = formula_of(checks, rule.when)
    counts = len(checks.watch.uses) > before
    unless = None if rule.unless is None else formula_of(checks, rule.unless)
    return Formulas(rule, kinds, when, unless, counts)


def look_at_rules(findings: Findings, rules: Iterable[Formulas], checks: Checks) -> list[Formulas]:
    """Note what is wrong with each rule by itself, and with one beside the others.

    Returns the rules that may hold, and may not.
    """
    alive: list[Formulas] = []
    unproved: list[Formulas] = []
    for rule in rules:
        try:
            if _alone(findings, rule, checks):
                alive.append(rule)
        except TooManyWays:
            unproved.append(rule)
    _beside(findings, _without_twins(findings, alive))
    return [*alive, *unproved]


def _alone(findings: Findings, rule: Formulas, checks: Checks) -> bool:
    of_kind = Joined("all", (rule.kinds, rule.when))
    try:
        if possible(rule.whole):  # and so is each part of it
            return _may_fail(findings, rule)
    except TooManyWays:
        if possible(of_kind):
            raise
    if not possible(rule.when):
        hint = _conflict(checks, rule.rule.when)
        findings.fault(rule.rule, "when", "this can never hold", hint)
    elif not possible(of_kind):
        kinds = ", ".join(sorted(rule.rule.kinds))
        findings.fault(rule.rule, "when", f"this can never hold of these kinds: {kinds}")
    else:
        reason = "this holds wherever `when` does, so the rule never holds"
        findings.fault(rule.rule, "unless", reason)
    return False


def _may_fail(findings: Findings, rule: Formulas) -> bool:
    if not possible(negated(rule.when)) and _is_against_speech(findings, rule):
        reason = "this holds of everything that is said"
        findings.fault(rule.rule, "when", reason, "say what the rule looks for")
        return False
    if rule.unless is not None and not possible(rule.unless):
        findings.warning(rule.rule, "unless", "this can never hold, and excepts nothing")
    return True


def _is_against_speech(findings: Findings, rule: Formulas) -> bool:
    said = not rule.rule.kinds.isdisjoint(SPEECH)
    return said and rule.unless is None and acts(findings.reading.rulebook, rule.rule.then)


def _conflict(checks: Checks, condition: Condition) -> str:
    """Return which two parts of a condition exclude each other, if it is two."""
    parts = condition.parts if isinstance(condition, AllOf) else ()
    for one, other in combinations(parts, 2):
        both = Joined("all", (formula_of(checks, one), formula_of(checks, other)))
        if not possible(both):
            names = (BY_TYPE[type(part)].name for part in (one, other))
            return "`{}` and `{}` exclude each other".format(*names)
    return ""


def _without_twins(findings: Findings, rules: list[Formulas]) -> list[Formulas]:
    first: dict[object, Rule] = {}
    kept: list[Formulas] = []
    for each in rules:
        rule = each.rule
        other = first.setdefault((rule.kinds, rule.when, rule.unless, rule.exempt), rule)
        if other is rule:
            kept.append(each)
        elif other.then == rule.then:
            reason = f'this rule says what "{other.id}" on {findings.line(other)} says'
            findings.fault(rule, "id", reason, "leave one of them away")
        else:
            reason = f'this rule looks at the same as "{other.id}" on {findings.line(other)}'
            findings.warning(rule, "id", reason, "one rule can have several consequences")
    return kept


def _beside(findings: Findings, rules: list[Formulas]) -> None:
    """Warn of rules that change nothing, since another one holds wherever they do."""
    quiet = [rule for rule in rules if _adds_little(rule.rule.then)]
    loud = [rule for rule in rules if not rule.counts]
    pairs = ((one, other) for one in quiet for other in loud if one is not other)
    shadowed: set[str] = set()
    for number, (one, other) in enumerate(pairs):
        if number >= PAIRS_MAX:
            return
        if one.rule.id in shadowed or other.rule.id in shadowed or not _outdoes(other, one):
            continue
        if _follows(one, other):
            shadowed.add(one.rule.id)
            place = findings.line(other.rule)
            reason = f'this rule changes nothing: "{other.rule.id}" on {place} holds with it'
            findings.warning(one.rule, "id", reason, "leave it away, or put it into that rule")


def _adds_little(then: Consequences) -> bool:
    return not then.points and not then.effects and (then.delete or then.sanction is not None)


def _outdoes(other: Formulas, one: Formulas) -> bool:
    mine, theirs = one.rule.then, other.rule.then
    if one.rule.exempt != other.rule.exempt or mine.delete > theirs.delete:
        return False
    if mine.sanction is None:
        return True
    return theirs.sanction is not None and theirs.sanction.rank() >= mine.sanction.rank()


def _follows(one: Formulas, other: Formulas) -> bool:
    try:
        return not possible(Joined("all", (one.whole, negated(other.whole))))
    except TooManyWays:
        return False
