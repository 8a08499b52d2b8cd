"""`/v1/treasury/report`: what the house took in and gave out."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.cursors import parts_of, to_cursor
from chassis.http import Reader
from ledger.api.desk import AtDesk
from ledger.api.forms import Limit, Network, Next
from ledger.api.reports import to_instant
from ledger.store.income import read_income

router = APIRouter(prefix="/v1/treasury", tags=["treasury"])

Place = Annotated[
    str | None,
    Query(max_length=16_000, description="The `next` of the page before; first page: none."),
]
PLACE_PARTS = 5


class IncomeLine(BaseModel):
    """What came in and went out by one source; what came back is taken off."""

    account: str
    group: str = Field(description="where it was; empty: nowhere in particular")
    asset: str
    scale: int = Field(description="digits of the minor unit")
    source: str = Field(
        description="`payment`, `transfer`, `packet`, `capture`, `write_off` or `grant`; `share`:"
        " what somebody who is not of the house got of its payments"
    )
    purpose: str
    moves: int
    income: int
    cost: int


class IncomeTotal(BaseModel):
    """All of an asset that is the house's; what its accounts gave each other is in both sums."""

    asset: str
    scale: int
    moves: int
    income: int
    cost: int


class IncomePage(BaseModel):
    """A page of lines, and the totals of all of them."""

    items: list[IncomeLine]
    totals: list[IncomeTotal]
    next: Next


@router.get("/report", summary="Income and cost of the house, by account, group and source")
async def get_report(
    _: Reader,
    desk: AtDesk,
    network: Network,
    *,
    since: Annotated[datetime | None, Query(description="Only what was booked later.")] = None,
    until: Annotated[datetime | None, Query(description="Only what was booked by then.")] = None,
    cursor: Place = None,
    limit: Limit = 100,
) -> IncomePage:
    """The sums are of now: with `until` those of one page fit those of another."""
    after = None if cursor is None else parts_of(cursor, PLACE_PARTS)
    span = to_instant(since), to_instant(until)
    async with (
        desk.queries.pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        lines, totals = await read_income(connection, network, *span, after=after, limit=limit)
    return IncomePage(
        items=[IncomeLine(**line._asdict()) for line in lines],
        totals=[IncomeTotal(**total._asdict()) for total in totals],
        next=to_cursor(*lines[-1].place) if len(lines) == limit else None,
    )
