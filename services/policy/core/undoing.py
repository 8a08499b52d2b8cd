"""Take back what was done in a case: each act by its opposite, once, whoever asks and how often.

What takes an act back has an id made from the act's alone, so it is done once even where the judge
has long forgotten the case. What is only remembered here is put back as it was, unless somebody
has changed it since.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from contracts import ids
from contracts.values import (
    ActionBody,
    Actor,
    ActorKind,
    AddRole,
    BarMember,
    DirectNotice,
    LedgerCommand,
    Mute,
    RemoveRole,
    Resolution,
    Reverse,
    SetGroup,
    TimerSet,
    Unban,
    Undoing,
    Unmute,
)
from policy.core import explain
from policy.core.acts.doors import opens
from policy.core.acts.members import bar_everywhere
from policy.core.acts.review import withdraw
from policy.core.arrivals import FOR_EVER_MS, look_of
from policy.core.carry_out import lift
from policy.core.conditions.accounts import BARRED
from policy.core.conduct import Act, Filed
from policy.core.effects import BULK, LEDGER, SANCTION
from policy.core.explain import COMMAS, NAME_MAX
from policy.core.filing import (
    ADMITTED,
    KEPT,
    QUEUED,
    STANDING,
    every,
    of_member,
    put_back,
    settle,
    value_of,
)
from policy.core.ladders import forgive, owes, settled
from policy.core.members import WAITING_MAX, Standing
from policy.core.messages import TEXTS, Language, say, sentences
from policy.core.scene import Scene

ENDED = ("undone", "upheld")


def undo(scene: Scene, by: str) -> str:
    """Take back a case, or one rule's part of it, or one act; return what the member is told."""
    draft = scene.draft
    fact = draft.event.payload
    assert isinstance(fact, Undoing), "nothing else is heard here"
    told = [
        Act(one.kind, one.rule, one.action_id, one.member, one.name, one.before, one.after)
        for one in fact.done
    ]
    draft.subject = fact.member or Actor()
    found = _filed(scene, fact.case_id, [draft.subject.id, *(act.member for act in told)])
    filed = [one for one in found if one.appeal not in ENDED]
    cases = [one for one in found if of_member(scene, one.author.member, fact.case_id) is one]
    remembered = {one.author.member for one in cases} | ({""} if cases else set())
    told = [act for act in told if act.member not in remembered]
    acts = _each_once([*(act for one in filed for act in one.acts), *told])
    if filed:
        draft.address(filed[0].author)
    wanted = [act for act in acts if fact.rule in ("", act.rule)]
    wanted = [act for act in wanted if fact.action_id in ("", act.action)]
    points = not fact.action_id
    at_work = replace(scene, tag=f"{fact.case_id} ")
    undone, kept = take_back(at_work, fact.case_id, filed, wanted, rule=fact.rule, points=points)
    left = any(act.kind in _OPPOSITES and act not in wanted for act in acts)
    is_whole = not (left or any(_owes(scene, one) for one in filed))
    for one in filed:
        if is_whole:
            settle(scene, one, "undone")
    draft.resolution = Resolution(
        case_id=fact.case_id,
        state="undone" if is_whole else "",
        by=by,
        reason=fact.reason,
        undone=undone,
        kept=kept,
        undo_id=fact.undo_id,
    )
    return _apologise(at_work, undone, kept) if undone and draft.person().member else ""


