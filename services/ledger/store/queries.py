"""What can be asked about the books without changing them."""

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import asyncpg
    from asyncpg import Record

ACCOUNTS = """
    SELECT id, network, path, asset, kind, balance, held, floor, ceiling, version, state
    FROM account
    WHERE network = $1 AND id > $2
        AND ($3::text IS NULL OR path = $3) AND ($4::text IS NULL OR kind = $4)
        AND ($5::text IS NULL OR asset = $5)
    ORDER BY id LIMIT $6
"""

ACCOUNT = """
    SELECT id, network, path, asset, kind, balance, held, floor, ceiling, version, state
    FROM account WHERE id = $1
"""

TRANSFER = """
    SELECT t.id, t.network, t.kind, t.purpose, t.recorded_at, payer.path AS source,
        payee.path AS destination, given.asset, given.amount
    FROM txn AS t
    JOIN posting AS taken ON taken.txn_id = t.id AND taken.amount < 0
    JOIN posting AS given ON given.txn_id = t.id AND given.amount > 0
    JOIN account AS payer ON payer.id = taken.account_id
    JOIN account AS payee ON payee.id = given.account_id
    WHERE t.id = $1
"""

_PACKET = """
    SELECT id, number, network, group_id, platform, channel, thread, connection, sender, asset,
        total, shares, mode, greeting, seed_hash, CASE WHEN state = 'closed' THEN seed END AS seed,
        opened_at, expires_at, taken, amount_taken, refunded, best_member, best_amount, state,
        closed_why, closed_at,
        share_min, share_max, coalesce(opens_at, opened_at) AS opens_at, frozen, rain, rain_total,
        rain_drops,
        terms - 'password_hash' AS terms, coalesce(terms ? 'password_hash', false) AS locked
    FROM packet
"""

PACKET = f"{_PACKET} WHERE id = $1"

PACKETS = f"""
    {_PACKET}
    WHERE network = $1 AND number < $2
        AND ($3::text IS NULL OR group_id = $3) AND ($4::text IS NULL OR state = $4)
    ORDER BY number DESC LIMIT $5
"""

CLAIMS = """
    SELECT member, slot, amount, recorded_at FROM packet_claim WHERE packet_id = $1 ORDER BY slot
"""

PACKET_STEPS = """
    SELECT what, by_member, why, recorded_at FROM packet_step WHERE packet_id = $1
    ORDER BY batch_id, place
"""

EXPIRED = """
    SELECT network, id, (extract(epoch FROM clock()) / 60)::bigint
    FROM packet WHERE state = 'open' AND expires_at <= clock() AND id <> ALL ($1::text[])
    ORDER BY expires_at LIMIT 500
"""

WAITING = """
    SELECT network, id, (extract(epoch FROM clock()) / 60)::bigint
    FROM packet WHERE NOT told_open AND state = 'open' AND opens_at <= clock()
        AND id <> ALL ($1::text[])
    ORDER BY opens_at LIMIT 500
"""

EXPIRED_HOLDS = """
    SELECT network, id, (extract(epoch FROM clock()) / 60)::bigint
    FROM hold WHERE state = 'open' AND expires_at <= clock() AND id <> ALL ($1::text[])
    ORDER BY expires_at LIMIT 500
"""

_HOLD = """
    SELECT id, number, network, account, destination, asset, amount, purpose, captured, state,
        placed_at, expires_at, ended_at
    FROM hold
"""

HOLD = f"{_HOLD} WHERE id = $1"

HOLDS = f"""
    {_HOLD}
    WHERE network = $1 AND number < $2
        AND ($3::text IS NULL OR account = $3) AND ($4::text IS NULL OR state = $4)
    ORDER BY number DESC LIMIT $5
"""

HOLD_STEPS = """
    SELECT step, what, amount, txn_id, recorded_at FROM hold_step WHERE hold_id = $1 ORDER BY step
"""

ENTRIES = """
    SELECT id, network, key, deed, said, recorded_at FROM audit_entry
    WHERE network IN ($1, '') AND id < $2 ORDER BY id DESC LIMIT $3
"""

CONDITION = """
    SELECT
        (SELECT count(*) FROM outbox),
        (SELECT coalesce(extract(epoch FROM clock() - min(recorded_at)), 0)::float8 FROM outbox),
        (SELECT count(*) FROM packet WHERE state = 'open'),
        (SELECT coalesce(sum(abs(total)), 0)::float8
            FROM (SELECT sum(balance) AS total FROM account GROUP BY network, asset) AS sums)
"""

HEAD = """
    SELECT id, hash, (extract(epoch FROM recorded_at) * 1000)::bigint
    FROM batch WHERE shard = $1 ORDER BY id DESC LIMIT 1
"""

