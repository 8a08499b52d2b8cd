"""The books as they are at one moment, for whoever proves them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncpg

from ledger.core.auditing import Entry, words
from ledger.core.chain import Due, Given, Opened, Promise, Promised, Written
from ledger.core.conditions import Conditions
from ledger.core.holds import HoldStep
from ledger.core.packets import PacketStep
from ledger.core.payments import PaymentStep
from ledger.core.postings import Bound, Earned, Posting, Txn
from ledger.store.invariants import Invariant
from ledger.store.packets import read_conditions

if TYPE_CHECKING:
    from asyncpg import Record

    Connection = asyncpg.Connection[Record]

PREFETCH = 5_000
SHOWN = 10
"""Culprits that are named for each invariant; all are counted."""


BATCHES = """
    SELECT id, prev_hash, hash, (extract(epoch FROM recorded_at) * 1000)::bigint AS at_ms,
        first_txn, txns, form, first_account, accounts
    FROM batch WHERE shard = $1 ORDER BY id
"""
TXNS = "SELECT id, network, key, body_hash, kind, purpose, reverses FROM txn ORDER BY id"
POSTINGS = """
    SELECT txn_id, leg, network, account_id, asset, amount, balance_after, account_version
    FROM posting ORDER BY txn_id, leg
"""
BOUNDS = """
    SELECT account_id, place, network, since_version, floor, ceiling, state, why, batch_id
    FROM account_bound ORDER BY batch_id, place
"""
STEPS = """
    SELECT hold_id, step, network, what, amount, txn_id, place, batch_id
    FROM hold_step ORDER BY batch_id, place
"""
ACCOUNTS = "SELECT id, network, path, asset FROM account ORDER BY id"
HOLDS = """
    SELECT h.id, h.network, h.account, h.destination, h.asset, h.amount, h.purpose,
        (extract(epoch FROM h.expires_at) * 1000)::bigint, s.batch_id
    FROM hold_step AS s JOIN hold AS h ON h.id = s.hold_id
    WHERE s.step = 1 ORDER BY s.batch_id, s.place
"""
PACKETS = """
    SELECT p.number, p.id, p.network, p.group_id, p.sender, p.source, p.asset, p.total,
        (SELECT string_agg(s.amount::text, ',' ORDER BY s.slot)
            FROM packet_share AS s WHERE s.packet_id = p.id),
        p.mode, p.seed, (extract(epoch FROM p.expires_at) * 1000)::bigint
    FROM packet AS p ORDER BY p.number
"""
TERMS = """
    SELECT number, id, share_min, coalesce(share_max, 0) AS share_max,
        coalesce((extract(epoch FROM opens_at) * 1000)::bigint, 0) AS opens_ms, rain, rain_total,
        rain_drops, terms
    FROM packet ORDER BY number
"""
DEEDS = """
    SELECT packet_id, place, network, what, by_member, why, batch_id
    FROM packet_step ORDER BY batch_id, place
"""
MERITS = """
    SELECT txn_id, network, group_id, asset, member, giver, amount, rule, reason, evidence,
        (extract(epoch FROM happened_at) * 1000)::bigint
    FROM merit ORDER BY txn_id
"""
PAYMENTS = """
    SELECT p.id, p.network, p.member, p.destination, p.asset, p.amount, p.purpose, p.subject,
        p.provider, s.batch_id
    FROM payment_step AS s JOIN payment AS p ON p.id = s.payment_id
    WHERE s.step = 1 ORDER BY s.batch_id, s.place
"""
PAYMENT_STEPS = """
    SELECT payment_id, step, network, what, object, amount, txn_id, place, batch_id
    FROM payment_step ORDER BY batch_id, place
"""
ENTRIES = """
    SELECT network, key, deed, said::text, batch_id
    FROM audit_entry WHERE batch_id IS NOT NULL ORDER BY batch_id, id
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
    form: int
    written: Written


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
    txns = _Rows(connection, TXNS)
    postings = _Rows(connection, POSTINGS)
    bounds = _Rows(connection, BOUNDS)
    steps = _Rows(connection, STEPS)
    accounts = _Rows(connection, ACCOUNTS)
    holds = _Rows(connection, HOLDS)
    packets = _Rows(connection, PACKETS)
    merits = _Rows(connection, MERITS)
    terms = _Rows(connection, TERMS)
    deeds = _Rows(connection, DEEDS)
    payments = _Rows(connection, PAYMENTS)
    said = _Rows(connection, PAYMENT_STEPS)
    entries = _Rows(connection, ENTRIES)
    async for row in connection.cursor(BATCHES, shard, prefetch=PREFETCH):
        number, end = row["id"], row["first_txn"] + row["txns"]
        last = row["first_account"] + row["accounts"]
        opened = await accounts.before("id", last)
        written = Written(
            txns=[Txn(*each) for each in await txns.before("id", end)],
            postings=[Posting(*each) for each in await postings.before("txn_id", end)],
            bounds=[Bound(*each[:-1]) for each in await bounds.before("batch_id", number + 1)],
            steps=[HoldStep(*each[:-1]) for each in await steps.before("batch_id", number + 1)],
            accounts=[Opened(*each) for each in opened if each["id"] >= row["first_account"]],
            holds=[Promised(*each[:-1]) for each in await holds.before("batch_id", number + 1)],
            packets=[Given(*each) for each in await packets.before("number", end)],
            merits=[Earned(*each) for each in await merits.before("txn_id", end)],
            terms=[_promise(each) for each in await terms.before("number", end)],
            deeds=[PacketStep(*each[:-1]) for each in await deeds.before("batch_id", number + 1)],
            payments=[Due(*each[:-1]) for each in await payments.before("batch_id", number + 1)],
            payment_steps=[
                PaymentStep(*each[:-1]) for each in await said.before("batch_id", number + 1)
            ],
            entries=[_entry(each) for each in await entries.before("batch_id", number + 1)],
        )
        yield StoredBatch(number, row["prev_hash"], row["hash"], row["at_ms"], row["form"], written)


def _promise(row: "Record") -> Promise:
    who = read_conditions(row["terms"]) or Conditions()
    plain = {name: row[name] for name in Promise._fields if name in row.keys()}  # noqa: SIM118 -- a Record has values
    return Promise(
        **plain,
        members=who.members,
        tiers=who.tiers,
        password_hash=who.password_hash,
        tenure_ms=who.tenure_ms,
        reputation=who.reputation,
    )


def _entry(row: "Record") -> Entry:
    """Return an entry as it was made: the database writes JSON in its own way."""
    return Entry(row["network"], row["key"], row["deed"], words(json.loads(row["said"])))


class _Rows:
    """The rows of a query in its order, handed out up to a number."""

    def __init__(self, connection: "Connection", query: str) -> None:
        self._rows = aiter(connection.cursor(query, prefetch=PREFETCH))
        self._next: Record | None = None
        self._began = False

    async def before(self, column: str, end: int) -> "list[Record]":
        """Return the next rows whose ``column`` is less than ``end``."""
        if not self._began:
            self._next, self._began = await anext(self._rows, None), True
        found = []
        while self._next is not None and self._next[column] < end:
            found.append(self._next)
            self._next = await anext(self._rows, None)
        return found
