"""Trials: what was begun and ended, what the judge counted of it, and where rulebooks disagreed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import asyncpg

from contracts.codec import encode
from contracts.values import DecisionBatch

KEPT = 10_000  # disagreements of one trial, the newest
RUNNING_MAX = 4  # shadows of one network

LOCK = "SELECT pg_advisory_xact_lock(hashtext('trial'), hashtext($1))"

COLUMNS = """
    id, kind, state, digest,
    (SELECT name FROM rulebook WHERE rulebook.digest = trial.digest) AS name,
    network, groups, share, author, reason, started_ms, prediction, ended_ms, ended_by, end_reason,
    back_to, announced
"""

BEGIN = f"""
    INSERT INTO trial (id, kind, digest, network, groups, share, author, reason, started_ms,
                       prediction)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (id) DO UPDATE SET id = excluded.id
    RETURNING {COLUMNS}
"""  # noqa: S608 -- COLUMNS is the constant above

RUNNING_OF = "SELECT count(*) FROM trial WHERE network = $1 AND kind = $2 AND state = 'running'"

END = f"""
    UPDATE trial
    SET state = $2, ended_ms = $3, ended_by = $4, end_reason = $5, back_to = $6, announced = false
    WHERE id = $1 AND state = 'running'
    RETURNING {COLUMNS}
"""  # noqa: S608 -- COLUMNS is the constant above

ONE = f"SELECT {COLUMNS} FROM trial WHERE id = $1"  # noqa: S608 -- as above

LISTED = f"""
    SELECT {COLUMNS} FROM trial
    WHERE ($1::text IS NULL OR network = $1) AND ($2::text IS NULL OR kind = $2)
      AND ($3::text IS NULL OR state = $3) AND (started_ms, id) < ($4, $5)
    ORDER BY started_ms DESC, id DESC LIMIT $6
"""  # noqa: S608 -- as above

UNANNOUNCED = f"SELECT {COLUMNS} FROM trial WHERE NOT announced ORDER BY started_ms LIMIT 100"  # noqa: S608 -- as above

ANNOUNCED = "UPDATE trial SET announced = true WHERE id = $1 AND state = $2"

TALLY = """
    INSERT INTO trial_tally AS known (trial, partition, last_seq, judged, hits, disagreed)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[],
                         $6::bigint[])
    ON CONFLICT (trial, partition) DO UPDATE
    SET last_seq = excluded.last_seq, judged = excluded.judged, hits = excluded.hits,
        disagreed = excluded.disagreed
    WHERE known.last_seq < excluded.last_seq
"""

TALLY_RULES = """
    INSERT INTO trial_rule AS known (trial, partition, rule, last_seq, hits, newly, spared)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[],
                         $6::bigint[], $7::bigint[])
    ON CONFLICT (trial, partition, rule) DO UPDATE
    SET last_seq = excluded.last_seq, hits = excluded.hits, newly = excluded.newly,
        spared = excluded.spared
    WHERE known.last_seq < excluded.last_seq
"""

DISAGREE = """
    INSERT INTO disagreement (trial, event_id, kind, body)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[])
    ON CONFLICT (trial, event_id) DO NOTHING
    RETURNING trial, event_id
"""

PRUNE = """
    DELETE FROM disagreement WHERE trial = $1 AND id < (
        SELECT id FROM disagreement WHERE trial = $1 ORDER BY id DESC OFFSET $2 LIMIT 1
    )
"""

SUMS = """
    SELECT coalesce(sum(judged), 0)::bigint AS judged, coalesce(sum(hits), 0)::bigint AS hits,
           coalesce(sum(disagreed), 0)::bigint AS disagreed
    FROM trial_tally WHERE trial = $1
"""

RULES = """
    SELECT rule, sum(hits)::bigint AS hits, sum(newly)::bigint AS newly,
           sum(spared)::bigint AS spared
    FROM trial_rule WHERE trial = $1 GROUP BY rule ORDER BY rule
"""

DISAGREEMENTS = """
    SELECT id, body FROM disagreement
    WHERE trial = $1 AND id < $2 AND ($3::text IS NULL OR kind = $3)
    ORDER BY id DESC LIMIT $4
"""

# Decisions under a canary's rulebook are the canary's: nowhere else is it in force.
UPHELD = """
    SELECT count(*) FROM case_file JOIN decision ON decision.id = case_file.decision_id
    WHERE case_file.network = $1 AND decision.rulebook = $2 AND case_file.state = 'upheld'
      AND case_file.opened_ms >= $3
"""

BRAKED = """
    SELECT count(*) FROM case_file JOIN decision ON decision.id = case_file.decision_id
    WHERE case_file.network = $1 AND decision.rulebook = $2 AND case_file.state = 'braked'
      AND case_file.opened_ms >= $3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """One trial, as it was begun and as it ended; instants are ms since 1970."""

    id: str
    kind: str
    state: str
    digest: str
    name: str  # of the rulebook, for people
    network: str
    groups: Sequence[str]
    share: int
    author: str
    reason: str
    started_ms: int
    prediction: str
    ended_ms: int
    ended_by: str
    end_reason: str
    back_to: str
    announced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSums:
    """What one rule came to in a trial."""

    rule: str
    hits: int
    newly: int
    spared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSums:
    """What a trial came to so far."""

    judged: int
    hits: int
    disagreed: int
    rules: Sequence[RuleSums]


