"""`/v1/packets/{id}/picture`: who got what of a red packet, to be looked at."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from chassis.http import Finder
from chassis.problem import ApiError
from ledger.api.desk import AtDesk, seen_by
from ledger.api.forms import PacketId
from ledger.core.picture import Given, Language, Taken, draw

router = APIRouter(prefix="/v1/packets", tags=["packets"])

SVG = "image/svg+xml"
SEALED = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
"""A browser that shows the picture runs and fetches nothing, whatever it may find in it."""


@router.get(
    "/{packet_id}/picture",
    summary="A picture of who got what, with the best luck crowned",
    response_class=Response,
    responses={200: {"description": "SVG.", "content": {SVG: {"schema": {"type": "string"}}}}},
)
async def picture(
    caller: Finder,
    desk: AtDesk,
    packet_id: PacketId,
    language: Annotated[Language, Query(alias="lang", description="of the words in it")] = "en",
) -> Response:
    row = seen_by(caller, await desk.queries.packet(packet_id))
    if row is None:
        raise ApiError(404, "packet_unknown", "there is no such packet")
    scale = await desk.assets.scale(row["asset"])
    plain = {name: row[name] for name in Given._fields if name != "scale"}
    taken = [
        Taken(claim["slot"], claim["member"], claim["amount"])
        for claim in await desk.queries.claims(packet_id)
    ]
    drawn = draw(Given(scale=scale, **plain), taken, language)
    return Response(drawn, media_type=SVG, headers=SEALED)
