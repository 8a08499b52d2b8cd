"""`/v1/holds`: money put aside, paid from there, and free again."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from chassis.http import Finder, IdempotencyKey, Reader, Writer
from chassis.problem import ApiError
from contracts.values import CaptureHold, PlaceHold, ReleaseHold
from ledger.api.desk import AtDesk, seen_by, to_scene
from ledger.api.forms import Cursor, Filter, Limit, Network
from ledger.api.hold_forms import (
    Captured,
    CaptureForm,
    Hold,
    HoldForm,
    HoldId,
    Holds,
    HoldWithSteps,
    Placed,
    Released,
    ReleaseForm,
    Step,
)
from ledger.core.packets import Scene
from ledger.core.postings import MAX_AMOUNT

router = APIRouter(prefix="/v1/holds", tags=["holds"])


@router.post("", status_code=201, summary="Put an amount aside, once for each key")
async def place_hold(
    caller: Writer, desk: AtDesk, response: Response, key: IdempotencyKey, form: HoldForm
) -> Placed:
    body = PlaceHold(
        account=form.account,
        destination=form.destination,
        asset=form.asset,
        amount=form.amount,
        lifetime_ms=form.lifetime_s * 1_000,
        purpose=form.purpose,
    )
    await desk.check_issuing(caller, form.network, body)
    verdict = await desk.book(
        response, caller=caller.name, key=key, scene=to_scene(form), body=body
    )
    row = await desk.queries.hold(verdict.hold_id or "")
    assert row is not None, "a hold is never removed"
    return Placed(**dict(row))


@router.post("/{hold_id}/captures", status_code=201, summary="Pay from a hold, all or a part")
async def capture_hold(
    caller: Writer,
    desk: AtDesk,
    response: Response,
    key: IdempotencyKey,
    hold_id: HoldId,
    form: CaptureForm,
) -> Captured:
    body = CaptureHold(hold_id=hold_id, amount=form.amount or 0, last=form.last)
    scene = Scene(network=form.network)
    verdict = await desk.book(response, caller=caller.name, key=key, scene=scene, body=body)
    return Captured(hold_id=hold_id, amount=verdict.amount or 0, txn_id=verdict.txn_id or 0)


@router.post("/{hold_id}/release", summary="Free what is left of a hold")
async def release_hold(
    caller: Writer,
    desk: AtDesk,
    response: Response,
    key: IdempotencyKey,
    hold_id: HoldId,
    form: ReleaseForm,
) -> Released:
    body = ReleaseHold(hold_id=hold_id, why="released")
    scene = Scene(network=form.network)
    verdict = await desk.book(response, caller=caller.name, key=key, scene=scene, body=body)
    return Released(hold_id=hold_id, amount=verdict.amount or 0)


@router.get("", summary="List holds, newest first")
async def list_holds(
    _: Reader,
    desk: AtDesk,
    network: Network,
    *,
    account: Filter = None,
    state: Annotated[Literal["open", "captured", "released", "expired"] | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Holds:
    before = int(cursor) if cursor else MAX_AMOUNT
    rows = await desk.queries.holds(
        network, before_number=before, account=account, state=state, limit=limit
    )
    more = str(rows[-1]["number"]) if len(rows) == limit else None
    return Holds(items=[Hold(**dict(row)) for row in rows], next=more)


@router.get("/{hold_id}", summary="One hold, with everything that became of it")
async def get_hold(caller: Finder, desk: AtDesk, hold_id: HoldId) -> HoldWithSteps:
    row = seen_by(caller, await desk.queries.hold(hold_id))
    if row is None:
        raise ApiError(404, "hold_unknown", "there is no such hold")
    steps = [Step(**dict(step)) for step in await desk.queries.hold_steps(hold_id)]
    return HoldWithSteps(**dict(row), steps=steps)
