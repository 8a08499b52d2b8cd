"""What the ledger says has happened: told in the room, and debts settled by it."""

from collections.abc import Iterator

from contracts.codec import EventView
from contracts.values import Actor, ActorKind, SplitMode
from contracts.values.view import PacketTermsView, PacketView
from policy.core.compiled import Compiled
from policy.core.conduct import Person
from policy.core.effects import Draft
from policy.core.explain import (
    COMMAS,
    GREETING_MAX,
    NAME_MAX,
    asset_name,
    length_of_time,
    plain,
)
from policy.core.messages import TEXTS, Language, say, sentences
from policy.core.money import shown
from policy.core.reading import UNITS_MS
from policy.core.state import Room, State
from policy.core.zones import moment

DETAIL_MAX = 120
PACKET_ID_MAX = 64
_MEMBER = "member:"
_COMMANDED = ("packet_sent", "packet_share_taken", "ledger_refused", "transferred")


def asked_by(view: EventView, state: State, member: str) -> Person | None:
    """Return who asked the ledger in a chat for what is now a fact, if it was this member."""
    state.commands.advance(state.clock_ms)
    state.names.advance(state.clock_ms)
    command = view.payload.command_id if view.kind in _COMMANDED else ""
    person = state.commands.get(command, state.clock_ms) if command else None
    return person if person is not None and person.member == member else None


def is_later_drop(view: EventView) -> bool:
    """Return whether this is a packet of a rain whose first was told for all: no packet more."""
    packet = view.packet_sent.packet if view.kind == "packet_sent" else None
    return packet is not None and packet.rain not in ("", packet.id)


def tell(
    draft: Draft, view: EventView, state: State, compiled: Compiled, room: Room, *, settled: bool
) -> None:
    """Say in the group what a fact of the ledger means there; `settled`: it was waited for."""
    language = compiled.rulebook.language
    match view.kind:
        case "packet_sent":
            _packet_sent(draft, view, state, compiled, room, settled=settled)
        case "packet_opened":
            _packet_opened(draft, view, state, compiled, room)
        case "packet_frozen":
            _packet_frozen(draft, view, state, compiled, room)
        case "packet_share_taken":
            _share_taken(draft, view, state, language, room)
        case "packet_closed":
            _packet_closed(draft, view, state, language, room)
        case "ledger_refused":
            _refused(draft, view, state, language)
        case "transferred":
            _transferred(draft, view, state, language)


def _address(draft: Draft, state: State, command_id: str, member: str) -> Person | None:
    person = state.commands.get(command_id, state.clock_ms) if command_id else None
    if person is not None and person.member == member:
        draft.address(person)
        return person
    draft.subject = Actor(id=member, kind=ActorKind.USER, display_name=_name(state, member))
    return None


def _name(state: State, member: str) -> str:
    known = state.names.get(member, state.clock_ms)
    return plain(known or member.removeprefix("@").partition(":")[0], NAME_MAX)


def _packet_sent(
    draft: Draft, view: EventView, state: State, compiled: Compiled, room: Room, *, settled: bool
) -> None:
    packet, language = view.packet_sent.packet, compiled.rulebook.language
    if is_later_drop(view):
        return  # the rain was told with its first drop, and each other is told as it falls
    _address(draft, state, view.packet_sent.command_id, packet.sender)
    thanks = say(language, "settled", name=_name(state, packet.sender)) if settled else ""
    told = _described(state, language, "rain_sent" if packet.rain else "packet_sent", packet)
    greeting = plain(packet.greeting, GREETING_MAX)
    if greeting:
        greeting = say(language, "packet_greeting", greeting=greeting)
    if packet.opens_ms <= draft.at_ms and not packet.locked:
        room.packet = packet.id
    draft.announce(sentences(language, told, _how(draft, compiled, packet), greeting, thanks))


def _packet_opened(
    draft: Draft, view: EventView, state: State, compiled: Compiled, room: Room
) -> None:
    packet, language = view.packet_opened.packet, compiled.rulebook.language
    _address(draft, state, "", packet.sender)
    if packet.frozen:
        return  # it is told when it is free
    if not packet.locked:
        room.packet = packet.id
    told = _described(state, language, "packet_opened", packet)
    draft.announce(sentences(language, told, _how(draft, compiled, packet)))


def _packet_frozen(
    draft: Draft, view: EventView, state: State, compiled: Compiled, room: Room
) -> None:
    """Where the newest packet is shut, `!grab` is for whichever the ledger finds."""
    fact, language = view.packet_frozen, compiled.rulebook.language
    packet = fact.packet
    _address(draft, state, "", packet.sender)
    sender = _giver(state, language, packet.sender)
    if fact.frozen:
        if room.packet == packet.id:
            room.packet = ""
        shut = plain(packet.id, PACKET_ID_MAX)
        draft.announce(say(language, "packet_frozen", sender=sender, id=shut))
        return
    if packet.opens_ms <= draft.at_ms and not packet.locked:
        room.packet = room.packet or packet.id
    told = say(language, "packet_freed", sender=sender)
    draft.announce(sentences(language, told, _how(draft, compiled, packet)))


