"""`/v1/assets`: what is counted, and what may be done with it."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from chassis.http import Finder, Writer
from chassis.problem import ApiError
from ledger.api.desk import AtDesk
from ledger.api.forms import Asset, AssetForm, Assets
from ledger.store.assets import Contradiction, Declared

router = APIRouter(prefix="/v1/assets", tags=["assets"])

Code = Annotated[str, Path(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")]


@router.get("", summary="List assets")
async def list_assets(_: Finder, desk: AtDesk) -> Assets:
    return Assets(items=[_shown(asset) for asset in await desk.assets.all()])


@router.put(
    "/{code}",
    summary="Declare an asset, once and for all networks",
    responses={201: {"model": Asset, "description": "It was not declared before."}},
)
async def declare_asset(
    _: Writer, desk: AtDesk, response: Response, code: Code, form: AssetForm
) -> Asset:
    asset = Declared(code, form.scale, form.asset_class, form.transferable, form.giftable)
    try:
        if await desk.assets.declare(asset):
            response.status_code = 201
    except Contradiction as fault:
        raise ApiError(409, "asset_contradicts", str(fault)) from fault
    return _shown(asset)


def _shown(asset: Declared) -> Asset:
    return Asset.model_validate({**asset._asdict(), "class": asset.kind})
