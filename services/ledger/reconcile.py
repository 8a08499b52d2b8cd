"""Hold a provider's export against the books, as they are at one moment."""

import asyncio
import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.core.reconciling import (
    COLUMNS,
    Comparison,
    Illegible,
    Taken,
    check_columns,
    compare,
    read,
)
from ledger.store import audit
from ledger.store.payments import captured, scales

if TYPE_CHECKING:
    from ledger.reputation import Reading

PROVIDERS = tuple(sorted(COLUMNS))


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A comparison that can be printed."""

    comparison: Comparison

    @property
    def sound(self) -> bool:
        return self.comparison.sound

    def to_json(self) -> str:
        """Return the report for a program; amounts in minor units."""
        return json.dumps({"sound": self.sound, **asdict(self.comparison)})

    def to_text(self) -> str:
        """Return the report for a person; amounts in minor units."""
        found = self.comparison
        lines = [f"{found.matched} match."]
        lines += [f"{charge}: the provider has it, the books do not" for charge in found.unbooked]
        lines += [f"{charge}: the books have it, the provider does not" for charge in found.untold]
        lines += [
            f"{one.charge}: the provider says {_said(one.told)}, the books {_said(one.booked)}"
            for one in found.different
        ]
        return "\n".join(lines)


def _said(taken: Taken) -> str:
    return f"{taken.amount} {taken.asset}, {taken.returned} of it back"


async def reconcile(
    url: str,
    schema: str,
    provider: str,
    path: Path,
    since: datetime | None,
    until: datetime | None,
) -> Reconciliation:
    """Compare the export at ``path`` with what was captured by ``provider`` in the span of time.

    Raises:
        Illegible: the export cannot be read.
    """
    try:
        raw = await asyncio.to_thread(path.read_bytes)
    except OSError as fault:
        raise Illegible(str(fault)) from fault
    reading = audit.snapshot(url, schema)
    return Reconciliation(await hold_against(reading, provider, raw, since, until))


async def hold_against(
    reading: "Reading", provider: str, raw: bytes, since: datetime | None, until: datetime | None
) -> Comparison:
    """Compare an export, as it was sent, with what the books are at one moment.

    Raises:
        Illegible: the export cannot be read.
    """
    async with reading as source:
        known = await scales(source)
        booked = await captured(source, provider, since, until)
    return compare(await asyncio.to_thread(_read, provider, raw, known), booked)


def _read(provider: str, raw: bytes, digits: Mapping[str, int]) -> dict[str, Taken]:
    """Return what an export says; about 10 µs a line, so not on the loop."""
    try:
        rows = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
        check_columns(provider, list(rows.fieldnames or ()))
        return read(provider, rows, digits)
    except (UnicodeDecodeError, csv.Error) as fault:
        raise Illegible(str(fault)) from fault
