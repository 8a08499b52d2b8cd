"""Take of red packets, and end them: a share, its money and its owner are one booking. Pure."""

from contracts.values import ClosePacket, FreezePacket, OpenPacket, TakeShare
from ledger.core import facts
from ledger.core.bars import check_bar, moment
from ledger.core.books import TEXT_LIMIT, UNTOLD, Batch, Books, check_text, post_txn
from ledger.core.bounds import divert
from ledger.core.caps import check_tries, count_try, keep, taking
from ledger.core.commands import Command, Verdict
from ledger.core.conditions import check_conditions
from ledger.core.packets import PacketState, PacketStep, Scene
from ledger.core.persons import check_person, identity_of
from ledger.core.postings import Leg, Txn
from ledger.core.refusals import Code, Refused
from ledger.core.sending import MEMBER_LIMIT, member_path

REPUTATION = "reputation"
"""The asset in which packets ask for reputation."""

_CLOSED = {
    "sold_out": Code.PACKET_SOLD_OUT,
    "expired": Code.PACKET_EXPIRED,
    "recalled": Code.PACKET_CLOSED,
    "withdrawn": Code.PACKET_CLOSED,
}


def take_share(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Give the next share of a packet to a member, once.

    Raises:
        Refused: the member gets none, and may try again with another command.
    """
    body = command.body
    assert isinstance(body, TakeShare)
    network, member, now_ms = asked.network, body.member, books.now_ms
    path = member_path(member)
    packet = _wanted(books, command.scene, body)
    check_bar(books, packet, member)
    _check_password(books, batch, packet, body)
    account = books.account(network, path, packet.asset)
    if account.state == "frozen":
        raise Refused(Code.ACCOUNT_FROZEN, path)
    amount = books.shares[packet.id, packet.taken + 1]
    legs = [
        Leg(books.account(network, packet.escrow, packet.asset), -amount),
        Leg(account, amount),
    ]
    counted = taking(books, packet, member, amount)
    key = f"{packet.escrow}:share:{packet.taken + 1}"
    what = Txn(0, network, key, asked.body_hash, "packet_claim", "")
    number = post_txn(books, batch, legs, what, packet.scene)
    keep(books, batch, counted)
    slot = packet.take(member, amount)
    books.claims.add((packet.id, member))
    identity = identity_of(books, network, body)
    if identity:
        books.identities.add((packet.id, identity))
    batch.claims.append((packet.id, member, slot, network, amount, number, identity))
    batch.touched[packet.id] = packet
    batch.facts.append(facts.share_taken(packet, member, amount, command.key, at_ms=now_ms))
    if packet.state == "closed":
        batch.facts.append(facts.packet_closed(packet, at_ms=now_ms))
    left = packet.shares - packet.taken
    return Verdict(
        network, asked.key, asked.body_hash, "", "", number, packet.id, slot, amount, left, None,
        now_ms,
    )  # fmt: skip


def close_packet(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Give back what nobody took to the account that paid.

    Raises:
        Refused: ``PACKET_STARTED`` for a recall after the first share, among others.
    """
    body = command.body
    assert isinstance(body, ClosePacket)
    why = body.why or "recalled"
    if why not in {"recalled", "withdrawn", "expired"}:
        raise Refused(Code.REASON_INVALID, why[:TEXT_LIMIT])
    packet = named(books, command.scene, body.packet_id)
    if packet.state == "closed":
        raise Refused(_CLOSED[packet.closed_why], packet.id)
    if why == "expired" and books.now_ms < packet.expires_ms:
        raise Refused(Code.NOT_EXPIRED, packet.id)
    if why == "recalled":
        _check_recall(packet, body.by)
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
    if why != "expired":
        _note(batch, packet, why, body.by, "")
    batch.facts.append(facts.packet_closed(packet, at_ms=books.now_ms))
    left = packet.shares - packet.taken
    return asked._replace(
        txn_id=number, packet_id=packet.id, amount=rest, shares_left=left, detail=why_not
    )


def open_packet(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Tell, once, that a packet can be taken from now; it could be since its time came.

    Raises:
        Refused: ``PACKET_NOT_OPEN`` before its time, or when it was told.
    """
    body = command.body
    assert isinstance(body, OpenPacket)
    packet = named(books, command.scene, body.packet_id)
    if packet.state == "closed":
        raise Refused(_CLOSED[packet.closed_why], packet.id)
    if packet.told_open or books.now_ms < packet.opens_ms:
        raise Refused(Code.PACKET_NOT_OPEN, packet.id)
    packet.told_open = True
    batch.touched[packet.id] = packet
    batch.facts.append(facts.packet_opened(packet, at_ms=books.now_ms))
    return asked._replace(packet_id=packet.id, shares_left=packet.shares - packet.taken)


def freeze_packet(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Let nobody take of a packet, or again; its money stays where it is until its time is over.

    Raises:
        Refused: ``PACKET_NOT_FROZEN`` if it is as it is wanted, or the packet is closed.
    """
    body = command.body
    assert isinstance(body, FreezePacket)
    check_text(body.why, "why")
    _check_person(body.by)
    packet = named(books, command.scene, body.packet_id)
    if packet.state == "closed":
        raise Refused(_CLOSED[packet.closed_why], packet.id)
    if packet.frozen == body.frozen:
        raise Refused(Code.PACKET_FROZEN if body.frozen else Code.PACKET_NOT_FROZEN, packet.id)
    packet.frozen = body.frozen
    batch.touched[packet.id] = packet
    _note(batch, packet, "frozen" if body.frozen else "freed", body.by, body.why)
    batch.facts.append(facts.packet_frozen(packet, body, command.key, at_ms=books.now_ms))
    return asked._replace(packet_id=packet.id, shares_left=packet.shares - packet.taken)


def _note(batch: Batch, packet: PacketState, what: str, by: str, why: str) -> None:
    network = packet.scene.network
    batch.deeds.append(PacketStep(packet.id, len(batch.deeds), network, what, by, why))


def _check_person(member: str) -> None:
    if len(member) > MEMBER_LIMIT or not (not member or member.isprintable()):
        raise Refused(Code.MEMBER_INVALID)


def _check_recall(packet: PacketState, by: str) -> None:
    """Raise unless its sender can take it back still; the house's is anybody's who may say so."""
    _check_person(by)
    if by and by != packet.sender:
        raise Refused(Code.NOT_YOURS, packet.id)
    if packet.taken:
        raise Refused(Code.PACKET_STARTED, packet.id)
    if packet.frozen:
        raise Refused(Code.PACKET_FROZEN, packet.id)


def _check_claim(books: Books, packet: PacketState, body: TakeShare) -> None:
    member, now_ms = body.member, books.now_ms
    if (packet.id, member) in books.claims:
        raise Refused(Code.ALREADY_TAKEN, packet.id)
    if packet.state == "closed":
        raise Refused(_CLOSED[packet.closed_why], packet.id)
    if now_ms >= packet.expires_ms:
        raise Refused(Code.PACKET_EXPIRED, packet.id)
    if member == packet.sender:
        raise Refused(Code.OWN_PACKET, packet.id)
    if packet.frozen:
        raise Refused(Code.PACKET_FROZEN, packet.id)
    if now_ms < packet.opens_ms:
        raise Refused(Code.PACKET_NOT_OPEN, moment(packet.opens_ms))
    check_person(books, packet, body)
    if packet.conditions is not None:
        scene = packet.scene
        rated = books.standings.get((scene.network, scene.group, REPUTATION, member), UNTOLD)
        check_conditions(
            packet.conditions,
            body,
            packet.id,
            reputation=rated.standing,
            now_ms=now_ms,
        )


def _check_password(books: Books, batch: Batch, packet: PacketState, body: TakeShare) -> None:
    """Check a claim; a wrong password costs one of the tries that a member has in a minute."""
    is_locked = packet.conditions is not None and packet.conditions.password_hash
    if is_locked:
        check_tries(books, packet, body.member)
    try:
        _check_claim(books, packet, body)
    except Refused as refusal:
        if refusal.code is Code.PASSWORD_WRONG:
            count_try(books, batch, packet, body.member)
        raise


def _wanted(books: Books, scene: Scene, body: TakeShare) -> PacketState:
    """Return the packet that is meant: the one named, or the newest that the member can share in.

    If there is none, it is the newest open one, or else the newest, and the refusal says why not.
    """
    if body.packet_id:
        return named(books, scene, body.packet_id)
    recent = [books.packets[name] for name in books.recent.get((scene.network, scene.group), ())]
    if not recent:
        raise Refused(Code.NO_OPEN_PACKET)
    running = [p for p in recent if p.state == "open" and books.now_ms < p.expires_ms]
    for packet in running:
        try:
            _check_claim(books, packet, body)
        except Refused:
            continue
        return packet
    started = [packet for packet in running if packet.opens_ms <= books.now_ms]
    return (started or running or recent)[0]


def named(books: Books, scene: Scene, packet_id: str) -> PacketState:
    """Return a packet of this network and, if the scene names one, of this group.

    Raises:
        Refused: ``PACKET_UNKNOWN``.
    """
    packet = books.packets.get(packet_id)
    if packet is None or packet.scene.network != scene.network:
        raise Refused(Code.PACKET_UNKNOWN)
    if scene.group and packet.scene.group != scene.group:
        raise Refused(Code.PACKET_UNKNOWN)
    return packet
