"""Rulebooks under the hash of their text, and which is in force where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

PUBLISH = """
    INSERT INTO rulebook (digest, name, source, author) VALUES ($1, $2, $3, $4)
    ON CONFLICT (digest) DO NOTHING
    RETURNING digest
"""

SOURCES = "SELECT digest, source FROM rulebook WHERE digest = ANY($1)"

JUST_PUBLISHED = """
    SELECT digest FROM rulebook WHERE published_at > now() - $1::interval
    ORDER BY published_at DESC, digest LIMIT $2
"""

PUBLICATION = """
    INSERT INTO publication (digest, network) SELECT $1, unnest($2::text[])
    ON CONFLICT (network, digest) DO NOTHING
    RETURNING digest
"""

# What a key that is limited to networks is shown; null: everything.
SEEN = """
    ($1::text[] IS NULL OR digest IN (
        SELECT digest FROM publication WHERE network = ANY($1)
        UNION ALL SELECT digest FROM adoption WHERE network = ANY($1)
        UNION ALL SELECT digest FROM trial WHERE network = ANY($1)
    ))
"""

FIND = f"""
    SELECT digest, name, source, author, published_at FROM rulebook
    WHERE {SEEN} AND digest = $2
"""  # noqa: S608 -- SEEN is the constant above

# What the keys of one network publish stands for nothing in another's rulebooks.
NEWEST_NAMED = """
    SELECT digest, name, source, author, published_at FROM rulebook
    WHERE name = $2 AND digest IN (SELECT digest FROM publication WHERE network = ANY($1))
    ORDER BY published_at DESC, digest LIMIT 1
"""

NEWEST_FIRST = f"""
    SELECT digest, name, '' AS source, author, published_at FROM rulebook
    WHERE {SEEN} AND (published_at, digest) < ($2, $3)
    ORDER BY published_at DESC, digest DESC LIMIT $4
"""  # noqa: S608 -- SEEN is the constant above

# Two who adopt for the same place at once must come after one another.
LOCK_NETWORK = "SELECT pg_advisory_xact_lock(hashtext('adoption'), hashtext($1))"

COLUMNS = """
    id, digest, (SELECT name FROM rulebook WHERE rulebook.digest = adoption.digest) AS name,
    network, platform, group_id, channel, author, reason, adopted_ms, announced
"""

IN_FORCE = f"""
    SELECT DISTINCT ON (network, group_id) {COLUMNS} FROM adoption
    WHERE network = $1 AND group_id = ANY($2) AND platform = '' AND channel = ''
    ORDER BY network, group_id, id DESC
"""  # noqa: S608 -- COLUMNS is the constant above

ADOPT = f"""
    INSERT INTO adoption (digest, network, group_id, author, reason, adopted_ms)
    SELECT $1, $2, group_id, $4, $5, $6 FROM unnest($3::text[]) AS group_id
    RETURNING {COLUMNS}
"""  # noqa: S608 -- COLUMNS is the constant above

HISTORY = f"""
    SELECT {COLUMNS} FROM adoption
    WHERE network = $1 AND ($2::text IS NULL OR group_id = $2) AND id < $3
    ORDER BY id DESC LIMIT $4
"""  # noqa: S608 -- COLUMNS is the constant above

UNANNOUNCED = f"""
    SELECT {COLUMNS} FROM adoption WHERE NOT announced ORDER BY id LIMIT 100
"""  # noqa: S608 -- COLUMNS is the constant above

KNOWN_LOG = "SELECT created FROM known_log"

FORGET_LOG = "DELETE FROM known_log"

KNOW_LOG = "INSERT INTO known_log (created) VALUES ($1) ON CONFLICT (created) DO NOTHING"

ALL_UNHEARD = "UPDATE adoption SET announced = false WHERE announced"

ANNOUNCED = "UPDATE adoption SET announced = true WHERE id = ANY($1)"

Within = frozenset[str] | None
"""The networks that somebody is limited to; ``None``: to none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """A text as it was published; ``source`` is empty in lists."""

    digest: str
    name: str
    source: str
    author: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """From here on a rulebook is in force in a group, or, ``group_id`` empty, in a network."""

    id: int
    digest: str
    name: str  # of the rulebook, for people
    network: str
    platform: str  # empty, or of a whole platform
    group_id: str
    channel: str  # empty, or of a channel of the group
    author: str
    reason: str
    adopted_ms: int
    announced: bool  # the log has it


