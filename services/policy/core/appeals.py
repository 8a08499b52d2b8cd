"""Appeals: a member asks once, somebody else decides, and what can be taken back is."""

from collections.abc import Sequence
from typing import Final

from contracts import ids
from contracts.values import Place, Resolution, TimerSet
from policy.core import explain
from policy.core.conduct import Filed
from policy.core.effects import OWN
from policy.core.explain import GREETING_MAX, NAME_MAX
from policy.core.filing import ADMITTED, of_member, settle
from policy.core.messages import say, sentences
from policy.core.scene import Scene
from policy.core.state import Room
from policy.core.undoing import listed, take_back

APPEAL: Final = "appeal"
SHOWN: Final = 6
REMINDED_MAX: Final = 3


def appeal(scene: Scene, member: str, prefix: str, reason: str) -> str:
    """Let a member appeal against a case of theirs; return what to tell them."""
    filed = of_member(scene, member, prefix)
    if filed is None:
        return say(scene.language, "appeal_none")
    if filed.appeal:
        return say(scene.language, "appeal_late" if filed.appeal == "undone" else "appeal_twice")
    filed.appeal = "open"
    due_ms = _wait(scene, filed)
    short = explain.plain(reason, explain.REASON_MAX)
    scene.draft.resolution = Resolution(
        case_id=filed.case_id, state="appealed", by=member, reason=short
    )
    until = explain.moment(due_ms, scene.compiled.rulebook.zone)
    return say(scene.language, "appeal_noted", case=filed.case_id[:SHOWN], until=until)


def _wait(scene: Scene, filed: Filed) -> int:
    """Have the staff reminded if nobody decides in time; return when."""
    draft = scene.draft
    due_ms = draft.at_ms + scene.compiled.rulebook.appeals.within_ms
    filed.timer = ids.timer_id(draft.view.id, OWN, f"appeal {filed.case_id}")
    draft.timers.append(
        TimerSet(id=filed.timer, purpose=APPEAL, subject_id=filed.case_id, due_ms=due_ms)
    )
    return due_ms


def waiting(room: Room, timer: str) -> Filed | None:
    """Return the case under appeal for which a timer was set; None: nobody waits for it."""
    cases = (one for own in room.conduct.filed.values() for one in own)
    return next((one for one in cases if one.timer == timer and one.appeal == "open"), None)


def remind(scene: Scene, filed: Filed) -> None:
    """Remind the staff of an appeal that nobody decided on in time, and tell who waits for it."""
    wanted, language = scene.compiled.rulebook.appeals, scene.language
    filed.reminded += 1
    filed.timer = ""
    if filed.reminded < REMINDED_MAX:
        _wait(scene, filed)
    case, person = filed.case_id[:SHOWN], filed.author
    name = explain.plain(person.name or person.member, NAME_MAX)
    with scene.about(person, scene.compiled, f"{filed.case_id} ", always=True) as then:
        draft = then.draft
        told = say(language, "appeal_waits", case=case)
        draft.notify(told, effect=f"{then.tag}appeal waits", rule=OWN)
        draft.place = Place(channel=wanted.channel) if wanted.channel else draft.place
        told = say(language, "appeal_reminder", case=case, name=name, rule=filed.rule)
        draft.announce(told, effect=f"{then.tag}appeal remind", rule=OWN)


def decide(scene: Scene, filed: Filed, *, upheld: bool, by: str, reason: str) -> None:
    """End an appeal: take back what can be, list what cannot, apologise; or say why not."""
    draft = scene.draft
    settle(scene, filed, "upheld" if upheld else "rejected")
    undone: Sequence[str] = ()
    kept: Sequence[str] = ()
    with scene.about(filed.author, scene.compiled, f"{filed.case_id} ", always=True) as then:
        name = explain.plain(filed.author.name or filed.author.member, NAME_MAX)
        if upheld:
            harm = [act for act in filed.acts if act.kind != ADMITTED]
            undone, kept = take_back(then, filed.case_id, [filed], harm)
            head = say(scene.language, "appeal_upheld", name=name)
            told = sentences(scene.language, head, *listed(scene.language, undone, kept))
        else:
            short = explain.plain(reason, GREETING_MAX)
            told = say(scene.language, "appeal_rejected", name=name, reason=short, by=by)
        draft.announce(told, effect=f"{then.tag}appeal", rule=OWN)
    draft.resolution = Resolution(
        case_id=filed.case_id,
        state=filed.appeal,
        by=by,
        reason=reason,
        undone=tuple(undone),
        kept=tuple(kept),
    )
