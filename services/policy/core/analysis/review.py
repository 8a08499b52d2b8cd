"""All that is found when a rulebook is saved: what is wrong, what is odd, and what it costs."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from policy.core.analysis.advice import look_at_scores
from policy.core.analysis.findings import NOWHERE, Findings, add
from policy.core.analysis.invariants import look_at_invariants
from policy.core.analysis.rules import formulas_of, look_at_rules
from policy.core.analysis.trials import Disguises, play_examples, say_ordinary_things
from policy.core.bundle import own
from policy.core.checks import Checks
from policy.core.compile import compile_rulebook
from policy.core.compiled import Compiled
from policy.core.conditions import BY_TYPE
from policy.core.cost import Certificate
from policy.core.document import Fault
from policy.core.rulebook import Rulebook, read
from policy.core.text.disguises import DISGUISES, LOSSY_DISGUISES
from policy.core.text.fold import fold

DOUBLES_SHOWN = 5
# What a rule sees through of itself; what it meets by sound only is asked for.
SEEN_THROUGH: Final[Disguises] = {
    name: disguise for name, disguise in DISGUISES.items() if name not in LOSSY_DISGUISES
}


@dataclass(frozen=True, slots=True)
class Review:
    """What was found. With a fault the rulebook is refused; `compiled` has what could be read."""

    rulebook: Rulebook
    compiled: Compiled
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    cost: Certificate


def review(
    text: str, *, known_sets: Collection[str] = (), disguises: Disguises = SEEN_THROUGH
) -> Review:
    """Return everything found of a rulebook, in one run; it never raises for what is written.

    A rule that could be read is looked at although others could not.
    """
    reading = read(text, known_sets=known_sets)
    book = reading.rulebook
    findings = Findings(reading)
    checks = Checks(book.lists, BY_TYPE, book.digest, book.zone, book.holidays)
    formulas = [formulas_of(checks, rule) for rule in book.rules]
    alive = look_at_rules(findings, formulas, checks)
    look_at_scores(findings)
    look_at_invariants(findings, formulas, checks, book.invariants)
    compiled = compile_rulebook(book)
    play_examples(findings, compiled, formulas, disguises)
    say_ordinary_things(findings, compiled, alive)
    _look_for_the_unused(findings, {"parameter"} if own(text) != text else {"parameter", "list"})
    _look_for_doubles(findings)
    return Review(
        rulebook=book,
        compiled=compiled,
        faults=_ordered((*reading.faults, *findings.faults)),
        warnings=_ordered(findings.warnings),
        cost=reading.cost,
    )


def _ordered(found: Collection[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(found, key=lambda fault: (fault.within, fault)))


def _look_for_the_unused(findings: Findings, kinds: Collection[str]) -> None:
    """Warn of what is declared and not named; the rules of a set may name a list by its name."""
    used = findings.reading.used
    for (kind, name, *_), place in findings.places.items():
        if kind in kinds and not place.within and (kind, name) not in used:
            add(findings.warnings, place, f"{kind}s.{name}", "nothing names it", "leave it away")


def _look_for_doubles(findings: Findings) -> None:
    for bank in findings.reading.rulebook.lists:
        if bank.kind != "words":
            continue
        place = findings.places.get(("list", bank.name), NOWHERE)
        first: dict[str, str] = {}
        shown = 0
        for word in bank.members:
            other = first.setdefault(fold(word).strip(), word)
            if other is not word and shown < DOUBLES_SHOWN:
                shown += 1
                reason = f'"{word}" and "{other}" are the same when they are folded'
                add(findings.warnings, place, f"lists.{bank.name}", reason, "leave one away")
