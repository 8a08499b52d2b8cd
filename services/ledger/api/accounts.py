"""`/v1/accounts`: who has how much, and how it came to that."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from chassis.http import Finder, IdempotencyKey, Reader, Writer
from chassis.problem import ApiError
from contracts.values import SetAccount
from ledger.api.desk import AtDesk, seen_by
from ledger.api.forms import (
    Account,
    Accounts,
    Bounds,
    BoundsForm,
    Cursor,
    Filter,
    Limit,
    Network,
    Number,
)
from ledger.api.reports import to_instant
from ledger.core.packets import Scene

router = APIRouter(prefix="/v1/accounts", tags=["accounts"])

BalanceAt = Annotated[
    datetime | None, Query(description="The balance as of then; everything else is of now.")
]


@router.get("", summary="List accounts in the order in which they were opened")
async def list_accounts(
    _: Reader,
    desk: AtDesk,
    network: Network,
    *,
    path: Filter = None,
    kind: Filter = None,
    asset: Filter = None,
    at: BalanceAt = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Accounts:
    rows = await desk.queries.accounts(
        network, after_id=int(cursor or 0), path=path, kind=kind, asset=asset, limit=limit
    )
    items = await _as_of(desk, [Account(**dict(row)) for row in rows], at)
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
    desk.check_owing(caller, form.network, body)
    scene = Scene(network=form.network)
    await desk.book(response, caller=caller.name, key=key, scene=scene, body=body)
    return Bounds(**form.model_dump(include=set(Bounds.model_fields)))


@router.get("/{account_id}", summary="One account, now or as it was")
async def get_account(
    caller: Finder, desk: AtDesk, account_id: Number, at: BalanceAt = None
) -> Account:
    row = seen_by(caller, await desk.queries.account(account_id))
    if row is None:
        raise ApiError(404, "account_unknown", f"there is no account {account_id}")
    [account] = await _as_of(desk, [Account(**dict(row))], at)
    return account


async def _as_of(desk: AtDesk, accounts: list[Account], at: datetime | None) -> list[Account]:
    """Return ``accounts`` with the balances that they had at ``at``; null: as they are."""
    moment = to_instant(at)
    if moment is not None:
        standings = await desk.reports.standings([account.id for account in accounts], moment)
        for account in accounts:
            account.balance = standings[account.id].balance
    return accounts
