"""`/v1/packets`: red packets, sent and grabbed."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from chassis.http import Finder, IdempotencyKey, Reader, Writer
from chassis.problem import ApiError
from contracts.values import (
    ClosePacket,
    FreezePacket,
    PacketTerms,
    SendPacket,
    SplitMode,
    TakeShare,
)
from ledger.api.desk import AtDesk, seen_by, to_scene
from ledger.api.forms import (
    Claim,
    ClaimForm,
    Closed,
    CloseForm,
    Cursor,
    Filter,
    FreezeForm,
    Frozen,
    Limit,
    Network,
    Packet,
    PacketForm,
    PacketId,
    Packets,
    PacketTermsForm,
    Sent,
    Taken,
)
from ledger.api.packet_forms import PacketInFull, PacketStep
from ledger.core.packets import Scene
from ledger.core.postings import MAX_AMOUNT

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(prefix="/v1/packets", tags=["packets"])


@router.post("", status_code=201, summary="Send a red packet, once for each key")
async def send_packet(
    caller: Writer, desk: AtDesk, response: Response, key: IdempotencyKey, form: PacketForm
) -> Sent:
    body = SendPacket(
        sender=form.sender,
        asset=form.asset,
        total=form.total,
        shares=form.shares,
        mode=SplitMode[form.mode.upper()],
        lifetime_ms=form.lifetime_s * 1_000,
        greeting=form.greeting,
        source=form.source,
        terms=None if form.terms is None else _terms(form.terms),
        opens_in_ms=form.opens_in_s * 1_000,
        drops=form.drops,
        every_ms=form.every_s * 1_000,
    )
    verdict = await desk.book(
        response, caller=caller.name, key=key, scene=to_scene(form), body=body
    )
    assert verdict.packet_id is not None
    row = await desk.queries.packet(verdict.packet_id)
    assert row is not None, "a packet is never removed"
    return Sent(**_shown(row))


@router.post("/{packet_id}/claims", status_code=201, summary="Take a share, one per member")
async def take_share(
    caller: Writer,
    desk: AtDesk,
    response: Response,
    key: IdempotencyKey,
    packet_id: PacketId,
    form: ClaimForm,
) -> Taken:
    verdict = await desk.book(
        response,
        caller=caller.name,
        key=key,
        scene=Scene(network=form.network),
        body=TakeShare(
            packet_id=packet_id,
            member=form.member,
            password=form.password,
            tier=form.tier,
            since_ms=0 if form.since is None else _milliseconds(form.since),
            identity=form.identity,
        ),
    )
    return Taken(
        packet_id=packet_id,
        member=form.member,
        slot=verdict.slot or 0,
        amount=verdict.amount or 0,
        shares_left=verdict.shares_left or 0,
        txn_id=verdict.txn_id or 0,
    )


@router.post("/{packet_id}/close", summary="End a packet; the rest goes back to whoever paid")
async def close_packet(
    caller: Writer,
    desk: AtDesk,
    response: Response,
    key: IdempotencyKey,
    packet_id: PacketId,
    form: CloseForm,
) -> Closed:
    verdict = await desk.book(
        response,
        caller=caller.name,
        key=key,
        scene=Scene(network=form.network),
        body=ClosePacket(packet_id=packet_id, why=form.why, by=form.by),
    )
    return Closed(packet_id=packet_id, refunded=verdict.amount or 0, txn_id=verdict.txn_id or 0)


@router.post("/{packet_id}/freeze", summary="Let nobody take of a packet, or again")
async def freeze_packet(
    caller: Writer,
    desk: AtDesk,
    response: Response,
    key: IdempotencyKey,
    packet_id: PacketId,
    form: FreezeForm,
) -> Frozen:
    await desk.book(
        response,
        caller=caller.name,
        key=key,
        scene=Scene(network=form.network),
        body=FreezePacket(packet_id=packet_id, frozen=form.frozen, by=form.by, why=form.why),
    )
    return Frozen(packet_id=packet_id, frozen=form.frozen)


@router.get("", summary="List packets, newest first")
async def list_packets(
    _: Reader,
    desk: AtDesk,
    network: Network,
    *,
    group: Filter = None,
    state: Annotated[Literal["open", "closed"] | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Packets:
    before = int(cursor) if cursor else MAX_AMOUNT
    rows = await desk.queries.packets(
        network, before_number=before, group=group, state=state, limit=limit
    )
    items = [Packet(**_shown(row)) for row in rows]
    return Packets(items=items, next=str(items[-1].number) if len(items) == limit else None)


@router.get("/{packet_id}", summary="One packet, with every share taken and what was done to it")
async def get_packet(caller: Finder, desk: AtDesk, packet_id: PacketId) -> PacketInFull:
    row = seen_by(caller, await desk.queries.packet(packet_id))
    if row is None:
        raise ApiError(404, "packet_unknown", "there is no such packet")
    claims = [Claim(**dict(claim)) for claim in await desk.queries.claims(packet_id)]
    steps = [
        PacketStep(**dict(step), by=step["by_member"])
        for step in await desk.queries.packet_steps(packet_id)
    ]
    return PacketInFull(**_shown(row), claims=claims, steps=steps)


def _terms(form: PacketTermsForm) -> PacketTerms:
    return PacketTerms(
        share_min=form.share_min,
        share_max=form.share_max,
        members=tuple(form.members),
        tiers=tuple(form.tiers),
        password=form.password,
        tenure_ms=form.tenure_s * 1_000,
        reputation=form.reputation,
    )


def _milliseconds(at: datetime) -> int:
    """Return an instant in milliseconds; without a zone it is in UTC."""
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return max(int(at.timestamp() * 1_000), 0)


def _shown(row: "Record") -> dict[str, Any]:
    seed = row["seed"]
    return {
        **dict(row),
        "group": row["group_id"],
        "seed_hash": row["seed_hash"].hex(),
        "seed": None if seed is None else seed.hex(),
        "terms": None if row["terms"] in (None, "{}") else json.loads(row["terms"]),
    }
