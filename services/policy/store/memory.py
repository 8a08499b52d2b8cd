"""Snapshots of the judge's memory: a cache of what replaying the log would give."""

from dataclasses import dataclass

import asyncpg

KEPT = 3

SAVE = """
    INSERT INTO snapshot (partition, log, last_seq, dec_seq, rulebooks, digest, state)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (partition, log, last_seq) DO UPDATE
    SET dec_seq = excluded.dec_seq, rulebooks = excluded.rulebooks, digest = excluded.digest,
        state = excluded.state, taken_at = now()
"""

PRUNE = """
    DELETE FROM snapshot
    WHERE partition = $1 AND (log, last_seq) NOT IN (
        SELECT log, last_seq FROM snapshot WHERE partition = $1
        ORDER BY taken_at DESC, last_seq DESC LIMIT $2
    )
"""

NEWEST_FIRST = """
    SELECT last_seq, dec_seq, rulebooks, digest, state FROM snapshot
    WHERE partition = $1 AND log = $2
    ORDER BY last_seq DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The memory of a partition right after a committed batch."""

    last_seq: int  # of EVENTS
    dec_seq: int  # of DECISIONS
    rulebooks: tuple[str, ...]  # digests the memory refers to
    digest: bytes
    state: bytes


@dataclass(frozen=True, slots=True)
class Memory:
    """Where snapshots are kept, the newest few of each partition."""

    pool: "asyncpg.Pool[asyncpg.Record]"

    async def save(self, partition: int, log: str, snapshot: Snapshot) -> None:
        """Keep ``snapshot`` of a partition of ``log`` and forget all but the newest three."""
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(
                SAVE,
                partition,
                log,
                snapshot.last_seq,
                snapshot.dec_seq,
                snapshot.rulebooks,
                snapshot.digest,
                snapshot.state,
            )
            await connection.execute(PRUNE, partition, KEPT)

    async def newest_first(self, partition: int, log: str) -> list[Snapshot]:
        """Return what is kept of a partition, taken from this very log and no older one."""
        rows = await self.pool.fetch(NEWEST_FIRST, partition, log)
        return [
            Snapshot(
                last_seq=row["last_seq"],
                dec_seq=row["dec_seq"],
                rulebooks=tuple(row["rulebooks"]),
                digest=row["digest"],
                state=row["state"],
            )
            for row in rows
        ]
