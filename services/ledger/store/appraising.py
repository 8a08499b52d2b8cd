"""What a look at the standings of a group needs, at one moment."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ledger.core.books import Standing
from ledger.core.serial import Vote
from ledger.core.standings import Deed, MeritTerms
from ledger.store.ratings import Where, read_deeds, read_terms

if TYPE_CHECKING:
    import asyncpg
    from asyncpg import Record

NOW = """
    SELECT (SELECT coalesce(max(id), 0) FROM txn),
        (SELECT coalesce(max(number), 0) FROM merit_terms),
        (extract(epoch FROM clock()) * 1000)::bigint / 86400000
"""

PLACES = """
    SELECT m.network, m.group_id, m.asset
    FROM merit AS m JOIN asset AS s ON s.code = m.asset AND s.class = 'reputation'
    WHERE m.txn_id > $1 AND m.group_id <> ''
    UNION
    SELECT m.network, m.group_id, m.asset
    FROM txn AS r
    JOIN merit AS m ON m.txn_id = r.reverses
    JOIN asset AS s ON s.code = m.asset AND s.class = 'reputation'
    WHERE r.id > $1 AND m.group_id <> ''
    ORDER BY 1, 2, 3
"""

VOTES = """
    SELECT m.txn_id, m.member, m.giver,
        (extract(epoch FROM m.happened_at) * 1000)::bigint / 86400000 AS day,
        substr(t.key, length('transfer:') + 1) AS command
    FROM merit AS m
    JOIN txn AS t ON t.id = m.txn_id
    LEFT JOIN txn AS r ON r.reverses = m.txn_id
    WHERE m.network = $1 AND m.group_id = $2 AND m.asset = $3 AND m.giver <> '' AND m.amount > 0
        AND r.id IS NULL AND m.happened_at >= to_timestamp(($4::bigint - $5::bigint) * 86400)
    ORDER BY m.txn_id
"""

STANDINGS = """
    SELECT member, standing, level, labels, givers, days, day, upto_txn
    FROM standing WHERE network = $1 AND group_id = $2 AND asset = $3
"""

LOOKED_BACK_DAYS = 32
"""How long after it happened serial voting is still found."""


class Now(NamedTuple):
    """How far the books are: their newest transaction and word on terms, and the day, UTC."""

    upto_txn: int
    terms: int
    day: int


@dataclass(frozen=True, slots=True)
class Look:
    """A group at one moment: its merits, the terms, and what was told of it last."""

    now: Now
    terms: MeritTerms
    deeds: list[Deed]
    votes: list[Vote]
    commands: dict[int, str]  # that asked for the votes, by their transactions
    told: dict[str, Standing]  # by member


class Appraising:
    """Reads the standings of groups."""

    def __init__(self, pool: "asyncpg.Pool[Record]") -> None:
        self._pool = pool

    async def now(self) -> Now:
        """Return how far the books are."""
        row = await self._pool.fetchrow(NOW)
        assert row is not None
        return Now(*row)

    async def places(self, after_txn: int) -> list[Where]:
        """Return where somebody earned reputation, or it was taken back, since a transaction."""
        return [Where(*row) for row in await self._pool.fetch(PLACES, after_txn)]

    async def read(self, where: Where) -> Look:
        """Return a group as it is at this moment."""
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            row = await connection.fetchrow(NOW)
            assert row is not None
            now = Now(*row)
            terms = await read_terms(connection, where, None)
            deeds = await read_deeds(connection, where, None)
            votes = []
            if terms.serial:
                votes = await connection.fetch(VOTES, *where, now.day, LOOKED_BACK_DAYS)
            told = await connection.fetch(STANDINGS, *where)
        return Look(
            now,
            terms,
            deeds,
            [Vote(*row[:4]) for row in votes],
            {row["txn_id"]: row["command"] for row in votes},
            {row["member"]: to_standing(row[1:]) for row in told},
        )


def to_standing(columns: tuple[object, ...]) -> Standing:
    """Return what was told, from its columns."""
    standing, level, labels, *rest = columns
    return Standing(standing, level, tuple(labels), *rest)  # type: ignore[arg-type] # its columns
