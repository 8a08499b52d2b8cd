"""From a ruling to effects: delete, sanction, tell; and the timers that end what has an end."""

from collections.abc import Sequence

from contracts import ids
from contracts.values import Ban, Claim, DeleteMessage, Kick, Mute, Outcome, TimerSet, Unmute
from policy.core import explain, filing, state, versions
from policy.core.acts import ACTS
from policy.core.arrivals import held_against
from policy.core.consequences import Consequences, Expects, Sanction
from policy.core.consequences.members import Bar
from policy.core.consequences.review import Hold
from policy.core.effects import OWN, SAFETY, SANCTION, Draft, Tells
from policy.core.hits import Hit
from policy.core.messages import JOINT, say
from policy.core.sanctions import Ruling
from policy.core.scene import Scene
from policy.core.state import MUTES_MAX


def carry_out(scene: Scene, ruling: Ruling, hits: Sequence[Hit]) -> None:
    """Turn a ruling on the author of the scene's text into actions, timers and words."""
    draft = scene.draft
    since = len(draft.actions)
    draft.strikes = ruling.points
    draft.outcome = max(draft.outcome, ruling.outcome)
    acting = [hit for hit in hits if not hit.exempt and not hit.stale]
    opens = ruling.scores or any(opens_case(hit.then) for hit in acting)
    if ruling.outcome > Outcome.ALLOW or opens:
        draft.case_id = ids.case_id(draft.view.id)
    removed = sanctioned = ""
    if ruling.deleted_by is not None:
        rule = ruling.deleted_by.rule.rule
        removed = draft.act(
            DeleteMessage(message_id=draft.message_id),
            effect=f"{scene.tag}delete",
            rule=rule.id,
            reason=explain.reason(scene.language, rule),
            priority=SAFETY,
        )
    if ruling.sanction is not None and ruling.sanctioned_by is not None:
        sanctioned = _sanction(scene, ruling.sanction, ruling.sanctioned_by)
    if ruling.outcome >= Outcome.WARN and draft.subject is not None:
        record = scene.room.members.known(draft.subject.id, draft.at_ms)
        by = ruling.sanctioned_by or ruling.deleted_by
        with filing.changing(scene, by.rule.rule.id if by is not None else OWN, "struck"):
            held_against(record, draft.sanction, draft.until_ms, draft.at_ms)
    _tell(scene, ruling, removed, sanctioned)
    for hit in acting:
        for effect in hit.then.effects:
            ACTS[type(effect)](scene, hit, effect)
    filing.file(scene, ruling, since)


def opens_case(then: Consequences) -> bool:
    """Return whether somebody may ask later what became of it."""
    return any(isinstance(effect, Bar | Expects | Hold) for effect in then.effects)


def _sanction(scene: Scene, sanction: Sanction, by: Hit) -> str:
    """Sanction the subject; return the id of the action, "" where words alone do it."""
    draft, rule = scene.draft, by.rule.rule
    draft.sanction = sanction.outcome
    if sanction.outcome is Outcome.MUTE:
        return _mute(scene, sanction, by)
    if sanction.outcome not in (Outcome.KICK, Outcome.BAN):
        return ""
    body: Kick | Ban = Kick()
    if sanction.outcome is Outcome.BAN:
        draft.until_ms = draft.at_ms + sanction.for_ms if sanction.for_ms else 0
        body = Ban(until_ms=draft.until_ms)
    return draft.act(
        body,
        effect=f"{scene.tag}{sanction.outcome.name.lower()}",
        rule=rule.id,
        reason=explain.reason(scene.language, rule),
        priority=SANCTION,
    )


def _mute(scene: Scene, sanction: Sanction, by: Hit) -> str:
    draft, room, rule = scene.draft, scene.room, by.rule.rule
    author = draft.person()
    # Mutes that overlap are lifted one by one, each by its own timer; the longest end holds.
    own_ms = draft.at_ms + sanction.for_ms
    until_ms = max(
        own_ms,
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
    timer = ids.timer_id(draft.view.id, rule.id, f"{scene.tag}unmute")
    draft.timers.append(
        TimerSet(id=timer, purpose="unmute", subject_id=draft.case_id, due_ms=until_ms)
    )
    if len(room.mutes) >= MUTES_MAX:
        soonest = min(room.mutes, key=lambda known: (room.mutes[known].until_ms, known))
        draft.cancelled.append(soonest)
        lift(draft, room.mutes.pop(soonest))
    room.mutes[timer] = state.Mute(author, action, rule.id, draft.case_id, until_ms, own_ms)
    return action


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


def _tell(scene: Scene, ruling: Ruling, removed: str, sanctioned: str) -> None:
    """Tell the subject what was done, why, and what comes next.

    `removed` and `sanctioned` are the ids of the actions that are told of: what did not happen is
    not said, and nothing is, if all that is told of did not.
    """
    draft = scene.draft
    by = ruling.sanctioned_by or ruling.deleted_by
    if by is None or by.stale:
        return
    book, language = scene.compiled.rulebook, scene.language
    draft.acted = by.rule.rule.id
    claims: list[Claim] = []
    if removed:
        claims.append(Claim(text=say(language, "removed") + JOINT[language], action_id=removed))
    if sanctioned and ruling.sanction is not None:
        span = {"at_ms": draft.at_ms, "until_ms": draft.until_ms}
        done = explain.sanction_done(language, book, ruling.sanction.outcome, **span)
        claims.append(Claim(text=done + JOINT[language], action_id=sanctioned))
    # A reminder or warning is its own words, whatever became of the message.
    reminds = ruling.sanction is not None and not sanctioned
    aloud = not book.private and ruling.outcome < Outcome.KICK
    speak = draft.reply if aloud else draft.notify
    told = versions.told("public" if aloud else "private", language, book, draft.decision())
    speak(
        told,
        effect=f"{scene.tag}tell",
        rule=draft.acted,
        tells=Tells(
            after=() if reminds else tuple(claim.action_id for claim in claims),
            claims=tuple(claims),
        ),
    )
