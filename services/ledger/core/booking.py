"""Decide what becomes of a batch of commands. Pure: the same books and commands, the same rows.

Commands are answered one after the other, each on the books as the ones before left them, so a
batch has the same outcome as its commands one by one. A refused command changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from contracts import ids
from contracts.values import (
    BarMember,
    CaptureHold,
    ClosePacket,
    PlaceHold,
    ReleaseHold,
    Reverse,
    SendPacket,
    SetAccount,
    SplitMode,
    TakeShare,
    Transfer,
)
from ledger.core import facts
from ledger.core.bars import bar, check_bar
from ledger.core.books import TEXT_LIMIT, Batch, Books, check_text, post_txn
from ledger.core.bounds import divert, set_account
from ledger.core.commands import Command, Verdict
from ledger.core.holding import capture_hold, place_hold, release_hold
from ledger.core.packets import PacketState, Scene, split
from ledger.core.postings import Leg, Txn, check_amount, check_transferable, kind_of
from ledger.core.refusals import Code, Refused
from ledger.core.reversing import remember, reverse

HOUSE = frozenset({"treasury", "group", "network", "house"})
"""Kinds of account that a packet may be paid from where no member sends it."""

MEMBER_LIMIT = 255
"""Characters of a member's id; Matrix allows that many bytes."""


def book(books: Books, commands: Sequence[Command]) -> Batch:
    """Answer ``commands`` in their order; ``books`` is left as the batch leaves it."""
    batch = Batch()
    for command in commands:
        batch.verdicts.append(_answer(books, batch, command))
    return batch


def _answer(books: Books, batch: Batch, command: Command) -> Verdict:
    body_hash = command.body_hash()
    asked = Verdict(command.scene.network, command.key, body_hash, at_ms=books.now_ms)
    before = books.answers.get((asked.network, asked.key))
    is_repeat = before is not None and before.body_hash == body_hash
    if before is not None and (is_repeat or before.code == Code.WITHDRAWN):
        return before._replace(repeated=True)
    if before is not None:
        return asked._replace(code=Code.KEY_REUSED.value)
    try:
        _check_deadline(books, command)
        verdict = _CARRY_OUT[type(command.body)](books, batch, command, asked)
    except Refused as refusal:
        verdict = asked._replace(code=refusal.code.value, detail=refusal.detail)
        if not command.told:
            batch.facts.append(facts.refused(command, refusal, at_ms=books.now_ms))
    if not verdict.code and isinstance(command.body, BarMember):
        return verdict  # nothing was booked, and the newest holds however often it comes
    books.answers[asked.network, asked.key] = verdict
    batch.answered.append(verdict)
    return verdict


