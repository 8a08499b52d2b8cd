"""The merits of a place, as counting needs them, at one moment."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ledger.core.auditing import key_of
from ledger.core.levels import Level
from ledger.core.ratings import Told
from ledger.core.standings import Deed, MeritTerms

if TYPE_CHECKING:
    import asyncpg
    from asyncpg import Record

    from ledger.store.audit import Connection
    from ledger.store.reading import Connection as Pooled

    Source: TypeAlias = Connection | Pooled

TERMS = """
    SELECT half_life_days, per_giver, per_member, per_pair, seeds, serial, levels
    FROM merit_terms
    WHERE network = $1 AND group_id IN ($2, '') AND ($3::timestamptz IS NULL OR recorded_at <= $3)
    ORDER BY group_id = $2 DESC, number DESC LIMIT 1
"""

SAY_TERMS = """
    WITH said AS (
        INSERT INTO merit_terms
            (network, group_id, half_life_days, per_giver, per_member, per_pair, seeds, said_by,
                serial, levels)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        RETURNING *
    )
    INSERT INTO audit_entry (network, key, deed, said, recorded_at)
    SELECT network, $11, 'set_merit_terms',
        to_jsonb(said) - '{number,network,said_by,recorded_at}'::text[], recorded_at FROM said
"""

TODAY = """
    SELECT (extract(epoch FROM coalesce($1::timestamptz, clock())) * 1000)::bigint / 86400000
"""

DIGITS = "SELECT scale FROM asset WHERE code = $1"

_PLACE = """
    FROM merit AS m
    LEFT JOIN txn AS r
        ON r.reverses = m.txn_id AND ($4::timestamptz IS NULL OR r.recorded_at <= $4)
    WHERE m.network = $1 AND ($2 = '' OR m.group_id = $2) AND m.asset = $3
        AND ($4::timestamptz IS NULL OR m.recorded_at <= $4)
"""

DEEDS = f"""
    SELECT m.member, m.giver, (extract(epoch FROM m.happened_at) * 1000)::bigint / 86400000,
        m.amount, r.id IS NULL
    {_PLACE} AND ($5::text IS NULL OR m.member = $5 OR m.giver IN (
        SELECT giver FROM merit
        WHERE network = $1 AND asset = $3 AND member = $5 AND giver <> ''
    ))
"""  # noqa: S608 - made of constants

PRAISE = f"""
    SELECT m.txn_id, m.member, m.giver,
        (extract(epoch FROM m.happened_at) * 1000)::bigint / 86400000, m.amount, m.rule, m.reason,
        m.evidence
    {_PLACE} AND m.amount > 0 AND r.id IS NULL AND m.happened_at >= to_timestamp($5::bigint * 86400)
    ORDER BY m.txn_id
"""  # noqa: S608 - made of constants


class Where(NamedTuple):
    """What is rated: an asset in a group, or with no group in all of the network."""

    network: str
    group: str
    asset: str


async def read_terms(source: "Source", where: Where, at: datetime | None) -> MeritTerms:
    """Return what holds there, then or now."""
    row = await source.fetchrow(TERMS, where.network, where.group, at)
    if row is None:
        return MeritTerms()
    levels = [
        Level(**{**each, "labels": tuple(each["labels"])}) for each in json.loads(row["levels"])
    ]
    return MeritTerms(**{**dict(row), "seeds": tuple(row["seeds"]), "levels": tuple(levels)})


async def say_terms(
    pool: "asyncpg.Pool[Record]", network: str, group: str, terms: MeritTerms, said_by: str
) -> None:
    """Let ``terms`` hold from now on, and keep who said so."""
    await pool.execute(
        SAY_TERMS, network, group, terms.half_life_days, terms.per_giver, terms.per_member,
        terms.per_pair, terms.seeds, said_by, terms.serial,
        json.dumps([level._asdict() for level in terms.levels]), key_of(said_by, group),
    )  # fmt: skip


async def read_today(source: "Source", at: datetime | None) -> int:
    """Return the day of ``at``, or of the books' clock, since 1970 in UTC."""
    day: int = await source.fetchval(TODAY, at)
    return day


async def read_digits(source: "Source", asset: str) -> int:
    """Return how many digits the minor unit of an asset has; 0 of one that nobody declared."""
    return await source.fetchval(DIGITS, asset) or 0


async def read_deeds(
    source: "Source", where: Where, at: datetime | None, member: str | None = None
) -> list[Deed]:
    """Return all merits there as of ``at``; or all that bear on one member's standing."""
    return [Deed(*row) for row in await source.fetch(DEEDS, *where, at, member)]


async def read_praise(
    source: "Source", where: Where, at: datetime | None, since_day: int
) -> list[Told]:
    """Return what was praised there since a day began, as far as it stands."""
    return [Told(*row) for row in await source.fetch(PRAISE, *where, at, since_day)]
