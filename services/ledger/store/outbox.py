"""Facts that are committed and not yet known to be on EVENTS."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ledger.store.writing import WAKE

if TYPE_CHECKING:
    import asyncpg

    from ledger.store.reading import Connection

LEAD = "SELECT pg_try_advisory_lock(hashtext(current_schema() || '.relay'), $1::int)"
FOLLOW = "SELECT pg_advisory_unlock(hashtext(current_schema() || '.relay'), $1::int)"

WAITING = """
    SELECT seq, subject, msg_id, payload FROM outbox
    WHERE shard = $1 AND seq > (SELECT relayed_seq FROM relay WHERE shard = $1)
    ORDER BY seq LIMIT $2
"""

DONE = """
    WITH gone AS (DELETE FROM outbox WHERE shard = $1 AND seq <= $2)
    UPDATE relay SET relayed_seq = $2 WHERE shard = $1
"""


class Fact(NamedTuple):
    """One fact on its way: an encoded ``Event``, where it goes, and its id for deduplication."""

    seq: int
    subject: str
    msg_id: str
    payload: bytes


@dataclass(slots=True)
class Outbox:
    """The facts of one shard, in the order in which they were committed."""

    connection: "Connection"
    shard: int
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a commit left facts here."""

    async def waiting(self, limit: int) -> list[Fact]:
        """Return the oldest facts; each of them follows right on the one before."""
        rows = await self.connection.fetch(WAITING, self.shard, limit)
        return [Fact(*row) for row in rows]

    async def done(self, seq: int) -> None:
        """Remove the facts up to ``seq``, which JetStream has acknowledged."""
        await self.connection.execute(DONE, self.shard, seq)


@asynccontextmanager
async def lead(pool: "asyncpg.Pool[asyncpg.Record]", shard: int) -> AsyncIterator[Outbox | None]:
    """Open the outbox for its one relay; ``None`` while another process is at it.

    The right to it is the session's, so it passes on when the process or its connection dies.
    """
    async with pool.acquire() as connection:
        if not await connection.fetchval(LEAD, shard):
            yield None
            return
        outbox = Outbox(connection, shard)

        def wake(*_: object) -> None:
            outbox.stirred.set()

        await connection.add_listener(WAKE, wake)
        try:
            yield outbox
        finally:
            if not connection.is_closed():
                await connection.remove_listener(WAKE, wake)
                await connection.fetchval(FOLLOW, shard)
