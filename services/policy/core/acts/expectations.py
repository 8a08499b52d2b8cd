"""Begin to wait for what a rule expects of a member."""

from contracts import ids
from contracts.values import Outcome, TimerSet
from policy.core import explain
from policy.core.conduct import EXPECTATIONS_MAX, Act, Expectation
from policy.core.consequences import Expects
from policy.core.consequences.wanted import Packet, leaves
from policy.core.filing import keep
from policy.core.hits import Hit
from policy.core.scene import Scene


def expect(scene: Scene, hit: Hit, effect: Expects) -> None:
    """Remember what is expected, set its timer, and tell the member."""
    draft, waiting = scene.draft, scene.room.expectations
    if draft.is_removed:
        return  # what is gone owes nothing
    author = draft.person()
    packet = any(isinstance(leaf, Packet) for leaf in leaves(effect.what))
    for known in waiting.by_member(author.member):
        both = packet and bool(known.amount)
        if known.author.message_id == author.message_id and (both or known.key == effect.key):
            return
    rule = hit.rule.rule.id
    draft.outcome = max(draft.outcome, Outcome.NOTICE)
    due_ms = draft.at_ms + effect.within_ms
    purpose = "debt" if isinstance(effect.what, Packet) else "expectation"
    timer = ids.timer_id(draft.view.id, rule, f"{scene.tag}{purpose} {effect.key}")
    draft.timers.append(
        TimerSet(id=timer, purpose=purpose, subject_id=draft.case_id, due_ms=due_ms)
    )
    if len(waiting.open) >= EXPECTATIONS_MAX:
        # The newest goes, so that nobody can push out what is owed already.
        newest = max(waiting.open.values(), key=lambda one: (one.author.seq, one.timer))
        draft.cancelled.append(newest.timer)
        waiting.drop(newest.timer)
    amount = max(
        (amount_of(leaf, scene) for leaf in leaves(effect.what) if isinstance(leaf, Packet)),
        default=0,
    )
    waiting.add(
        Expectation(
            timer=timer,
            event_id=draft.view.id,
            author=author,
            rule=rule,
            rulebook=scene.compiled.digest,
            key=effect.key,
            due_ms=due_ms,
            case_id=draft.case_id,
            amount=amount,
        )
    )
    keep(scene, Act("expectation", rule, member=author.member, name=timer))
    told = explain.expected(scene.language, scene.compiled.rulebook, effect, due_ms, amount)
    scene.told_to(told, effect=f"owed {effect.key}", rule=rule)


def amount_of(packet: Packet, scene: Scene) -> int:
    """Return the least amount of a red packet, in minor units, in the group as it is now."""
    return max(packet.amount, packet.per_member * scene.room.members.present)


ACTS = {Expects: expect}
