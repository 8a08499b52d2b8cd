"""A rulebook made ready to run: one automaton, conditions as functions, rules by what they need.

A rule that can only hold where certain terms occur is asked only when one of them did, so the cost
of a message does not grow with the number of such rules. Every cap of state is known here.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from policy.core.automaton import Automaton
from policy.core.checks import Check, Checks, Holds
from policy.core.conditions import Flood, Measure
from policy.core.rulebook import KINDS, Kind, Rule, Rulebook


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its checks and the floods in its `when`; `place` is its place in the book."""

    rule: Rule
    place: int
    when: Check
    unless: Holds | None
    floods: tuple[Flood, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """One measure that is counted for each member, as far back as any rule asks."""

    measure: Measure
    capacity: int
    horizon_ms: int


Candidate = tuple[Holds, CompiledRule]


class Compiled:
    """A rulebook ready to run. Shared by all groups it is in force in."""

    def __init__(self, rulebook: Rulebook) -> None:
        checks = Checks(rulebook.lists)
        self.rulebook = rulebook
        self.digest = rulebook.digest
        self.rules = tuple(_rule(checks, rule, place) for place, rule in enumerate(rulebook.rules))
        self.by_id = {compiled.rule.id: compiled for compiled in self.rules}
        self.automaton = Automaton(tuple(checks.terms))
        self.windows = _windows(checks.floods)
        self._always: dict[Kind, tuple[Candidate, ...]] = {
            kind: tuple(
                (rule.when.holds, rule)
                for rule in self.rules
                if rule.when.needs is None and kind in rule.rule.kinds
            )
            for kind in KINDS
        }
        self._needing: dict[int, list[CompiledRule]] = {}
        for rule in self.rules:
            for term in rule.when.needs or ():
                self._needing.setdefault(term, []).append(rule)

    def candidates(self, kind: Kind, hits: Collection[int]) -> Iterable[Candidate]:
        """Return the rules that may hold where these terms occur, in the order of the book."""
        always = self._always[kind]
        if not hits:
            return always
        woken = {rule.place: (check, rule) for check, rule in always}
        for term in hits:
            for rule in self._needing.get(term, ()):
                if kind in rule.rule.kinds:
                    woken[rule.place] = (rule.when.holds, rule)
        return [woken[place] for place in sorted(woken)]


def compile_rulebook(rulebook: Rulebook) -> Compiled:
    """Return the rulebook ready to run; what `parse` accepted always compiles."""
    return Compiled(rulebook)


def _windows(floods: Iterable[Flood]) -> tuple[Window, ...]:
    found: dict[Measure, Window] = {}
    for flood in floods:
        known = found.get(flood.measure, Window(flood.measure, 0, 0))
        found[flood.measure] = Window(
            flood.measure,
            max(known.capacity, flood.limit + 1),
            max(known.horizon_ms, flood.within_ms),
        )
    return tuple(found[measure] for measure in sorted(found))


def _rule(checks: Checks, rule: Rule, place: int) -> CompiledRule:
    before = len(checks.floods)
    when = checks.check(rule.when)
    floods = tuple(checks.floods[before:])
    unless = checks.check(rule.unless).holds if rule.unless is not None else None
    return CompiledRule(rule, place, when, unless, floods)
