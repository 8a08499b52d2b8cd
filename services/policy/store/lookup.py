"""What people ask: cases and decisions, filtered, newest first, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

CASE = """
    SELECT id, decision_id, state, opened_ms, until_ms, network, group_id, platform, connection,
           channel, member, member_name, message_id, rule, outcome, strikes, explanation, language,
           fault, updated_at, resolved_by, resolution, appeal, undone, kept
    FROM case_file
"""

ACTIONS_OF = """
    SELECT id, executor, kind, rule, state, fault, effect_id, planned_at, ended_at FROM action
    WHERE case_id = $1 ORDER BY planned_at, priority, id
"""

DECISION = "SELECT id, network, case_id, at_ms, body FROM decision"

# One fragment for each filter a caller may give; what it does not give is not in the statement.
CASE_FILTERS = {
    "network": "network = ${}",
    "group": "group_id = ${}",
    "member": "member = ${}",
    "rule": "rule = ${}",
    "state": "state = ${}",
    "since_ms": "opened_ms >= ${}",
    "until_ms": "opened_ms < ${}",
    "before": "(opened_ms, id) < (${}, ${})",
}
DECISION_FILTERS = {
    "network": "network = ${}",
    "group": "group_id = ${}",
    "member": "member = ${}",
    "rule": "${} = ANY(rules)",
    "outcome": "outcome = ${}",
    "event_id": "event_id = ${}",
    "since_ms": "at_ms >= ${}",
    "until_ms": "at_ms < ${}",
    "before": "(at_ms, id) < (${}, ${})",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Somebody was sanctioned, or would have been; ``state`` tells what came of it."""

    id: str
    decision_id: str
    state: str
    opened_ms: int
    until_ms: int
    network: str
    group_id: str
    platform: str
    connection: str
    channel: str
    member: str
    member_name: str
    message_id: str
    rule: str
    outcome: str
    strikes: int
    explanation: str
    language: str
    fault: str
    updated_at: datetime
    resolved_by: str
    resolution: str
    appeal: str
    undone: Sequence[str]
    kept: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One action of a case."""

    id: str
    executor: str
    kind: str
    rule: str
    state: str
    fault: str
    effect_id: str
    planned_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A stored decision; ``body`` is its message."""

    id: str
    network: str
    case_id: str
    at_ms: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which cases or decisions; what is ``None`` does not restrict. Times: since inclusive."""

    network: str | None = None
    group: str | None = None
    member: str | None = None
    rule: str | None = None
    state: str | None = None
    outcome: str | None = None
    event_id: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    before: tuple[int, str] | None = None  # the last of the page before


@dataclass(frozen=True, slots=True)
class Lookup:
    """Reads for the REST interface."""

    pool: "asyncpg.Pool[asyncpg.Record]"

    async def cases(self, wanted: Filter, limit: int) -> list[Case]:
        """Return at most ``limit`` cases, newest first."""
        where, values = _where(CASE_FILTERS, wanted)
        statement = f"{CASE} {where} ORDER BY opened_ms DESC, id DESC LIMIT {limit:d}"
        return [Case(**row) for row in await self.pool.fetch(statement, *values)]

    async def case(self, case_id: str) -> tuple[Case, list[Step], list[Record]] | None:
        """Return a case with its actions and decisions; ``None`` when there is no such case."""
        row = await self.pool.fetchrow(f"{CASE} WHERE id = $1", case_id)
        if row is None:
            return None
        steps = [Step(**step) for step in await self.pool.fetch(ACTIONS_OF, case_id)]
        statement = f"{DECISION} WHERE case_id = $1 ORDER BY at_ms, id"
        records = [Record(**record) for record in await self.pool.fetch(statement, case_id)]
        return Case(**row), steps, records

    async def decisions(self, wanted: Filter, limit: int) -> list[Record]:
        """Return at most ``limit`` decisions in which something happened, newest first."""
        where, values = _where(DECISION_FILTERS, wanted)
        statement = f"{DECISION} {where} ORDER BY at_ms DESC, id DESC LIMIT {limit:d}"
        return [Record(**row) for row in await self.pool.fetch(statement, *values)]

    async def decision(self, decision_id: str) -> Record | None:
        """Return one decision; ``None`` when there is no such decision."""
        row = await self.pool.fetchrow(f"{DECISION} WHERE id = $1", decision_id)
        return Record(**row) if row else None


def _where(fragments: dict[str, str], wanted: Filter) -> tuple[str, Sequence[object]]:
    parts: list[str] = []
    values: list[object] = []
    for name, fragment in fragments.items():
        value = getattr(wanted, name)
        if value is None:
            continue
        own = value if isinstance(value, tuple) else (value,)
        numbers = range(len(values) + 1, len(values) + 1 + len(own))
        parts.append(fragment.format(*numbers))
        values += own
    return ("WHERE " + " AND ".join(parts) if parts else ""), values
