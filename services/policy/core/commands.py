"""Commands of members: red packets go to the ledger as data, questions are answered."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from contracts.values import LedgerCommand, SendPacket, SplitMode, TakeShare
from policy.core import answers, floor, highlights, posted, staff, vouching
from policy.core.acts.members import barred_words, record_of
from policy.core.bars import own_until
from policy.core.belonging import place_of
from policy.core.compile import Compiled
from policy.core.effects import LEDGER, Draft
from policy.core.explain import GREETING_MAX, asset_name, plain
from policy.core.messages import Language, say
from policy.core.money import CENTS, minor, shown
from policy.core.scene import Scene
from policy.core.state import State
from policy.core.text.fold import fold

NAMES = {
    "packet": "packet", "红包": "packet", "发红包": "packet",
    "grab": "grab", "抢": "grab", "抢红包": "grab",
    "rules": "rules", "规则": "rules", "群规": "rules",
    "help": "help", "帮助": "help",
    "agree": "agree", "accept": "agree", "同意": "agree", "我同意": "agree", "接受": "agree",
    **dict.fromkeys(staff.NAMES, "staff"), **floor.NAMES, **highlights.NAMES,
    **answers.NAMES, **vouching.NAMES,
}  # fmt: skip
MODES = {
    "equal": SplitMode.EQUAL, "平均": SplitMode.EQUAL,
    "lucky": SplitMode.LUCKY, "拼手气": SplitMode.LUCKY,
}  # fmt: skip
SPOKEN: Final[dict[str, Language]] = {
    "en": "en", "english": "en", "英文": "en", "zh": "zh", "chinese": "zh", "中文": "zh",
}  # fmt: skip
_ANSWERS: Final[dict[str, Callable[[Scene, Sequence[str]], str]]] = {
    "floor": floor.asked,
    "words": floor.words,
    "keep": highlights.keep,
    "unkeep": highlights.unkeep,
    "kept": highlights.listed,
    "answer": answers.answer,
    "answers": answers.listed,
    "forget": answers.forget,
    "vouch": vouching.vouch,
    "unvouch": vouching.unvouch,
}
PASSWORD_MAX = 100  # no packet has a longer one
_PACKET_ID = re.compile(r"[a-z0-9-]{1,64}")


def is_command(name: str) -> bool:
    """Return whether a word after the mark is a command of ours; others are left to other bots."""
    return fold(name) in NAMES


def run(scene: Scene, name: str, args: Sequence[str]) -> None:
    """Do what a member asked for."""
    draft, state, compiled = scene.draft, scene.state, scene.compiled
    wanted = NAMES[fold(name)]
    answer = _ANSWERS.get(wanted)
    told = answer(scene, args) if answer is not None else ""
    if told:
        draft.reply(told, effect="reply")
    match wanted:
        case "packet":
            _packet(draft, state, compiled, args)
        case "grab":
            refusal = _kept_from_packets(scene)
            if refusal:
                draft.reply(refusal, effect="reply")
            else:
                _grab(scene, args)
        case "agree":
            _agree(scene)
        case "rules":
            draft.reply(_rules(compiled, args), effect="reply")
        case "staff":
            staff.run(scene, name, args)
        case "help":
            draft.reply(say(compiled.rulebook.language, "help"), effect="reply")


def _kept_from_packets(scene: Scene) -> str:
    """Return why a member may take no share, as they are told; "" where they may."""
    standing = record_of(scene).stand()
    assert scene.seen is not None, "somebody asked"
    bar = own_until(scene.seen, "packets")
    if bar is not None:
        until_ms, everywhere = bar
        return barred_words(scene, until_ms, everywhere=everywhere)
    tiers = scene.compiled.rulebook.tiers
    if not tiers or tiers[place_of(tiers, standing.tier)].packets:
        return ""
    return say(scene.language, "tier_no_packets")


def _agree(scene: Scene) -> None:
    standing = record_of(scene).stand()
    standing.accepted, standing.accepted_ms = scene.compiled.digest, scene.draft.at_ms
    scene.draft.reply(say(scene.language, "agreed"), effect="reply")


def _packet(draft: Draft, state: State, compiled: Compiled, args: Sequence[str]) -> None:
    packets = compiled.rulebook.packets
    first, second, *words = (*args, "", "")
    total, shares = minor(first, packets.asset), minor(second, "")
    if not 1 <= shares <= packets.shares_max or not shares <= total <= packets.amount_max:
        _usage(draft, compiled)
        return
    mode = MODES.get(fold(words[0])) if words else None
    if mode is not None:
        words.pop(0)
    else:
        mode = SplitMode.EQUAL if packets.mode == "equal" else SplitMode.LUCKY
    command = SendPacket(
        sender=draft.subject.id if draft.subject else "",
        asset=packets.asset,
        total=total,
        shares=shares,
        mode=mode,
        lifetime_ms=packets.lifetime_ms,
        greeting=plain(" ".join(words), GREETING_MAX),
    )
    _order(draft, state, LedgerCommand(body=command))


def _usage(draft: Draft, compiled: Compiled) -> None:
    packets = compiled.rulebook.packets
    language = compiled.rulebook.language
    told = say(
        language,
        "usage_packet",
        asset=asset_name(language, packets.asset),
        amount_max=shown(packets.amount_max, packets.asset),
        example=5 if packets.asset in CENTS else 500,
        least=shown(1, packets.asset),
        shares_max=packets.shares_max,
    )
    draft.reply(told, effect="reply")


def _grab(scene: Scene, args: Sequence[str]) -> None:
    """Ask the ledger for a share, and tell it what it cannot know: the member's tier and tenure."""
    draft, tiers = scene.draft, scene.compiled.rulebook.tiers
    wanted = fold(args[0]) if args else scene.room.packet
    password = " ".join(args[1:])
    if (wanted and not _PACKET_ID.fullmatch(wanted)) or len(password) > PASSWORD_MAX:
        draft.reply(say(scene.language, "usage_grab"), effect="reply")
        return
    record = record_of(scene)
    command = TakeShare(
        packet_id=wanted,
        member=draft.subject.id if draft.subject else "",
        password=password,
        tier=tiers[place_of(tiers, record.stand().tier)].name if tiers else "",
        since_ms=record.joined_ms,
    )
    _order(draft, scene.state, LedgerCommand(body=command))


def _order(draft: Draft, state: State, command: LedgerCommand) -> None:
    person = draft.person()
    action = draft.act(command, effect="ledger", executor=LEDGER)
    state.commands.advance(state.clock_ms)
    state.commands.put(action, person, state.clock_ms)
    state.names.advance(state.clock_ms)
    state.names.put(person.member, person.name, state.clock_ms)


def _rules(compiled: Compiled, args: Sequence[str]) -> str:
    """Return a page of the charter, in the language and of the number that somebody named."""
    language = compiled.rulebook.language
    words = [fold(word) for word in args]
    spoken = next((SPOKEN[word] for word in words if word in SPOKEN), language)
    number = next((int(word) for word in words if word.isascii() and word.isdigit()), 1)
    return posted.page(compiled.rulebook, spoken, number)
