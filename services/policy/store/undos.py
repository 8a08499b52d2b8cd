"""Which cases are to be taken back, how far that is, and what cannot be."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from contracts import ids
from policy.core.effects import OWN
from policy.core.filing import ACTIONS, KEPT

CARRIED_OUT = ("planned", "published", "waiting", "done")
PAGE = 10_000
LATE_MS = 3_600_000
NAMED = 100  # of what cannot be taken back; all is counted
BEYOND_JUDGING = ("undone", "upheld")

# What Reeve did by itself, such as a packet for whoever asked, follows from no rule.
CHOSEN = """
    FROM decision AS d LEFT JOIN case_file AS c ON c.id = d.case_id AND d.case_id <> ''
    WHERE ($1 = '' OR d.network = $1) AND ($2 = '' OR d.group_id = $2)
      AND ($3 = '' OR $3 = ANY(d.rules)) AND ($4 = '' OR d.rulebook = $4)
      AND ($5 = '' OR d.case_id = $5) AND d.at_ms >= $6 AND d.at_ms < $7
      AND ($8 = '' OR d.id IN (SELECT decision_id FROM action WHERE id = $8))
      AND cardinality(d.rules) > 0
      AND (c.id IS NULL OR NOT c.state = ANY($9))
      AND (d.case_id <> '' OR EXISTS (
          SELECT FROM action WHERE decision_id = d.id AND kind = 'ledger' AND rule <> $10
      ) OR EXISTS (
          SELECT FROM unnest($11::text[], $12::text[]) AS c (rulebook, rule)
          WHERE c.rulebook = d.rulebook AND c.rule = ANY(d.rules) AND ($3 = '' OR c.rule = $3)))
"""

UNFILED = """
    SELECT DISTINCT d.rulebook FROM decision AS d
    WHERE ($1 = '' OR d.network = $1) AND ($2 = '' OR d.group_id = $2)
      AND ($3 = '' OR $3 = ANY(d.rules)) AND ($4 = '' OR d.rulebook = $4)
      AND d.at_ms >= $5 AND d.at_ms < $6 AND d.case_id = '' AND cardinality(d.rules) > 0
"""

CHANGED = f"""
    SELECT c.rule, d.group_id AS group, c.kind, count(*) AS count
    FROM (SELECT d.id, d.group_id, d.case_id, d.rulebook, d.rules {CHOSEN}) AS d
    JOIN unnest($11::text[], $12::text[], $13::text[]) AS c (rulebook, rule, kind)
      ON c.rulebook = d.rulebook AND c.rule = ANY(d.rules)
    WHERE d.case_id = '' AND ($3 = '' OR c.rule = $3)
    GROUP BY c.rule, d.group_id, c.kind ORDER BY c.rule, d.group_id, c.kind
"""  # noqa: S608 -- CHOSEN is the constant above

ITEMS = f"SELECT d.id, d.event_id {CHOSEN} ORDER BY d.at_ms, d.id"

ACTS = f"""
    SELECT a.rule, d.group_id AS group, a.kind, count(*) AS count
    FROM (SELECT d.id, d.group_id {CHOSEN}) AS d JOIN action AS a ON a.decision_id = d.id
    WHERE a.kind = ANY($13) AND a.state = ANY($14) AND a.rule <> $10 AND ($3 = '' OR a.rule = $3)
      AND ($8 = '' OR a.id = $8)
    GROUP BY a.rule, d.group_id, a.kind ORDER BY a.rule, d.group_id, a.kind
"""  # noqa: S608 -- CHOSEN is the constant above

STAYS = f"""
    SELECT a.id AS action_id, a.kind, a.rule, d.group_id AS group, d.member, d.case_id
    FROM (SELECT d.id, d.group_id, d.member, d.case_id, d.at_ms {CHOSEN}) AS d
    JOIN action AS a ON a.decision_id = d.id
    WHERE a.kind = ANY($13) AND a.state = ANY($14) AND ($3 = '' OR a.rule = $3)
      AND ($8 = '' OR a.id = $8)
    ORDER BY d.at_ms, a.id LIMIT $15
"""  # noqa: S608 -- as above

COUNTS = f"""
    SELECT count(*) AS cases,
           count(*) FILTER (WHERE EXISTS (
               SELECT FROM undo_item AS i
               WHERE i.decision_id = d.id AND (i.rule, i.action_id) IN (('', ''), ($3, $8))
           )) AS asked
    FROM (SELECT d.id {CHOSEN}) AS d
"""  # noqa: S608 -- as above

BEGIN = """
    INSERT INTO undo (id, network, wanted, reason, author, by, asked_ms, items)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT (id) DO NOTHING
