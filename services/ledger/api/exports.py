"""`/v1/exports`: the books of a network as tables, for whoever keeps them elsewhere, too."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from chassis.http import Reader
from chassis.problem import ApiError
from ledger.api.desk import AtDesk
from ledger.api.forms import Network
from ledger.export import NoParquet, parquet_file, stream_csv, stream_parquet
from ledger.store.tables import TABLES

router = APIRouter(prefix="/v1/exports", tags=["exports"])

RETRY_AFTER_S = 5
STALLED_S = 60.0
"""Who takes no portion of an export for so long is gone, and so is the rest of it."""
CSV = "text/csv; charset=utf-8"
PARQUET = "application/vnd.apache.parquet"
_TABLES = {table.name: table for table in TABLES}


@router.get(
    "/{table}",
    summary="Every row of a table, in the order of booking, as it is at one moment",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The table; amounts are in minor units.",
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                PARQUET: {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
)
async def export_table(
    _: Reader,
    desk: AtDesk,
    network: Network,
    table: Literal["accounts", "transactions", "postings", "holds"],
    written: Annotated[
        Literal["csv", "parquet"],
        Query(alias="format", description="Parquet needs a library that the service may not have."),
    ] = "csv",
) -> StreamingResponse:
    if desk.exports.locked():
        headers = {"Retry-After": str(RETRY_AFTER_S)}
        detail = "others take their books home just now; come again"
        raise ApiError(429, "too_many_exports", detail, headers=headers)
    pool, wanted = desk.queries.pool, _TABLES[table]
    if written == "parquet":
        try:
            portions = stream_parquet(pool, wanted, network, parquet_file())
        except NoParquet as fault:
            raise ApiError(406, "format_not_installed", "ask for CSV: no Parquet here") from fault
        return _Export(portions, desk.exports, f"{table}.parquet", PARQUET)
    return _Export(stream_csv(pool, wanted, network), desk.exports, f"{table}.csv", CSV)


class _Export(StreamingResponse):
    """A table on its way to its reader, who has to go on reading to keep the place."""

    def __init__(
        self, portions: AsyncGenerator[bytes, None], places: asyncio.Semaphore, name: str, kind: str
    ) -> None:
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        super().__init__(portions, media_type=kind, headers=headers)
        self._portions = portions
        self._places = places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_soon(message: Message) -> None:
            async with asyncio.timeout(STALLED_S):
                await send(message)

        async with self._places, aclosing(self._portions):
            await super().__call__(scope, receive, send_soon)
