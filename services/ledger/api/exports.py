"""`/v1/exports`: the books of a network as tables, for whoever keeps them elsewhere, too."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from chassis.http import Reader
from chassis.problem import ApiError
from ledger.api.desk import AtDesk
from ledger.api.forms import Network
from ledger.export import NoParquet, parquet_file, stream_csv, stream_parquet
from ledger.store.tables import TABLES

router = APIRouter(prefix="/v1/exports", tags=["exports"])

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
    pool, wanted = desk.queries.pool, _TABLES[table]
    if written == "parquet":
        try:
            portions = stream_parquet(pool, wanted, network, parquet_file())
        except NoParquet as fault:
            raise ApiError(406, "format_not_installed", "ask for CSV: no Parquet here") from fault
        return _named(portions, f"{table}.parquet", PARQUET)
    return _named(stream_csv(pool, wanted, network), f"{table}.csv", CSV)


def _named(portions: AsyncIterator[bytes], name: str, kind: str) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(portions, media_type=kind, headers=headers)
