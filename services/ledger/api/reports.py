"""`/v1/trial-balance` and statements: what everybody has and owes, and how it came to that."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.http import Finder, Reader
from chassis.problem import ApiError
from ledger.api.desk import AtDesk, seen_by
from ledger.api.forms import Cursor, Limit, Network, Next, Number, StatementLine
from ledger.core.postings import MAX_AMOUNT
from ledger.store.reports import Standing

router = APIRouter(prefix="/v1", tags=["reports"])

At = Annotated[datetime | None, Query(description="As it was then; null: now.")]


class Statement(BaseModel):
    """A page of a statement, newest first."""

    opening: int = Field(description="the balance before the first line of the whole statement")
    closing: int = Field(description="the balance after its last line")
    items: list[StatementLine]
    next: Next


class TrialLine(BaseModel):
    """What the accounts of one kind have and owe of an asset."""

    asset: str
    scale: int = Field(description="digits of the minor unit")
    kind: str
    accounts: int
    debit: int = Field(description="what they owe, in minor units")
    credit: int = Field(description="what they have, in minor units")


class TrialTotal(BaseModel):
    """All accounts of an asset: debit and credit are the same, or the books are wrong."""

    asset: str
    debit: int
    credit: int


class TrialBalance(BaseModel):
    """Everything that a network's accounts have and owe."""

    network: str
    at: datetime | None
    lines: list[TrialLine]
    totals: list[TrialTotal]


@router.get("/trial-balance", summary="What all accounts have and owe, now or as it was")
async def get_trial_balance(
    _: Reader, desk: AtDesk, network: Network, at: At = None
) -> TrialBalance:
    moment = to_instant(at)
    lines = await desk.reports.trial_balance(network, moment)
    debits: dict[str, int] = defaultdict(int)
    credits_: dict[str, int] = defaultdict(int)
    for line in lines:
        debits[line.asset] += line.debit
        credits_[line.asset] += line.credit
    return TrialBalance(
        network=network,
        at=moment,
        lines=[TrialLine(**line._asdict()) for line in lines],
        totals=[
            TrialTotal(asset=asset, debit=debit, credit=credits_[asset])
            for asset, debit in debits.items()
        ],
    )


@router.get(
    "/accounts/{account_id}/statement", summary="What was posted to an account, newest first"
)
async def get_statement(
    caller: Finder,
    desk: AtDesk,
    account_id: Number,
    *,
    since: Annotated[datetime | None, Query(description="Only what was booked later.")] = None,
    until: Annotated[datetime | None, Query(description="Only what was booked by then.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Statement:
    account = seen_by(caller, await desk.queries.account(account_id))
    if account is None:
        raise ApiError(404, "account_unknown", f"there is no account {account_id}")
    now = Standing(account["version"], account["balance"])
    first = Standing(0, 0) if since is None else await _standing(desk, account_id, since)
    last = now if until is None else await _standing(desk, account_id, until)
    before = min(last.version + 1, int(cursor) if cursor else MAX_AMOUNT)
    rows = await desk.reports.statement(account_id, after=first.version, before=before, limit=limit)
    items = [StatementLine(**dict(row)) for row in rows]
    more = len(items) == limit and items[-1].version > first.version + 1
    return Statement(
        opening=first.balance,
        closing=last.balance,
        items=items,
        next=str(items[-1].version) if more else None,
    )


def to_instant(at: datetime | None) -> datetime | None:
    """Return ``at`` in UTC; a problem if it has no zone, or no calendar has it."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise ApiError(422, "time_without_zone", "say the offset from UTC too")
    try:
        return at.astimezone(UTC)
    except OverflowError as fault:
        raise ApiError(422, "time_out_of_range", "no calendar has this instant") from fault


async def _standing(desk: AtDesk, account_id: int, at: datetime) -> Standing:
    moment = to_instant(at)
    assert moment is not None
    return (await desk.reports.standings([account_id], moment))[account_id]
