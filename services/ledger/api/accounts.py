"""`/v1/accounts`: who has how much, and how it came to that."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from chassis.http import IdempotencyKey, Reader, Writer
from chassis.problem import ApiError
from contracts.values import SetAccount
from ledger.api.desk import AtDesk
from ledger.api.forms import (
    Account,
    Accounts,
    Bounds,
    BoundsForm,
    Cursor,
    Entry,
    Filter,
    Limit,
    Network,
    Number,
    Statement,
)
from ledger.core.packets import Scene
from ledger.core.postings import MAX_AMOUNT

router = APIRouter(prefix="/v1/accounts", tags=["accounts"])


@router.get("", summary="List accounts in the order in which they were opened")
async def list_accounts(
    _: Reader,
    desk: AtDesk,
    network: Network,
    *,
    path: Filter = None,
    kind: Filter = None,
    asset: Filter = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Accounts:
    rows = await desk.queries.accounts(
        network, after_id=int(cursor or 0), path=path, kind=kind, asset=asset, limit=limit
    )
    items = [Account(**dict(row)) for row in rows]
    return Accounts(items=items, next=str(items[-1].id) if len(items) == limit else None)


@router.post("", summary="Say what an account may hold; opens it if need be")
async def set_account(
    caller: Writer, desk: AtDesk, response: Response, key: IdempotencyKey, form: BoundsForm
) -> Bounds:
    body = SetAccount(
        account=form.path,
        asset=form.asset,
        floor=form.floor or 0,
        boundless=form.floor is None,
        ceiling=form.ceiling or 0,
        state=form.state,
        why=form.why,
    )
    scene = Scene(network=form.network)
    await desk.book(response, caller=caller.name, key=key, scene=scene, body=body)
    return Bounds(**form.model_dump(include=set(Bounds.model_fields)))


@router.get("/{account_id}", summary="One account, now or as it was")
async def get_account(
    _: Reader,
    desk: AtDesk,
    account_id: Number,
    at: Annotated[
        datetime | None, Query(description="The balance as of then; everything else is of now.")
    ] = None,
) -> Account:
    row = await desk.queries.account(account_id)
    if row is None:
        raise ApiError(404, "account_unknown", f"there is no account {account_id}")
    account = Account(**dict(row))
    if at is not None:
        if at.tzinfo is None:
            raise ApiError(422, "time_without_zone", "say the offset from UTC too")
        try:
            instant = at.astimezone(UTC)
        except OverflowError as fault:
            raise ApiError(422, "time_out_of_range", "no calendar has this instant") from fault
        account.balance = await desk.queries.balance_as_of(account_id, instant)
    return account


@router.get("/{account_id}/statement", summary="What was posted to an account, newest first")
async def get_statement(
    _: Reader,
    desk: AtDesk,
    account_id: Number,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Statement:
    if await desk.queries.account(account_id) is None:
        raise ApiError(404, "account_unknown", f"there is no account {account_id}")
    before = int(cursor) if cursor else MAX_AMOUNT
    rows = await desk.queries.statement(account_id, before_version=before, limit=limit)
    items = [Entry(**dict(row)) for row in rows]
    return Statement(items=items, next=str(items[-1].version) if len(items) == limit else None)
