"""What waits for a second person, as people and programs read it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from contracts.values import AcceptPayment, PlaceHold, SetApproval, Transfer, WriteOff
from ledger.core.debts import owed_by
from ledger.core.postings import MAX_AMOUNT
from ledger.statement import one_line, shown
from ledger.store import audit
from ledger.store.approvals import asked_for, list_requests

SHOWN = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asked for, in minor units, and of whom nobody has decided yet."""

    id: str
    what: str
    account: str
    target: (
        str  # who gets it or owes it, a payment, the group of a packet, or the limit it would be
    )
    asset: str
    scale: int
    amount: int
    asked_by: str
    asked_at: datetime
    expires_at: datetime

    def to_text(self) -> str:
        """Return a line for a person."""
        amount = f"{shown(self.amount, self.scale)} {self.asset}"
        way = f"{one_line(self.account)} -> {one_line(self.target)}"
        who = one_line(self.asked_by) or "a rule"
        until = f"until {self.expires_at:%Y-%m-%d %H:%M}"
        return f"{self.id}  {amount:>16}  {self.what}  {way}  asked by {who}  {until}"


@dataclass(frozen=True, slots=True)
class Requests:
    """All that waits in a network, newest first."""

    items: tuple[Request, ...]

    def to_text(self) -> str:
        """Return it for a person, amounts with their decimal point."""
        return "\n".join(one.to_text() for one in self.items) or "Nothing waits."

    def to_json(self) -> str:
        """Return it for a program, amounts in minor units."""
        items = [asdict(one) for one in self.items]
        return json.dumps({"items": items}, ensure_ascii=False, default=datetime.isoformat)


async def look_through(url: str, schema: str, network: str) -> Requests:
    """Return what waits for a second person in a network."""
    async with audit.snapshot(url, schema) as connection:
        rows = await list_requests(
            connection, network, before=MAX_AMOUNT, state="waiting", limit=SHOWN
        )
    names = ("id", "what", "account", "asset", "scale", "amount", "asked_by", "asked_at",
             "expires_at")  # fmt: skip
    items = []
    for row in rows:
        body = asked_for(row)
        target = row["group"]
        if isinstance(body, (Transfer, PlaceHold)):
            target = body.destination
        elif isinstance(body, WriteOff):
            target = owed_by(body.account)
        elif isinstance(body, AcceptPayment):
            target = f"payment {body.payment_id}"
        elif isinstance(body, SetApproval):
            target = "no limit" if body.ended else "a higher limit"
        items.append(Request(target=target, **{name: row[name] for name in names}))
    return Requests(tuple(items))
