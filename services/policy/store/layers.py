"""What each place of a network's tree of settings says, and what is in force there."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from policy.store.rulebooks import COLUMNS, LOCK_NETWORK, PUBLISH, Adoption, Within

Connection = asyncpg.pool.PoolConnectionProxy

NEWEST = """
    SELECT DISTINCT ON (adoption.platform, adoption.group_id, adoption.channel)
           coalesce(nullif(adoption.platform, ''), layer.platform, '') AS platform,
           adoption.group_id AS group, adoption.channel,
           coalesce(layer.source, rulebook.source) AS source, adoption.digest,
           adoption.author, adoption.reason, adoption.adopted_ms
    FROM adoption
    JOIN rulebook ON rulebook.digest = adoption.digest
    LEFT JOIN layer ON layer.adoption_id = adoption.id
    WHERE adoption.network = $1
    ORDER BY adoption.platform, adoption.group_id, adoption.channel, adoption.id DESC
"""

NETWORKS = """
    SELECT DISTINCT network FROM adoption
    WHERE ($1::text[] IS NULL OR network = ANY($1)) AND network > $2 ORDER BY network LIMIT $3
"""

ADOPT = f"""
    INSERT INTO adoption (digest, network, platform, group_id, channel, author, reason, adopted_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    RETURNING {COLUMNS}
"""  # noqa: S608 -- COLUMNS is a constant

SAY = "INSERT INTO layer (adoption_id, platform, source) VALUES ($1, $2, $3)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one place says (``source``), and the digest of what is in force there; "": not yet."""

    platform: str
    group: str
    channel: str
    source: str
    digest: str
    author: str
    reason: str
    adopted_ms: int

    @property
    def place(self) -> tuple[str, str, str]:
        """What the place is known by: a group's platform is no part of it."""
        return ("" if self.group else self.platform, self.group, self.channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A place whose layer or effective text is new: the rulebook's name, text and digest."""

    said: Said
    name: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of every network."""

    pool: "asyncpg.Pool[asyncpg.Record]"

    async def of(self, network: str) -> list[Said]:
        """Return what every place of a network says, the network itself first."""
        return _said(await self.pool.fetch(NEWEST, network))

    async def networks(self, after: str, limit: int, within: Within = None) -> list[str]:
        """Return networks in which a rulebook was ever in force, those behind a name."""
        known = None if within is None else sorted(within)
        return [row["network"] for row in await self.pool.fetch(NETWORKS, known, after, limit)]

    async def locked(self, connection: Connection, network: str) -> list[Said]:
        """As `of`, and nobody else changes the network until the transaction ends."""
        await connection.execute(LOCK_NETWORK, network)
        return _said(await connection.fetch(NEWEST, network))

    async def record(
        self,
        connection: Connection,
        network: str,
        changes: Sequence[Change],
        *,
        author: str,
        reason: str,
        at_ms: int,
    ) -> list[Adoption]:
        """Keep the layers and the texts that came of them, and put these in force."""
        adoptions: list[Adoption] = []
        for change in changes:
            said = change.said
            await connection.fetchval(PUBLISH, change.digest, change.name, change.text, author)
            row = await connection.fetchrow(
                ADOPT, change.digest, network, *said.place, author, reason, at_ms
            )
            assert row is not None, "what is inserted is returned"
            await connection.execute(SAY, row["id"], said.platform, said.source)
            adoptions.append(Adoption(**row))
        return adoptions


def _said(rows: Sequence[asyncpg.Record]) -> list[Said]:
    return [Said(**row) for row in rows]
