"""What members were praised and blamed for, as it is booked."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncpg
    from asyncpg import Record

    Pool = asyncpg.Pool[Record]

_MERIT = """
    SELECT m.txn_id AS id, m.network, m.group_id AS group, m.asset, m.member, m.giver, m.amount,
        m.rule, m.reason, m.evidence, m.happened_at, m.recorded_at, r.id AS reversed_by,
        substr(t.key, length('transfer:') + 1) AS command
    FROM merit AS m
    JOIN txn AS t ON t.id = m.txn_id
    LEFT JOIN txn AS r ON r.reverses = m.txn_id
"""

MERIT = f"{_MERIT} WHERE m.txn_id = $1"

MERITS = f"""
    {_MERIT}
    WHERE m.network = $1 AND m.txn_id < $2 AND ($3::text IS NULL OR m.member = $3)
        AND ($4::text IS NULL OR m.giver = $4) AND ($5::text IS NULL OR m.group_id = $5)
        AND ($6::text IS NULL OR m.asset = $6)
    ORDER BY m.txn_id DESC LIMIT $7
"""


async def merit(pool: "Pool", number: int) -> "Record | None":
    """Return the merit that transaction ``number`` booked, with the command that asked for it."""
    return await pool.fetchrow(MERIT, number)


async def merits(
    pool: "Pool",
    network: str,
    *,
    before: int,
    member: str | None = None,
    giver: str | None = None,
    group: str | None = None,
    asset: str | None = None,
    limit: int = 100,
) -> list["Record"]:
    """Return merits of a network, newest first."""
    return await pool.fetch(MERITS, network, before, member, giver, group, asset, limit)