ANSWERED_EARLY = """
    SELECT EXISTS (
        SELECT FROM inbox AS i JOIN migration AS m ON m.number = 10 AND i.recorded_at < m.ran_at
        WHERE i.network = $1 AND i.key = $2
    )
"""

MAX_VERSION = 2**63 - 1


class Condition(NamedTuple):
    """How the books are; ``imbalance`` is by how many minor units they are wrong."""

    outbox_rows: int
    outbox_age_s: float
    packets_open: int
    imbalance: float


class Head(NamedTuple):
    """The newest batch of a shard."""

    number: int
    hash: bytes
    recorded_ms: int


class Queries:
    """Reads of the books, each on its own snapshot."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    @property
    def pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        """Where they are asked, for what takes more than one question."""
        return self._pool

    async def accounts(
        self,
        network: str,
        *,
        after_id: int = 0,
        path: str | None = None,
        kind: str | None = None,
        asset: str | None = None,
        limit: int = 100,
    ) -> list["Record"]:
        """Return accounts of a network in the order in which they were opened."""
        return await self._pool.fetch(ACCOUNTS, network, after_id, path, kind, asset, limit)

    async def account(self, account_id: int) -> "Record | None":
        return await self._pool.fetchrow(ACCOUNT, account_id)

    async def transfer(self, transfer_id: int) -> "Record | None":
        """Return one transaction of two legs."""
        return await self._pool.fetchrow(TRANSFER, transfer_id)

    async def packet(self, packet_id: str) -> "Record | None":
        return await self._pool.fetchrow(PACKET, packet_id)

    async def packets(
        self,
        network: str,
        *,
        before_number: int = MAX_VERSION,
        group: str | None = None,
        state: str | None = None,
        limit: int = 100,
    ) -> list["Record"]:
        """Return packets of a network, newest first."""
        return await self._pool.fetch(PACKETS, network, before_number, group, state, limit)

    async def claims(self, packet_id: str) -> list["Record"]:
        """Return who took which share, in the order of taking."""
        return await self._pool.fetch(CLAIMS, packet_id)

    async def packet_steps(self, packet_id: str) -> list["Record"]:
        """Return what people did to a packet besides taking of it, from the first."""
        return await self._pool.fetch(PACKET_STEPS, packet_id)

    async def entries(
        self, network: str, *, before_id: int = MAX_VERSION, limit: int = 100
    ) -> list["Record"]:
        """Return who changed what in a network, or in all of them, newest first."""
        return await self._pool.fetch(ENTRIES, network, before_id, limit)

    async def head(self, shard: int) -> Head | None:
        """Return the newest batch; ``None`` before the first."""
        row = await self._pool.fetchrow(HEAD, shard)
        return None if row is None else Head(*row)

    async def condition(self) -> Condition:
        """Return how the books are at this moment."""
        row = await self._pool.fetchrow(CONDITION)
        assert row is not None
        return Condition(*row)

    async def expired_packets(self, but: Collection[str] = ()) -> list[tuple[str, str, int]]:
        """Return network and id of the open packets that are longest over, and the minute it is."""
        return [tuple(row) for row in await self._pool.fetch(EXPIRED, list(but))]

    async def expired_holds(self, but: Collection[str] = ()) -> list[tuple[str, str, int]]:
        """Return network and id of the open holds that are longest over, and the minute it is."""
        return [tuple(row) for row in await self._pool.fetch(EXPIRED_HOLDS, list(but))]

    async def was_answered_early(self, network: str, key: str) -> bool:
        """Return whether the key was used before callers' names were escaped in keys."""
        return bool(await self._pool.fetchval(ANSWERED_EARLY, network, key))

    async def waiting_packets(self, but: Collection[str] = ()) -> list[tuple[str, str, int]]:
        """Return network and id of packets whose time has come untold, and the minute it is."""
        return [tuple(row) for row in await self._pool.fetch(WAITING, list(but))]

    async def hold(self, hold_id: str) -> "Record | None":
        return await self._pool.fetchrow(HOLD, hold_id)

    async def hold_steps(self, hold_id: str) -> list["Record"]:
        """Return what became of a hold, from its placing."""
        return await self._pool.fetch(HOLD_STEPS, hold_id)

    async def holds(
        self,
        network: str,
        *,
        before_number: int = MAX_VERSION,
        account: str | None = None,
        state: str | None = None,
        limit: int = 100,
    ) -> list["Record"]:
        """Return holds of a network, newest first."""
        return await self._pool.fetch(HOLDS, network, before_number, account, state, limit)
