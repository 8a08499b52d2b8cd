"""Write the books of a network into files, all as they are at one moment."""

import asyncio
import csv
import importlib
import io
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol, TextIO, cast

from ledger.store import audit
from ledger.store.tables import TABLES, Table, read_table

if TYPE_CHECKING:
    import asyncpg
    from asyncpg import Record

    Pool = asyncpg.Pool[Record]

PORTION_BYTES = 1 << 18
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class File(Protocol):
    """A file of a table that is being written."""

    def write(self, rows: Sequence["Record"]) -> None:
        """Add rows, whose values are in the order of the table's columns."""

    def close(self) -> None:
        """End the file; it is not to be read before."""


OpenFile = Callable[[Path, Table], File]
"""Begins a file of a table in a folder."""


class CsvFile:
    """A table as CSV (RFC 4180) in UTF-8: amounts in minor units, times in ISO 8601 and UTC."""

    def __init__(self, folder: Path, table: Table) -> None:
        self._file = (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="")
        write_heading(self._file, table)

    def write(self, rows: Sequence["Record"]) -> None:
        write_rows(self._file, rows)

    def close(self) -> None:
        self._file.close()


class NoParquet(Exception):
    """The library that writes Parquet is not installed."""


def parquet_file() -> OpenFile:
    """Return what begins a file as Parquet; raises `NoParquet` without the extra."""
    try:
        module = importlib.import_module("ledger.parquet")
    except ModuleNotFoundError as fault:
        raise NoParquet("Parquet needs a library; install reeve[parquet].") from fault
    return cast("OpenFile", module.ParquetFile)


def write_heading(file: TextIO, table: Table) -> None:
    """Write the names of the columns."""
    csv.writer(file).writerow([name for name, _ in table.columns])


def write_rows(file: TextIO, rows: Iterable[Iterable[object]]) -> None:
    """Write a line for each row."""
    csv.writer(file).writerows([[cell(value) for value in row] for row in rows])


def cell(value: object) -> object:
    """Return a value as a cell of CSV: times in ISO 8601, and text that no spreadsheet runs.

    Text that begins as a formula does is put behind an apostrophe, as OWASP advises on CSV
    injection: members write purposes, and accountants open files. Numbers are none of that.
    """
    if isinstance(value, datetime):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


async def stream_csv(pool: "Pool", table: Table, network: str) -> AsyncGenerator[bytes, None]:
    """Yield a table as CSV, in portions, all as it is at one moment."""
    file = io.StringIO(newline="")
    write_heading(file, table)
    async with pool.acquire() as held, held.transaction(isolation="repeatable_read", readonly=True):
        async for rows in read_table(held, table, network):
            yield _taken(file)
            write_rows(file, rows)
    yield _taken(file)


async def stream_parquet(
    pool: "Pool", table: Table, network: str, open_file: OpenFile
) -> AsyncGenerator[bytes, None]:
    """Yield a table as a file of Parquet, which is whole before it is sent."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        file = open_file(folder, table)
        async with (
            pool.acquire() as held,
            held.transaction(isolation="repeatable_read", readonly=True),
        ):
            async for rows in read_table(held, table, network):
                file.write(rows)
        await asyncio.to_thread(file.close)  # it compresses all of the table
        with (folder / f"{table.name}.parquet").open("rb") as written:
            while portion := written.read(PORTION_BYTES):
                yield portion


async def export(
    url: str, schema: str, network: str, folder: Path, open_file: OpenFile
) -> dict[str, int]:
    """Write a file for each table into ``folder``; return how many rows each has."""
    counts: dict[str, int] = {}
    async with audit.snapshot(url, schema) as connection:
        for table in TABLES:
            file = open_file(folder, table)
            counts[table.name] = 0
            try:
                async for rows in read_table(connection, table, network):
                    file.write(rows)
                    counts[table.name] += len(rows)
            finally:
                file.close()
    return counts


def _taken(file: io.StringIO) -> bytes:
    """Return what was written so far, and empty ``file``."""
    text = file.getvalue()
    file.seek(0)
    file.truncate()
    return text.encode()
