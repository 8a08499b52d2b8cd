"""Decisions, cases, actions and timers, recorded in one transaction per batch."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from contracts.codec import decode, encode
from contracts.values import Action, ActionOutcome, Decision
from policy import brake, gate
from policy.store import harvest

Connection = asyncpg.pool.PoolConnectionProxy

RECORD_DECISIONS = """
    INSERT INTO decision (id, partition, event_seq, event_id, at_ms, network, group_id, member,
                          message_id, rulebook, outcome, rules, case_id, body)
    SELECT id, partition, event_seq, event_id, at_ms, network, group_id, member,
           message_id, rulebook, outcome, string_to_array(rules, E'\\x1f'), case_id, body
    FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[],
                $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
                $13::text[], $14::bytea[])
      AS new (id, partition, event_seq, event_id, at_ms, network, group_id, member,
              message_id, rulebook, outcome, rules, case_id, body)
    ON CONFLICT (id) DO NOTHING
    RETURNING id
"""

RECORD_CASES = """
    INSERT INTO case_file (id, decision_id, state, opened_ms, until_ms, network, group_id, platform,
                           connection, member, member_name, message_id, rule, outcome, strikes,
                           explanation, language, channel)
    SELECT *
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[],
                $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
                $13::text[], $14::text[], $15::bigint[], $16::text[], $17::text[], $18::text[])
    ON CONFLICT (id) DO NOTHING
"""

RECORD_ACTIONS = """
    INSERT INTO action (id, decision_id, case_id, executor, priority, kind, rule, state, awaits,
                        body)
    SELECT id, decision_id, case_id, executor, priority, kind, rule, state,
           string_to_array(awaits, E'\\x1f'), body
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],
                $7::text[], $8::text[], $9::text[], $10::bytea[])
      AS new (id, decision_id, case_id, executor, priority, kind, rule, state, awaits, body)
    ON CONFLICT (id) DO NOTHING
"""

SET_TIMERS = """
    INSERT INTO timer (id, decision_id, state, due_ms, purpose, subject_id, platform, network,
                       group_id, connection, channel)
    SELECT id, decision_id, 'waiting', due_ms, purpose, subject_id, platform, network, group_id,
           connection, channel
    FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[],
                $7::text[], $8::text[], $9::text[], $10::text[])
      AS new (id, decision_id, due_ms, purpose, subject_id, platform, network, group_id,
              connection, channel)
    ON CONFLICT (id) DO NOTHING
"""

CANCEL_TIMERS = """
    UPDATE timer SET state = 'cancelled' WHERE id = ANY($1) AND state IN ('waiting', 'armed')
"""

# An update that changes nothing locks the row and tells what it holds.
LOCK_WINDOWS = """
    INSERT INTO brake_window (network, scope, name, minute_ms, sanctions)
    SELECT *, 0 FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
    ON CONFLICT (network, scope, name, minute_ms)
    DO UPDATE SET sanctions = brake_window.sanctions
    RETURNING network, scope, name, minute_ms, sanctions
"""

COUNT_WINDOWS = """
    UPDATE brake_window AS held
    SET sanctions = new.sanctions, tripped = held.tripped OR new.tripped, counted_at = now()
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[])
      AS new (network, scope, name, minute_ms, sanctions, tripped)
    WHERE (held.network, held.scope, held.name, held.minute_ms)
        = (new.network, new.scope, new.name, new.minute_ms)
"""

END_ACTIONS = """
    UPDATE action
    SET state = ended.state, fault = ended.fault, effect_id = ended.effect_id, ended_at = now()
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
      AS ended (id, state, fault, effect_id)
    WHERE action.id = ended.id AND action.state IN ('planned', 'published')
    RETURNING action.case_id
"""

# The ledger answers with facts, not with outcomes, so a case does not wait for it.
SETTLE_CASES = """
    UPDATE case_file
    SET state = settled.state, fault = settled.fault, updated_at = now()
    FROM (
        SELECT case_id,
               CASE WHEN bool_or(state IN ('failed', 'denied')) THEN 'failed'
                    WHEN bool_or(state IN ('planned', 'published', 'waiting')) THEN 'open'
                    ELSE 'done' END AS state,
               coalesce(string_agg(fault, '; ' ORDER BY id) FILTER (WHERE fault <> ''), '') AS fault
        FROM action
        WHERE case_id = ANY($1) AND executor <> 'ledger'
        GROUP BY case_id
    ) AS settled
    WHERE case_file.id = settled.case_id AND case_file.state IN ('open', 'done', 'failed')
"""

# The lock comes first: of two processes that each ended one of two acts, the second sees both ends.
LOCK_WAITING = """
    SELECT id, awaits, body FROM action
    WHERE awaits && $1 AND state = 'waiting'
    ORDER BY id
    FOR UPDATE
"""

STATES_OF = "SELECT id, state FROM action WHERE id = ANY($1)"

RELEASE = """
    UPDATE action
    SET state = released.state, body = released.body, planned_at = now()
    FROM unnest($1::text[], $2::text[], $3::bytea[]) AS released (id, state, body)
    WHERE action.id = released.id
