"""Gathering the evidence: from the streams, the tables, the REST interfaces and the rooms."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import asyncpg

from chassis.bus import Bus, connect
from contracts import subjects
from contracts.codec import decode, payload_name
from contracts.values import Event
from ledger import record
from policy import dispatch
from reeve.stack import access
from tests.bank import Bank
from tests.chaos.again import batches
from tests.chaos.evidence import Committed, Evidence, Logged, Raw, Recorded
from tests.hall import NETWORK, Hall
from tests.stack import Stack

QUIET_S = 3.0
POLL_S = 0.5
PATIENCE_S = 300.0
LEFT = {
    "policy": (
        "SELECT count(*) FROM action WHERE state = 'planned'",
        "SELECT count(*) FROM action WHERE state = 'published' AND executor <> 'ledger'",
        "SELECT count(*) FROM timer WHERE state IN ('waiting', 'armed')",
        "SELECT count(*) FROM adoption WHERE NOT announced",
    ),
    "ledger": (
        "SELECT count(*) FROM outbox",
        "SELECT count(*) FROM packet WHERE state = 'open'",
    ),
}
# A killed reader's messages come again only after a while, and no table knows of them until then.
READERS = ((subjects.DECISIONS, dispatch.CONSUMER), (subjects.ACTIONS, record.CONSUMER))
ACTIONS = "SELECT id, state, kind, executor, case_id, effect_id FROM action"


@asynccontextmanager
async def open_bus(stack: Stack, identity: str = "operator") -> AsyncIterator[Bus]:
    """Connect as one of the stack's identities; the operator may read everything."""
    seed = access.seed_file(stack.home, identity)
    url = access.nats_url(stack.home)
    async with connect(url, name=identity, seed_file=seed, patience_s=PATIENCE_S) as bus:
        yield bus


@asynccontextmanager
async def open_table(stack: Stack, schema: str) -> "AsyncIterator[asyncpg.Connection]":
    """Connect as the service that owns ``schema``."""
    connection = await asyncpg.connect(access.database_url(stack.home, schema))
    try:
        yield connection
    finally:
        await connection.close()


async def wait_until_quiet(stack: Stack, said: Mapping[str, frozenset[str]]) -> str:
    """Wait until nothing is left to do and nothing new comes; return how long that took.

    It gives up after ``PATIENCE_S`` seconds, saying what is left: what is missing then is for the
    proofs to say.
    """
    loop = asyncio.get_running_loop()
    begun_s = since_s = loop.time()
    last: object = None
    spoken = frozenset().union(*said.values())
    while loop.time() - begun_s < PATIENCE_S:
        try:
            now = await _standing(stack, spoken)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            now = None  # being restarted
        if now != last or now is None or any(now[1:]):
            last, since_s = now, loop.time()
        elif loop.time() - since_s >= QUIET_S:
            return f"quiet after {loop.time() - begun_s:.1f} s"
        await asyncio.sleep(POLL_S)
    return f"still not quiet: {last}"


async def gather(
    hall: Hall, said: Mapping[str, frozenset[str]], levels: Mapping[str, Raw], grant: int
) -> Evidence:
    """Return all that is known now; every member's account opens with ``grant`` points."""
    itself = hall.itself
    timelines = {room: tuple(await itself.timeline(room)) for room in await itself.rooms()}
    async with open_bus(hall.stack) as bus:
        events = tuple([each async for each in read_events(bus)])
        commits = tuple([each async for each in read_commits(bus)])
    async with open_table(hall.stack, "policy") as policy:
        rows = await policy.fetch(ACTIONS)
        rulebooks = dict(await policy.fetch("SELECT digest, source FROM rulebook"))
    holdings = await _holdings(hall)
    actions = {row["id"]: Recorded(*list(row.values())[1:]) for row in rows}
    return Evidence(
        bot=hall.bot.user_id,
        partitions=1 + max(each.partition for each in (*events, *commits)),
        said=said,
        timelines=timelines,
        events=events,
        commits=commits,
        rulebooks=rulebooks,
        actions=actions,
        steps=await _steps(hall),
        levels_before=levels,
        levels_after={room: await itself.state(room, "m.room.power_levels") for room in levels},
        balances={"points": sum(holdings.values())},
        granted={"points": grant * sum(path.startswith("member:") for path in holdings)},
    )


def counts(evidence: Evidence) -> Counter[str]:
    """Return how much happened, for people and against proofs of nothing."""
    found: Counter[str] = Counter()
    for each in evidence.events:
        found[f"event {payload_name(each.event)}"] += 1
    for held in evidence.actions.values():
        found[f"action {held.kind} {held.state}"] += 1
    found["batches"] = len(evidence.commits)
    found["decisions"] = sum(len(batch.decisions) for batch in batches(evidence))
    return found


async def _standing(stack: Stack, spoken: frozenset[str]) -> tuple[object, ...]:
    """Return where the streams end, and what is left to do."""
    left: list[int] = []
    for schema, statements in LEFT.items():
        async with open_table(stack, schema) as table:
            left += [await table.fetchval(statement) for statement in statements]
    async with open_bus(stack) as bus:
        streams = (subjects.EVENTS, subjects.DECISIONS)
        ends = [(await bus.bounds(stream)).last_seq for stream in streams]
        left += [await bus.pending(stream, reader) for stream, reader in READERS]
        heard = {each.event.dedup_key async for each in read_events(bus)}
    return (ends, len(spoken - heard), *left)


async def read_events(bus: Bus, subject: str = "ev.>") -> AsyncIterator[Logged]:
    """Yield what EVENTS holds on a subject."""
    async for page in bus.read(subjects.EVENTS, subject):
        for each in page:
            partition = int(each.subject.split(".")[1])
            yield Logged(each.seq, partition, decode(Event, each.data), each.data)


async def read_commits(bus: Bus) -> AsyncIterator[Committed]:
    async for page in bus.read(subjects.DECISIONS, "dec.*"):
        for each in page:
            yield Committed(each.seq, int(each.subject.split(".")[1]), each.data)


async def _steps(hall: Hall) -> dict[str, dict[str, str]]:
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    async for case in hall.policy.pages("/v1/cases", network=NETWORK):
        detail = await hall.policy.get(f"/v1/cases/{case['id']}")
        found[case["id"]] = {step["id"]: step["state"] for step in detail["actions"]}
    return dict(found)


async def _holdings(hall: Hall) -> dict[str, int]:
    """Return what every account but those that make points holds."""
    balances = await Bank(hall.ledger, NETWORK).balances()
    return {path: held for path, held in balances.items() if not path.startswith("issuer")}
