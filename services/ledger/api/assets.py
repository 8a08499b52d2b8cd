"""`/v1/assets`: what is counted, and what may be done with it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from chassis.http import Finder, Writer
from chassis.problem import ApiError
from ledger.api.desk import AtDesk
from ledger.api.forms import Asset, AssetForm, Assets, Limit
from ledger.core.auditing import key_of
from ledger.store.assets import Contradiction, Declared

router = APIRouter(prefix="/v1/assets", tags=["assets"])

CODE = r"^[A-Za-z][A-Za-z0-9_-]{0,31}$"
Code = Annotated[str, Path(pattern=CODE)]
After = Annotated[
    str | None, Query(pattern=CODE, description="The `next` of the page before; first page: none.")
]


@router.get("", summary="List assets")
async def list_assets(_: Finder, desk: AtDesk, cursor: After = None, limit: Limit = 100) -> Assets:
    found = await desk.assets.page(after=cursor or "", limit=limit)
    more = found[-1].code if len(found) == limit else None
    return Assets(items=[_shown(asset) for asset in found], next=more)


@router.put(
    "/{code}",
    summary="Declare an asset, once and for all networks",
    responses={201: {"model": Asset, "description": "It was not declared before."}},
)
async def declare_asset(
    caller: Writer, desk: AtDesk, response: Response, code: Code, form: AssetForm
) -> Asset:
    asset = Declared(code, form.scale, form.asset_class, form.transferable, form.giftable)
    try:
        if await desk.assets.declare(asset, key=key_of(caller.name, code)):
            response.status_code = 201
    except Contradiction as fault:
        raise ApiError(409, "asset_contradicts", str(fault)) from fault
    return _shown(asset)


def _shown(asset: Declared) -> Asset:
    return Asset.model_validate({**asset._asdict(), "class": asset.kind})
