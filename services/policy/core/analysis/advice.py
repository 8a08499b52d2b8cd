"""A score advises and never sanctions alone: rules that would let it are refused."""

from contracts.values import Outcome
from policy.core.analysis.findings import Findings
from policy.core.conditions.kind import AllOf, Condition
from policy.core.conditions.logic import AnyOf, NotAny
from policy.core.conditions.rows import ShareOf
from policy.core.conditions.score import Score
from policy.core.conditions.theme import OnTheme
from policy.core.consequences import Consequences
from policy.core.consequences.speech import Announcement, Nudge, Say


def look_at_scores(findings: Findings) -> None:
    """Refuse every rule that does more than remind because of a score and nothing else."""
    for rule in findings.reading.rulebook.rules:
        if is_only_advice(rule.when) and not _is_mild(rule.then):
            reason = "a score alone may remind, say something or nudge, and no more"
            hint = "look at something else beside `theme`, such as `time` or `count`"
            findings.fault(rule, "then", reason, hint)


def is_only_advice(condition: Condition) -> bool:
    """Return whether a condition can hold because of a score and nothing else."""
    match condition:
        case AllOf(parts):
            return bool(parts) and all(is_only_advice(part) for part in parts)
        case AnyOf(parts):
            return any(is_only_advice(part) for part in parts)
        case NotAny(part):
            return is_only_advice(part)
        case Score(signals):
            return all(is_only_advice(signal.when) for signal in signals)
        case ShareOf():
            return is_only_advice(condition.where)
    return isinstance(condition, OnTheme)


def _is_mild(then: Consequences) -> bool:
    spoken = all(isinstance(effect, Say | Announcement | Nudge) for effect in then.effects)
    reminds = then.sanction is None or then.sanction.outcome <= Outcome.NOTICE
    return spoken and reminds and not then.delete and not then.points