"""

ADD = """
    INSERT INTO undo_item (case_id, rule, action_id, undo_id, decision_id)
    SELECT case_id, $3, $4, $5, decision_id
    FROM unnest($1::text[], $2::text[]) AS chosen (case_id, decision_id)
    ON CONFLICT (case_id, rule, action_id) DO NOTHING
"""

ONE_BY_ONE = "SELECT pg_advisory_xact_lock(hashtext('reeve.undo'))"

# What one key has begun alone of late counts, too: many small undos are a large one.
COUNT_ITEMS = """
    WITH own AS (SELECT count(*) AS items FROM undo_item WHERE undo_id = $1),
         late AS (
             SELECT coalesce(sum(items), 0) AS items FROM undo
             WHERE author = $2 AND asked_ms > $3 AND state = 'running' AND confirmed_by = ''
         )
    UPDATE undo SET items = own.items,
        state = CASE WHEN $4 > 0 AND own.items > 0 AND own.items + late.items > $4
                     THEN 'waiting' ELSE 'running' END
    FROM own, late WHERE id = $1
"""

CONFIRM = """
    UPDATE undo SET state = 'running', confirmed_by = $2 WHERE id = $1 AND state = 'waiting'
"""

WITHDRAW = "UPDATE undo SET state = 'withdrawn' WHERE id = $1 AND state = 'waiting'"

FREE = "DELETE FROM undo_item WHERE undo_id = $1 AND NOT told"

UNDO = """
    SELECT id, network, wanted, reason, author, by, asked_ms, items, state, confirmed_by FROM undo
"""

PROGRESS = """
    SELECT count(*) FILTER (WHERE told) AS told, count(*) FILTER (WHERE done) AS done
    FROM undo_item WHERE undo_id = $1
"""

CAME_TO = """
    SELECT kind, count(*) FROM undo_item CROSS JOIN LATERAL unnest({column}) AS kind
    WHERE undo_id = $1 GROUP BY kind ORDER BY kind
"""

UNTOLD = """
    SELECT i.case_id, i.rule, i.action_id, i.undo_id, u.reason, u.author, u.by, d.body,
           ARRAY(
               SELECT a.body FROM action AS a
               WHERE (a.decision_id = d.id OR (a.case_id <> '' AND a.case_id = i.case_id))
                 AND a.kind = ANY($1) AND a.state = ANY($2) AND a.rule <> $3
               ORDER BY a.id
           ) AS acts
    FROM undo_item AS i
    JOIN undo AS u ON u.id = i.undo_id
    JOIN decision AS d ON d.id = i.decision_id
    WHERE NOT i.told AND u.state = 'running' ORDER BY i.undo_id, i.case_id LIMIT $4
"""

TOLD = """
    UPDATE undo_item AS i SET told = true
    FROM unnest($1::text[], $2::text[], $3::text[]) AS told (case_id, rule, action_id)
    WHERE (i.case_id, i.rule, i.action_id) = (told.case_id, told.rule, told.action_id)
