"""A follower reads in order, without a gap, and knows when it has been deposed."""

import asyncio

import pytest

from chassis import telemetry
from chassis.bus import Deposed, Outgoing
from contracts import subjects
from tests.integration.chassis.waiting import until

STREAM = subjects.EVENTS


async def fill(bus, count, *, first=1, partition=0):
    await bus.publish_batch(
        [
            Outgoing(subject=f"ev.{partition}.test.a.b", data=b"%d" % n, msg_id=f"{partition}.{n}")
            for n in range(first, first + count)
        ]
    )


def follow(bus, *, after_seq=0, consumer="judge-0"):
    return bus.follow(STREAM, "ev.0.>", after_seq=after_seq, consumer=consumer)


async def take(inbox, count):
    found = []
    while len(found) < count:
        found += await inbox.next()
    return [int(each.data) for each in found]


async def test_it_begins_after_the_place_it_is_told(bus):
    await fill(bus, 10)

    async with follow(bus, after_seq=4) as inbox:
        found = await take(inbox, 6)

    assert found == [5, 6, 7, 8, 9, 10]


async def test_it_sees_its_own_partition_only_and_counts_what_is_behind(bus):
    for number in range(1, 21):
        await fill(bus, 1, first=number, partition=number % 2)

    async with follow(bus) as inbox:
        before = inbox.pending
        found = await take(inbox, 10)

    assert (before, inbox.pending) == (10, 0)
    assert found == [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]


async def test_it_goes_on_with_what_is_published_later_even_beyond_the_end(bus):
    await fill(bus, 2)

    async with follow(bus, after_seq=2) as inbox, asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(take(inbox, 3))
        await asyncio.sleep(0.1)
        await fill(bus, 3, first=3)

    assert reading.result() == [3, 4, 5]


async def test_acknowledging_shows_how_far_it_has_come(bus):
    await fill(bus, 100)

    async with follow(bus) as inbox:
        deliveries = await inbox.next(60)
        await inbox.ack(deliveries)

        async def is_shown():
            return await bus.pending(STREAM, "judge-0") == 100 - len(deliveries)

        await until(is_shown)


async def test_a_second_follower_deposes_the_first(bus):
    await fill(bus, 10)

    async with follow(bus) as first:
        await take(first, 10)
        async with asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(outcome(first))
            await asyncio.sleep(0.05)
            async with follow(bus, after_seq=10) as second:
                await reading
                await fill(bus, 5, first=11)
                found = await take(second, 5)

    assert isinstance(reading.result(), Deposed)
    assert found == [11, 12, 13, 14, 15]


async def outcome(inbox):
    try:
        return await inbox.next()
    except Deposed as fault:
        return fault


async def test_of_many_followers_at_once_exactly_one_remains(bus):
    deposed = []
    found = []

    async def compete():
        try:
            async with follow(bus) as inbox:
                while len(found) < 50:
                    found.extend(int(each.data) for each in await inbox.next())
        except Deposed:
            deposed.append(1)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(8):
            tasks.create_task(compete())
        await until(lambda: len(deposed) == 7)
        await fill(bus, 50)

    assert len(deposed) == 7
    assert found == list(range(1, 51))


async def test_a_consumer_that_somebody_deleted_is_made_anew(bus, jetstream):
    await fill(bus, 10)
    repairs = telemetry.counter("reeve_bus_follow_repairs_total")
    before = repairs.value()

    async with follow(bus) as inbox:
        first = await take(inbox, 10)
        await jetstream.call(f"CONSUMER.DELETE.{STREAM}.judge-0")
        await fill(bus, 10, first=11)
        second = await take(inbox, 10)

    assert first + second == list(range(1, 21))
    assert repairs.value() > before


async def test_a_gap_in_the_consumers_count_is_repaired_before_it_is_seen(bus):
    await fill(bus, 3000)
    repairs = telemetry.counter("reeve_bus_follow_repairs_total")
    before = repairs.value()

    async with follow(bus) as inbox:
        found = await take(inbox, 1)
        lose_one_waiting(inbox)
        found += await take(inbox, 3000 - len(found))

    assert found == list(range(1, 3001))
    assert repairs.value() > before


def lose_one_waiting(inbox):
    """Do what a bad network could: a message that was sent does not arrive."""
    pull, connection = inbox._pull, inbox._connection  # noqa: SLF001 - there is no other way in
    receive = pull._receive  # noqa: SLF001 - no other way here
    listeners = connection.client.listeners
    number = next(sid for sid, each in listeners.items() if each == receive)
    lost = []

    def listen(subject, reply, data, headers):
        if reply.startswith("$JS.ACK") and not lost:
            lost.append(reply)
        else:
            receive(subject, reply, data, headers)

    listeners[number] = listen
    if pull.waiting:
        pull.waiting.popleft()


async def test_an_acknowledgement_from_before_a_repair_does_not_count_for_the_new_consumer(
    bus, jetstream
):
    await fill(bus, 30)

    async with follow(bus) as inbox:
        old = []
        while len(old) < 10:
            old += await inbox.next(10 - len(old))
        await jetstream.call(f"CONSUMER.DELETE.{STREAM}.judge-0")
        pull = inbox._pull  # noqa: SLF001 - nobody else is told of the deletion
        await until(lambda: pull.is_deleted)
        await inbox.next(5)
        await inbox.ack(old)
        await asyncio.sleep(0.2)

        assert await bus.pending(STREAM, "judge-0") == 20


async def test_a_finite_read_leaves_no_consumer_behind(bus, jetstream):
    await fill(bus, 2500)

    found = [each.seq async for batch in bus.read(STREAM, "ev.0.>", after_seq=10) for each in batch]
    part = [
        each.seq
        async for batch in bus.read(STREAM, "ev.0.>", after_seq=10, upto_seq=20)
        for each in batch
    ]
    nothing = [batch async for batch in bus.read(STREAM, "ev.7.>")]

    names = await jetstream.call(f"CONSUMER.NAMES.{STREAM}")
    assert found == list(range(11, 2501))
    assert part == list(range(11, 21))
    assert nothing == []
    assert not names["consumers"]


async def test_a_finite_read_ends_when_what_it_waits_for_is_deleted(bus):
    await fill(bus, 5000)
    found = 0

    async for batch in bus.read(STREAM, "ev.0.>"):
        if not found:
            await bus.purge(STREAM, "ev.0.>")
        found += len(batch)

    assert 0 < found < 5000


@pytest.mark.parametrize("seq", [1, 3])
async def test_single_messages_can_be_looked_up(bus, seq):
    await fill(bus, 3)

    found = await bus.get(STREAM, seq)
    last = await bus.last(STREAM, "ev.0.test.a.b")

    assert (found.seq, found.data) == (seq, b"%d" % seq)
    assert abs(found.stored_ms - last.stored_ms) < 10_000
    assert (last.seq, last.data) == (3, b"3")
    assert await bus.get(STREAM, 99) is None
    assert await bus.last(STREAM, "ev.9.x.y.z") is None