def _giver(state: State, language: Language, sender: str) -> str:
    return _name(state, sender) if sender else say(language, "house")


def _described(state: State, language: Language, key: str, packet: PacketView) -> str:
    """Return in words whose packet it is and what is left in it."""
    lucky = packet.mode == SplitMode.LUCKY
    return say(
        language,
        key,
        sender=_giver(state, language, packet.sender),
        total=shown(packet.total - packet.amount_taken, packet.asset),
        asset=asset_name(language, packet.asset),
        shares=packet.shares - packet.shares_taken,
        mode=say(language, "mode_lucky" if lucky else "mode_equal"),
        drops=packet.rain_drops,
        whole=shown(packet.rain_total, packet.asset),
    )


def _how(draft: Draft, compiled: Compiled, packet: PacketView) -> str:
    """Return how a share is taken, or from when on, and by whom alone."""
    book, wait_ms = compiled.rulebook, packet.opens_ms - draft.at_ms
    language = book.language
    if wait_ms > 0:
        when = moment(packet.opens_ms, book.zone, seconds=wait_ms < UNITS_MS["h"])
        how = say(language, "packet_waits", when=when)
    elif packet.locked:
        how = say(language, "packet_unlock", id=plain(packet.id, PACKET_ID_MAX))
    else:
        how = say(language, "packet_grab")
    asked = COMMAS[language].join(_asked(language, packet.terms))
    return sentences(language, how, say(language, "packet_asks", asked=asked) if asked else "")


def _asked(language: Language, terms: PacketTermsView) -> Iterator[str]:
    """Yield what somebody has to be to take a share."""
    if terms.members:
        yield say(language, "asks_members", n=len(terms.members))
    if terms.tiers:
        tiers = COMMAS[language].join(terms.tiers)
        yield say(language, "asks_tiers", tiers=plain(tiers, DETAIL_MAX))
    if terms.tenure_ms > 0:
        yield say(language, "asks_tenure", span=length_of_time(language, terms.tenure_ms))
    if terms.reputation > 0:
        yield say(language, "asks_reputation", n=terms.reputation)


def _share_taken(
    draft: Draft, view: EventView, state: State, language: Language, room: Room
) -> None:
    fact = view.packet_share_taken
    _address(draft, state, fact.command_id, fact.member)
    asset = asset_name(language, fact.asset)
    told = say(
        language,
        "share_taken" if fact.shares_left else "share_last",
        member=_name(state, fact.member),
        amount=shown(fact.amount, fact.asset),
        asset=asset,
        sender=_giver(state, language, fact.sender),
        n=fact.shares_left,
    )
    best = ""
    if not fact.shares_left:
        if room.packet == fact.packet_id:
            room.packet = ""
        if fact.best_luck_member:
            best = say(
                language,
                "best_luck",
                member=_name(state, fact.best_luck_member),
                amount=shown(fact.best_luck_amount, fact.asset),
                asset=asset,
            )
    draft.reply(sentences(language, told, best), effect="reply", mention=False)


def _packet_closed(
    draft: Draft, view: EventView, state: State, language: Language, room: Room
) -> None:
    fact = view.packet_closed
    packet = fact.packet
    _address(draft, state, "", packet.sender)
    if room.packet == packet.id:
        room.packet = ""
    key = f"packet_{fact.why}"
    if key not in ("packet_expired", "packet_recalled", "packet_withdrawn"):
        return  # the last share has been told
    told = say(
        language,
        key,
        sender=_giver(state, language, packet.sender),
        refunded=shown(fact.refunded, packet.asset),
        asset=asset_name(language, packet.asset),
    )
    draft.announce(told)


def _refused(draft: Draft, view: EventView, state: State, language: Language) -> None:
    fact = view.ledger_refused
    if _address(draft, state, fact.command_id, fact.member) is None:
        return  # not asked for in a chat
    if not fact.member:
        short = fact.code == "insufficient_funds"
        told = say(
            language, "house_short" if short else "house_refused", code=plain(fact.code, NAME_MAX)
        )
        draft.announce(told)
        return
    key = f"refused_{fact.code}"
    key = key if key in TEXTS[language] else "refused"
    detail, code = plain(fact.detail, DETAIL_MAX), plain(fact.code, NAME_MAX)
    draft.reply(say(language, key, detail=detail, code=code), effect="reply")


def _transferred(draft: Draft, view: EventView, state: State, language: Language) -> None:
    fact = view.transferred
    source, destination = fact.source, fact.destination
    if not (source.startswith(_MEMBER) and destination.startswith(_MEMBER)):
        return
    giver, taker = source.removeprefix(_MEMBER), destination.removeprefix(_MEMBER)
    _address(draft, state, fact.command_id, giver)
    told = say(
        language,
        "transferred",
        source=_name(state, giver),
        destination=_name(state, taker),
        amount=shown(fact.amount, fact.asset),
        asset=asset_name(language, fact.asset),
    )
    draft.reply(told, effect="reply", mention=False)