"""

STILL_RELEASED = """
    SELECT id, executor, priority, kind, awaits, body FROM action
    WHERE awaits && $1 AND state = 'planned'
    ORDER BY id
"""

# What was never acted on, and what is settled, stays so.
RESOLVE_CASES = """
    UPDATE case_file
    SET state = CASE WHEN resolved.state = '' THEN case_file.state ELSE resolved.state END,
        resolved_by = resolved.by,
        appeal = CASE WHEN resolved.state = 'appealed' THEN resolved.reason
                      ELSE case_file.appeal END,
        resolution = CASE WHEN resolved.state = 'appealed' THEN case_file.resolution
                          ELSE resolved.reason END,
        undone = ARRAY(
            SELECT DISTINCT kind
            FROM unnest(case_file.undone || string_to_array(resolved.undone, E'\\x1f')) AS kind
            ORDER BY kind
        ),
        kept = string_to_array(resolved.kept, E'\\x1f'),
        updated_at = now()
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
      AS resolved (id, state, by, reason, undone, kept)
    WHERE case_file.id = resolved.id
      AND case_file.state NOT IN ('upheld', 'undone')
      AND (resolved.state IN ('undone', '')
           OR case_file.state NOT IN ('dropped', 'braked', 'protected', 'rejected'))
"""

UNDO_ITEMS = """
    UPDATE undo_item
    SET done = true,
        undone = string_to_array(came.undone, E'\\x1f'),
        kept = string_to_array(came.kept, E'\\x1f')
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
      AS came (undo_id, case_id, undone, kept)
    WHERE (undo_item.undo_id, undo_item.case_id) = (came.undo_id, came.case_id)
"""

STILL_PLANNED = "SELECT id FROM action WHERE decision_id = ANY($1) AND state = 'planned'"
STILL_WAITING = "SELECT id FROM timer WHERE decision_id = ANY($1) AND state = 'waiting'"
MARK_PUBLISHED = "UPDATE action SET state = 'published' WHERE id = ANY($1) AND state = 'planned'"

UNPUBLISHED = """
    SELECT id, executor, priority, body FROM action
    WHERE state = 'planned' AND planned_at < now() - make_interval(secs => $1)
    ORDER BY planned_at, priority, id LIMIT $2
"""

FORGET_WINDOWS = """
    DELETE FROM brake_window WHERE counted_at < now() - make_interval(secs => $1)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a batch left to do: ids of actions to publish and of timers to arm; what the gate held.

    Ids that an earlier try recorded and did not publish are among them.
    """

    actions: frozenset[str]
    timers: frozenset[str]
    withheld: Mapping[str, int]  # how many actions, by why: "braked", "protected", "dropped"
    released: "tuple[Unpublished, ...]"  # what waited for others to end
    tripped: frozenset[brake.Window]


@dataclass(frozen=True, slots=True)
class Unpublished:
    """An action that was planned and, after a crash, never published."""

    id: str
    executor: str
    priority: int
    body: bytes
    kind: str = ""
    awaits: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of the decisions."""

    pool: "asyncpg.Pool[asyncpg.Record]"

    async def record(
        self, decisions: Sequence[tuple[int, Decision]], last_step: gate.Gate
    ) -> Recorded:
        """Record ``(partition, decision)`` pairs in one transaction; return what is to publish.

        Safe to repeat: a decision that is already there adds nothing and is not counted again.
        """
        every = gate.batch_of(decisions)
        ids = [decision.id for _, decision in every]
        async with self.pool.acquire() as connection, connection.transaction():
            ordered = sorted(every, key=lambda pair: pair[1].id)
            rows = [gate.decision_row(partition, decision) for partition, decision in ordered]
            fresh = {row["id"] for row in await _insert(connection, RECORD_DECISIONS, rows)}
            new = [decision for _, decision in every if decision.id in fresh]
            verdict = await _brake(connection, new, last_step)
            states = await _plan(connection, new, last_step, verdict)
            await harvest.keep(connection, new)
            ended = [d.outcome_of for _, d in every if d.outcome_of]
            released = await _settle(connection, ended)
            planned = await connection.fetch(STILL_PLANNED, ids)
            waiting = await connection.fetch(STILL_WAITING, ids)
        return Recorded(
            actions=frozenset(row["id"] for row in planned),
            timers=frozenset(row["id"] for row in waiting),
            withheld=Counter(state for state in states if state not in ("planned", "waiting")),
            tripped=verdict.tripped,
            released=tuple(Unpublished(**row) for row in released),
        )

    async def published(self, action_ids: Sequence[str]) -> None:
        """Note that JetStream has acknowledged these actions."""
        await self.pool.execute(MARK_PUBLISHED, action_ids)

    async def unpublished(self, *, older_than_s: float, limit: int) -> list[Unpublished]:
        """Return planned actions that nobody has published for ``older_than_s`` seconds."""
        rows = await self.pool.fetch(UNPUBLISHED, older_than_s, limit)
        return [
            Unpublished(row["id"], row["executor"], row["priority"], row["body"]) for row in rows
        ]

    async def forget_windows(self, *, older_than_s: float) -> None:
        """Delete the brake's counts that nothing was added to for so long."""
        await self.pool.execute(FORGET_WINDOWS, older_than_s)


