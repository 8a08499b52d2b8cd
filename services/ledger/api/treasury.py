"""`/v1/treasury`: how much the house may give, and on whose word."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response

from chassis.http import Finder, IdempotencyKey, Reader, Writer
from chassis.problem import ApiError
from contracts.codec import to_json
from contracts.values import DecideRequest, SetApproval, SetBudget, WriteOff
from ledger.api.desk import AtDesk, Desk, seen_by
from ledger.api.forms import Cursor, Limit, Network
from ledger.api.treasury_forms import (
    ApprovalLimit,
    ApprovalLimits,
    Budget,
    BudgetForm,
    Budgets,
    DecisionForm,
    LimitForm,
    Request,
    RequestId,
    Requests,
    Said,
    State,
    WriteOffForm,
)
from ledger.core.auditing import key_of
from ledger.core.commands import Body
from ledger.core.packets import Scene
from ledger.core.postings import MAX_AMOUNT
from ledger.core.refusals import Code
from ledger.core.requests import request_id as id_of
from ledger.store.approvals import asked_for, find_request, list_limits, list_requests
from ledger.store.budgets import list_budgets

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(prefix="/v1/treasury", tags=["treasury"])


@router.post("/budgets", summary="Say how much may leave an account of the house in a period")
async def set_budget(
    caller: Writer, desk: AtDesk, response: Response, key: IdempotencyKey, form: BudgetForm
) -> Said:
    body = SetBudget(**form.model_dump(exclude={"network"}))
    scene = Scene(network=form.network)
    await desk.book(response, caller=caller.name, key=key, scene=scene, body=body)
    return Said(**form.model_dump(exclude={"why"}))


@router.get("/budgets", summary="List budgets, and what is left of each")
async def get_budgets(_: Reader, desk: AtDesk, network: Network) -> Budgets:
    rows = await list_budgets(desk.queries.pool, network)
    items = [Budget(**dict(row), left=max(0, row["amount"] - row["spent"])) for row in rows]
    return Budgets(items=items, next=None)


@router.post("/limits", summary="Say above how much a second person is asked")
async def set_limit(
    caller: Writer, desk: AtDesk, response: Response, key: IdempotencyKey, form: LimitForm
) -> ApprovalLimit:
    body = SetApproval(
        account=form.account,
        asset=form.asset,
        above=form.above or 0,
        ended=form.above is None,
        why=form.why,
    )
    scene = Scene(network=form.network)
    await desk.book(response, caller=caller.name, key=key, scene=scene, body=body)
    return ApprovalLimit(**form.model_dump(exclude={"why"}))


@router.get("/limits", summary="List above how much a second person is asked")
async def get_limits(_: Reader, desk: AtDesk, network: Network) -> ApprovalLimits:
    rows = await list_limits(desk.queries.pool, network)
    return ApprovalLimits(items=[ApprovalLimit(**dict(row)) for row in rows], next=None)


@router.post("/write-offs", status_code=202, summary="Ask that the house bears what somebody owes")
async def write_off(
    caller: Writer, desk: AtDesk, response: Response, key: IdempotencyKey, form: WriteOffForm
) -> Request:
    """It waits for a second person, however little it is; the same key asks what became of it."""
    body = WriteOff(
        account=form.account,
        asset=form.asset,
        amount=form.amount or 0,
        bearer=form.bearer,
        why=form.why,
    )
    scene = Scene(network=form.network)
    return await ask_second(desk, response, caller=caller.name, key=key, scene=scene, body=body)


@router.get("/requests", summary="List what waits for a second person, newest first")
async def get_requests(
    _: Reader,
    desk: AtDesk,
    network: Network,
    *,
    state: Annotated[State | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Requests:
    before = int(cursor) if cursor else MAX_AMOUNT
    rows = await list_requests(desk.queries.pool, network, before=before, state=state, limit=limit)
    more = str(rows[-1]["number"]) if len(rows) == limit else None
    return Requests(items=[_shown(row) for row in rows], next=more)


@router.get("/requests/{request_id}", summary="One request, and what became of it")
async def get_request(caller: Finder, desk: AtDesk, request_id: RequestId) -> Request:
    row = seen_by(caller, await find_request(desk.queries.pool, request_id))
    if row is None:
        raise ApiError(404, "request_unknown", "nothing of that id waits for a second person")
    return _shown(row)


@router.post("/requests/{request_id}/decision", summary="Approve what another asked for, or reject")
async def decide(
    caller: Writer,
    desk: AtDesk,
    response: Response,
    *,
    key: IdempotencyKey,
    request_id: RequestId,
    form: DecisionForm,
) -> Request:
    """What is approved is booked now; where the books cannot bear it now, it waits on."""
    body = DecideRequest(request_id=request_id, approved=form.approved, why=form.why)
    scene = Scene(network=form.network)
    await desk.book(response, caller=caller.name, key=key, scene=scene, body=body)
    row = await find_request(desk.queries.pool, request_id)
    assert row is not None, "a request is never removed"
    return _shown(row)


def _shown(row: "Record") -> Request:
    return Request(**dict(row), said=to_json(asked_for(row)))


async def ask_second(
    desk: Desk, response: Response, *, caller: str, key: str, scene: Scene, body: Body
) -> Request:
    """Book what always waits for a second person; return what waits, or became of it.

    Raises:
        ApiError: it was refused for another reason.
    """
    try:
        await desk.book(response, caller=caller, key=key, scene=scene, body=body)
    except ApiError as refusal:
        if refusal.code != Code.APPROVAL_NEEDED:
            raise
    row = await find_request(desk.queries.pool, id_of(scene.network, key_of(caller, key)))
    assert row is not None, "it waits, or was decided"
    return _shown(row)
