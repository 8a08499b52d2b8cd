"""Red packets by command: sent with their terms, taken, taken back, and shut by the staff."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from contracts.values import (
    ClosePacket,
    FreezePacket,
    LedgerCommand,
    PacketTerms,
    SendPacket,
    SplitMode,
    TakeShare,
)
from contracts.values.ledger import LedgerCommandBody
from policy.core import staff
from policy.core.acts.members import barred_words, record_of
from policy.core.bars import own_until
from policy.core.belonging import place_of
from policy.core.effects import LEDGER
from policy.core.explain import GREETING_MAX, REASON_MAX, asset_name, plain
from policy.core.messages import say
from policy.core.money import CENTS, minor, shown
from policy.core.naming import named
from policy.core.reading import duration_ms
from policy.core.scene import Scene
from policy.core.text.fold import fold

NAMES: Final = {
    **dict.fromkeys(("packet", "hongbao", "红包", "发红包"), "packet"),
    **dict.fromkeys(("grab", "抢", "抢红包"), "grab"),
    **dict.fromkeys(("recall", "撤回红包", "收回红包"), "recall"),
    **dict.fromkeys(("freeze", "冻结红包"), "freeze"),
    **dict.fromkeys(("unfreeze", "解冻红包"), "unfreeze"),
    **dict.fromkeys(("withdraw", "退回红包"), "withdraw"),
}
MODES: Final = {
    "equal": SplitMode.EQUAL, "平均": SplitMode.EQUAL,
    "lucky": SplitMode.LUCKY, "拼手气": SplitMode.LUCKY,
}  # fmt: skip
TERMS: Final = {
    **dict.fromkeys(("to", "for", "给", "专属"), "to"),
    **dict.fromkeys(("tier", "等级"), "tier"),
    **dict.fromkeys(("password", "口令"), "password"),
    **dict.fromkeys(("in", "定时"), "in"),
    **dict.fromkeys(("rain", "红包雨"), "rain"),
    **dict.fromkeys(("every", "每"), "every"),
    **dict.fromkeys(("min", "最少"), "min"),
    **dict.fromkeys(("max", "最多"), "max"),
    **dict.fromkeys(("tenure", "入群"), "tenure"),
    **dict.fromkeys(("reputation", "声望"), "reputation"),
}
"""What may stand between the split and the greeting, each as `key=value`."""

ENVELOPE: Final = "🧧"
"""A reaction with it, while a packet lies open, is a grab."""

EVERY_MS: Final = 60_000
PASSWORD_MAX: Final = 100  # no packet has a longer one
_PACKET_ID: Final = re.compile(r"[a-z0-9-]{1,64}")
_TERM: Final = re.compile(r"([^=:＝：]+)[=:＝：](.+)", re.DOTALL)
_BETWEEN: Final = re.compile(r"[,，、]")
_SPOKEN: Final = (
    ("小时", "h"), ("分钟", "m"), ("天", "d"), ("时", "h"), ("分", "m"), ("秒", "s"),
)  # fmt: skip


class Wish(NamedTuple):
    """What somebody wants of a packet besides its total and its shares."""

    terms: PacketTerms
    opens_in_ms: int = 0
    drops: int = 0
    every_ms: int = 0


def run(scene: Scene, name: str, args: Sequence[str]) -> None:
    """Do what was asked for, or say how to ask."""
    match NAMES[fold(name)]:
        case "packet":
            told = _send(scene, args)
        case "grab":
            told = _kept_from(scene) or _grab(scene, args)
        case "recall":
            told = _end(scene, args, "recalled")
        case wanted:
            if not staff.is_staff(scene):
                told = say(scene.language, "not_staff")
            elif wanted == "withdraw":
                told = _end(scene, args, "withdrawn")
            else:
                told = _freeze(scene, args, frozen=wanted == "freeze")
    if told:
        scene.draft.reply(told, effect="reply")


def _kept_from(scene: Scene) -> str:
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


def _send(scene: Scene, args: Sequence[str]) -> str:
    packets = scene.compiled.rulebook.packets
    first, second, *words = (*args, "", "")
    total, shares = minor(first, packets.asset), minor(second, "")
    if not 1 <= shares <= packets.shares_max or not shares <= total <= packets.amount_max:
        return _usage(scene)
    mode = MODES.get(fold(words[0])) if words else None
    if mode is not None:
        words.pop(0)
    said: dict[str, str] = {}
    while words and (term := _term(words[0])):
        said[term[0]] = term[1]
        words.pop(0)
    wish = _wish(scene, said)
    if wish is None:
        return _usage(scene)
    if mode is None:
        is_equal = packets.mode == "equal" or "to" in said
        mode = SplitMode.EQUAL if is_equal else SplitMode.LUCKY
    command = SendPacket(
        sender=_asker(scene),
        asset=packets.asset,
        total=total,
        shares=shares,
        mode=mode,
        lifetime_ms=packets.lifetime_ms,
        greeting=plain(" ".join(words), GREETING_MAX),
        terms=None if wish.terms == PacketTerms() else wish.terms,
        opens_in_ms=wish.opens_in_ms,
        drops=wish.drops,
        every_ms=wish.every_ms,
    )
    return _order(scene, command)


def _term(word: str) -> tuple[str, str] | None:
    """Return which term a word names and what it says of it; None: the greeting begins here."""
    found = _TERM.fullmatch(word)
    key = TERMS.get(fold(found[1])) if found is not None else None
    return (key, found[2]) if found is not None and key is not None else None


def _wish(scene: Scene, said: dict[str, str]) -> Wish | None:
    """Return what the terms mean; None where one of them means nothing."""
    asset, tiers = scene.compiled.rulebook.packets.asset, scene.compiled.rulebook.tiers
    numbers: dict[str, int] = {}
    numbers |= {key: minor(said[key], asset) for key in ("min", "max") if key in said}
    numbers |= {key: minor(said[key], "") for key in ("rain", "reputation") if key in said}
    numbers |= {key: _span_ms(said[key]) for key in ("in", "every", "tenure") if key in said}
    known = {fold(tier.name): tier.name for tier in tiers or ()}
    asked = [fold(name) for name in _BETWEEN.split(said["tier"])] if "tier" in said else []
    members = _meant(scene, said["to"]) if "to" in said else ()
    password = said.get("password", "")
    if (
        not all(numbers.values())
        or not all(name in known for name in asked)
        or ("to" in said and not members)
        or len(password) > PASSWORD_MAX
        or ("every" in said and "rain" not in said)
    ):
        return None
    terms = PacketTerms(
        share_min=numbers.get("min", 0),
        share_max=numbers.get("max", 0),
        members=members,
        tiers=tuple(known[name] for name in asked),
        password=password,
        tenure_ms=numbers.get("tenure", 0),
        reputation=numbers.get("reputation", 0),
    )
    drops = numbers.get("rain", 0)
    every_ms = numbers.get("every", EVERY_MS) if drops > 1 else 0
    return Wish(terms, numbers.get("in", 0), drops, every_ms)


def _meant(scene: Scene, written: str) -> tuple[str, ...]:
    """Return whom `to=` names: all who are mentioned, or else those of the ids and names."""
    mentions = scene.seen.content.mentions if scene.seen is not None else ()
    if mentions:
        return tuple(mentions)
    found = [named(scene, [word]) for word in _BETWEEN.split(written) if word]
    return () if any(one.is_unclear for one in found) else tuple(one.member for one in found)


def _span_ms(written: str) -> int:
    """Return a length of time, `10m` or `10分钟`, in milliseconds; 0 where it is none."""
    spoken = fold(written)
    for word, unit in _SPOKEN:
        spoken = spoken.replace(word, unit)
    return duration_ms(spoken) or 0


def _usage(scene: Scene) -> str:
    packets, language = scene.compiled.rulebook.packets, scene.language
    return say(
        language,
        "usage_packet",
        asset=asset_name(language, packets.asset),
        amount_max=shown(packets.amount_max, packets.asset),
        example=5 if packets.asset in CENTS else 500,
        least=shown(1, packets.asset),
        shares_max=packets.shares_max,
    )


def _grab(scene: Scene, args: Sequence[str]) -> str:
    """Ask the ledger for a share, and tell it what it cannot know: the member's tier and tenure."""
    tiers = scene.compiled.rulebook.tiers
    wanted = fold(args[0]) if args else scene.room.packet
    password = " ".join(args[1:])
    if (wanted and not _PACKET_ID.fullmatch(wanted)) or len(password) > PASSWORD_MAX:
        return say(scene.language, "usage_grab")
    record = record_of(scene)
    command = TakeShare(
        packet_id=wanted,
        member=_asker(scene),
        password=password,
        tier=tiers[place_of(tiers, record.stand().tier)].name if tiers else "",
        since_ms=record.joined_ms,
    )
    return _order(scene, command)