def _transfer(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    body = command.body
    assert isinstance(body, Transfer)
    check_amount(body.amount)
    check_text(body.purpose, "purpose")
    asset = books.asset(body.asset)
    kinds = {kind_of(body.source), kind_of(body.destination)}
    if "packet" in kinds:
        raise Refused(Code.ACCOUNT_RESERVED)
    if body.source == body.destination:
        raise Refused(Code.SAME_ACCOUNT)
    check_transferable(asset, kinds)
    network = asked.network
    legs = [
        Leg(books.account(network, body.source, asset.code), -body.amount),
        Leg(books.account(network, body.destination, asset.code), body.amount),
    ]
    legs, why_not = divert(books, legs) if body.or_suspense else (legs, "")
    key = f"transfer:{command.key}"
    what = Txn(0, network, key, asked.body_hash, "transfer", body.purpose)
    number = post_txn(books, batch, legs, what, command.scene)
    remember(books, number, what, legs)
    told = replace(body, asset=asset.code, destination=legs[-1].account.path)
    fact = facts.transferred(command.scene, number, told, command.key, at_ms=books.now_ms)
    batch.facts.append(fact)
    return asked._replace(txn_id=number, amount=body.amount, detail=why_not)


def _send_packet(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    body = command.body
    assert isinstance(body, SendPacket)
    packet, amounts = _new_packet(books, command, body)
    network = asked.network
    legs = [
        Leg(books.account(network, packet.source, packet.asset), -packet.total),
        Leg(books.account(network, packet.escrow, packet.asset), packet.total),
    ]
    what = Txn(0, network, f"{packet.escrow}:open", asked.body_hash, "packet_open", "")
    packet.number = post_txn(books, batch, legs, what, command.scene)
    for slot, amount in enumerate(amounts, start=1):
        books.shares[packet.id, slot] = amount
        batch.shares.append((packet.id, slot, network, amount))
    books.packets[packet.id] = packet
    books.recent.setdefault((network, packet.scene.group), []).insert(0, packet.id)
    batch.opened.append(packet)
    batch.facts.append(facts.packet_sent(packet, command.key, at_ms=books.now_ms))
    return asked._replace(
        txn_id=packet.number, packet_id=packet.id, amount=packet.total, shares_left=packet.shares
    )


def _new_packet(books: Books, command: Command, body: SendPacket) -> tuple[PacketState, list[int]]:
    scene, terms = command.scene, books.terms
    if not scene.group:
        raise Refused(Code.GROUP_MISSING)
    source = _payer(body)
    check_amount(body.total)
    check_text(body.greeting, "greeting")
    lifetime_ms = body.lifetime_ms or terms.lifetime_ms
    if not terms.lifetime_min_ms <= lifetime_ms <= terms.lifetime_max_ms:
        raise Refused(Code.LIFETIME_INVALID, f"{lifetime_ms} ms")
    amounts = split(body.mode, body.total, body.shares, command.seed)
    asset = books.asset(body.asset)
    # What was paid for is given in equal parts or not at all: luck with it would be a lottery.
    if not asset.giftable or (asset.kind == "paid_credit" and body.mode is SplitMode.LUCKY):
        raise Refused(Code.ASSET_NOT_GIFTABLE, asset.code)
    packet = PacketState(
        id=ids.digest(f"packet {len(scene.network)}:{scene.network}{command.key}".encode()),
        number=0,
        scene=scene,
        sender=body.sender,
        source=source,
        asset=asset.code,
        total=body.total,
        shares=body.shares,
        mode=body.mode,
        greeting=body.greeting,
        seed=command.seed,
        opened_ms=books.now_ms,
        expires_ms=books.now_ms + lifetime_ms,
    )
    return packet, amounts


def _take_share(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    body = command.body
    assert isinstance(body, TakeShare)
    network, member, now_ms = asked.network, body.member, books.now_ms
    path = _member_path(member)
    packet = _wanted(books, command.scene, body)
    check_bar(books, packet, member)
    _check_claim(books, packet, member)
    account = books.account(network, path, packet.asset)
    if account.state == "frozen":
        raise Refused(Code.ACCOUNT_FROZEN, path)
    amount = books.shares[packet.id, packet.taken + 1]
    legs = [
        Leg(books.account(network, packet.escrow, packet.asset), -amount),
        Leg(account, amount),
    ]
    key = f"{packet.escrow}:share:{packet.taken + 1}"
    what = Txn(0, network, key, asked.body_hash, "packet_claim", "")
    number = post_txn(books, batch, legs, what, packet.scene)
    slot = packet.take(member, amount)
    books.claims.add((packet.id, member))
    batch.claims.append((packet.id, member, slot, network, amount, number))
    batch.touched[packet.id] = packet
    batch.facts.append(facts.share_taken(packet, member, amount, command.key, at_ms=now_ms))
    if packet.state == "closed":
        batch.facts.append(facts.packet_closed(packet, at_ms=now_ms))
    left = packet.shares - packet.taken
    return Verdict(
        network, asked.key, asked.body_hash, "", "", number, packet.id, slot, amount, left, None,
        now_ms,
    )  # fmt: skip


def _close_packet(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    body = command.body
    assert isinstance(body, ClosePacket)
    why = body.why or "recalled"
    if why not in {"recalled", "expired"}:
        raise Refused(Code.REASON_INVALID, why[:TEXT_LIMIT])
    packet = _named(books, command.scene, body.packet_id)
    if packet.state == "closed":
        raise Refused(_CLOSED[packet.closed_why], packet.id)
    if why == "expired" and books.now_ms < packet.expires_ms:
        raise Refused(Code.NOT_EXPIRED, packet.id)
    rest = packet.total - packet.amount_taken
    legs = [
        Leg(books.account(asked.network, packet.escrow, packet.asset), -rest),
        Leg(books.account(asked.network, packet.source, packet.asset), rest),
    ]
    legs, why_not = divert(books, legs)
    key = f"{packet.escrow}:close"
    what = Txn(0, asked.network, key, asked.body_hash, "packet_close", why)
    number = post_txn(books, batch, legs, what, packet.scene)
    packet.close(why)
    batch.touched[packet.id] = packet
    batch.facts.append(facts.packet_closed(packet, at_ms=books.now_ms))
    left = packet.shares - packet.taken
    return asked._replace(
        txn_id=number, packet_id=packet.id, amount=rest, shares_left=left, detail=why_not
    )


_CARRY_OUT: dict[type, Callable[[Books, Batch, Command, Verdict], Verdict]] = {
    Transfer: _transfer,
    SendPacket: _send_packet,
    TakeShare: _take_share,
    ClosePacket: _close_packet,
    Reverse: reverse,
    BarMember: bar,
    SetAccount: set_account,
    PlaceHold: place_hold,
    CaptureHold: capture_hold,
    ReleaseHold: release_hold,
}

_CLOSED = {
    "sold_out": Code.PACKET_SOLD_OUT,
    "expired": Code.PACKET_EXPIRED,
    "recalled": Code.PACKET_CLOSED,
}


def _check_deadline(books: Books, command: Command) -> None:
    if 0 < command.deadline_ms < books.now_ms:
        raise Refused(Code.TOO_LATE)


def _check_claim(books: Books, packet: PacketState, member: str) -> None:
    if (packet.id, member) in books.claims:
        raise Refused(Code.ALREADY_TAKEN, packet.id)
    if packet.state == "closed":
        raise Refused(_CLOSED[packet.closed_why], packet.id)
    if books.now_ms >= packet.expires_ms:
        raise Refused(Code.PACKET_EXPIRED, packet.id)
    if member == packet.sender:
        raise Refused(Code.OWN_PACKET, packet.id)


def _wanted(books: Books, scene: Scene, body: TakeShare) -> PacketState:
    """Return the packet that is meant: the one named, or the newest that the member can share in.

    If there is none, it is the newest open one, or else the newest, and the refusal says why not.
    """
    if body.packet_id:
        return _named(books, scene, body.packet_id)
    recent = [books.packets[name] for name in books.recent.get((scene.network, scene.group), ())]
    if not recent:
        raise Refused(Code.NO_OPEN_PACKET)
    running = [p for p in recent if p.state == "open" and books.now_ms < p.expires_ms]
    for packet in running:
        if packet.sender != body.member and (packet.id, body.member) not in books.claims:
            return packet
    return (running or recent)[0]


def _named(books: Books, scene: Scene, packet_id: str) -> PacketState:
    packet = books.packets.get(packet_id)
    if packet is None or packet.scene.network != scene.network:
        raise Refused(Code.PACKET_UNKNOWN)
    if scene.group and packet.scene.group != scene.group:
        raise Refused(Code.PACKET_UNKNOWN)
    return packet


def _payer(body: SendPacket) -> str:
    """Return the account that pays for a packet: the sender's, or one of the house."""
    if not body.source:
        return _member_path(body.sender)
    if body.sender:
        raise Refused(Code.MEMBER_INVALID)
    if kind_of(body.source) not in HOUSE:
        raise Refused(Code.ACCOUNT_INVALID, body.source)
    return body.source


def _member_path(member: str) -> str:
    if not member or len(member) > MEMBER_LIMIT or not member.isprintable():
        raise Refused(Code.MEMBER_INVALID)
    return f"member:{member}"
