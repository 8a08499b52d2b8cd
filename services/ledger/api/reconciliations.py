"""`/v1/reconciliations`: a provider's export held against the books."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from chassis.http import Reader
from chassis.problem import ApiError
from ledger.api.desk import AtDesk
from ledger.api.reports import to_instant
from ledger.core.reconciling import Illegible
from ledger.reconcile import hold_against

router = APIRouter(prefix="/v1/reconciliations", tags=["payments"])

_CSV = {"text/csv": {"schema": {"type": "string"}}}
Since = Annotated[datetime | None, Query(description="What was captured before is left out.")]
Until = Annotated[datetime | None, Query(description="What was captured then or later, too.")]


class CaptureSeen(BaseModel):
    """What was captured, and what of it went back, in minor units."""

    amount: int
    returned: int
    asset: str


class Difference(BaseModel):
    """One capture that both know, and differently."""

    charge: str
    told: CaptureSeen = Field(description="by the provider")
    booked: CaptureSeen


class Reconciliation(BaseModel):
    """How an export and the books agree; captures by the provider's ids."""

    sound: bool = Field(description="all of it matches")
    matched: int
    unbooked: list[str] = Field(description="the provider has them, the books do not")
    untold: list[str] = Field(description="the books have them, the provider does not")
    different: list[Difference]


@router.post(
    "/{provider}",
    summary="Hold a provider's export (CSV) against the books; changes nothing",
    openapi_extra={"requestBody": {"required": True, "content": _CSV}},
)
async def reconcile(
    _: Reader,
    desk: AtDesk,
    request: Request,
    provider: Literal["stripe", "wechat"],
    since: Since = None,
    until: Until = None,
) -> Reconciliation:
    span = to_instant(since), to_instant(until)
    raw = await request.body()
    try:
        found = await hold_against(desk.snapshot(), provider, raw, *span)
    except Illegible as fault:
        raise ApiError(422, "export_illegible", str(fault)) from fault
    return Reconciliation.model_validate(found, from_attributes=True)
