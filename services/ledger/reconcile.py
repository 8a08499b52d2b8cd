"""Hold a provider's export against the books, as they are at one moment."""

import csv
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from ledger.core.reconciling import COLUMNS, Comparison, Illegible, Taken, compare, read
from ledger.store import audit
from ledger.store.payments import captured, scales

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
    async with audit.snapshot(url, schema) as connection:
        known = await scales(connection)
        booked = await captured(connection, provider, since, until)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            told = read(provider, csv.DictReader(file), known)
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise Illegible(str(fault)) from fault
    return Reconciliation(compare(told, booked))
