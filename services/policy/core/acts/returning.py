"""Sanctions that still run meet whoever left and came back."""

from contracts import ids
from contracts.values import Ban, Mute, Outcome, TimerSet, Unmute
from policy.core import state
from policy.core.acts.members import record_of, subject_of
from policy.core.arrivals import FOR_EVER_MS
from policy.core.conduct import Act
from policy.core.effects import SANCTION
from policy.core.members import Standing
from policy.core.scene import Scene
from policy.core.state import MUTES_MAX


def returns(scene: Scene) -> None:
    """Put in force again what still runs against somebody who is back."""
    draft, standing = scene.draft, record_of(scene).stand()
    if draft.at_ms < standing.banned_ms:
        body = Ban(until_ms=standing.banned_ms % FOR_EVER_MS)
        draft.act(body, effect="ban again", priority=SANCTION)
        draft.outcome = max(draft.outcome, Outcome.BAN)
        return
    member, mutes = subject_of(scene).id, scene.room.mutes
    own = [(mute.until_ms, timer) for timer, mute in mutes.items() if mute.author.member == member]
    if not own:
        standing.muted_ms = 0  # it was lifted before its time
        return
    draft.outcome = max(draft.outcome, Outcome.MUTE)
    again = standing.muted_again
    if again in mutes:
        _replaced(scene, mutes[again])
    elif len(mutes) < MUTES_MAX:
        _repeated(scene, standing, mutes[max(own)[1]])


def _muted(scene: Scene, mute: state.Mute) -> str:
    return scene.draft.act(
        Mute(until_ms=mute.until_ms),
        effect="mute again",
        rule=mute.rule,
        priority=SANCTION,
        case_id=mute.case_id,
    )


def _repeated(scene: Scene, standing: Standing, mute: state.Mute) -> None:
    """Mute for the rest of the time, beside the first mute and with a timer of its own."""
    draft = scene.draft
    action = _muted(scene, mute)
    timer = ids.timer_id(draft.view.id, mute.rule, "unmute again")
    due = TimerSet(id=timer, purpose="unmute", subject_id=mute.case_id, due_ms=mute.until_ms)
    draft.timers.append(due)
    author, until_ms = draft.person(), mute.until_ms
    scene.room.mutes[timer] = state.Mute(
        author, action, mute.rule, mute.case_id, until_ms, mute.own_ms
    )
    standing.muted_again = timer
    _refile(scene, scene.room.mutes[timer], "")


def _replaced(scene: Scene, mute: state.Mute) -> None:
    """Mute anew in place of the last time: however often somebody comes back, it is one mute."""
    before, mute.action = mute.action, _muted(scene, mute)
    scene.draft.act(
        Unmute(mute_action_id=before),
        effect="unmute again",
        rule=mute.rule,
        priority=SANCTION,
        case_id=mute.case_id,
    )
    _refile(scene, mute, before)


def _refile(scene: Scene, mute: state.Mute, before: str) -> None:
    """Let whoever takes it back know of the mute, so that it goes with the first."""
    member = subject_of(scene).id
    again = Act("mute", mute.rule, mute.action, member)
    for case in scene.room.conduct.filed.get(member, scene.draft.at_ms) or ():
        if case.case_id == mute.case_id:
            case.acts = [*(act for act in case.acts if not before or act.action != before), again]
