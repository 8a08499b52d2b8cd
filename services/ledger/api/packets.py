"""`/v1/packets`: red packets, sent and grabbed."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from chassis.http import IdempotencyKey, Reader, Writer
from chassis.problem import ApiError
from contracts.values import ClosePacket, SendPacket, SplitMode, TakeShare
from ledger.api.desk import AtDesk, Desk, to_scene
from ledger.api.forms import (
    Claim,
    ClaimForm,
    Closed,
    CloseForm,
    Cursor,
    Filter,
    Limit,
    Network,
    Packet,
    PacketForm,
    PacketId,
    Packets,
    PacketWithClaims,
    Sent,
    Taken,
)
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
    )
    verdict = await desk.book(
        response, caller=caller.name, key=key, scene=to_scene(form), body=body
    )
    assert verdict.packet_id is not None
    return Sent(**_shown(await _find(desk, verdict.packet_id)))


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
        body=TakeShare(packet_id=packet_id, member=form.member),
    )
    return Taken(
        packet_id=packet_id,
        member=form.member,
        slot=verdict.slot or 0,
        amount=verdict.amount or 0,
        shares_left=verdict.shares_left or 0,
        txn_id=verdict.txn_id or 0,
    )


@router.post("/{packet_id}/close", summary="Recall a packet; the rest goes back to the sender")
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
        body=ClosePacket(packet_id=packet_id, why="recalled"),
    )
    return Closed(packet_id=packet_id, refunded=verdict.amount or 0, txn_id=verdict.txn_id or 0)


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


@router.get("/{packet_id}", summary="One packet, with every share taken")
async def get_packet(_: Reader, desk: AtDesk, packet_id: PacketId) -> PacketWithClaims:
    row = await _find(desk, packet_id)
    claims = [Claim(**dict(claim)) for claim in await desk.queries.claims(packet_id)]
    return PacketWithClaims(**_shown(row), claims=claims)


async def _find(desk: Desk, packet_id: str) -> "Record":
    row = await desk.queries.packet(packet_id)
    if row is None:
        raise ApiError(404, "packet_unknown", "there is no such packet")
    return row


def _shown(row: "Record") -> dict[str, Any]:
    seed = row["seed"]
    return {
        **dict(row),
        "group": row["group_id"],
        "seed_hash": row["seed_hash"].hex(),
        "seed": None if seed is None else seed.hex(),
    }