"""


@dataclass(frozen=True, slots=True)
class Change:
    """A rule of a rulebook that changes what a member is, without a case: label or tier."""

    rulebook: str
    rule: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be taken back; what is empty does not restrict. `until_ms` is exclusive.

    `changes` are the rules whose decisions are chosen though they opened no case.
    """

    network: str = ""
    group: str = ""
    rule: str = ""
    rulebook: str = ""
    case: str = ""
    act: str = ""
    since_ms: int = 0
    until_ms: int = 1 << 62
    changes: tuple["Change", ...] = ()

    def values(self) -> tuple[object, ...]:
        """Return the parameters of the statements above, in their order."""
        return (
            self.network, self.group, self.rule, self.rulebook, self.case, self.since_ms,
            self.until_ms, self.act, BEYOND_JUDGING, OWN,
            [one.rulebook for one in self.changes], [one.rule for one in self.changes],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a rule did something of one kind in a group."""

    rule: str
    group: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Stays:
    """Something that nobody can take back."""

    action_id: str
    kind: str
    rule: str
    group: str
    member: str
    case_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an undo would come to. `asked`: cases that some undo has asked for already."""

    cases: int
    asked: int
    acts: Sequence[Counted]
    stays: Sequence[Counted]
    named: Sequence[Stays]


@dataclass(frozen=True, slots=True)
class Undo:
    """One undo as it was asked for; `state` is running, waiting for somebody else, or withdrawn."""

    id: str
    network: str
    wanted: str
    reason: str
    author: str
    by: str
    asked_ms: int
    items: int
    state: str
    confirmed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many items the log has, how many are concluded, and how often what came of them."""

    told: int
    done: int
    undone: dict[str, int]
    kept: dict[str, int]


@dataclass(frozen=True, slots=True)
class Item:
    """One case to take back; `body` is its decision, `acts` are its actions, as messages."""

    case_id: str
    rule: str
    action_id: str
    undo_id: str
    reason: str
    author: str
    by: str
    body: bytes
    acts: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Undos:
    """What was asked to be taken back."""

    pool: "asyncpg.Pool[asyncpg.Record]"

    async def unfiled(self, wanted: Wanted) -> list[str]:
        """Return the rulebooks under which something was decided that opened no case."""
        if wanted.case or wanted.act:
            return []
        rows = await self.pool.fetch(
            UNFILED, *wanted.values()[:4], wanted.since_ms, wanted.until_ms
        )
        return [row["rulebook"] for row in rows]

    async def preview(self, wanted: Wanted) -> Preview:
        """Return what taking it back would come to; nothing is changed."""
        values = wanted.values()
        undoes, stays = sorted(ACTIONS - set(KEPT)), list(KEPT)
        async with (
            self.pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            counts = await connection.fetchrow(COUNTS, *values)
            acts = await connection.fetch(ACTS, *values, undoes, CARRIED_OUT)
            kept = await connection.fetch(ACTS, *values, stays, CARRIED_OUT)
            kinds = [one.kind for one in wanted.changes]
            changed = await connection.fetch(CHANGED, *values, kinds)
            named = await connection.fetch(STAYS, *values, stays, CARRIED_OUT, NAMED)
        assert counts is not None, "a count is one row"
        return Preview(
            cases=counts["cases"],
            asked=counts["asked"],
            acts=[Counted(**row) for row in (*acts, *changed)],
            stays=[Counted(**row) for row in kept],
            named=[Stays(**row) for row in named],
        )

    async def begin(
        self,
        undo_id: str,
        wanted: Wanted,
        *,
        asked: str,
        reason: str,
        author: str,
        by: str,
        at_ms: int,
        alone: int,
    ) -> bool:
        """Note what is to be taken back, all at once; False: this undo is there already.

        It waits for a second person where the key asks for more than `alone` cases within an hour;
        0: never.
        """
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(ONE_BY_ONE)
            made = await connection.execute(
                BEGIN, undo_id, wanted.network, asked, reason, author, by, at_ms
            )
            if made == "INSERT 0 0":
                return False
            rows = await connection.fetch(ITEMS, *wanted.values())
            for start in range(0, len(rows), PAGE):
                page = rows[start : start + PAGE]
                cases = [ids.case_id(row["event_id"]) for row in page]
                decisions = [row["id"] for row in page]
                await connection.execute(ADD, cases, decisions, wanted.rule, wanted.act, undo_id)
            await connection.execute(COUNT_ITEMS, undo_id, author, at_ms - LATE_MS, alone)
        return True

    async def confirm(self, undo_id: str, author: str) -> bool:
        """Let an undo begin that waits for a second person; False: it waits no longer."""
        return await self.pool.execute(CONFIRM, undo_id, author) == "UPDATE 1"

    async def withdraw(self, undo_id: str) -> bool:
        """Give up an undo that waits, so that others can ask for the same; False as above."""
        async with self.pool.acquire() as connection, connection.transaction():
            if await connection.execute(WITHDRAW, undo_id) != "UPDATE 1":
                return False
            await connection.execute(FREE, undo_id)
        return True

    async def one(self, undo_id: str) -> Undo | None:
        """Return an undo as it was asked for."""
        row = await self.pool.fetchrow(f"{UNDO} WHERE id = $1", undo_id)
        return Undo(**row) if row else None

    async def newest(self, network: str, *, before: tuple[int, str], limit: int) -> list[Undo]:
        """Return undos before an instant and an id; with an empty network those of all."""
        where = "WHERE ($1 = '' OR network = $1) AND (asked_ms, id) < ($2, $3)"
        newest = f"{UNDO} {where} ORDER BY asked_ms DESC, id DESC LIMIT $4"
        return [Undo(**row) for row in await self.pool.fetch(newest, network, *before, limit)]

    async def progress(self, undo_id: str) -> Progress:
        """Return how far an undo is."""
        row = await self.pool.fetchrow(PROGRESS, undo_id)
        assert row is not None, "a count is one row"
        undone = await self.pool.fetch(CAME_TO.format(column="undone"), undo_id)
        kept = await self.pool.fetch(CAME_TO.format(column="kept"), undo_id)
        return Progress(
            told=row["told"],
            done=row["done"],
            undone={one["kind"]: one["count"] for one in undone},
            kept={one["kind"]: one["count"] for one in kept},
        )

    async def untold(self, limit: int) -> list[Item]:
        """Return items that the log does not have."""
        rows = await self.pool.fetch(UNTOLD, sorted(ACTIONS), CARRIED_OUT, OWN, limit)
        return [Item(**row) for row in rows]

    async def told(self, items: Sequence[Item]) -> None:
        """Note that the log has these."""
        keys = [(item.case_id, item.rule, item.action_id) for item in items]
        await self.pool.execute(TOLD, *zip(*keys, strict=True))
