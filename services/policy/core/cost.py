"""What a rulebook costs at most, known before it runs: a certificate in microseconds of one core.

A message costs what is asked whatever it says, and what is asked because of something in it: a
term, its author, a role. Unit costs are measured, of a message of 100 characters, in CPU time of an
ordinary machine (`tests/bench/conditions.py` says which). What every rulebook costs, looking at the
text once, is not in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from policy.core.checks import Checks
from policy.core.conditions import BY_TYPE
from policy.core.conditions.kind import AllOf, Condition
from policy.core.conditions.logic import AnyOf, NotAny
from policy.core.ir import Ask, Field, Test
from policy.core.limits import conjunctions
from policy.core.predicate import fields_of, parts_of
from policy.core.rules import Rule

if TYPE_CHECKING:
    from policy.core.rulebook import Rulebook

BUDGET_US: Final = 50
BUDGET_MAX_US: Final = 100_000
LEAF_US: Final = 0.1
WINDOW_US: Final = 1.0  # to count in one window, whoever asks
TEXT_US: Final = 15.0  # to tell whether a text was said before, once for all that ask
DEAREST: Final = 3


@dataclass(frozen=True, slots=True)
class RuleCost:
    """What asking one rule takes; `always` where it is asked whatever a message says."""

    rule: str
    us: float
    always: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    """The most that a message costs: `always_us` whatever it says, `one_us` for what is in it.

    A message with several terms of different rules costs `one_us` for each at most. `rules` are in
    the order of what they cost, the dearest first.
    """

    always_us: float
    one_us: float
    rules: tuple[RuleCost, ...]

    @property
    def us(self) -> float:
        """What the budget is compared with."""
        return self.always_us + self.one_us

    @property
    def dearest(self) -> str:
        """The dearest rules in words."""
        shown = self.rules[:DEAREST]
        return ", ".join(f"{cost.rule} ({cost.us:.1f} µs)" for cost in shown)


FREE: Final = Certificate(0.0, 0.0, ())


def over_budget(cost: Certificate, budget_us: int) -> tuple[str, str, str] | None:
    """Return the dearest rule of a book that costs too much, why it does, and what to do."""
    if not cost.rules or cost.us <= budget_us:
        return None
    reason = f"a message may cost {cost.us:.1f} µs, and the budget is {budget_us} µs"
    hint = f"the dearest: {cost.dearest}; have them need a word or a role, or raise budget_us"
    return cost.rules[0].rule, reason, hint


def cost_of(rulebook: "Rulebook") -> Certificate:
    """Return what the rules of a book cost at most."""
    checks = Checks(rulebook.lists, BY_TYPE, rulebook.digest, rulebook.zone, rulebook.holidays)
    return _certificate(rulebook.rules, checks)


def _certificate(rules: tuple[Rule, ...], checks: Checks) -> Certificate:
    fields: set[Field] = set()
    woken: dict[tuple[Field, Any], float] = {}
    costs: list[RuleCost] = []
    always_us = 0.0
    for rule in rules:
        us = 0.0
        for condition in (rule.when, rule.unless):
            for part in _leaves(condition):
                test = checks.check(part).test
                fields.update(fields_of(test))
                us += _asking_us(part, test)
        keys = _needs(checks, rule)
        for key in keys or ():
            woken[key] = woken.get(key, 0.0) + us
        always_us += 0.0 if keys is not None else us
        costs.append(RuleCost(rule.id, us, always=keys is None))
    dearest: dict[Field, float] = {}
    for (field, _), us in woken.items():
        dearest[field] = max(us, dearest.get(field, 0.0))
    counted = checks.watch.finish()
    read_us = len(counted.windows) * WINDOW_US + (TEXT_US if counted.text_ms else 0.0)
    read_us += sum(field.cost_us for field in sorted(fields, key=lambda field: field.name))
    costs.sort(key=lambda cost: (not cost.always, -cost.us, cost.rule))
    one_us = sum(dearest[field] for field in sorted(dearest, key=lambda field: field.name))
    return Certificate(always_us + read_us, one_us, tuple(costs))


def _leaves(condition: Condition | None) -> Iterator[Condition]:
    if condition is None:
        return
    if not isinstance(condition, AllOf | AnyOf | NotAny):
        yield condition
    for part in BY_TYPE[type(condition)].parts(condition):
        yield from _leaves(part)


def _asking_us(condition: Condition, test: Test) -> float:
    asks, leaves = _counted(test)
    return BY_TYPE[type(condition)].cost_us if asks else leaves * LEAF_US


def _counted(test: Test) -> tuple[bool, int]:
    parts = parts_of(test)
    found = [_counted(part) for part in parts]
    asks = isinstance(test, Ask) or any(asked for asked, _ in found)
    return asks, sum(leaves for _, leaves in found) + (not parts)


def _needs(checks: Checks, rule: Rule) -> frozenset[tuple[Field, Any]] | None:
    """Return of what there must be something for the rule to be asked; None: it always is."""
    found: set[tuple[Field, Any]] = set()
    for one in conjunctions(checks.check(rule.when).test):
        needed = [(of, limit) for of, limit in one.items() if isinstance(limit, frozenset)]
        if not needed:
            return None
        of, values = min(needed, key=lambda pair: (len(pair[1]), pair[0].name))
        found.update((of, value) for value in values)
    return frozenset(found)
