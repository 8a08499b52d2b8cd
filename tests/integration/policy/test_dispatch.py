"""Dispatch's promises: each decision carried over once, whatever dies in between."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg
import pytest

from chassis import bus as buses
from chassis.stopping import Stopping
from contracts import ids, subjects
from contracts.codec import decode, encode
from contracts.values import (
    Action,
    ActionOutcome,
    Actor,
    Decision,
    DecisionBatch,
    DeleteMessage,
    Kick,
    LedgerCommand,
    Mute,
    Outcome,
    OutcomeStatus,
    Place,
    RuleHit,
    TakeShare,
    TimerSet,
)
from policy.brake import Limits, Protection
from policy.dispatch import Dispatch
from policy.gate import Gate
from policy.store.alarms import Alarms
from policy.store.outcomes import Outcomes
from policy.store.reach import LOST
from policy.store.trials import Trials
from policy.timers import Timers
from tests.integration.policy.conftest import MIGRATIONS
from tests.integration.policy.story import (
    NETWORK,
    PARTITIONS,
    START_MS,
    adopt,
    make_message,
    outgoing,
    until,
)
from tests.servers import Databases

ANN = Actor(id="@ann:x", display_name="Ann\x00")


def make_decision(number, *, body=None, subject=ANN, rule="insults", at_ms=START_MS, **fields):
    event_id = ids.event_id("matrix", NETWORK, "g", f"$m{number}")
    case_id = ids.case_id(event_id)
    action = Action(
        id=ids.action_id(event_id, rule, "act"),
        executor="matrix",
        priority=1,
        platform="matrix",
        network=NETWORK,
        group="g",
        target=subject,
        case_id=case_id,
        event_id=event_id,
        rule=rule,
        body=body or Mute(until_ms=at_ms + 60_000),
    )
    given = Decision(
        id=ids.decision_id(event_id, "book"),
        event_id=event_id,
        event_seq=number,
        at_ms=at_ms,
        platform="matrix",
        network=NETWORK,
        group="g",
        connection="matrix",
        place=Place(channel="g"),
        subject=subject,
        message_id=f"$m{number}",
        rulebook="book",
        outcome=Outcome.MUTE,
        hits=(RuleHit(rule=rule, outcome=Outcome.MUTE),),
        case_id=case_id,
        actions=(action,),
        explanation="an insult\x00",
    )
    return replace(given, **fields)


async def commit(bus, *decisions, partition=0):
    """Store a batch as the judge would."""
    batch = DecisionBatch(schema=1, partition=partition, decisions=decisions)
    await bus.publish(subjects.decisions(partition), encode(batch))


async def actions(bus, executor="matrix"):
    """Every action that waits for an executor."""
    bounds = await bus.bounds(subjects.ACTIONS)
    stored = [
        await bus.get(subjects.ACTIONS, seq) for seq in range(bounds.first_seq, bounds.last_seq + 1)
    ]
    found = [decode(Action, delivery.data) for delivery in stored]
    return [action for action in found if action.executor == executor]


@pytest.fixture
def make_dispatch(bus, pool):
    """Makes dispatches; each ``async with`` runs one until the block ends."""

    @asynccontextmanager
    async def make(gate=None, *, sweep_s=0.2, nats=bus, rows=pool):
        stopping = Stopping()
        timers = Timers(
            bus=nats,
            alarms=Alarms(rows),
            partitions=PARTITIONS,
            sweep_s=sweep_s,
            stopping=stopping,
        )
        dispatch = Dispatch(
            bus=nats,
            outcomes=Outcomes(rows),
            trials=Trials(rows),
            timers=timers,
            gate=gate or Gate(),
            sweep_s=sweep_s,
            stopping=stopping,
        )
        loops = (dispatch.dispatch, dispatch.sweep, timers.ring, timers.sweep)
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(loop()) for loop in loops]
            try:
                yield dispatch
            finally:
                stopping.set()
                for task in running:
                    task.cancel()

    return make


async def states(pool, table="action"):
    """How many rows are in which state."""
    rows = await pool.fetch(f"SELECT state, count(*) AS n FROM {table} GROUP BY state")  # noqa: S608 -- a name from this file
    return {row["state"]: row["n"] for row in rows}


async def test_a_decision_becomes_a_case_and_an_action(bus, pool, make_dispatch):
    decision = make_decision(1)
    await commit(bus, decision)

    async with make_dispatch():
        await until(lambda: is_(states(pool), {"published": 1}))

    assert await actions(bus) == list(decision.actions)
    case = await pool.fetchrow("SELECT * FROM case_file")
    assert (case["id"], case["state"], case["rule"]) == (decision.case_id, "open", "insults")
    assert (case["member_name"], case["explanation"]) == ("Ann�", "an insult�")


async def is_(found, expected):
    return await found == expected


async def test_a_decision_delivered_again_changes_nothing(bus, pool, make_dispatch):
    decision = make_decision(1)
    await commit(bus, decision)
    await commit(bus, decision)

    async with make_dispatch():
        await until(lambda: drained(bus))
        await commit(bus, decision, make_decision(2))
        await until(lambda: is_(states(pool), {"published": 2}))
        await until(lambda: drained(bus))

    assert len(await actions(bus)) == 2
    assert await pool.fetchval("SELECT sum(sanctions) FROM brake_window WHERE scope = 'rule'") == 2


async def drained(bus):
    try:
        return await bus.pending(subjects.DECISIONS, "policy-dispatch") == 0
    except Exception:  # noqa: BLE001 -- the consumer is not there yet
        return False


async def test_what_was_committed_and_not_published_is_published_when_it_comes_again(
    bus, pool, make_dispatch
):
    decision = make_decision(1, timers=(TimerSet(id=ids.timer_id("e", "r", "p"), due_ms=1 << 45),))
    await commit(bus, decision)
    await Outcomes(pool).record([(0, decision)], Gate())

    async with make_dispatch(sweep_s=3600):
        await until(lambda: is_(states(pool), {"published": 1}))
        await until(lambda: is_(states(pool, "timer"), {"armed": 1}))

    assert await actions(bus) == list(decision.actions)


async def test_the_sweeper_publishes_what_nobody_delivers_again(bus, pool, make_dispatch):
    decision = make_decision(1)
    await Outcomes(pool).record([(0, decision)], Gate())

    async with make_dispatch():
        await until(lambda: is_(states(pool), {"published": 1}))

    assert await actions(bus) == list(decision.actions)


@pytest.mark.parametrize(
    "subject",
    [Actor(id="@bot:x", is_self=True), Actor(id="@mod:x", power=50), Actor(id="@owner:x")],
)
async def test_a_protected_principal_is_never_acted_on(bus, pool, make_dispatch, subject):
    await commit(
        bus, make_decision(1, subject=subject, body=Kick()), make_decision(2, body=DeleteMessage())
    )

    async with make_dispatch(Gate(protection=Protection(members=("@owner:*",)))):
        await until(lambda: is_(states(pool), {"protected": 1, "published": 1}))

    assert [action.target.id for action in await actions(bus)] == ["@ann:x"]
    assert await states(pool, "case_file") == {"protected": 1, "open": 1}


async def test_the_brake_stops_a_runaway_rule_for_the_rest_of_its_minute(bus, pool, make_dispatch):
    runaway = [make_decision(number) for number in range(40)]
    others = [make_decision(100, rule="scam"), make_decision(101, at_ms=START_MS + 60_000)]
    gate = Gate(limits=Limits(rule=5, group=0, network=0))
    for start in range(0, 40, 7):
        await commit(bus, *runaway[start : start + 7])
    await commit(bus, *others)

    async with make_dispatch(gate):
        await until(lambda: is_(states(pool), {"braked": 35, "published": 7}))

    assert len(await actions(bus)) == 7
    assert await states(pool, "case_file") == {"braked": 35, "open": 7}
    assert await pool.fetchval("SELECT count(*) FROM brake_window WHERE tripped") == 1


async def test_ledger_commands_pass_the_brake_and_the_protection(bus, pool, make_dispatch):
    booking = Action(
        id=ids.action_id("e", "", "take"),
        executor="ledger",
        priority=2,
        body=LedgerCommand(body=TakeShare(packet_id="p", member="@mod:x")),
    )
    decision = make_decision(1, subject=Actor(id="@mod:x", power=100), actions=(booking,))
    await commit(bus, replace(decision, case_id=""))

    async with make_dispatch(Gate(limits=Limits(rule=1, group=1, network=1))):
        await until(lambda: is_(states(pool), {"published": 1}))

    assert await actions(bus, "ledger") == [booking]


async def test_a_dry_run_records_everything_and_does_nothing(bus, pool, make_dispatch):
    await commit(bus, make_decision(1))

    async with make_dispatch(Gate(dry_run=True)):
        await until(lambda: is_(states(pool, "case_file"), {"dropped": 1}))

    assert await actions(bus) == []


@pytest.mark.parametrize(
    ("status", "action_state", "case_state"),
    [
        (OutcomeStatus.DONE, "done", "done"),
        (OutcomeStatus.ALREADY, "done", "done"),
        (OutcomeStatus.GONE, "gone", "done"),
        (OutcomeStatus.DENIED, "denied", "failed"),
        (OutcomeStatus.FAILED, "failed", "failed"),
    ],
)
async def test_the_outcome_of_an_action_is_shown_in_its_case(
    bus, pool, make_dispatch, status, action_state, case_state
):
    decision = make_decision(1)
    outcome = ActionOutcome(
        action_id=decision.actions[0].id, status=status, fault="told\x00", effect_id="$e"
    )
    told = make_decision(2, actions=(), case_id="", hits=(), outcome_of=outcome)
    await commit(bus, decision)
    await commit(bus, told)

    async with make_dispatch():
        await until(lambda: is_(states(pool), {action_state: 1}))

    assert await states(pool, "case_file") == {case_state: 1}


async def test_a_batch_that_cannot_be_read_goes_to_the_dead_letters_and_harms_no_other(
    bus, pool, make_dispatch
):
    await commit(bus, make_decision(1))
    await bus.publish(subjects.decisions(0), b"\xff\xff no batch")
    await commit(bus, make_decision(2))

    async with make_dispatch():
        await until(lambda: is_(states(pool), {"published": 2}))
        await until(lambda: drained(bus))

    buried = [d async for page in bus.read(subjects.DLQ, subjects.dlq("DECISIONS")) for d in page]
    assert [delivery.data for delivery in buried] == [b"\xff\xff no batch"]


async def test_dispatch_outlives_its_database_and_its_nats_server(
    private_nats, private_postgres, make_dispatch
):
    server, database = private_nats(), private_postgres()
    url = await Databases(database).make("policy", migrations=MIGRATIONS)
    async with (
        buses.connect(server.url, name="test") as own,
        asyncpg.create_pool(url, min_size=1, max_size=4) as rows,
    ):
        await own.provision(subjects.STREAMS)
        async with make_dispatch(nats=own, rows=rows):
            await commit(own, make_decision(1))
            await until(lambda: is_(states(rows), {"published": 1}))
            database.kill()
            await commit(own, make_decision(2))
            await asyncio.sleep(1)
            database.start()
            await until(lambda: is_(patiently(rows), {"published": 2}))
            server.kill()
            await asyncio.sleep(0.5)
            server.start()
            await commit(own, make_decision(3))
            await until(lambda: is_(states(rows), {"published": 3}))

        assert len(await actions(own)) == 3


async def patiently(pool):
    """As `states`, of a database that may still be starting."""
    try:
        return await states(pool)
    except LOST:
        return {}


async def test_a_sampled_event_keeps_its_trace_to_its_actions(
    bus, pool, book, make_judge, make_dispatch
):
    sampled, silent = "00-" + "a" * 32 + "-" + "b" * 16 + "-01", "00-" + "c" * 32 + "-" + "d" * 16
    await adopt(bus, book)
    for number, parent in enumerate((sampled, f"{silent}-00")):
        own = outgoing(make_message(number, "blockhead", member=f"@m{number}:x"))
        await bus.publish_batch([replace(own, headers={"traceparent": parent})])

    async with make_judge(), make_dispatch():
        await until(lambda: is_(states(pool), {"published": 2, "waiting": 2}))

    bounds = await bus.bounds(subjects.ACTIONS)
    stored = [
        await bus.get(subjects.ACTIONS, seq) for seq in range(bounds.first_seq, bounds.last_seq + 1)
    ]
    traced = [delivery.headers.get("traceparent") for delivery in stored]
    assert traced == [sampled, None]
