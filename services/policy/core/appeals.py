"""Cases that can be appealed: what was done is kept, and taken back where an appeal is upheld."""

from contracts.values import Action, Ban, DeleteMessage, Kick, Mute, Resolution, Unban, Unmute
from policy.core import explain
from policy.core.conduct import FILED_EACH_MAX, Filed
from policy.core.effects import OWN, SANCTION
from policy.core.explain import COMMAS, GREETING_MAX, NAME_MAX
from policy.core.ladders import key_of
from policy.core.messages import say, sentences
from policy.core.sanctions import Ruling
from policy.core.scene import Scene

_KEPT = {DeleteMessage: "delete_message", Kick: "kick"}


def file(scene: Scene, ruling: Ruling, since: int) -> None:
    """Keep what the actions from number `since` on, and the points, did to the subject."""
    draft = scene.draft
    if not draft.case_id:
        return
    done = [action for action in draft.actions[since:] if action.case_id == draft.case_id]
    points = [(draft.person().member, one.name, one.added) for one in ruling.scores]
    if not points and not any(type(action.body) in _ACTS for action in done):
        return
    by = ruling.sanctioned_by or ruling.deleted_by
    filed = _opened(scene, by.rule.rule.id if by is not None else OWN)
    filed.points += points
    filed.by = scene.by
    for action in done:
        _note(filed, action)


def _note(filed: Filed, action: Action) -> None:
    match action.body:
        case Mute():
            filed.mutes.append(action.id)
        case Ban():
            filed.bans.append(action.id)
        case DeleteMessage() | Kick():
            filed.kept.append(_KEPT[type(action.body)])


_ACTS = (Mute, Ban, DeleteMessage, Kick)


def _opened(scene: Scene, rule: str) -> Filed:
    draft, cases = scene.draft, scene.room.conduct.filed
    person = draft.person()
    cases.advance(draft.at_ms)
    own = cases.get(person.member, draft.at_ms)
    if own is None:
        own = []
        cases.put(person.member, own, draft.at_ms)
    for known in own:
        if known.case_id == draft.case_id:
            return known
    filed = Filed(draft.case_id, person, rule, scene.compiled.digest, draft.at_ms)
    own.append(filed)
    del own[:-FILED_EACH_MAX]
    return filed


def of_member(scene: Scene, member: str, prefix: str) -> Filed | None:
    """Return a member's newest case whose id begins so."""
    own = scene.room.conduct.filed.get(member, scene.draft.at_ms) or []
    return next((one for one in reversed(own) if one.case_id.startswith(prefix)), None)


def appealed(scene: Scene, prefix: str) -> Filed | None:
    """Return the one case under appeal whose id begins so; None where it is none or not clear."""
    found = [
        one
        for own in scene.room.conduct.filed.values()
        for one in own
        if one.appeal == "open" and one.case_id.startswith(prefix)
    ]
    return found[0] if len(found) == 1 else None


def appeal(scene: Scene, member: str, prefix: str, reason: str) -> str:
    """Let a member appeal against a case of theirs; return what to tell them."""
    filed = of_member(scene, member, prefix)
    if filed is None:
        return say(scene.language, "appeal_none")
    if filed.appeal:
        return say(scene.language, "appeal_twice")
    filed.appeal = "open"
    short = explain.plain(reason, explain.REASON_MAX)
    scene.draft.resolution = Resolution(
        case_id=filed.case_id, state="appealed", by=member, reason=short
    )
    return say(scene.language, "appeal_noted", case=filed.case_id[:6])


def decide(scene: Scene, filed: Filed, *, upheld: bool, by: str, reason: str) -> None:
    """End an appeal: take back what can be, list what cannot, apologise; or say why not."""
    draft = scene.draft
    filed.appeal = "upheld" if upheld else "rejected"
    undone: list[str] = []
    with scene.about(filed.author, scene.compiled, f"{filed.case_id} ", always=True) as then:
        name = explain.plain(filed.author.name or filed.author.member, NAME_MAX)
        if upheld:
            undone = _undo(then, filed)
            told = _apology(then, filed, name, undone)
        else:
            short = explain.plain(reason, GREETING_MAX)
            told = say(scene.language, "appeal_rejected", name=name, reason=short, by=by)
        draft.announce(told, effect=f"{then.tag}appeal", rule=OWN)
    kept = tuple(dict.fromkeys(filed.kept)) if upheld else ()
    draft.resolution = Resolution(
        case_id=filed.case_id,
        state=filed.appeal,
        by=by,
        reason=reason,
        undone=tuple(undone),
        kept=kept,
    )


def _undo(scene: Scene, filed: Filed) -> list[str]:
    """Take back mutes, bans and points; return what was, each kind once."""
    draft, room = scene.draft, scene.room
    undone: dict[str, None] = {}
    for action in filed.mutes:
        timer = next((one for one, mute in room.mutes.items() if mute.action == action), None)
        if timer is not None:
            del room.mutes[timer]
            draft.cancelled.append(timer)
        draft.act(
            Unmute(mute_action_id=action),
            effect=f"{scene.tag}unmute {action}",
            rule=filed.rule,
            priority=SANCTION,
            case_id=filed.case_id,
        )
        undone["mute"] = None
    for action in filed.bans:
        draft.act(
            Unban(),
            effect=f"{scene.tag}unban {action}",
            rule=filed.rule,
            priority=SANCTION,
            case_id=filed.case_id,
        )
        undone["ban"] = None
    for member, ladder, added in filed.points:
        strikes = room.strikes.get(key_of(member, ladder), draft.at_ms)
        if strikes is not None:
            strikes.points = max(0, strikes.points - added)
        undone["points"] = None
    return list(undone)


def _apology(scene: Scene, filed: Filed, name: str, undone: list[str]) -> str:
    language = scene.language
    comma = COMMAS[language]
    told = [say(language, "appeal_upheld", name=name)]
    if undone:
        what = comma.join(say(language, f"undo_{kind}") for kind in undone)
        told.append(say(language, "appeal_undone", what=what))
    if filed.kept:
        what = comma.join(say(language, f"keep_{kind}") for kind in dict.fromkeys(filed.kept))
        told.append(say(language, "appeal_kept", what=what))
    return sentences(language, *told)
