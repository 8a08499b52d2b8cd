"""Trying a rulebook out: its own examples, the same in disguise, and ordinary talk."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from policy.core.analysis.findings import Findings, add
from policy.core.analysis.formula import Leaf, Whole, leaves
from policy.core.analysis.play import Play
from policy.core.analysis.rules import Formulas
from policy.core.analysis.sample import ORDINARY
from policy.core.compiled import Compiled
from policy.core.conditions.links import LinkTo
from policy.core.conditions.score import Score
from policy.core.examples import Done, Example
from policy.core.explain import plain
from policy.core.ir import Among, Compare, Field, Finds, Flag, Occurs
from policy.core.reading import Place
from policy.core.rules import Rule

Disguises = Mapping[str, Callable[[str], str]]
PLAYS_MAX = 20_000
NEARLY_ALL = 0.8
MANY = 0.4
SHOWN_MAX = 60
_OF_TEXT = frozenset(
    (
        *("text", "folded", "text_len", "lines", "words", "substance", "caps", "links", "hosts"),
        *("says_more", "mentions", "mentions_everyone", "attachments", "is_reply", "kind"),
    )
)


def play_examples(
    findings: Findings, compiled: Compiled, rules: Iterable[Formulas], disguises: Disguises
) -> None:
    """Note every example that a rule does not meet, or meets and should not."""
    plays = 0
    for each in rules:
        rule = each.rule
        for example in rule.examples.no_match:
            if rule.id in Play(compiled).holding(example.happens):
                _tell(findings, rule, example, "this should not match, and does")
        for example in rule.examples.match:
            held = Play(compiled).holding(example.happens)
            if rule.id not in held:
                others = f"; only {', '.join(sorted(held))} does" if held else ""
                _tell(findings, rule, example, f"this should match, and does not{others}")
            elif example.text and _looks_for_words(each):
                plays += len(disguises)
                if plays > PLAYS_MAX:
                    return
                _play_disguised(findings, compiled, rule, example, disguises)


def _play_disguised(
    findings: Findings, compiled: Compiled, rule: Rule, example: Example, disguises: Disguises
) -> None:
    missed: list[str] = []
    for name, disguise in disguises.items():
        text = disguise(example.text or "")
        if text == example.text:
            continue
        if rule.id not in Play(compiled).holding((replace(example.happens[0], text=text),)):
            missed.append(f"{name} ({plain(text, SHOWN_MAX)})")
    if missed:
        reason = f"in disguise it is not met: {', '.join(missed)}"
        _tell(findings, rule, example, reason, warning=True)


def _tell(
    findings: Findings, rule: Rule, example: Example, reason: str, *, warning: bool = False
) -> None:
    within = findings.places["rule", rule.id, "id"].within
    place = Place(example.line, example.column, within)
    found = findings.warnings if warning else findings.faults
    add(found, place, example.path, f"{rule.id}: {reason}")


def say_ordinary_things(findings: Findings, compiled: Compiled, rules: Iterable[Formulas]) -> None:
    """Refuse rules that look at nothing but the text and hold of nearly whatever is said."""
    looked_at = {each.rule.id: each.rule for each in rules if _is_of_text(each)}
    if not looked_at:
        return
    held = dict.fromkeys(looked_at, 0)
    for sentence in ORDINARY:
        for rule_id in Play(compiled).holding((Done(sentence),)) & looked_at.keys():
            held[rule_id] += 1
    for rule_id, times in held.items():
        reason = f"this holds of {times} of {len(ORDINARY)} ordinary sentences"
        if times >= NEARLY_ALL * len(ORDINARY):
            findings.fault(looked_at[rule_id], "when", reason, "say more exactly what it looks for")
        elif times >= MANY * len(ORDINARY):
            findings.warning(looked_at[rule_id], "when", reason)


def _looks_for_words(rule: Formulas) -> bool:
    return any(isinstance(leaf, Occurs | Finds) for leaf in leaves(rule.when))


def _is_of_text(rule: Formulas) -> bool:
    found = list(leaves(rule.when))
    return "message" in rule.rule.kinds and bool(found) and all(map(_is_text, found))


def _is_text(leaf: Leaf) -> bool:
    match leaf:
        case Occurs() | Finds():
            return True
        case Compare(Field(name)) | Among(Field(name)) | Flag(Field(name)):
            return name in _OF_TEXT
    return isinstance(leaf, Whole) and isinstance(leaf.condition, LinkTo | Score)
