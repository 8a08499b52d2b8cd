"""What the house took in and gave out, by account, group and source, and who shared in it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from ledger.store.reports import CUT

if TYPE_CHECKING:
    import asyncpg
    from asyncpg import Record
    from asyncpg.pool import PoolConnectionProxy

    Source = PoolConnectionProxy[Record] | asyncpg.Connection[Record]

_REPORT = """
    WITH moved AS (
        SELECT a.path AS account, a.asset, s.scale, p.amount,
            coalesce(k.group_id, m.group_id,
                CASE a.kind WHEN 'group' THEN substr(a.path, length('group:') + 1) ELSE '' END
            ) AS group_id,
            CASE WHEN k.id IS NOT NULL THEN 'packet' ELSE coalesce(o.kind, t.kind) END AS source,
            CASE WHEN k.id IS NOT NULL THEN '' ELSE coalesce(o.purpose, t.purpose) END AS purpose,
            CASE t.kind WHEN 'packet_open' THEN false WHEN 'packet_close' THEN false
                WHEN 'payment' THEN true WHEN 'reversal' THEN p.amount < 0
                ELSE p.amount > 0 END AS is_income
        FROM account AS a
        JOIN asset AS s ON s.code = a.asset
        JOIN posting AS p ON p.account_id = a.id AND p.txn_id >= $2 AND p.txn_id < $3
        JOIN txn AS t ON t.id = p.txn_id
        LEFT JOIN txn AS o ON o.id = t.reverses
        LEFT JOIN packet AS k
            ON t.kind IN ('packet_open', 'packet_close') AND k.id = split_part(t.key, ':', 2)
        LEFT JOIN payment AS m ON t.kind = 'payment' AND m.id = split_part(t.key, ':', 2)
        WHERE a.network = $1 AND a.kind IN ('treasury', 'group', 'network', 'house')
        UNION ALL
        SELECT a.path, a.asset, s.scale, o.amount, m.group_id, 'share', m.purpose, true
        FROM payment_split AS k
        JOIN payment AS m ON m.id = k.payment_id
        JOIN payment_step AS t ON t.payment_id = m.id AND t.txn_id >= $2 AND t.txn_id < $3
        JOIN posting AS o ON o.txn_id = t.txn_id
        JOIN account AS a ON a.id = o.account_id AND a.kind IN ('member', 'escrow')
        JOIN asset AS s ON s.code = a.asset
        WHERE {shares} AND k.network = $1
    )
    SELECT {named}, count(*) AS moves,
        coalesce(sum(amount) FILTER (WHERE is_income), 0) AS income,
        coalesce(-sum(amount) FILTER (WHERE NOT is_income), 0) AS cost
    FROM moved GROUP BY {named} {after} ORDER BY {named}
"""
"""A packet's rest lowers its cost, a refund the income, and a reversal what it takes back."""

_LINES = _REPORT.format(
    named="account, group_id, asset, scale, source, purpose",
    shares="true",
    after="""HAVING $4::text[] IS NULL OR (account, group_id, asset, source, purpose)
        > ($4[1], $4[2], $4[3], $4[4], $4[5])""",
)
LINES = f"{_LINES} LIMIT $5"
TOTALS = _REPORT.format(named="asset, scale", shares="false", after="")

ALL = 2**31
"""More lines than there are."""


class Line(NamedTuple):
    """What came in and went out by one source, in minor units; what came back is taken off."""

    account: str
    group: str  # where it was; empty: nowhere in particular
    asset: str
    scale: int
    source: str  # the kind of transaction; "packet", or "share" of another's
    purpose: str
    moves: int
    income: int
    cost: int

    @property
    def place(self) -> tuple[str, ...]:
        """What lines are ordered by."""
        return self.account, self.group, self.asset, self.source, self.purpose


class Total(NamedTuple):
    """All of an asset that is the house's; what its accounts gave each other is in both sums."""

    asset: str
    scale: int
    moves: int
    income: int
    cost: int


async def read_income(
    source: "Source",
    network: str,
    since: datetime | None,
    until: datetime | None,
    *,
    after: Sequence[str] | None = None,
    limit: int = ALL,
) -> tuple[list[Line], list[Total]]:
    """Return what was booked later than ``since`` and by ``until``: lines, and all of them.

    Lines are those behind the place ``after``; the totals are of all.
    """
    first = 1 if since is None else await source.fetchval(CUT, since)
    end = 2**63 - 1 if until is None else await source.fetchval(CUT, until)
    lines = await source.fetch(LINES, network, first, end, after, limit)
    totals = await source.fetch(TOTALS, network, first, end)
    return (
        [
            Line(row["account"], row["group_id"], row["asset"], row["scale"], row["source"],
                 row["purpose"], row["moves"], int(row["income"]), int(row["cost"]))
            for row in lines
        ],
        [
            Total(row["asset"], row["scale"], row["moves"], int(row["income"]), int(row["cost"]))
            for row in totals
        ],
    )  # fmt: skip
