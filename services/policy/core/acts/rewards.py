"""Reward in public: send a red packet from the house, name those who were thanked most."""

import msgspec

from contracts.values import Actor, LedgerCommand, Place, SendPacket, SplitMode
from policy.core import explain
from policy.core.acts.speech import is_due
from policy.core.consequences.rewards import Gift, Praise
from policy.core.effects import LEDGER
from policy.core.explain import GREETING_MAX, NAME_MAX, plain
from policy.core.hits import Hit
from policy.core.merits import Praised, praised
from policy.core.messages import JOINT, say
from policy.core.scene import Scene

REASONS_MAX = 2
REASON_MAX = 120


def give(scene: Scene, hit: Hit, effect: Gift) -> None:
    """Have the ledger send a packet of the house, unless this rule did a short while ago."""
    draft, state, rule = scene.draft, scene.state, hit.rule.rule.id
    if not is_due(scene, f"packet {rule}", effect.every_ms):
        return
    wording = effect.greeting
    greeting = plain(wording.inside(scene.language), GREETING_MAX) if wording is not None else ""
    body = SendPacket(
        source=effect.source,
        asset=effect.asset,
        total=effect.total,
        shares=effect.shares,
        mode=SplitMode.EQUAL if effect.mode == "equal" else SplitMode.LUCKY,
        lifetime_ms=scene.compiled.rulebook.packets.lifetime_ms,
        greeting=greeting,
    )
    held = draft.place
    draft.place = Place(channel=effect.channel) if effect.channel else held
    name = f"{scene.tag}packet"
    command = LedgerCommand(body=body)
    action = draft.act(command, effect=name, rule=rule, executor=LEDGER, target=Actor())
    # What the ledger says of it is said where it was ordered; it was asked for by nobody.
    person = msgspec.structs.replace(draft.person(), member="", name="", message_id="")
    draft.place = held
    state.commands.advance(state.clock_ms)
    state.commands.put(action, person, state.clock_ms)


def praise(scene: Scene, hit: Hit, effect: Praise) -> None:
    """Name those who were given most of an asset of late, and for what."""
    found = praised(scene.room.members, effect, scene.draft.at_ms)
    if not found:
        return
    language = scene.language
    span = explain.length_of_time(language, effect.within_ms)
    lines = [say(language, "praise", span=span)]
    lines += [_line(scene, number, one) for number, one in enumerate(found, 1)]
    draft = scene.draft
    held = draft.place
    draft.place = Place(channel=effect.channel) if effect.channel else held
    draft.announce("\n".join(lines), effect=f"{scene.tag}praise", rule=hit.rule.rule.id)
    draft.place = held


def _line(scene: Scene, number: int, one: Praised) -> str:
    by_id, language = scene.compiled.by_id, scene.language
    reasons = [
        by_id[purpose].rule.why.inside(language) if purpose in by_id else purpose
        for purpose in one.purposes[:REASONS_MAX]
    ]
    why = JOINT[language].join(plain(reason, REASON_MAX) for reason in reasons)
    name = plain(one.name, NAME_MAX)
    return say(language, "praise_line", number=number, name=name, n=one.amount, why=why)


ACTS = {Gift: give, Praise: praise}
