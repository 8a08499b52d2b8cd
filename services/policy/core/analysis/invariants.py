"""Proves that no rule breaks an invariant, or says which one might, and how to mend it."""

from collections.abc import Iterable

from policy.core import fields
from policy.core.analysis.findings import Findings
from policy.core.analysis.formula import (
    Formula,
    Joined,
    Leaf,
    Lit,
    TooManyWays,
    Whole,
    formula_of,
    is_possible,
    negated,
    possible,
    ways,
)
from policy.core.analysis.outcomes import at_once, every, in_the_end
from policy.core.analysis.rules import Formulas
from policy.core.checks import Checks
from policy.core.conditions.score import Score
from policy.core.invariants import Invariant
from policy.core.ir import Among, Compare, Field, Finds, Flag, Occurs
from policy.core.rules import Exempt

# Whoever it is and wherever it happens: no sign of anything.
_NO_SIGNAL = frozenset(("kind", "channel", "author.id", "author.roles", "author.power"))
_FAMILIES = {
    **dict.fromkeys(("text", "folded", "words", "caps"), "words"),
    **dict.fromkeys(("text_len", "substance", "lines"), "length"),
    **dict.fromkeys(("links", "hosts"), "links"),
}


def look_at_invariants(
    findings: Findings,
    rules: Iterable[Formulas],
    checks: Checks,
    invariants: Iterable[Invariant],
) -> None:
    """Note every rule that may lead where an invariant says that none does."""
    book = findings.reading.rulebook
    exempt = _exempt(book.exempt)
    known = list(invariants)
    where = [None if one.where is None else formula_of(checks, one.where) for one in known]
    for rule in rules:
        spared = exempt if rule.rule.exempt is None else _exempt(rule.rule.exempt)
        for invariant, condition in zip(known, where, strict=True):
            signals = _on_the_way(findings, rule, invariant)
            if signals is None:
                continue
            parts = [rule.whole, negated(spared), *([] if condition is None else [condition])]
            if _may_be(Joined("all", tuple(parts)), invariant.signals, signals):
                _tell(findings, rule, invariant)


def _on_the_way(findings: Findings, rule: Formulas, invariant: Invariant) -> int | None:
    """Return what else has to be so before the rule leads there; None: it never does.

    That something expected has not come, or that points were there before, is a signal as well.
    """
    book, then = findings.reading.rulebook, rule.rule.then
    least: int | None = None
    for part, later in every(then):
        if invariant.outcomes & at_once(book, part):
            least = min(int(later), 1 if least is None else least)
        elif least is None and invariant.outcomes & in_the_end(book, part):
            least = 1
    return least


def _may_be(formula: Formula, fewer_than: int, before: int) -> bool:
    try:
        if not fewer_than:
            return possible(formula)
        few = (way for way in ways(formula) if _signals(way) + before < fewer_than)
        return any(is_possible(way) for way in few)
    except TooManyWays:
        return False


def _signals(way: frozenset[Lit]) -> int:
    return len({_signal(lit.leaf) for lit in way if lit.holds} - {""})


def _signal(leaf: Leaf) -> str:
    match leaf:
        case Occurs() | Finds():
            return "words"
        case Whole(Score()):
            return ""  # what its signals saw is what was seen
        case Whole(condition):
            return type(condition).__module__.rpartition(".")[2]
        case Compare(Field(name)) | Among(Field(name)) | Flag(Field(name)):
            return "" if name in _NO_SIGNAL else _FAMILIES.get(name, name)
    return "expression"


def _exempt(exempt: Exempt) -> Formula:
    parts: list[Formula] = []
    if exempt.roles:
        parts.append(Lit(Among(fields.ROLES, frozenset(exempt.roles))))
    if exempt.power is not None:
        parts.append(Lit(Compare(fields.POWER, ">=", exempt.power)))
    if exempt.members:
        parts.append(Lit(Among(fields.MEMBER, frozenset(exempt.members))))
    return Joined("any", tuple(parts))


def _tell(findings: Findings, rule: Formulas, invariant: Invariant) -> None:
    never = " or ".join(invariant.never)
    reason = f"this may {never} against the invariant on line {invariant.place.line}"
    reason += f": {invariant.why}"
    hint = "except those it protects: in `unless`, or in `exempt`"
    if invariant.signals:
        hint = f"let it ask for {invariant.signals} things of different kinds"
    findings.fault(rule.rule, "then", reason, hint)
