"""Send red packets: the money goes into an account of the packet's own, split already. Pure."""

from collections.abc import Iterator
from hashlib import sha256

from contracts import ids
from contracts.values import PacketTerms, SendPacket
from ledger.core import facts
from ledger.core.approvals import check_approved
from ledger.core.books import Batch, Books, check_text, opening_grants, post_txn
from ledger.core.budgets import keep_spent, spending
from ledger.core.caps import keep, sending
from ledger.core.commands import Command, Verdict
from ledger.core.conditions import to_conditions
from ledger.core.gifts import check_packet
from ledger.core.maturing import check_mature
from ledger.core.packets import MAX_SHARES, PacketState, equal, split
from ledger.core.postings import HOUSE, Asset, Leg, Txn, check, check_amount, kind_of
from ledger.core.refusals import Code, Refused

MEMBER_LIMIT = 255
"""Characters of a member's id; Matrix allows that many bytes."""

DROPS_LIMIT = 100
"""Packets of one rain."""

EVERY_LEAST_MS = 1_000
OPENS_LIMIT_MS = 30 * 24 * 3_600_000

_NO_TERMS = PacketTerms()


def send_packet(books: Books, batch: Batch, command: Command, asked: Verdict) -> Verdict:
    """Fund one packet, or all packets of a rain at once, and split each.

    Raises:
        Refused: nothing is sent.
    """
    body = command.body
    assert isinstance(body, SendPacket)
    packets = list(_new_packets(books, command, body))
    first = packets[0][0]
    check_approved(books, batch, command, first.source, first.asset, body.total)
    legs = [_funding(books, packet) for packet, _ in packets]
    every = [leg for pair in legs for leg in pair]
    check_mature(books, legs[0][0].account, body.total)
    check([*opening_grants(books, every), *every])
    counted = sending(books, first, body)
    keep_spent(books, batch, spending(books, asked.network, first.source, first.asset, body.total))
    keep(books, batch, counted)
    for (packet, amounts), pair in zip(packets, legs, strict=True):
        what = Txn(0, asked.network, f"{packet.escrow}:open", asked.body_hash, "packet_open", "")
        packet.number = post_txn(books, batch, pair, what, command.scene)
        _enter(books, batch, packet, amounts)
        batch.facts.append(facts.packet_sent(packet, command.key, at_ms=books.now_ms))
    return asked._replace(
        txn_id=first.number, packet_id=first.id, amount=body.total, shares_left=first.shares
    )


def _funding(books: Books, packet: PacketState) -> list[Leg]:
    network = packet.scene.network
    return [
        Leg(books.account(network, packet.source, packet.asset), -packet.total),
        Leg(books.account(network, packet.escrow, packet.asset), packet.total),
    ]


def _enter(books: Books, batch: Batch, packet: PacketState, amounts: list[int]) -> None:
    network = packet.scene.network
    for slot, amount in enumerate(amounts, start=1):
        books.shares[packet.id, slot] = amount
        batch.shares.append((packet.id, slot, network, amount))
    books.packets[packet.id] = packet
    books.recent.setdefault((network, packet.scene.group), []).insert(0, packet.id)
    batch.opened.append(packet)


def _new_packets(
    books: Books, command: Command, body: SendPacket
) -> Iterator[tuple[PacketState, list[int]]]:
    """Yield each packet with its shares; a rain's open one after the other."""
    scene, terms = command.scene, body.terms or _NO_TERMS
    if not scene.group:
        raise Refused(Code.GROUP_MISSING)
    source = payer(body)
    check_amount(body.total)
    check_text(body.greeting, "greeting")
    lifetime_ms = _lifetime_ms(books, body)
    least, most = _bounds(terms)
    asset = _gift(books, body)
    drops = _drops(body)
    first = ids.digest(f"packet {len(scene.network)}:{scene.network}{command.key}".encode())
    for drop, total in enumerate(equal(body.total, drops)):
        seed = command.seed if drops == 1 else _drop_seed(command.seed, drop)
        wait_ms = body.opens_in_ms + drop * body.every_ms
        packet_id = ids.digest(f"drop {drop} of {first}".encode()) if drop else first
        packet = PacketState(
            id=packet_id,
            number=0,
            scene=scene,
            sender=body.sender,
            source=source,
            asset=asset.code,
            total=total,
            shares=body.shares,
            mode=body.mode,
            greeting=body.greeting,
            seed=seed,
            opened_ms=books.now_ms,
            expires_ms=books.now_ms + wait_ms + lifetime_ms,
            share_min=least,
            share_max=most,
            opens_ms=books.now_ms + wait_ms if wait_ms else 0,
            told_open=not wait_ms,
            rain=first if drops > 1 else "",
            rain_total=body.total if drops > 1 else 0,
            rain_drops=drops if drops > 1 else 0,
            conditions=to_conditions(terms, packet_id),
        )
        yield packet, split(body.mode, total, body.shares, seed, least, most)


def _drop_seed(seed: bytes, drop: int) -> bytes:
    """Return the seed of one drop; that of a closed one tells nothing of those to come."""
    return sha256(b"reeve packet drop:" + drop.to_bytes(4) + seed).digest()


def _lifetime_ms(books: Books, body: SendPacket) -> int:
    terms = books.terms
    lifetime_ms = body.lifetime_ms or terms.lifetime_ms
    if not terms.lifetime_min_ms <= lifetime_ms <= terms.lifetime_max_ms:
        raise Refused(Code.LIFETIME_INVALID, f"{lifetime_ms} ms")
    if not 0 <= body.opens_in_ms <= OPENS_LIMIT_MS:
        raise Refused(Code.SCHEDULE_INVALID, f"{body.opens_in_ms} ms")
    return lifetime_ms


def _bounds(terms: PacketTerms) -> tuple[int, int]:
    least, most = terms.share_min or 1, terms.share_max
    if least < 1 or most < 0 or 0 < most < least:
        raise Refused(Code.TERMS_INVALID, f"shares from {least} to {most}")
    return least, most


def _gift(books: Books, body: SendPacket) -> Asset:
    asset = books.asset(body.asset)
    check_packet(books, asset, body.mode)
    return asset


def _drops(body: SendPacket) -> int:
    drops = max(body.drops, 1)
    if drops > 1:
        span_ms = (drops - 1) * body.every_ms
        if drops > DROPS_LIMIT or drops * body.shares > MAX_SHARES:
            raise Refused(Code.RAIN_INVALID, f"{drops} times {body.shares} shares")
        if body.every_ms < EVERY_LEAST_MS or span_ms > OPENS_LIMIT_MS:
            raise Refused(Code.RAIN_INVALID, f"every {body.every_ms} ms")
    elif body.every_ms:
        raise Refused(Code.RAIN_INVALID, "one drop is no rain")
    return drops


def payer(body: SendPacket) -> str:
    """Return the account that pays for a packet: the sender's, or one of the house."""
    if not body.source:
        return member_path(body.sender)
    if body.sender:
        raise Refused(Code.MEMBER_INVALID)
    if kind_of(body.source) not in HOUSE:
        raise Refused(Code.ACCOUNT_INVALID, body.source)
    return body.source


def member_path(member: str) -> str:
    """Return the account of a member.

    Raises:
        Refused: ``MEMBER_INVALID``.
    """
    if not member or len(member) > MEMBER_LIMIT or not member.isprintable():
        raise Refused(Code.MEMBER_INVALID)
    return f"member:{member}"
