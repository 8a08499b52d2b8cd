"""What groups keep of what their members say, as the newest decision about each key has it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import asyncpg

from contracts.values import Decision, Harvested

Connection = asyncpg.pool.PoolConnectionProxy

KEEP = """
    INSERT INTO harvest (network, group_id, kind, key, body, member, name, by, channel, source,
                         at_ms, event_seq)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                         $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[],
                         $12::bigint[])
    ON CONFLICT (network, group_id, kind, key) DO UPDATE
    SET body = excluded.body, member = excluded.member, name = excluded.name, by = excluded.by,
        channel = excluded.channel, source = excluded.source, at_ms = excluded.at_ms,
        event_seq = excluded.event_seq
    WHERE harvest.event_seq < excluded.event_seq
"""

KEPT = """
    SELECT group_id, key, body, member, name, by, channel, source, at_ms FROM harvest
    WHERE network = $1 AND kind = $2 AND body <> '' AND ($3 = '' OR group_id = $3)
      AND ($4 = '' OR strpos(lower(key || ' ' || body), lower($4)) > 0)
      AND (at_ms, key) < ($5, $6)
    ORDER BY at_ms DESC, key DESC LIMIT $7
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that a group keeps; the fields are the columns."""

    group_id: str
    key: str
    body: str
    member: str
    name: str
    by: str
    channel: str
    source: str
    at_ms: int


async def keep(connection: Connection, decisions: Iterable[Decision]) -> None:
    """Note what decisions keep and what they keep no longer; safe to repeat."""
    newest: dict[tuple[str, str, str, str], tuple[object, ...]] = {}
    for decision in sorted(decisions, key=lambda one: one.event_seq):
        for one in decision.harvested:
            row = _row(decision, one)
            newest[decision.network, decision.group, one.kind, one.key] = row
    if newest:
        rows = [newest[key] for key in sorted(newest)]
        await connection.execute(KEEP, *zip(*rows, strict=True))


def _row(decision: Decision, one: Harvested) -> tuple[object, ...]:
    texts = (
        decision.network, decision.group, one.kind, one.key, one.text, one.member, one.name,
        one.by, one.channel, one.source,
    )  # fmt: skip
    storable = (text.replace("\0", "\ufffd") for text in texts)
    return (*storable, decision.at_ms, decision.event_seq)


@dataclass(frozen=True, slots=True)
class Harvests:
    """Reads what groups keep."""

    pool: "asyncpg.Pool[asyncpg.Record]"

    async def newest(
        self, network: str, kind: str, *, group: str, text: str, before: tuple[int, str], limit: int
    ) -> Sequence[Kept]:
        """Return at most ``limit`` things of one kind, newest first; an empty filter is none."""
        rows = await self.pool.fetch(KEPT, network, kind, group, text, *before, limit)
        return [Kept(**row) for row in rows]
