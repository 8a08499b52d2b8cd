"""Timers' promises: what was set comes back as an event, once, whatever dies meanwhile."""

import asyncio
from contextlib import asynccontextmanager

import asyncpg

from chassis import bus as buses
from chassis import clock, telemetry
from chassis.stopping import Stopping
from contracts import ids, subjects
from contracts.codec import decode
from contracts.subjects import STREAMS
from contracts.values import Event, Tick, TimerSet
from policy.gate import Gate
from policy.store.alarms import Alarms, Timer
from policy.store.outcomes import Outcomes
from policy.timers import Timers, to_event
from tests.integration.policy.conftest import MIGRATIONS
from tests.integration.policy.story import NETWORK, PARTITIONS, until
from tests.integration.policy.test_dispatch import make_decision


async def set_timer(pool, number, *, in_s, **fields):
    """Record a decision that sets one timer; return the timer's id."""
    timer = TimerSet(
        id=ids.timer_id(f"e{number}", "rule", "debt"),
        purpose="debt",
        subject_id=f"debt{number}",
        due_ms=clock.now_ms() + int(in_s * 1000),
    )
    await Outcomes(pool).record(
        [(0, make_decision(number, actions=(), timers=(timer,), **fields))], Gate()
    )
    return timer.id


async def fired(bus):
    """The ids of the timers whose events are in the log."""
    return [
        decode(Event, delivery.data).payload.timer_id
        async for page in bus.read(subjects.EVENTS, "ev.>")
        for delivery in page
    ]


@asynccontextmanager
async def running(bus, pool, *, sweep_s=0.3):
    """Timers that ring and sweep until the block ends."""
    stopping = Stopping()
    timers = Timers(
        bus=bus, alarms=Alarms(pool), partitions=PARTITIONS, sweep_s=sweep_s, stopping=stopping
    )
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(timers.ring()), group.create_task(timers.sweep())]
        try:
            yield timers
        finally:
            stopping.set()
            for task in tasks:
                task.cancel()


async def exactly(bus, *timer_ids):
    return sorted(await fired(bus)) == sorted(timer_ids)


async def test_an_alarm_rings_at_its_time_into_the_partition_of_its_group(bus, pool):
    timer_id = await set_timer(pool, 1, in_s=0.5)
    rung = telemetry.counter("reeve_timers_fired_total")
    before = rung.value(by="alarm")
    async with running(bus, pool, sweep_s=600) as timers:
        await timers.arm(await timers.alarms.pending([timer_id]))
        await until(lambda: exactly(bus, timer_id))
        await until(lambda: rung.value(by="alarm") == before + 1)

    place = subjects.partition(NETWORK, "g", PARTITIONS)
    newest = await bus.last(subjects.EVENTS, subjects.event_filter(place))
    event = decode(Event, newest.data)
    assert (event.group, event.connection, event.place.channel) == ("g", "matrix", "g")
    assert event.payload.subject_id == "debt1"
    assert event.received_ms >= event.payload.due_ms


async def test_what_never_got_an_alarm_is_armed_by_the_sweeper(bus, pool):
    timer_id = await set_timer(pool, 1, in_s=1.0)
    async with running(bus, pool):
        await until(lambda: exactly(bus, timer_id))


async def test_what_is_long_overdue_is_fired_by_the_sweeper(bus, pool):
    timer_id = await set_timer(pool, 1, in_s=-3600)
    async with running(bus, pool):
        await until(lambda: exactly(bus, timer_id))

    assert await pool.fetchval("SELECT state FROM timer") == "fired"


async def test_a_cancelled_timer_does_not_fire_even_if_its_alarm_rings(bus, pool):
    kept = await set_timer(pool, 1, in_s=0.8)
    dropped = await set_timer(pool, 2, in_s=0.4)
    async with running(bus, pool, sweep_s=3600) as timers:
        both = await timers.alarms.pending([kept, dropped])
        await set_timer(pool, 3, in_s=3600, cancelled_timers=(dropped,))
        await timers.arm(both)
        await until(lambda: exactly(bus, kept))


async def test_poison_among_the_alarms_is_kept_and_stops_no_other(bus, pool):
    poison = [b"", b"nobody", b"a\x00b", b"\xff\xfe", b"x" * 100_000]
    for number, data in enumerate([*poison, ids.timer_id("nobody", "set", "it").encode()]):
        await bus.publish(subjects.timer_due(f"poison{number}"), data)
    timer_id = await set_timer(pool, 1, in_s=0.5)

    async with running(bus, pool, sweep_s=3600) as timers:
        await timers.arm(await timers.alarms.pending([timer_id]))
        await until(lambda: exactly(bus, timer_id))

    pages = bus.read(subjects.DLQ, subjects.dlq(subjects.TIMERS))
    assert [each.data async for page in pages for each in page] == poison


async def test_silencing_takes_the_alarm_back(bus, pool):
    timer_id = await set_timer(pool, 1, in_s=3600)
    async with running(bus, pool, sweep_s=3600) as timers:
        await timers.arm(await timers.alarms.pending([timer_id]))
        assert await bus.last(subjects.TIMERS, subjects.timer(timer_id)) is not None

        await timers.silence([timer_id])

    assert await bus.last(subjects.TIMERS, subjects.timer(timer_id)) is None


async def test_firing_twice_is_hearing_the_same_event(bus, pool):
    timer_id = await set_timer(pool, 1, in_s=-1)
    async with running(bus, pool, sweep_s=3600) as timers:
        due = await timers.alarms.pending([timer_id])
        await timers.fire(due, by="alarm")
        await timers.fire(due, by="sweeper")

    assert await fired(bus) == [timer_id]
    assert to_event(due[0], at_ms=1).id == to_event(due[0], at_ms=2).id


async def test_timers_fire_though_nats_and_the_database_were_down_when_they_were_due(
    private_nats, private_postgres
):
    from tests.servers import Databases

    server, database = private_nats(), private_postgres()
    url = await Databases(database).make("policy", migrations=MIGRATIONS)
    async with (
        buses.connect(server.url, name="test") as bus,
        asyncpg.create_pool(url, min_size=1, max_size=4) as pool,
    ):
        await bus.provision(STREAMS)
        async with running(bus, pool) as timers:
            first = await set_timer(pool, 1, in_s=1.0)
            await timers.arm(await timers.alarms.pending([first]))
            server.kill()
            await asyncio.sleep(1.5)
            server.start()
            await until(lambda: exactly(bus, first))

            second = await set_timer(pool, 2, in_s=1.0)
            await timers.arm(await timers.alarms.pending([second]))
            database.kill()
            await asyncio.sleep(1.5)
            database.start()
            await until(lambda: exactly(bus, first, second))


def test_a_timer_for_a_tick_comes_back_as_a_tick_and_always_as_the_same():
    timer = Timer(
        id="t", due_ms=1_000, purpose="tick", subject_id="", platform="matrix", network=NETWORK,
        group_id="g", connection="matrix", channel="",
    )  # fmt: skip

    first, again = to_event(timer, at_ms=1_200), to_event(timer, at_ms=9_000)

    assert first.payload == Tick(at_ms=1_200)
    assert first.id == again.id
    assert first.dedup_key == "timer:t"
