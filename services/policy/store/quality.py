"""What each rule has done: hits, cases, appeals, what was taken back, calls to platforms."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

QUALITY = """
    WITH hit AS (
        SELECT rule, count(*) AS hits, max(at_ms) AS last_ms
        FROM decision CROSS JOIN LATERAL unnest(rules) AS rule
        WHERE network = $1 AND ($2::text IS NULL OR group_id = $2) AND at_ms >= $3
        GROUP BY rule
    ), opened AS (
        SELECT rule, count(*) AS cases,
               count(*) FILTER (WHERE appeal <> '') AS appeals,
               count(*) FILTER (WHERE state = 'upheld') AS upheld,
               count(*) FILTER (WHERE undone <> '{}') AS undone
        FROM case_file
        WHERE network = $1 AND ($2::text IS NULL OR group_id = $2) AND opened_ms >= $3
        GROUP BY rule
    ), called AS (
        SELECT action.rule, count(*) AS calls
        FROM action JOIN decision ON decision.id = action.decision_id
        WHERE network = $1 AND ($2::text IS NULL OR group_id = $2) AND at_ms >= $3
          AND action.state IN ('published', 'done', 'gone', 'denied', 'failed')
        GROUP BY action.rule
    )
    SELECT hit.rule, hits, last_ms, coalesce(cases, 0) AS cases, coalesce(appeals, 0) AS appeals,
           coalesce(upheld, 0) AS upheld, coalesce(undone, 0) AS undone, coalesce(calls, 0) AS calls
    FROM hit LEFT JOIN opened USING (rule) LEFT JOIN called USING (rule)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one rule has done since a moment; ``last_ms`` is when it last held, 0: it never did."""

    rule: str
    hits: int = 0
    last_ms: int = 0
    cases: int = 0
    appeals: int = 0
    upheld: int = 0
    undone: int = 0
    calls: int = 0

    @property
    def wrong(self) -> float:
        """The share of its cases that were upheld on appeal or taken back, from 0 to 1."""
        return max(self.upheld, self.undone) / self.cases if self.cases else 0.0


@dataclass(frozen=True, slots=True)
class Quality:
    """Reads what rules have done."""

    pool: "asyncpg.Pool[asyncpg.Record]"

    async def of(self, network: str, *, group: str | None, since_ms: int) -> Sequence[Record]:
        """Return what each rule has done in a network, or in one group, since a moment."""
        rows = await self.pool.fetch(QUALITY, network, group, since_ms)
        return [Record(**row) for row in rows]
