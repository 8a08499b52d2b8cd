"""Write the books of a network into files, all as they are at one moment."""

import csv
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ledger.store import audit
from ledger.store.tables import TABLES, Table, read_table

if TYPE_CHECKING:
    from asyncpg import Record


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
        self._rows = csv.writer(self._file)
        self._rows.writerow([name for name, _ in table.columns])

    def write(self, rows: Sequence["Record"]) -> None:
        self._rows.writerows([[_plain(value) for value in row] for row in rows])

    def close(self) -> None:
        self._file.close()


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


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