def take_back(
    scene: Scene,
    case_id: str,
    filed: Sequence[Filed],
    acts: Sequence[Act],
    *,
    rule: str = "",
    points: bool = True,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take back `acts`, and the points of the case or of one rule in it.

    Returns:
        Kinds of acts that were taken back, and kinds that cannot be, each once.
    """
    draft, room = scene.draft, scene.room
    undone: dict[str, None] = {}
    kept = dict.fromkeys(act.kind for act in acts if act.kind in KEPT)
    for act in acts:
        opposite = _OPPOSITES.get(act.kind)
        if opposite is not None and opposite(scene, case_id, act):
            undone[act.kind] = None
    if "hold" in undone:
        kept.pop("delete_message", None)  # what was held away has been published
    given = {act.member: act.before for act in acts if act.kind == "points"}
    owing = [draft.person().member, *(one.author.member for one in filed), *given]
    for member in dict.fromkeys(owing) if points else ():
        given_ms = int(given.get(member) or FOR_EVER_MS)
        if forgive(scene.compiled, room, member, draft.at_ms, case_id, rule):
            undone["points"] = None
        elif settled(scene.compiled, room, member, draft.at_ms, given_ms):
            kept["points"] = None
    for one in filed:
        one.acts = [act for act in one.acts if act not in acts]
    if "barring" in undone:
        undone = dict.fromkeys("bar" if kind == "barring" else kind for kind in undone)
    undone.pop("struck", None)
    return tuple(undone), tuple(kept)


def listed(language: Language, undone: Iterable[str], kept: Iterable[str]) -> tuple[str, str]:
    """Return two sentences for the member: what is taken back, and what cannot be."""
    comma, texts = COMMAS[language], TEXTS[language]
    back = comma.join(say(language, f"undo_{one}") for one in undone if f"undo_{one}" in texts)
    stays = comma.join(say(language, f"keep_{one}") for one in kept)
    return (
        say(language, "appeal_undone", what=back) if back else "",
        say(language, "appeal_kept", what=stays) if stays else "",
    )


def _apologise(scene: Scene, undone: Iterable[str], kept: Iterable[str]) -> str:
    """Tell the member alone: a room need not hear of each of a thousand mistakes."""
    draft = scene.draft
    person = draft.person()
    name = explain.plain(person.name or person.member, NAME_MAX)
    head = say(scene.language, "undo_told", name=name)
    told = sentences(scene.language, head, *listed(scene.language, undone, kept))
    draft.act(DirectNotice(text=told), effect=f"{scene.tag}undone", priority=BULK, case_id="")
    return told


def _filed(scene: Scene, case_id: str, members: Iterable[str]) -> list[Filed]:
    """Return what is kept of each member under the case's id, and of those whom it names."""
    found: dict[str, list[Filed]] = {}
    waiting = list(members)
    for member in waiting:
        if member not in found:
            own = [one for one in every(scene, member) if one.case_id == case_id]
            found[member] = own
            waiting += [act.member for one in own for act in one.acts]
    return [one for own in found.values() for one in own]


def _owes(scene: Scene, filed: Filed) -> bool:
    names = [name for name, _ in scene.compiled.rulebook.ladders]
    return owes(scene.room, filed.author.member, scene.draft.at_ms, filed.case_id, names)


def _each_once(acts: Iterable[Act]) -> list[Act]:
    found: dict[str, Act] = {}
    for act in acts:
        found.setdefault(act.action or repr(act), act)
    return list(found.values())


def _act(scene: Scene, case_id: str, act: Act, body: ActionBody, executor: str = "") -> bool:
    target = Actor(id=act.member, kind=ActorKind.USER) if act.member else Actor()
    scene.draft.act(
        body,
        effect="undo",
        rule=act.rule,
        priority=SANCTION,
        target=target,
        executor=executor,
        case_id=case_id,
        undoes=act.action,
    )
    return True


def _mute(scene: Scene, case_id: str, act: Act) -> bool:
    draft, room = scene.draft, scene.room
    body = Unmute(mute_action_id=act.action)
    timer = next((one for one, mute in room.mutes.items() if mute.action == act.action), None)
    if timer is None:
        _act(scene, case_id, act, body)
    else:
        draft.cancelled.append(timer)
        with scene.about(room.mutes.pop(timer).author, scene.compiled, scene.tag, always=True):
            _act(scene, case_id, act, body)
    _shorten(scene, act.member)
    standing = _standing(scene, act.member)
    if standing is None:
        return True
    others = [mute.until_ms for mute in room.mutes.values() if mute.author.member == act.member]
    standing.muted_ms = max(others, default=0)
    if standing.pended_by == act.action:
        standing.pended_by = ""
        standing.pending = False
        if act.member in room.members.waiting:
            room.members.waiting.remove(act.member)
    return True


def _admission(scene: Scene, case_id: str, act: Act) -> bool:
    """Let a member wait again who was let in, unless they have left or waiting was wrong itself."""
    draft, members = scene.draft, scene.room.members
    record = members.find(act.member, draft.at_ms)
    standing = record.standing if record is not None else None
    if record is None or standing is None or standing.pending:
        return False
    if not act.name or standing.pended_by != act.name:
        return False
    if record.profile.left_ms and not record.profile.present:
        return False  # whoever comes back is asked to wait anew
    standing.pending = True
    standing.pended_by = draft.act(
        Mute(until_ms=0),
        effect="undo",
        rule=act.rule,
        priority=SANCTION,
        target=look_of(members, act.member, draft.at_ms),
        case_id=case_id,
        undoes=act.action,
    )
    if act.before == QUEUED and len(members.waiting) < WAITING_MAX:
        members.waiting.insert(0, act.member)
    for one in every(scene, act.member):
        if any(made.action == act.name for made in one.acts):
            one.acts.append(Act("mute", act.rule, standing.pended_by, act.member))
    return True


def _shorten(scene: Scene, member: str) -> None:
    """Let the mutes that are left end when they would have without the one that is taken back."""
    draft, mutes, standing = scene.draft, scene.room.mutes, _standing(scene, member)
    own = {timer: mute for timer, mute in mutes.items() if mute.author.member == member}
    until_ms = max((mute.own_ms or mute.until_ms for mute in own.values()), default=0)
    for timer in sorted(own):
        mute = own[timer]
        if mute.until_ms <= until_ms:
            continue
        draft.cancelled.append(timer)
        del mutes[timer]
        if until_ms <= draft.at_ms:
            lift(draft, mute)
            continue
        mute.until_ms = until_ms
        again = ids.timer_id(draft.view.id, mute.rule, f"unmute {timer}")
        due = TimerSet(id=again, purpose="unmute", subject_id=mute.case_id, due_ms=until_ms)
        draft.timers.append(due)
        mutes[again] = mute
        if standing is not None and standing.muted_again == timer:
            standing.muted_again = again


def _ban(scene: Scene, case_id: str, act: Act) -> bool:
    """Lift a ban, unless the member is shut out for something else too."""
    now_ms = scene.draft.at_ms
    others = [
        int(other.after) or FOR_EVER_MS
        for one in scene.room.conduct.filed.get(act.member, now_ms) or ()
        for other in one.acts
        if other.kind == "ban" and other.action != act.action and one.case_id != case_id
    ]
    until_ms = max((end_ms for end_ms in others if end_ms > now_ms), default=0)
    standing = _standing(scene, act.member)
    if standing is not None:
        standing.banned_ms = until_ms
    return until_ms > 0 or _act(scene, case_id, act, Unban())


def _role(scene: Scene, case_id: str, act: Act) -> bool:
    gave = act.kind == "add_role"
    return _act(scene, case_id, act, RemoveRole(role=act.name) if gave else AddRole(role=act.name))


def _setting(scene: Scene, case_id: str, act: Act) -> bool:
    body = SetGroup(key=act.name, value=act.before, instead_of=act.after)
    return _act(scene, case_id, act, body)


def _booking(scene: Scene, case_id: str, act: Act) -> bool:
    body = Reverse(command_id=act.action, purpose=f"undo {case_id}")
    return _act(scene, case_id, act, LedgerCommand(body=body), LEDGER)


def _barring(scene: Scene, case_id: str, act: Act) -> bool:
    """Let the ledger and the judges know until when a member is barred without this."""
    draft = scene.draft
    standing = _standing(scene, act.member)
    bars = standing.bars if standing is not None else {}
    (thing,) = BARRED
    is_everywhere = act.name == "everywhere"
    if not is_everywhere and str(bars.get(thing, "")) == act.after:
        del bars[thing]
    if is_everywhere:
        bar_everywhere(scene, act.member, thing, draft.at_ms, act.rule)
    body = BarMember(
        member=act.member,
        until_ms=draft.at_ms if is_everywhere else bars.get(thing, draft.at_ms),
        everywhere=is_everywhere,
        since_ms=draft.at_ms,
    )
    return _act(scene, case_id, act, LedgerCommand(body=body), LEDGER)


def _lockdown(scene: Scene, _case_id: str, act: Act) -> bool:
    members = scene.room.members
    if not members.shut_ms or members.shut_by != act.action:
        return False
    scene.draft.cancelled.append(members.shut_timer)
    opens(scene.draft, members)
    return True


def _hold(scene: Scene, case_id: str, _act_of: Act) -> bool:
    return withdraw(scene, case_id)


def _expectation(scene: Scene, _case_id: str, act: Act) -> bool:
    found = scene.room.expectations.drop(act.name) is not None
    scene.draft.cancelled += [act.name] if found else []
    return found


def _restore(scene: Scene, _case_id: str, act: Act) -> bool:
    """Put back what a member's standing was; what came later then began from there."""
    standing = _standing(scene, act.member)
    if standing is None:
        return False
    if value_of(standing, act.kind, act.name) == act.after:
        put_back(standing, act.kind, act.name, act.before)
        return True
    for one in every(scene, act.member):
        for later in one.acts:
            same = (later.kind, later.name, later.before) == (act.kind, act.name, act.after)
            if same and later.member == act.member:
                later.before = act.before
                return True
    return False


def _standing(scene: Scene, member: str) -> Standing | None:
    record = scene.room.members.find(member, scene.draft.at_ms)
    return record.standing if record is not None else None


_OPPOSITES: Final[Mapping[str, Callable[[Scene, str, Act], bool]]] = {
    "mute": _mute,
    ADMITTED: _admission,
    "ban": _ban,
    "add_role": _role,
    "remove_role": _role,
    "set_group": _setting,
    "ledger": _booking,
    "barring": _barring,
    "lockdown": _lockdown,
    "hold": _hold,
    "expectation": _expectation,
    **dict.fromkeys(STANDING, _restore),
}
"""By kind of act, what takes it back; False: there was nothing left of it."""
