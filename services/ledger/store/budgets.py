"""Budgets of the house in their rows: locked and read, and written with the batch that spends."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from contracts.values import PlaceHold, SendPacket, SetApproval, SetBudget, Transfer
from ledger.core.books import Batch, Books, Budget
from ledger.core.commands import Body, Command
from ledger.core.postings import HOUSE

if TYPE_CHECKING:
    import asyncpg
    from asyncpg import Record

    from ledger.store.reading import Connection

LOCK_BUDGETS = """
    SELECT b.network, b.account, b.asset, b.period, b.amount, b.spent,
        (extract(epoch FROM b.said_at) * 1000)::bigint,
        (extract(epoch FROM b.since_at) * 1000)::bigint,
        (extract(epoch FROM b.renews_at) * 1000)::bigint
    FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (network, account, asset)
    JOIN budget AS b USING (network, account, asset)
    ORDER BY b.network, b.account, b.asset, b.period FOR NO KEY UPDATE OF b
"""

SAY_BUDGETS = """
    INSERT INTO budget AS known (network, account, asset, period, amount, spent, said_at, since_at,
        renews_at)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[],
        $6::bigint[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])
    ON CONFLICT (network, account, asset, period) DO UPDATE SET amount = excluded.amount,
        spent = excluded.spent, said_at = excluded.said_at, since_at = excluded.since_at,
        renews_at = excluded.renews_at
"""

BUDGETS = """
    SELECT b.network, b.account, b.asset, s.scale, b.period, b.amount,
        CASE WHEN clock() < b.renews_at THEN b.spent ELSE 0 END AS spent,
        CASE WHEN clock() < b.renews_at THEN b.renews_at END AS renews_at
    FROM budget AS b JOIN asset AS s ON s.code = b.asset
    WHERE b.network = $1 AND b.amount > 0 ORDER BY b.account, b.asset, b.period
"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

House = set[tuple[str, str, str]]
"""Accounts of the house: network, path and asset of each."""


async def read_budgets(connection: "Connection", books: Books, house: House) -> None:
    """Lock and read the budgets of the accounts of the ``house`` that a batch is about."""
    if house:
        for row in await connection.fetch(LOCK_BUDGETS, *zip(*house, strict=True)):
            network, account, asset, period, *budget = row
            books.budgets[network, account, asset, period] = Budget(*budget)


def taken_from(books: Books, commands: Sequence[Command]) -> House:
    """Return network, path and asset of each account of the house that ``commands`` are about."""
    default = books.terms.default_asset
    return {
        (command.scene.network, path, asset or default)
        for command in commands
        for path, asset in _named(command.body)
        if path.partition(":")[0] in HOUSE
    }


def _named(body: Body) -> Iterator[tuple[str, str]]:
    match body:
        case Transfer() | SendPacket():
            yield body.source, body.asset
        case PlaceHold() | SetBudget() | SetApproval():
            yield body.account, body.asset
        case _:
            pass


async def write_budgets(connection: "Connection", batch: Batch) -> None:
    """Write what was said of budgets, and what was spent of them."""
    if batch.budgets:
        rows = [
            (*key, one.amount, one.spent, *map(_time, (one.said_ms, one.since_ms, one.renews_ms)))
            for key, one in batch.budgets.items()
        ]
        await connection.execute(SAY_BUDGETS, *zip(*rows, strict=True))


async def list_budgets(
    source: "asyncpg.Pool[Record] | asyncpg.Connection[Record]", network: str
) -> "list[Record]":
    """Return a network's budgets, each with what is spent of it by now."""
    return await source.fetch(BUDGETS, network)


def _time(at_ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=at_ms)
