"""Holds in their rows: locked and read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contracts.values import CaptureHold, ReleaseHold
from ledger.core.books import Books
from ledger.core.commands import Command
from ledger.core.holds import HoldState
from ledger.store.packets import to_scene

if TYPE_CHECKING:
    from asyncpg import Record

    from ledger.store.reading import Connection

LOCK_HOLDS = """
    SELECT id, network, group_id, platform, channel, thread, parent, connection, account,
        destination, asset, amount, purpose,
        (extract(epoch FROM placed_at) * 1000)::bigint AS placed_ms,
        (extract(epoch FROM expires_at) * 1000)::bigint AS expires_ms,
        captured, steps, state
    FROM hold WHERE id = ANY ($1::text[]) ORDER BY id FOR NO KEY UPDATE
"""


async def read_holds(connection: "Connection", books: Books, commands: Sequence[Command]) -> None:
    """Lock and read the holds that ``commands`` name."""
    named = {c.body.hold_id for c in commands if isinstance(c.body, (CaptureHold, ReleaseHold))}
    if named:
        for row in await connection.fetch(LOCK_HOLDS, list(named)):
            hold = _hold(row)
            books.holds[hold.id] = hold


def _hold(row: "Record") -> HoldState:
    return HoldState(
        id=row["id"],
        scene=to_scene(row),
        account=row["account"],
        destination=row["destination"],
        asset=row["asset"],
        amount=row["amount"],
        purpose=row["purpose"],
        placed_ms=row["placed_ms"],
        expires_ms=row["expires_ms"],
        captured=row["captured"],
        steps=row["steps"],
        state=row["state"],
    )