class TooMany(Exception):
    """The network has as many trials of this kind as it may have."""


@dataclass(frozen=True, slots=True)
class Trials:
    """Every trial ever begun."""

    pool: "asyncpg.Pool[asyncpg.Record]"

    async def begin(self, trial: TrialRow) -> TrialRow:
        """Keep a new trial; one of the same id is returned as it is.

        Raises:
            TooMany: A canary runs in the network already, or four shadows.
        """
        most = 1 if trial.kind == "canary" else RUNNING_MAX
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(LOCK, trial.network)
            if await connection.fetchval(RUNNING_OF, trial.network, trial.kind) >= most:
                raise TooMany
            row = await connection.fetchrow(
                BEGIN,
                trial.id,
                trial.kind,
                trial.digest,
                trial.network,
                list(trial.groups),
                trial.share,
                trial.author,
                trial.reason,
                trial.started_ms,
                trial.prediction,
            )
        assert row is not None, "the row is there, be it new or old"
        return TrialRow(**row)

    async def end(
        self, trial_id: str, *, state: str, by: str, reason: str, back_to: str, at_ms: int
    ) -> TrialRow | None:
        """End a trial that runs; ``None`` when it does not."""
        row = await self.pool.fetchrow(END, trial_id, state, at_ms, by, reason, back_to)
        return TrialRow(**row) if row else None

    async def one(self, trial_id: str) -> TrialRow | None:
        """Return a trial; ``None`` when there is no such trial."""
        row = await self.pool.fetchrow(ONE, trial_id)
        return TrialRow(**row) if row else None

    async def listed(
        self,
        *,
        network: str | None,
        kind: str | None,
        state: str | None,
        before: tuple[int, str] = (1 << 62, ""),
        limit: int,
    ) -> list[TrialRow]:
        """Return trials from before an instant and an id, newest first; by default all."""
        rows = await self.pool.fetch(LISTED, network, kind, state, *before, limit)
        return [TrialRow(**row) for row in rows]

    async def unannounced(self) -> list[TrialRow]:
        """Return trials of which the log lacks the beginning or the end."""
        return [TrialRow(**row) for row in await self.pool.fetch(UNANNOUNCED)]

    async def announced(self, trial: TrialRow) -> None:
        """Note that the log has a trial as it is here."""
        await self.pool.execute(ANNOUNCED, trial.id, trial.state)

    async def record(self, batches: Iterable[DecisionBatch]) -> list[tuple[str, str]]:
        """Keep what batches tell of trials; return the rule and kind of each disagreement.

        Safe to repeat: what was kept before is not returned again.
        """
        tallies: dict[tuple[str, int], tuple[object, ...]] = {}
        rules: dict[tuple[str, int, str], tuple[object, ...]] = {}
        found: dict[tuple[str, str], tuple[object, ...]] = {}
        named: dict[tuple[str, str], tuple[str, str]] = {}
        for batch in batches:
            place, seq = batch.partition, batch.last_seq
            for tally in batch.tallies:
                tallies[tally.trial, place] = (
                    tally.trial, place, seq, tally.judged, tally.hits, tally.disagreed,
                )  # fmt: skip
                for one in tally.rules:
                    rules[tally.trial, place, one.rule] = (
                        tally.trial, place, one.rule, seq, one.hits, one.newly, one.spared,
                    )  # fmt: skip
            for each in batch.disagreements:
                key = each.trial, each.event_id
                found[key] = (*key, each.kind, encode(each))
                hits = each.candidate.hits if each.candidate is not None else ()
                acting = [hit.rule for hit in hits if not hit.exempt] or list(each.live_rules)
                named[key] = (acting[0] if acting else "", each.kind)
        async with self.pool.acquire() as connection, connection.transaction():
            if tallies:
                await connection.execute(
                    TALLY, *_columns([tallies[key] for key in sorted(tallies)])
                )
            if rules:
                await connection.execute(
                    TALLY_RULES, *_columns([rules[key] for key in sorted(rules)])
                )
            fresh = []
            if found:
                ordered = [found[key] for key in sorted(found)]
                fresh = await connection.fetch(DISAGREE, *_columns(ordered))
            for trial in sorted({trial for trial, _ in found}):
                await connection.execute(PRUNE, trial, KEPT)
        return [named[row["trial"], row["event_id"]] for row in fresh]

    async def sums(self, trial_id: str) -> TrialSums:
        """Return what a trial came to."""
        total = await self.pool.fetchrow(SUMS, trial_id)
        assert total is not None, "a sum over nothing is a row as well"
        rules = [RuleSums(**row) for row in await self.pool.fetch(RULES, trial_id)]
        return TrialSums(rules=rules, **total)

    async def disagreements(
        self, trial_id: str, *, kind: str | None, before_id: int, limit: int
    ) -> list[tuple[int, bytes]]:
        """Return disagreements as messages with their number, newest first."""
        rows = await self.pool.fetch(DISAGREEMENTS, trial_id, before_id, kind, limit)
        return [(row["id"], row["body"]) for row in rows]

    async def against(self, trial: TrialRow) -> tuple[int, int]:
        """Return how many appeals against a canary were upheld, and how many cases braked."""
        asked = trial.network, trial.digest, trial.started_ms
        upheld = await self.pool.fetchval(UPHELD, *asked)
        return int(upheld), int(await self.pool.fetchval(BRAKED, *asked))


def _columns(rows: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return list(zip(*rows, strict=True))
