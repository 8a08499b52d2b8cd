"""The books as they are or as they were: balances, statements and the trial balance.

A moment is a place between two batches, the same for all accounts, so what is told of it adds up.
In an account it is found by halving, since postings have their versions in the order of their
transactions: twenty looks into an index where an account has a million postings.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import asyncpg
    from asyncpg import Record

    from ledger.store.audit import Connection

    Source = asyncpg.Pool[Record] | Connection

CUT = """
    SELECT coalesce((
        SELECT first_txn + txns FROM batch WHERE recorded_at <= $1
        ORDER BY recorded_at DESC, id DESC LIMIT 1
    ), 1)
"""

STANDINGS = """
    WITH RECURSIVE search (account_id, low, high) AS (
        SELECT id, 0::bigint, version FROM account WHERE id = ANY ($1::bigint[])
        UNION ALL
        SELECT s.account_id, CASE WHEN p.txn_id < $2 THEN s.middle ELSE s.low END,
            CASE WHEN p.txn_id < $2 THEN s.high ELSE s.middle - 1 END
        FROM (SELECT *, (low + high + 1) / 2 AS middle FROM search WHERE low < high) AS s
        JOIN posting AS p ON p.account_id = s.account_id AND p.account_version = s.middle
    )
    SELECT s.account_id, s.low AS version, coalesce(p.balance_after, 0) AS balance
    FROM search AS s
    LEFT JOIN posting AS p ON p.account_id = s.account_id AND p.account_version = s.low
    WHERE s.low = s.high
"""

STATEMENT = """
    SELECT p.account_version AS version, p.txn_id, p.amount, p.balance_after, p.asset, t.kind,
        t.purpose, p.recorded_at,
        coalesce(array_agg(other.path ORDER BY peer.leg) FILTER (WHERE other.path IS NOT NULL),
            '{}') AS counterparts
    FROM posting AS p
    JOIN txn AS t ON t.id = p.txn_id
    LEFT JOIN posting AS peer ON peer.txn_id = p.txn_id AND peer.leg <> p.leg
    LEFT JOIN account AS other ON other.id = peer.account_id
    WHERE p.account_id = $1 AND p.account_version > $2 AND p.account_version < $3
    GROUP BY p.txn_id, p.leg, t.id
    ORDER BY p.account_version DESC LIMIT $4
"""

_TRIAL = """
    SELECT a.asset, s.scale, a.kind, count(*) AS accounts,
        coalesce(-sum(b.balance) FILTER (WHERE b.balance < 0), 0) AS debit,
        coalesce(sum(b.balance) FILTER (WHERE b.balance > 0), 0) AS credit
    FROM account AS a JOIN asset AS s ON s.code = a.asset
    {balances}
    WHERE a.network = $1
    GROUP BY a.asset, s.scale, a.kind ORDER BY a.asset, a.kind
"""

TRIAL = _TRIAL.format(balances="JOIN account AS b ON b.id = a.id")

TRIAL_AT = _TRIAL.format(
    balances="""JOIN (
        SELECT account_id, sum(amount) AS balance FROM posting
        WHERE network = $1 AND txn_id < $2 GROUP BY account_id
    ) AS b ON b.account_id = a.id"""
)

ACCOUNT_NAMED = """
    SELECT a.id, a.path, a.asset, s.scale, a.version, a.balance
    FROM account AS a JOIN asset AS s ON s.code = a.asset
    WHERE a.network = $1 AND a.path = $2 AND a.asset = $3
"""


class Standing(NamedTuple):
    """Where an account stood: its newest posting by then, 0 for none, and the balance after it."""

    version: int
    balance: int


class Line(NamedTuple):
    """One line of a trial balance, in minor units: what one kind of account owes and has."""

    asset: str
    scale: int
    kind: str
    accounts: int
    debit: int
    credit: int


class Reports:
    """Reads of the books; on a pool each on its own snapshot, on a connection all on its own."""

    def __init__(self, source: "Source") -> None:
        self._source = source

    async def standings(self, accounts: Sequence[int], at: datetime) -> dict[int, Standing]:
        """Return where each of ``accounts`` stood after the last batch booked by ``at``."""
        cut = await self._source.fetchval(CUT, at)
        rows = await self._source.fetch(STANDINGS, accounts, cut)
        return {row["account_id"]: Standing(row["version"], row["balance"]) for row in rows}

    async def statement(
        self, account_id: int, *, after: int, before: int, limit: int
    ) -> list["Record"]:
        """Return postings with versions between ``after`` and ``before``, newest first."""
        return await self._source.fetch(STATEMENT, account_id, after, before, limit)

    async def trial_balance(self, network: str, at: datetime | None = None) -> list[Line]:
        """Return what a network's accounts have and owe, by asset and kind, now or then."""
        if at is None:
            rows = await self._source.fetch(TRIAL, network)
        else:
            cut = await self._source.fetchval(CUT, at)
            rows = await self._source.fetch(TRIAL_AT, network, cut)
        return [
            Line(row["asset"], row["scale"], row["kind"], row["accounts"], int(row["debit"]),
                 int(row["credit"]))
            for row in rows
        ]  # fmt: skip

    async def named(self, network: str, path: str, asset: str) -> "Record | None":
        """Return an account as it is now, with its asset's scale."""
        return await self._source.fetchrow(ACCOUNT_NAMED, network, path, asset)

    async def lines(
        self, account_id: int, first: Standing, last: Standing, *, page: int = 1_000
    ) -> AsyncIterator["Record"]:
        """Yield every posting of an account after ``first`` up to ``last``, newest first."""
        before = last.version + 1
        while rows := await self.statement(
            account_id, after=first.version, before=before, limit=page
        ):
            for row in rows:
                yield row
            before = rows[-1]["version"]
