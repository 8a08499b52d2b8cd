"""A table of the books as Parquet, by the library of the extra ``parquet``.

The rows are gathered in columns, about a hundred bytes for each, and written when the file ends.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arro3.core import Array, DataType, Field, RecordBatch, Schema
from arro3.core import Table as Columns
from arro3.io import write_parquet

from ledger.store.tables import Kind, Table

if TYPE_CHECKING:
    from asyncpg import Record

TYPES = {
    "whole": DataType.int64(),
    "text": DataType.utf8(),
    "instant": DataType.timestamp("us", tz="UTC"),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class ParquetFile:
    """A table as Parquet, compressed with zstd: amounts are 64-bit integers of minor units."""

    def __init__(self, folder: Path, table: Table) -> None:
        self._path = folder / f"{table.name}.parquet"
        self._schema = Schema(
            [Field(name, TYPES[kind], nullable=True) for name, kind in table.columns]
        )
        self._kinds = [kind for _, kind in table.columns]
        self._batches: list[RecordBatch] = []

    def write(self, rows: Sequence["Record"]) -> None:
        columns = zip(*[tuple(row) for row in rows], strict=True)
        arrays = [_array(column, kind) for column, kind in zip(columns, self._kinds, strict=True)]
        self._batches.append(RecordBatch.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        columns = Columns.from_batches(self._batches, schema=self._schema)
        write_parquet(columns, self._path, compression="zstd(3)")


def _array(values: Sequence[Any], kind: Kind) -> Array:
    if kind != "instant":
        return Array(list(values), TYPES[kind])
    since = [None if at is None else (at - _EPOCH) // _MICROSECOND for at in values]
    return Array(since, TYPES["whole"]).cast(TYPES[kind])
