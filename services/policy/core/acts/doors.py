"""What becomes of the group: its doors, its settings, and the queue for its places."""

from contracts import ids
from contracts.values import Actor, GroupChanged, Lockdown, Outcome, SetGroup, TimerSet, Unlock
from policy.core import explain
from policy.core.acts.members import let_in, make_wait, subject_of
from policy.core.arrivals import look_of
from policy.core.consequences.doors import REVERTIBLE, Open, Queue, Revert, Shut
from policy.core.effects import OWN, SAFETY, SANCTION, Draft
from policy.core.hits import Hit
from policy.core.members import WAITING_MAX, Members
from policy.core.messages import say, sentences
from policy.core.scene import Scene

UNLOCK = "unlock"


def shut(scene: Scene, hit: Hit, effect: Shut) -> None:
    """Shut the door, or keep it shut for longer; it is opened by a timer."""
    draft, members, rule = scene.draft, scene.room.members, hit.rule.rule
    until_ms = draft.at_ms + effect.for_ms
    if until_ms <= members.shut_ms:
        return
    was_shut = bool(members.shut_ms)
    if was_shut:
        draft.cancelled.append(members.shut_timer)
    else:
        members.shut_by = draft.act(
            Lockdown(until_ms=until_ms),
            effect=f"{scene.tag}lockdown",
            rule=rule.id,
            reason=explain.reason(scene.language, rule),
            priority=SAFETY,
            target=Actor(),
        )
    members.shut_ms = until_ms
    members.shut_timer = ids.timer_id(draft.view.id, rule.id, f"{scene.tag}{UNLOCK}")
    timer = TimerSet(
        id=members.shut_timer, purpose=UNLOCK, subject_id=draft.case_id, due_ms=until_ms
    )
    draft.timers.append(timer)
    draft.outcome = max(draft.outcome, Outcome.NOTICE)
    if not was_shut:
        until = explain.moment(until_ms, scene.compiled.rulebook.zone)
        told = say(scene.language, "shut", until=until)
        draft.announce(told, effect=f"{scene.tag}shut", rule=rule.id)


def unlock(scene: Scene, hit: Hit, _effect: Open) -> None:
    """Open the door before its time."""
    members = scene.room.members
    if members.shut_ms:
        scene.draft.cancelled.append(members.shut_timer)
        opens(scene.draft, members, rule=hit.rule.rule.id)


def opens(draft: Draft, members: Members, *, rule: str = OWN) -> None:
    """Open the door of a group."""
    body = Unlock(lockdown_action_id=members.shut_by)
    draft.act(body, effect=UNLOCK, rule=rule, priority=SANCTION, target=Actor())
    members.shut_ms, members.shut_by, members.shut_timer = 0, "", ""


def revert(scene: Scene, hit: Hit, _effect: Revert) -> None:
    """Put back what was changed, unless somebody has changed it again."""
    changed = scene.draft.event.payload
    if not isinstance(changed, GroupChanged) or changed.key not in REVERTIBLE:
        return
    rule = hit.rule.rule
    body = SetGroup(key=changed.key, value=changed.previous, instead_of=changed.value)
    scene.draft.outcome = max(scene.draft.outcome, Outcome.NOTICE)
    scene.draft.act(
        body,
        effect=f"{scene.tag}revert",
        rule=rule.id,
        reason=explain.reason(scene.language, rule),
        priority=SANCTION,
        target=Actor(),
    )


def queue(scene: Scene, hit: Hit, effect: Queue) -> None:
    """Let whom this is about wait for a place, in order, and say where else there is one."""
    members, member = scene.room.members, subject_of(scene).id
    if member in members.waiting or len(members.waiting) >= WAITING_MAX:
        return
    make_wait(scene, hit)
    members.waiting.append(member)
    full = (clue.limit for clue in hit.clues if clue.kind == "capacity")
    members.places = next(full, members.seated)
    told = say(scene.language, "queued", place=len(members.waiting))
    told = sentences(scene.language, told, effect.elsewhere.inside(scene.language))
    scene.told_to(told, effect="queued", rule=hit.rule.rule.id)


def vacancy(scene: Scene) -> None:
    """Let in whoever has waited longest, now that a place is free."""
    members, draft = scene.room.members, scene.draft
    if members.seated >= members.places:
        return
    held = draft.subject, draft.message_id
    first = members.waiting.pop(0)
    draft.subject, draft.message_id = look_of(members, first, draft.at_ms), ""
    let_in(scene)
    draft.subject, draft.message_id = held


ACTS = {Shut: shut, Open: unlock, Revert: revert, Queue: queue}
