"""The books as they are at one moment, for whoever proves them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncpg

from ledger.core.postings import Posting, Txn
from ledger.store.invariants import Invariant

if TYPE_CHECKING:
    from asyncpg import Record

    Connection = asyncpg.Connection[Record]

PREFETCH = 5_000
SHOWN = 10
"""Culprits that are named for each invariant; all are counted."""


BATCHES = """
    SELECT id, prev_hash, hash, (extract(epoch FROM recorded_at) * 1000)::bigint AS at_ms,
        first_txn, txns
    FROM batch WHERE shard = $1 ORDER BY id
"""
TXNS = "SELECT id, network, key, body_hash, kind, purpose, reverses FROM txn ORDER BY id"
POSTINGS = """
    SELECT txn_id, leg, network, account_id, asset, amount, balance_after, account_version
    FROM posting ORDER BY txn_id, leg
"""
SHARDS = "SELECT id, last_hash FROM shard ORDER BY id"
COUNTS = """
    SELECT (SELECT count(*) FROM account) AS accounts, (SELECT count(*) FROM txn) AS transactions,
        (SELECT count(*) FROM posting) AS postings, (SELECT count(*) FROM packet) AS packets,
        (SELECT count(*) FROM inbox) AS commands, (SELECT count(*) FROM outbox) AS waiting_facts
"""


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch with everything its hash was made of."""

    id: int
    prev_hash: bytes
    hash: bytes
    at_ms: int
    txns: tuple[Txn, ...]
    postings: tuple[Posting, ...]


@asynccontextmanager
async def snapshot(url: str, schema: str) -> AsyncIterator["Connection"]:
    """Open the books as they are at one moment; the service goes on meanwhile."""
    connection = await asyncpg.connect(url, server_settings={"search_path": schema})
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield connection
    finally:
        await connection.close()


async def culprits(connection: "Connection", invariant: Invariant) -> tuple[int, list[str]]:
    """Return in how many places ``invariant`` does not hold, and the first of them."""
    rows = await connection.fetch(invariant.query)
    return len(rows), [row[0] for row in rows[:SHOWN]]


async def counts(connection: "Connection") -> dict[str, int]:
    """Return how much there is of everything."""
    row = await connection.fetchrow(COUNTS)
    assert row is not None
    return dict(row)


async def shard_heads(connection: "Connection") -> list[tuple[int, bytes]]:
    """Return every shard with the hash its chain ends with."""
    return [(row["id"], row["last_hash"]) for row in await connection.fetch(SHARDS)]


async def stored_batches(connection: "Connection", shard: int) -> AsyncIterator[StoredBatch]:
    """Yield the batches of a shard in their order, whatever the size of the books."""
    txns = aiter(connection.cursor(TXNS, prefetch=PREFETCH))
    postings = aiter(connection.cursor(POSTINGS, prefetch=PREFETCH))
    txn = await anext(txns, None)
    posting = await anext(postings, None)
    async for row in connection.cursor(BATCHES, shard, prefetch=PREFETCH):
        end = row["first_txn"] + row["txns"]
        mine: list[Txn] = []
        moved: list[Posting] = []
        while txn is not None and txn["id"] < end:
            mine.append(Txn(*txn))
            txn = await anext(txns, None)
        while posting is not None and posting["txn_id"] < end:
            moved.append(Posting(*posting))
            posting = await anext(postings, None)
        yield StoredBatch(
            row["id"], row["prev_hash"], row["hash"], row["at_ms"], tuple(mine), tuple(moved)
        )
