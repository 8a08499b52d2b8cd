"""Who shares in what the house earns, as people and programs read it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from ledger.core.postings import MAX_AMOUNT
from ledger.statement import one_line, shown
from ledger.store import audit
from ledger.store.splits import list_rules

SHOWN = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One rule in force; an empty group or purpose is any."""

    group: str
    purpose: str
    version: int
    parts: tuple[tuple[str, int], ...]  # accounts, and basis points
    said_at: datetime

    def to_text(self) -> str:
        """Return a line for a person, shares in percent."""
        parts = [f"{shown(share, 2)}% {one_line(account)}" for account, share in self.parts]
        where = f"{self.purpose or 'any purpose'} in {one_line(self.group) or 'any group'}"
        return f"{where}: {', '.join(parts)}  since {self.said_at:%Y-%m-%d %H:%M}"


@dataclass(frozen=True, slots=True)
class Splits:
    """All rules of a network that are in force, the newest first."""

    items: tuple[Split, ...]

    def to_text(self) -> str:
        """Return the rules for a person."""
        return "\n".join(one.to_text() for one in self.items) or "Nothing is shared."

    def to_json(self) -> str:
        """Return them for a program, shares in basis points."""
        items = [
            asdict(one) | {"parts": [{"account": path, "share": n} for path, n in one.parts]}
            for one in self.items
        ]
        return json.dumps({"items": items}, ensure_ascii=False, default=datetime.isoformat)


async def list_splits(url: str, schema: str, network: str) -> Splits:
    """Return by which rules a network shares what comes in."""
    async with audit.snapshot(url, schema) as connection:
        rows = await list_rules(connection, network, before=MAX_AMOUNT, holding=True, limit=SHOWN)
    names = ("group", "purpose", "version", "said_at")
    return Splits(
        tuple(
            Split(
                parts=tuple(zip(row["accounts"], row["shares"], strict=True)),
                **{name: row[name] for name in names},
            )
            for row in rows
        )
    )