@dataclass(frozen=True, slots=True)
class Rulebooks:
    """Every rulebook ever published, and every adoption."""

    pool: "asyncpg.Pool[asyncpg.Record]"

    async def publish(
        self, digest: str, *, name: str, source: str, author: str, within: Within = None
    ) -> bool:
        """Keep ``source`` under its digest; ``False`` when it was there, and nothing changed.

        ``within`` are the networks that its author is limited to.
        """
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(PUBLISH, digest, name, source, author)
            made = await connection.fetch(PUBLICATION, digest, _named(within))
        return bool(made)

    async def sources(self, digests: Sequence[str]) -> dict[str, str]:
        """Return the texts of those of ``digests`` that are known."""
        rows = await self.pool.fetch(SOURCES, list(digests))
        return {row["digest"]: row["source"] for row in rows}

    async def just_published(self, within: timedelta, limit: int) -> list[str]:
        """Return the digests of what was published last, newest first."""
        rows = await self.pool.fetch(JUST_PUBLISHED, within, limit)
        return [row["digest"] for row in rows]

    async def find(self, digest: str, within: Within = None) -> Rulebook | None:
        """Return a rulebook with its text; ``None``: ``within`` these networks nobody knows it."""
        row = await self.pool.fetchrow(FIND, _listed(within), digest)
        return Rulebook(**row) if row else None

    async def newest_named(self, name: str, within: Within = None) -> Rulebook | None:
        """Return the newest rulebook of this name that such a key published; ``None``: none."""
        row = await self.pool.fetchrow(NEWEST_NAMED, _named(within), name)
        return Rulebook(**row) if row else None

    async def newest_first(
        self, before: tuple[datetime, str], limit: int, within: Within = None
    ) -> list[Rulebook]:
        """Return rulebooks, without their texts, published before a moment and digest."""
        rows = await self.pool.fetch(NEWEST_FIRST, _listed(within), *before, limit)
        return [Rulebook(**row) for row in rows]

    async def adopt(
        self,
        digest: str,
        *,
        network: str,
        groups: Sequence[str],
        author: str,
        reason: str,
        at_ms: int,
    ) -> list[Adoption]:
        """Put a rulebook in force in ``groups``, or in the whole network when there are none.

        Where it already is in force nothing is added, and that adoption is returned.
        """
        places = sorted(set(groups)) or [""]
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(LOCK_NETWORK, network)
            held = [Adoption(**row) for row in await connection.fetch(IN_FORCE, network, places)]
            kept = [adoption for adoption in held if adoption.digest == digest]
            rest = sorted(set(places) - {adoption.group_id for adoption in kept})
            rows = await connection.fetch(ADOPT, digest, network, rest, author, reason, at_ms)
        return sorted([*kept, *(Adoption(**row) for row in rows)], key=lambda one: one.id)

    async def history(
        self, network: str, *, group: str | None, before_id: int, limit: int
    ) -> list[Adoption]:
        """Return the adoptions of a network, newest first; of one group if it is given."""
        rows = await self.pool.fetch(HISTORY, network, group, before_id, limit)
        return [Adoption(**row) for row in rows]

    async def unannounced(self) -> list[Adoption]:
        """Return the oldest adoptions that the log does not have yet."""
        return [Adoption(**row) for row in await self.pool.fetch(UNANNOUNCED)]

    async def announced(self, adoption_ids: Sequence[int]) -> None:
        """Note that JetStream has acknowledged the events of these adoptions."""
        await self.pool.execute(ANNOUNCED, list(adoption_ids))

    async def know(self, log: str) -> bool:
        """Note which log there is; ``True`` when it took the place of another.

        Then every adoption counts as unannounced again. The first log ever noted is taken for the
        one that heard of what was announced before.
        """
        async with self.pool.acquire() as connection, connection.transaction():
            known = await connection.fetchval(KNOWN_LOG)
            if known == log:
                return False
            await connection.execute(FORGET_LOG)
            await connection.execute(KNOW_LOG, log)
            if known is not None:
                await connection.execute(ALL_UNHEARD)
            return known is not None


def _listed(within: Within) -> list[str] | None:
    return None if within is None else sorted(within)


def _named(within: Within) -> list[str]:
    return [""] if within is None else sorted(within)
