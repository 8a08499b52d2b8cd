"""Commands of the staff, and the appeal of a member: who decides on what waits for a person."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from policy.core import answers, appeals, expecting, explain, permits
from policy.core.acts.members import lift
from policy.core.acts.review import SHOWN, conclude, effect_of
from policy.core.conduct import Held
from policy.core.explain import COMMAS, NAME_MAX, REASON_MAX
from policy.core.filing import of_member, under_appeal
from policy.core.messages import say
from policy.core.naming import named
from policy.core.sanctions import exemption
from policy.core.scene import Scene
from policy.core.text.fold import fold

NAMES: Final = {
    "approve": "approve", "通过": "approve", "核实": "approve",
    "refuse": "refuse", "拒绝": "refuse", "不通过": "refuse",
    "held": "held", "待审": "held", "审核": "held",
    "appeal": "appeal", "申诉": "appeal",
    "uphold": "uphold", "支持申诉": "uphold",
    "reject": "reject", "驳回": "reject", "驳回申诉": "reject",
    "confirm": "confirm", "确认": "confirm",
    "permit": "permit", "准许": "permit", "批准": "permit",
    "unbar": "unbar", "解除限制": "unbar",
}  # fmt: skip
LISTED_MAX = 10
SHOWN_MAX = 60
PREFIX_LEAST = 4


def is_staff(scene: Scene) -> bool:
    """Return whether whoever speaks belongs to the staff, as the rulebook has it."""
    return scene.seen is not None and bool(exemption(scene.compiled.rulebook.staff, scene.seen))


def run(scene: Scene, name: str, args: Sequence[str]) -> None:
    """Do what somebody asked for, and answer."""
    asked = _COMMANDS[NAMES[fold(name)]]
    if asked is not _appeal and not is_staff(scene):
        told = say(scene.language, "not_staff")
    else:
        told = asked(scene, args)
    if told:
        scene.draft.reply(told, effect="reply")


def reviewed(scene: Scene, case_id: str, verdict: str, by: str, reason: str) -> str:
    """Let a person decide on a case, whoever carried it here; return what to tell them.

    Nobody decides on their own case, nor on an appeal against what they decided themselves.
    """
    if verdict in ("approve", "refuse"):
        return _concluded(scene, case_id, approves=verdict == "approve", by=by, reason=reason)
    filed = under_appeal(scene, case_id) if verdict in ("uphold", "reject") else None
    if filed is None:
        return say(scene.language, "no_case")
    if by == filed.author.member:
        return say(scene.language, "own_case")
    if by == filed.by:
        return say(scene.language, "same_person")
    appeals.decide(scene, filed, upheld=verdict == "uphold", by=_named(scene, by), reason=reason)
    return ""


def _concluded(scene: Scene, case_id: str, *, approves: bool, by: str, reason: str) -> str:
    held = _waiting(scene, case_id)
    if held is not None:
        return _verdict(scene, held, approves=approves, by=by, reason=reason)
    proposal = answers.proposed(scene.room.harvest, case_id)
    if proposal is not None:
        return answers.decide(scene, proposal, accepts=approves, by=by, reason=reason)
    return say(scene.language, "no_case")


def _verdict(scene: Scene, held: Held, *, approves: bool, by: str, reason: str) -> str:
    if by == held.author.member:
        return say(scene.language, "own_case")
    if approves and by in held.approvals:
        return say(scene.language, "same_person")
    held.approvals += [by] if approves else []
    if approves and len(held.approvals) < effect_of(scene, held).persons:
        return say(scene.language, "one_more")
    scene.draft.cancelled.append(held.timer)
    named = _named(scene, by)
    conclude(replace(scene, by=by), held, approves=approves, by=named, reason=reason)
    return ""


def _named(scene: Scene, member: str) -> str:
    """Return what a person is called who decided, as far as it is known here."""
    subject = scene.draft.subject
    known = subject.display_name if subject is not None and subject.id == member else ""
    return explain.plain(known or member, NAME_MAX)


def _waiting(scene: Scene, prefix: str) -> Held | None:
    held = scene.room.conduct.held
    found = [held[case] for case in sorted(held) if case.startswith(prefix)]
    return found[0] if len(found) == 1 else None


def _decides(verdict: str) -> Callable[[Scene, Sequence[str]], str]:
    def decide(scene: Scene, args: Sequence[str]) -> str:
        case, *words = (*args, "")
        prefix, reason = fold(case), " ".join(words).strip()
        if len(prefix) < PREFIX_LEAST or (verdict in ("refuse", "reject") and not reason):
            return say(scene.language, "usage_review")
        by = scene.draft.person().member
        return reviewed(scene, prefix, verdict, by, explain.plain(reason, REASON_MAX))

    return decide


def _appeal(scene: Scene, args: Sequence[str]) -> str:
    member = scene.draft.person().member
    first, *rest = (*args, "")
    named = len(first) >= PREFIX_LEAST and of_member(scene, member, fold(first))
    words = " ".join(rest if named else args).strip()
    if not words:
        return say(scene.language, "usage_appeal")
    return appeals.appeal(scene, member, fold(first) if named else "", words)


def _held(scene: Scene, _args: Sequence[str]) -> str:
    conduct = scene.room.conduct
    waiting = sorted(conduct.held.values(), key=lambda one: (one.due_ms, one.case_id))
    lines = [
        say(
            scene.language,
            "held_line",
            case=one.case_id[:SHOWN],
            name=explain.plain(one.author.name or one.author.member, NAME_MAX),
            until=explain.moment(one.due_ms, scene.compiled.rulebook.zone),
            rule=one.rule,
            text=explain.plain(one.text, SHOWN_MAX),
        )
        for one in waiting[:LISTED_MAX]
    ]
    lines += [
        say(
            scene.language,
            "appeal_line",
            case=one.case_id[:SHOWN],
            name=explain.plain(one.author.name or one.author.member, NAME_MAX),
            rule=one.rule,
        )
        for one in sorted(
            (one for own in conduct.filed.values() for one in own if one.appeal == "open"),
            key=lambda one: (one.at_ms, one.case_id),
        )[:LISTED_MAX]
    ]
    lines += answers.waiting(scene)[:LISTED_MAX]
    return "\n".join(lines) if lines else say(scene.language, "held_none")


def _confirm(scene: Scene, args: Sequence[str]) -> str:
    member, _, is_unclear = named(scene, args)
    if is_unclear:
        return say(scene.language, "name_unclear")
    if not member or member == scene.draft.person().member:
        return say(scene.language, "usage_confirm")
    came, noted = expecting.confirmed(scene.room, scene.books, member)
    for waiting in came:
        scene.draft.cancelled.append(waiting.timer)
        book = scene.books(waiting.rulebook)
        hit = expecting.hit_of(waiting, book, is_fulfilled=True)
        if hit is not None:
            with scene.about(waiting.author, book, f"{waiting.timer} ") as then:
                then.follow(then, [hit])
    key = "confirmed" if noted else "confirmed_none"
    return say(scene.language, key, name=explain.plain(member, NAME_MAX))


def _permit(scene: Scene, args: Sequence[str]) -> str:
    member, words, is_unclear = named(scene, args)
    if is_unclear:
        return say(scene.language, "name_unclear")
    if not member or member == scene.draft.person().member:
        things = COMMAS[scene.language].join(permits.things_of(scene.compiled.rulebook))
        return say(scene.language, "usage_permit", things=things)
    return permits.give(scene, member, [fold(word) for word in words])


def _unbar(scene: Scene, args: Sequence[str]) -> str:
    """Lift whatever bars a member has, here and in the network; nobody lifts their own."""
    member, _, is_unclear = named(scene, args)
    if is_unclear:
        return say(scene.language, "name_unclear")
    if not member or member == scene.draft.person().member:
        return say(scene.language, "usage_unbar")
    lifted = lift(scene, member)
    key = "unbarred" if lifted else "unbarred_none"
    return say(scene.language, key, name=explain.plain(member, NAME_MAX))


_COMMANDS: Final[dict[str, Callable[[Scene, Sequence[str]], str]]] = {
    "approve": _decides("approve"),
    "refuse": _decides("refuse"),
    "uphold": _decides("uphold"),
    "reject": _decides("reject"),
    "held": _held,
    "appeal": _appeal,
    "confirm": _confirm,
    "permit": _permit,
    "unbar": _unbar,
}
