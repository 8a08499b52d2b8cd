"""A packet with all of its shares, as whoever proves its split needs it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncpg import Record

    from ledger.store.audit import Connection

PACKET = """
    SELECT p.id, p.network, p.group_id, p.sender, p.asset, a.scale, p.total, p.shares, p.mode,
        p.greeting, p.state, p.closed_why, p.refunded, p.share_min, p.share_max, p.seed_hash,
        CASE WHEN p.state = 'closed' THEN p.seed END AS seed
    FROM packet AS p JOIN asset AS a ON a.code = p.asset
    WHERE p.id = $1
"""

SHARES = """
    SELECT s.slot, s.amount, coalesce(c.member, '') AS member
    FROM packet_share AS s LEFT JOIN packet_claim AS c USING (packet_id, slot)
    WHERE s.packet_id = $1 ORDER BY s.slot
"""


async def read_packet(
    connection: "Connection", packet_id: str
) -> "tuple[Record | None, list[Record]]":
    """Return a packet, its seed if it is closed, and its shares in the order of giving."""
    row = await connection.fetchrow(PACKET, packet_id)
    return row, await connection.fetch(SHARES, packet_id)