async def _brake(
    connection: Connection, new: Sequence[Decision], last_step: gate.Gate
) -> brake.Verdict:
    acting = [decision for decision in new if last_step.acts(decision)]
    touched = sorted({window for decision in acting for window in brake.windows(decision)})
    if not touched:
        return brake.apply((), {}, last_step.limits)
    held = await _insert(
        connection, LOCK_WINDOWS, [(w.network, w.scope, w.name, w.minute_ms) for w in touched]
    )
    before = {
        brake.Window(
            network=row["network"], scope=row["scope"], name=row["name"], minute_ms=row["minute_ms"]
        ): row["sanctions"]
        for row in held
    }
    verdict = brake.apply(acting, before, last_step.limits)
    counted = [
        (w.network, w.scope, w.name, w.minute_ms, verdict.sanctions[w], w in verdict.tripped)
        for w in touched
    ]
    await connection.execute(COUNT_WINDOWS, *_columns(counted))
    return verdict


async def _plan(
    connection: Connection, new: Sequence[Decision], last_step: gate.Gate, verdict: brake.Verdict
) -> list[str]:
    cases: list[tuple[object, ...]] = []
    actions: list[tuple[object, ...]] = []
    states: list[str] = []
    for decision in new:
        planned = last_step.plan(decision, verdict)
        own = [state for _, state in planned]
        states += own
        if decision.case_id:
            cases.append(gate.case_row(decision, own))
        actions += [gate.action_row(decision, action, state) for action, state in planned]
    await _insert(connection, RECORD_CASES, sorted(cases, key=_first))
    await _insert(connection, RECORD_ACTIONS, sorted(actions, key=_first))
    timers = [row for decision in new for row in gate.timer_rows(decision)]
    await _insert(connection, SET_TIMERS, sorted(timers, key=_first))
    cancelled = sorted({timer for decision in new for timer in decision.cancelled_timers})
    if cancelled:
        await connection.execute(CANCEL_TIMERS, cancelled)
    await _resolve(connection, [decision for decision in new if decision.resolution])
    return states


async def _resolve(connection: Connection, resolving: Sequence[Decision]) -> None:
    """Note what became of cases; of one that several decide on, one after the other."""
    rounds: list[dict[str, tuple[object, ...]]] = []
    for decision in resolving:
        row = gate.resolution_row(decision)
        free = next((one for one in rounds if row[0] not in one), None)
        if free is None:
            rounds.append({str(row[0]): row})
        else:
            free[str(row[0])] = row
    for rows in rounds:
        await connection.execute(RESOLVE_CASES, *_columns([rows[case] for case in sorted(rows)]))
    undone = sorted(filter(None, map(gate.undo_row, resolving)))
    if undone:
        await connection.execute(UNDO_ITEMS, *_columns(undone))


async def _settle(
    connection: Connection, outcomes: Sequence[ActionOutcome]
) -> list["asyncpg.Record"]:
    """Note how actions ended; return what waited for that and is to be published now."""
    if not outcomes:
        return []
    ended = sorted(gate.outcome_row(outcome) for outcome in outcomes)
    rows = await connection.fetch(END_ACTIONS, *_columns(ended))
    acts = sorted({outcome.action_id for outcome in outcomes})
    await _release(connection, acts)
    cases = sorted({row["case_id"] for row in rows if row["case_id"]})
    if cases:
        await connection.execute(SETTLE_CASES, cases)
    return list(await connection.fetch(STILL_RELEASED, acts))


async def _release(connection: Connection, acts: Sequence[str]) -> None:
    waiting = await connection.fetch(LOCK_WAITING, acts)
    if not waiting:
        return
    awaited = sorted({other for row in waiting for other in row["awaits"]})
    states = {row["id"]: row["state"] for row in await connection.fetch(STATES_OF, awaited)}
    rows: list[tuple[object, ...]] = []
    for row in waiting:
        own = [states.get(other, "gone") for other in row["awaits"]]
        if any(state in ("planned", "published", "waiting") for state in own):
            continue
        done = {other for other in row["awaits"] if states.get(other) == "done"}
        said = gate.released(decode(Action, row["body"]), done)
        if said is None:
            rows.append((row["id"], "skipped", row["body"]))
        else:
            rows.append((row["id"], "planned", encode(said)))
    if rows:
        await connection.execute(RELEASE, *_columns(rows))


async def _insert(
    connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]
) -> list[Any]:
    if not rows:
        return []
    return list(await connection.fetch(statement, *_columns(rows)))


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True))


def _first(row: tuple[Any, ...]) -> str:
    return str(row[0])
