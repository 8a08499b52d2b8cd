"""The last step before an effect: decisions in, rows out, each action with the state it starts in.

Pure. Dry run, protection and the brake are applied here and nowhere else; rules know none of them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from contracts.codec import body_name, encode
from contracts.subjects import REPLAY
from contracts.values import (
    Action,
    ActionOutcome,
    Announce,
    Decision,
    DirectNotice,
    Outcome,
    OutcomeStatus,
    Reply,
)
from policy.brake import HARM, Limits, Protection, Verdict, is_sanction

SEPARATOR = "\x1f"  # between the rules of a decision: an array of arrays has no ragged edge in SQL

SPOKEN = (Reply, DirectNotice, Announce)

ENDED = {
    OutcomeStatus.DONE: "done",
    OutcomeStatus.ALREADY: "done",
    OutcomeStatus.GONE: "gone",
    OutcomeStatus.DENIED: "denied",
    OutcomeStatus.FAILED: "failed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What the operator allows: whom to spare, how much at most, and whether to act at all."""

    protection: Protection = field(default_factory=Protection)
    limits: Limits = field(default_factory=Limits)
    dry_run: bool = False

    def spares(self, decision: Decision, action: Action) -> bool:
        """Return whether ``action`` would sanction somebody protected."""
        harms = is_sanction(action) or isinstance(action.body, HARM)
        return harms and self.protection.covers(action.target or decision.subject)

    def drops(self, decision: Decision) -> bool:
        """Return whether nothing that ``decision`` asks for is carried out."""
        return self.dry_run or decision.connection == REPLAY

    def acts(self, decision: Decision) -> bool:
        """Return whether anything of ``decision`` is left for the brake to count."""
        return not self.drops(decision) and any(
            is_sanction(action) and not self.spares(decision, action) for action in decision.actions
        )

    def state(self, decision: Decision, action: Action, verdict: Verdict) -> str:
        """Return the state in which ``action`` is recorded; only ``"planned"`` is carried out."""
        if self.drops(decision) or not action.executor:  # nobody has seen this group yet
            return "dropped"
        if self.spares(decision, action):
            return "protected"
        if is_sanction(action) and decision.id in verdict.braked:
            return "braked"
        return "planned"

    def plan(self, decision: Decision, verdict: Verdict) -> list[tuple[Action, str]]:
        """Return the actions of ``decision``, each with the state in which it is recorded.

        What tells of others is ``"waiting"`` until they ended; of those that are held back here
        already it says nothing, and where nothing is left to tell it is ``"skipped"``.
        """
        states = {action.id: self.state(decision, action, verdict) for action in decision.actions}
        planned: list[tuple[Action, str]] = []
        for action in decision.actions:
            state = states[action.id]
            waited = awaited(action)
            if state != "planned" or not waited:
                planned.append((action, state))
            elif any(states.get(other, "planned") == "planned" for other in waited):
                planned.append((action, "waiting"))
            else:
                said = released(action, frozenset())
                planned.append((said or action, "planned" if said else "skipped"))
        return planned


def awaited(action: Action) -> tuple[str, ...]:
    """Return the ids of the actions that must have ended before ``action`` can be said."""
    return tuple(dict.fromkeys((*action.after, *(claim.action_id for claim in action.claims))))


def released(action: Action, done: Collection[str]) -> Action | None:
    """Return ``action`` as it may be said now that those of ``done`` happened and others did not.

    Claims that are not true are cut off its text; None: there is nothing left to tell.
    """
    if action.after and not any(other in done for other in action.after):
        return None
    body = action.body
    if not action.claims or not isinstance(body, SPOKEN):
        return action
    claimed = "".join(claim.text for claim in action.claims)
    assert body.text.startswith(claimed), "a text begins with its claims"
    true = "".join(claim.text for claim in action.claims if claim.action_id in done)
    text = true + body.text.removeprefix(claimed)
    return replace(action, body=replace(body, text=text))


def batch_of(decisions: Iterable[tuple[int, Decision]]) -> list[tuple[int, Decision]]:
    """Return the decisions with their partition, each id once, in their order."""
    return list({decision.id: (partition, decision) for partition, decision in decisions}.values())


