"""Let whoever brought a member in answer for them: one level deep, capped, told to both."""

from dataclasses import replace

from policy.core import explain, vouches
from policy.core.conduct import LIABLE_MAX, Act, Person
from policy.core.consequences import Consequences
from policy.core.consequences.liability import Answers
from policy.core.explain import NAME_MAX
from policy.core.filing import keep
from policy.core.hits import Hit
from policy.core.members import LIKELY
from policy.core.messages import say
from policy.core.scene import Scene


def answer(scene: Scene, hit: Hit, effect: Answers) -> None:
    """Give whoever answers for a guest points, or the same sanction, for what the guest did."""
    for answering, by_vouch in _liable(scene, effect).items():
        if _counts(scene, answering, effect):
            _answers(scene, hit, effect, answering, by_vouch=by_vouch)


def _liable(scene: Scene, effect: Answers) -> dict[str, bool]:
    """Return who answers for whom the scene is about: who brought them, or, True, who vouched."""
    draft, members = scene.draft, scene.room.members
    guest = draft.person().member
    record = members.find(guest, draft.at_ms)
    if record is None:
        return {}
    found: dict[str, bool] = {}
    profile = record.profile
    likely = [by for by in profile.bringers if by.percent >= LIKELY]
    is_new = bool(profile.joined_ms) and draft.at_ms - profile.joined_ms < effect.within_ms
    if likely and is_new:
        found[max(likely, key=lambda by: (by.percent, by.member)).member] = False
    if effect.vouchers:
        by = vouches.of(record).by
        for voucher in sorted(by):
            if draft.at_ms - by[voucher] < effect.within_ms:
                found.setdefault(voucher, True)
    return found


def _answers(scene: Scene, hit: Hit, effect: Answers, inviter: str, *, by_vouch: bool) -> None:
    draft, members = scene.draft, scene.room.members
    guest = draft.person()
    rule = hit.rule.rule.id
    known = members.find(inviter, draft.at_ms)
    name = known.profile.name if known is not None else ""
    fallback = inviter.removeprefix("@").partition(":")[0]
    person = Person(
        member=inviter,
        name=name or fallback,
        message_id="",
        channel=guest.channel,
        thread=guest.thread,
        connection=guest.connection,
        seq=guest.seq,
    )
    sanction = hit.then.sanction if effect.same else None
    then = Consequences(sanction=sanction, points=effect.points, offence=effect.offence)
    with scene.about(person, scene.compiled, f"{scene.tag}inviter {inviter} ") as answering:
        outcome, sanction_done = draft.outcome, draft.sanction
        strikes, until_ms = draft.strikes, draft.until_ms
        told = say(
            scene.language,
            "answers_voucher" if by_vouch else "answers_inviter",
            name=explain.plain(guest.name or guest.member, NAME_MAX),
        )
        answering.told_to(told, effect="answers", rule=rule)
        answering.follow(answering, [replace(hit, then=then, clues=(), stale=False)])
        draft.strikes, draft.until_ms = strikes, until_ms
        draft.sanction = sanction_done
        draft.outcome = max(outcome, draft.outcome)
    keep(scene, Act("points", rule, member=inviter))
    key = "answers_vouched" if by_vouch else "answers_guest"
    told = say(scene.language, key, name=explain.plain(person.name, NAME_MAX))
    scene.told_to(told, effect=f"answered {inviter}", rule=rule)


def _counts(scene: Scene, inviter: str, effect: Answers) -> bool:
    """Return whether the inviter answers once more, and note that they do."""
    liable, now_ms = scene.room.conduct.liable, scene.draft.at_ms
    stamps = liable.get(inviter, now_ms)
    if stamps is None:
        stamps = []
        liable.put(inviter, stamps, now_ms)
    if sum(now_ms - at_ms < effect.within_ms for at_ms in stamps) >= effect.most:
        return False
    stamps.append(now_ms)
    del stamps[:-LIABLE_MAX]
    return True


ACTS = {Answers: answer}