def _end(scene: Scene, args: Sequence[str], why: str) -> str:
    packet = fold(args[0]) if args else scene.room.packet
    if not _PACKET_ID.fullmatch(packet):
        return say(scene.language, "usage_recall" if why == "recalled" else "usage_freeze")
    return _order(scene, ClosePacket(packet_id=packet, why=why, by=_asker(scene)))


def _freeze(scene: Scene, args: Sequence[str], *, frozen: bool) -> str:
    packet = fold(args[0]) if args else scene.room.packet
    if not _PACKET_ID.fullmatch(packet):
        return say(scene.language, "usage_freeze")
    why = plain(" ".join(args[1:]), REASON_MAX)
    return _order(scene, FreezePacket(packet_id=packet, frozen=frozen, by=_asker(scene), why=why))


def _asker(scene: Scene) -> str:
    return scene.draft.subject.id if scene.draft.subject else ""


def _order(scene: Scene, command: LedgerCommandBody) -> str:
    """Send a command to the ledger, and remember who asked; there is nothing to say yet."""
    draft, state = scene.draft, scene.state
    person = draft.person()
    action = draft.act(LedgerCommand(body=command), effect="ledger", executor=LEDGER)
    state.commands.advance(state.clock_ms)
    state.commands.put(action, person, state.clock_ms)
    state.names.advance(state.clock_ms)
    state.names.put(person.member, person.name, state.clock_ms)
    return ""