def decision_row(partition: int, decision: Decision) -> tuple[object, ...]:
    """Return the columns of ``decision``: what REST filters by, and the message itself."""
    return _storable(
        decision.id,
        partition,
        decision.event_seq,
        decision.event_id,
        decision.at_ms,
        decision.network,
        decision.group,
        decision.subject.id if decision.subject else "",
        decision.message_id,
        decision.rulebook,
        outcome_name(decision.outcome),
        SEPARATOR.join(hit.rule for hit in decision.hits),
        decision.case_id,
        encode(decision),
    )


def case_row(decision: Decision, states: Sequence[str]) -> tuple[object, ...]:
    """Return the columns of the case that ``decision`` opens."""
    subject, place = decision.subject, decision.place
    return _storable(
        decision.case_id,
        decision.id,
        case_state(states),
        decision.at_ms,
        decision.until_ms,
        decision.network,
        decision.group,
        decision.platform,
        decision.connection,
        subject.id if subject else "",
        subject.display_name if subject else "",
        decision.message_id,
        acting_rule(decision),
        outcome_name(decision.outcome),
        decision.strikes,
        decision.explanation,
        decision.language,
        place.channel if place else "",
    )


def action_row(decision: Decision, action: Action, state: str) -> tuple[object, ...]:
    """Return the columns of ``action``."""
    return _storable(
        action.id,
        decision.id,
        action.case_id,
        action.executor,
        action.priority,
        kind(action),
        action.rule,
        state,
        SEPARATOR.join(awaited(action)),
        encode(action),
    )


def timer_rows(decision: Decision) -> Iterable[tuple[object, ...]]:
    """Return the columns of each timer that ``decision`` sets."""
    for timer in decision.timers:
        yield _storable(
            timer.id,
            decision.id,
            timer.due_ms,
            timer.purpose,
            timer.subject_id,
            decision.platform,
            decision.network,
            decision.group,
            decision.connection,
            decision.place.channel if decision.place else "",
        )


def outcome_row(outcome: ActionOutcome) -> tuple[object, ...]:
    """Return an action's id and the columns that its end changes."""
    state = ENDED.get(outcome.status, "failed")
    return _storable(outcome.action_id, state, outcome.fault, outcome.effect_id)


def case_state(states: Sequence[str]) -> str:
    """Return the state of a case whose actions start in ``states``."""
    for held_back in ("dropped", "braked", "protected"):
        if held_back in states:
            return held_back
    return "open" if states else "done"


def resolution_row(decision: Decision) -> tuple[object, ...]:
    """Return the id of the case that ``decision`` resolves, and the columns that this changes."""
    resolution = decision.resolution
    assert resolution is not None, "only decisions with a resolution have such a row"
    return _storable(
        resolution.case_id,
        resolution.state,
        resolution.by,
        resolution.reason,
        SEPARATOR.join(resolution.undone),
        SEPARATOR.join(resolution.kept),
    )


def undo_row(decision: Decision) -> tuple[str, ...] | None:
    """Return the undo and case of ``decision`` and what came of it; None: it is of no undo."""
    resolution = decision.resolution
    if resolution is None or not resolution.undo_id:
        return None
    return (
        resolution.undo_id,
        resolution.case_id,
        SEPARATOR.join(resolution.undone),
        SEPARATOR.join(resolution.kept),
    )


def acting_rule(decision: Decision) -> str:
    """Return the rule that decided: of the hits not exempt, the first of the strongest."""
    hits = [hit for hit in decision.hits if not hit.exempt] or list(decision.hits)
    return max(hits, key=lambda hit: hit.outcome).rule if hits else ""


def kind(action: Action) -> str:
    """Return what ``action`` does as its outcome will say it: ``"delete_message"``."""
    return body_name(action)


def outcome_name(outcome: Outcome) -> str:
    """Return the word for ``outcome`` as REST and tables say it: ``"delete"``."""
    return outcome.name.lower()


def _storable(*columns: object) -> tuple[object, ...]:
    """Return ``columns`` without U+0000, the one character PostgreSQL cannot hold in a text."""
    return tuple(
        column.replace("\0", "\ufffd") if isinstance(column, str) else column for column in columns
    )
