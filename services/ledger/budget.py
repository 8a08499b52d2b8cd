"""What the house may still give, as people and programs read it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from ledger.statement import one_line, shown
from ledger.store import audit
from ledger.store.budgets import list_budgets


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """One budget, in minor units; ``renews_at`` is ``None`` where nothing of it is spent."""

    account: str
    asset: str
    scale: int
    period: str
    amount: int
    spent: int
    renews_at: datetime | None

    @property
    def left(self) -> int:
        return max(0, self.amount - self.spent)

    def to_text(self) -> str:
        """Return a line for a person."""
        left, amount = shown(self.left, self.scale), shown(self.amount, self.scale)
        renews = "" if self.renews_at is None else f"  renewed at {self.renews_at:%Y-%m-%d %H:%M}"
        of_what = f"{amount} {self.asset} a {self.period}"
        return f"{left:>16} of {of_what}  {one_line(self.account)}{renews}"


@dataclass(frozen=True, slots=True)
class Budgets:
    """All budgets of a network."""

    items: tuple[Budget, ...]

    def to_text(self) -> str:
        """Return the budgets for a person, amounts with their decimal point."""
        return "\n".join(one.to_text() for one in self.items) or "There are no budgets."

    def to_json(self) -> str:
        """Return them for a program, amounts in minor units."""
        items = [
            asdict(one)
            | {"left": one.left, "renews_at": one.renews_at and one.renews_at.isoformat()}
            for one in self.items
        ]
        return json.dumps({"items": items}, ensure_ascii=False)


async def look_over(url: str, schema: str, network: str) -> Budgets:
    """Return the budgets of a network as they stand."""
    async with audit.snapshot(url, schema) as connection:
        rows = await list_budgets(connection, network)
    names = ("account", "asset", "scale", "period", "amount", "spent", "renews_at")
    return Budgets(tuple(Budget(**{name: row[name] for name in names}) for row in rows))
