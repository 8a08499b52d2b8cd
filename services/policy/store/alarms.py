"""Timers: this table is the truth, the schedule in NATS only the alarm."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

COLUMNS = "id, due_ms, purpose, subject_id, platform, network, group_id, connection, channel"

# By id: those that may still fire. By time: those whose alarm did not come, or never will.
PENDING = f"""
    SELECT {COLUMNS} FROM timer WHERE id = ANY($1) AND state IN ('waiting', 'armed')
"""  # noqa: S608 -- COLUMNS is the constant above

OVERDUE = f"""
    SELECT {COLUMNS} FROM timer
    WHERE state IN ('waiting', 'armed') AND due_ms <= $1
    ORDER BY due_ms, id LIMIT $2
"""  # noqa: S608 -- COLUMNS is the constant above

UNARMED = f"""
    SELECT {COLUMNS} FROM timer
    WHERE state = 'waiting' AND due_ms > $1 AND set_at < now() - make_interval(secs => $2)
    ORDER BY due_ms, id LIMIT $3
"""  # noqa: S608 -- COLUMNS is the constant above

ARMED = "UPDATE timer SET state = 'armed' WHERE id = ANY($1) AND state = 'waiting'"
FIRED = "UPDATE timer SET state = 'fired' WHERE id = ANY($1) AND state IN ('waiting', 'armed')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Something to come back to at ``due_ms`` of the judge's clock."""

    id: str
    due_ms: int
    purpose: str
    subject_id: str
    platform: str
    network: str
    group_id: str
    connection: str
    channel: str


@dataclass(frozen=True, slots=True)
class Alarms:
    """The timers that decisions have set."""

    pool: "asyncpg.Pool[asyncpg.Record]"

    async def pending(self, timer_ids: Sequence[str]) -> list[Timer]:
        """Return those of ``timer_ids`` that are neither fired nor cancelled."""
        return [Timer(**row) for row in await self.pool.fetch(PENDING, list(timer_ids))]

    async def overdue(self, *, at_ms: int, limit: int) -> list[Timer]:
        """Return pending timers that were due at ``at_ms``, the longest overdue first."""
        return [Timer(**row) for row in await self.pool.fetch(OVERDUE, at_ms, limit)]

    async def unarmed(self, *, due_after_ms: int, older_than_s: float, limit: int) -> list[Timer]:
        """Return timers that were set ``older_than_s`` ago and have no alarm yet."""
        rows = await self.pool.fetch(UNARMED, due_after_ms, older_than_s, limit)
        return [Timer(**row) for row in rows]

    async def armed(self, timer_ids: Sequence[str]) -> None:
        """Note that JetStream holds the alarms of these timers."""
        await self.pool.execute(ARMED, list(timer_ids))

    async def fired(self, timer_ids: Sequence[str]) -> None:
        """Note that the log has the events of these timers."""
        await self.pool.execute(FIRED, list(timer_ids))
