"""`/v1/treasury/maturities`: when what was paid for can be given to others."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from chassis.http import IdempotencyKey, Reader, Writer
from contracts.values import SetMaturity
from ledger.api.desk import AtDesk
from ledger.api.forms import AssetCode, Form, Network, Next, Word, Words
from ledger.core.packets import Scene
from ledger.store.maturing import list_maturities

router = APIRouter(prefix="/v1/treasury", tags=["treasury"])


class MaturityForm(Form):
    """Say when what is paid for can be given, instead of what was said before."""

    network: Word
    asset: AssetCode = Field(description="of the class `paid_credit`")
    days: Annotated[int, Field(strict=True, ge=0, le=365)] = Field(
        description="since it came in; 0: it can be given at once"
    )
    why: Words = ""


class Maturity(BaseModel):
    """After how many days what is paid for can be given."""

    network: str
    asset: str
    days: int


class SaidMaturity(Maturity):
    """The same, and since when that holds."""

    said_at: datetime


class Maturities(BaseModel):
    """What was said in a network; one for each asset, so there is one page."""

    items: list[SaidMaturity]
    next: Next


@router.post("/maturities", summary="Say when what is paid for can be given to others")
async def set_maturity(
    caller: Writer, desk: AtDesk, response: Response, key: IdempotencyKey, form: MaturityForm
) -> Maturity:
    body = SetMaturity(asset=form.asset, days=form.days, why=form.why)
    scene = Scene(network=form.network)
    await desk.book(response, caller=caller.name, key=key, scene=scene, body=body)
    return Maturity(network=form.network, asset=form.asset, days=form.days)


@router.get("/maturities", summary="List when what is paid for can be given to others")
async def get_maturities(_: Reader, desk: AtDesk, network: Network) -> Maturities:
    """Of other assets it is `LEDGER_PAID_MATURES_DAYS`."""
    rows = await list_maturities(desk.queries.pool, network)
    return Maturities(items=[SaidMaturity(**dict(row)) for row in rows], next=None)
