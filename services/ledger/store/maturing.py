"""When what was paid for can be given, and what accounts have of payments that came in of late."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from contracts.values import PlaceHold, SendPacket, SetMaturity, Transfer
from ledger.core.books import Batch, Books, Lot, Maturity
from ledger.core.commands import Body, Command
from ledger.core.gifts import is_gift

if TYPE_CHECKING:
    import asyncpg
    from asyncpg import Record

    from ledger.store.reading import Connection

RULES = """
    SELECT r.network, r.asset, r.version, r.days
    FROM unnest($1::text[], $2::text[]) AS asked (network, asset)
    CROSS JOIN LATERAL (
        SELECT * FROM maturity_rule AS r
        WHERE r.network = asked.network AND r.asset = asked.asset
        ORDER BY r.version DESC LIMIT 1
    ) AS r
"""

LOTS = """
    WITH RECURSIVE search (account_id, low, high) AS (
        SELECT a.id, 0::bigint, a.version
        FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (network, path, asset)
        JOIN account AS a USING (network, path, asset)
        UNION ALL
        SELECT s.account_id, CASE WHEN p.recorded_at < $4 THEN s.middle ELSE s.low END,
            CASE WHEN p.recorded_at < $4 THEN s.high ELSE s.middle - 1 END
        FROM (SELECT *, (low + high + 1) / 2 AS middle FROM search WHERE low < high) AS s
        JOIN posting AS p ON p.account_id = s.account_id AND p.account_version = s.middle
    )
    SELECT a.network, a.path, a.asset, c.payment_id,
        (extract(epoch FROM c.recorded_at) * 1000)::bigint, sum(o.amount)::bigint
    FROM search AS s
    JOIN account AS a ON a.id = s.account_id
    JOIN posting AS o ON o.account_id = s.account_id AND o.account_version > s.low
    JOIN txn AS t ON t.id = o.txn_id AND t.kind = 'payment'
    JOIN payment_step AS c ON c.payment_id = split_part(t.key, ':', 2) AND c.what = 'captured'
    WHERE s.low = s.high AND c.recorded_at >= $4
    GROUP BY a.id, c.payment_id, c.recorded_at
"""
"""Where an account's late postings begin is found by halving; only those are looked at."""

SINCE = "SELECT clock() - make_interval(days => $1)"

SAID = """
    SELECT DISTINCT ON (asset) network, asset, days, said_at
    FROM maturity_rule WHERE network = $1 ORDER BY asset, version DESC
"""

COLUMNS = ("network", "asset", "version", "days", "said_at")

SLACK_DAYS = 1
"""So that what matures in this moment is looked at, whatever the clock does meanwhile."""


async def read_maturities(
    connection: "Connection", books: Books, commands: Sequence[Command]
) -> None:
    """Read what young payments brought to the accounts that ``commands`` give paid credit from."""
    asked = {(c.scene.network, c.body.asset) for c in commands if isinstance(c.body, SetMaturity)}
    givers = set(_givers(books, commands)) if books.terms.paid_gifts else set()
    asked |= {(network, asset) for network, _, asset in givers}
    if asked:
        for network, asset, *said in await connection.fetch(RULES, *zip(*asked, strict=True)):
            books.maturities[network, asset] = Maturity(*said)
    if not givers:
        return
    days = [books.terms.maturity_days, *(said.days for said in books.maturities.values())]
    days += [c.body.days for c in commands if isinstance(c.body, SetMaturity)]
    since = await connection.fetchval(SINCE, min(max(days), 366) + SLACK_DAYS)
    rows = await connection.fetch(LOTS, *zip(*givers, strict=True), since)
    for network, path, asset, payment_id, born_ms, amount in rows:
        lots = books.lots.setdefault((network, path, asset), {})
        lots[payment_id] = Lot(born_ms, amount)


def _givers(books: Books, commands: Sequence[Command]) -> Iterator[tuple[str, str, str]]:
    """Yield network, path and asset of each account that ``commands`` give paid credit from."""
    for command in commands:
        for path, asset in _given_from(command.body):
            if asset in books.assets and books.assets[asset].kind == "paid_credit":
                yield command.scene.network, path, asset


def _given_from(body: Body) -> Iterator[tuple[str, str]]:
    match body:
        case SendPacket():
            yield body.source or f"member:{body.sender}", body.asset
        case Transfer() if is_gift(body.source, body.destination):
            yield body.source, body.asset
        case PlaceHold() if is_gift(body.account, body.destination):
            yield body.account, body.asset
        case _:
            pass


async def write_maturities(connection: "Connection", batch: Batch, at: datetime) -> None:
    """Write what was said of when paid credit matures."""
    if batch.maturities:
        rows = [(*said, at) for said in batch.maturities]
        await connection.copy_records_to_table("maturity_rule", records=rows, columns=COLUMNS)


async def list_maturities(pool: "asyncpg.Pool[Record]", network: str) -> "list[Record]":
    """Return what was said last of each asset."""
    return await pool.fetch(SAID, network)
