"""From a ruling to effects: delete, sanction, tell; and the timers that end what has an end."""

from collections.abc import Sequence

from contracts import ids
from contracts.values import Ban, DeleteMessage, Kick, Mute, Outcome, TimerSet, Unmute
from policy.core import explain, state, versions
from policy.core.acts import ACTS
from policy.core.consequences import Consequences, Expects, Sanction
from policy.core.effects import SAFETY, SANCTION, Draft
from policy.core.hits import Hit
from policy.core.sanctions import Ruling
from policy.core.scene import Scene
from policy.core.state import MUTES_MAX


def carry_out(scene: Scene, ruling: Ruling, hits: Sequence[Hit]) -> None:
    """Turn a ruling on the author of the scene's text into actions, timers and words."""
    draft = scene.draft
    draft.strikes = ruling.points
    draft.outcome = max(draft.outcome, ruling.outcome)
    acting = [hit for hit in hits if not hit.exempt and not hit.stale]
    if ruling.outcome > Outcome.ALLOW or any(opens_case(hit.then) for hit in acting):
        draft.case_id = ids.case_id(draft.event.id)
    if ruling.deleted_by is not None:
        rule = ruling.deleted_by.rule.rule
        draft.act(
            DeleteMessage(message_id=draft.message_id),
            effect=f"{scene.tag}delete",
            rule=rule.id,
            reason=explain.reason(scene.language, rule),
            priority=SAFETY,
        )
    if ruling.sanction is not None and ruling.sanctioned_by is not None:
        _sanction(scene, ruling.sanction, ruling.sanctioned_by)
    _tell(scene, ruling)
    for hit in acting:
        for effect in hit.then.effects:
            ACTS[type(effect)](scene, hit, effect)


def opens_case(then: Consequences) -> bool:
    """Return whether somebody may ask later what became of it."""
    return any(isinstance(effect, Expects) for effect in then.effects)


def _sanction(scene: Scene, sanction: Sanction, by: Hit) -> None:
    draft, rule = scene.draft, by.rule.rule
    draft.sanction = sanction.outcome
    reason = explain.reason(scene.language, rule)
    if sanction.outcome is Outcome.MUTE:
        _mute(scene, sanction, by)
    elif sanction.outcome is Outcome.KICK:
        effect = f"{scene.tag}kick"
        draft.act(Kick(), effect=effect, rule=rule.id, reason=reason, priority=SANCTION)
    elif sanction.outcome is Outcome.BAN:
        draft.until_ms = draft.at_ms + sanction.for_ms if sanction.for_ms else 0
        body = Ban(until_ms=draft.until_ms)
        effect = f"{scene.tag}ban"
        draft.act(body, effect=effect, rule=rule.id, reason=reason, priority=SANCTION)


def _mute(scene: Scene, sanction: Sanction, by: Hit) -> None:
    draft, room, rule = scene.draft, scene.room, by.rule.rule
    author = draft.person()
    # Mutes that overlap are lifted one by one, each by its own timer; the longest end holds.
    until_ms = max(
        draft.at_ms + sanction.for_ms,
        *(mute.until_ms for mute in room.mutes.values() if mute.author.member == author.member),
        0,
    )
    action = draft.act(
        Mute(until_ms=until_ms),
        effect=f"{scene.tag}mute",
        rule=rule.id,
        reason=explain.reason(scene.language, rule),
        priority=SANCTION,
    )
    draft.until_ms = until_ms
    timer = ids.timer_id(draft.event.id, rule.id, f"{scene.tag}unmute")
    draft.timers.append(
        TimerSet(id=timer, purpose="unmute", subject_id=draft.case_id, due_ms=until_ms)
    )
    if len(room.mutes) >= MUTES_MAX:
        soonest = min(room.mutes, key=lambda known: (room.mutes[known].until_ms, known))
        draft.cancelled.append(soonest)
        lift(draft, room.mutes.pop(soonest))
    room.mutes[timer] = state.Mute(author, action, rule.id, draft.case_id, until_ms)


def lift(draft: Draft, mute: state.Mute) -> None:
    """End a mute, whoever the draft is about."""
    held = draft.subject, draft.place, draft.connection, draft.message_id
    draft.address(mute.author)
    draft.act(
        Unmute(mute_action_id=mute.action),
        effect=f"unmute {mute.action}",
        rule=mute.rule,
        priority=SANCTION,
        case_id=mute.case_id,
    )
    draft.subject, draft.place, draft.connection, draft.message_id = held


def _tell(scene: Scene, ruling: Ruling) -> None:
    draft = scene.draft
    by = ruling.sanctioned_by or ruling.deleted_by
    if by is None or by.stale:
        return
    book = scene.compiled.rulebook
    draft.acted = by.rule.rule.id
    aloud = not book.private and ruling.outcome < Outcome.KICK
    told = versions.told("public" if aloud else "private", scene.language, book, draft.decision())
    say = draft.reply if aloud else draft.notify
    say(told, effect=f"{scene.tag}tell", rule=draft.acted)
