"""What is pulled comes again until it is acknowledged, retried or given up."""

import asyncio
from itertools import pairwise

import pytest

from chassis import bus as buses
from chassis.bus import Outgoing, Unavailable
from chassis.clock import monotonic_s
from chassis.stopping import Stopping
from contracts import subjects
from tests.integration.chassis.waiting import until

SUBJECT = "ev.0.test.a.b"
STREAM = subjects.EVENTS


async def fill(bus, count):
    await bus.publish_batch(
        [Outgoing(subject=SUBJECT, data=b"%d" % n, msg_id=f"m{n}") for n in range(count)]
    )


async def take(inbox, count):
    found = []
    while len(found) < count:
        found += await inbox.next()
    return found


async def test_everything_is_delivered_once_and_nothing_waits_afterwards(bus):
    await bus.ensure_consumer(
        STREAM, "reader", filter_subjects=["ev.>"], max_ack_pending=-1, ack_wait_s=600
    )
    await fill(bus, 3000)

    async with bus.pull(STREAM, "reader", batch=100) as inbox:
        found = await take(inbox, 3000)
        await inbox.ack(found)

    assert [each.seq for each in found] == list(range(1, 3001))
    assert {each.deliveries for each in found} == {1}
    assert all(earlier.pending > later.pending for earlier, later in pairwise(found))
    assert inbox.pending == 0
    await settled(bus)


async def settled(bus, consumer="reader", *, left=0):
    async def is_settled():
        return await bus.pending(STREAM, consumer) == left

    await until(is_settled)


async def test_no_more_than_asked_for_is_handed_out_at_once(bus):
    await bus.ensure_consumer(STREAM, "reader", filter_subjects=["ev.>"])
    await fill(bus, 50)

    async with bus.pull(STREAM, "reader") as inbox:
        sizes = []
        while sum(sizes) < 50:
            sizes.append(len(await inbox.next(7)))

    assert max(sizes) <= 7


async def test_what_is_not_acknowledged_comes_again(bus):
    await bus.ensure_consumer(STREAM, "reader", filter_subjects=["ev.>"], ack_wait_s=0.3)
    await fill(bus, 1)

    async with bus.pull(STREAM, "reader") as inbox:
        (first,) = await inbox.next(1)
        (again,) = await inbox.next(1)
        await inbox.ack([again])

    assert (first.seq, again.seq) == (1, 1)
    assert (first.deliveries, again.deliveries) == (1, 2)


async def test_what_is_held_does_not_come_again_meanwhile(bus):
    await bus.ensure_consumer(STREAM, "reader", filter_subjects=["ev.>"], ack_wait_s=5)
    await fill(bus, 2)

    async with bus.pull(STREAM, "reader") as inbox, asyncio.TaskGroup() as tasks:
        first, second = await take(inbox, 2)
        holding = tasks.create_task(hold_on(inbox, first))
        (again,) = await inbox.next(1)
        holding.cancel()

    assert (again.seq, again.deliveries) == (second.seq, 2)


async def hold_on(inbox, delivery):
    while True:
        await inbox.hold([delivery])
        await asyncio.sleep(0.05)


async def test_what_is_retried_comes_again_after_the_delay(bus):
    await bus.ensure_consumer(STREAM, "reader", filter_subjects=["ev.>"])
    await fill(bus, 1)

    async with bus.pull(STREAM, "reader") as inbox:
        (first,) = await inbox.next()
        began_s = monotonic_s()
        await inbox.retry(first, delay_s=0.4)
        (again,) = await inbox.next()

    assert again.deliveries == 2
    assert monotonic_s() - began_s >= 0.39


async def test_what_is_given_up_is_kept_with_its_reason_and_gone_here(bus):
    await bus.ensure_consumer(STREAM, "reader", filter_subjects=["ev.>"])
    await bus.publish(SUBJECT, b"poison", msg_id="m", headers={"traceparent": "00-a-b-00"})

    async with bus.pull(STREAM, "reader") as inbox:
        (poison,) = await inbox.next()
        await inbox.give_up(poison, reason="it is\r\nnot an event")
        await inbox.give_up(poison, reason="it is not an event")
        await settled(bus)

    kept = [each async for batch in bus.read(subjects.DLQ, "dlq.>") for each in batch]
    (only,) = kept
    assert (only.subject, only.data) == (subjects.dlq(STREAM), b"poison")
    assert only.headers["Reeve-Origin-Subject"] == SUBJECT
    assert only.headers["Reeve-Origin-Stream"] == STREAM
    assert only.headers["Reeve-Origin-Seq"] == "1"
    assert only.headers["Reeve-Service"] == "test"
    assert "not an event" in only.headers["Reeve-Reason"]
    assert only.headers["traceparent"] == "00-a-b-00"


async def test_what_was_not_handed_out_comes_to_the_next_reader_at_once(bus):
    await bus.ensure_consumer(STREAM, "reader", filter_subjects=["ev.>"], ack_wait_s=600)
    await fill(bus, 100)

    async with bus.pull(STREAM, "reader") as inbox:
        handed = await inbox.next(10)
        await inbox.ack(handed)

    async with bus.pull(STREAM, "reader") as inbox:
        rest = await take(inbox, 100 - len(handed))
    assert {each.seq for each in rest} == set(range(len(handed) + 1, 101))


async def test_a_flush_comes_back_after_all_that_was_sent_before_it(jetstream_connection):
    client, heard = jetstream_connection.client, []
    await client.listen("test.echo", lambda *message: heard.append(message))

    for _ in range(20):
        await client.publish("test.echo", b"")
    await client.flush()

    assert len(heard) == 20


async def test_two_readers_share_a_consumer(bus):
    await bus.ensure_consumer(STREAM, "reader", filter_subjects=["ev.>"])
    found = []

    async def read(inbox):
        while len(found) < 500:
            batch = await inbox.next()
            found.extend(each.seq for each in batch)
            await inbox.ack(batch)

    async with (
        bus.pull(STREAM, "reader", batch=16) as one,
        bus.pull(STREAM, "reader") as other,
        asyncio.TaskGroup() as tasks,
    ):
        readers = [tasks.create_task(read(one)), tasks.create_task(read(other))]
        await fill(bus, 500)
        await until(lambda: len(found) >= 500)
        for each in readers:
            each.cancel()

    assert sorted(found) == list(range(1, 501))


async def test_a_reader_that_waits_is_woken_with_nothing_when_the_service_stops(nats_server, bus):
    await bus.ensure_consumer(STREAM, "reader", filter_subjects=["ev.>"])
    stopping = Stopping()

    async with (
        buses.connect(nats_server.url, name="stopped", stopping=stopping) as own,
        own.pull(STREAM, "reader") as inbox,
        asyncio.TaskGroup() as tasks,
    ):
        waiting = tasks.create_task(inbox.next())
        await asyncio.sleep(0.1)
        stopping.set()

    assert waiting.result() == []


async def test_a_consumer_that_is_deleted_ends_the_reader(bus, jetstream):
    await bus.ensure_consumer(STREAM, "reader", filter_subjects=["ev.>"])

    async def delete_soon():
        await asyncio.sleep(0.1)
        await jetstream.call(f"CONSUMER.DELETE.{STREAM}.reader")

    async with bus.pull(STREAM, "reader") as inbox, asyncio.TaskGroup() as tasks:
        tasks.create_task(delete_soon())
        with pytest.raises(Unavailable, match="the consumer reader of EVENTS was deleted"):
            await inbox.next()


async def test_a_consumer_is_brought_up_to_date(bus):
    await bus.ensure_consumer(STREAM, "reader", filter_subjects=["ev.0.>"], ack_wait_s=30)

    await bus.ensure_consumer(STREAM, "reader", filter_subjects=["ev.0.>"], ack_wait_s=10)
    await bus.ensure_consumer(STREAM, "reader", filter_subjects=["ev.0.>", "ev.1.>"])

    await fill(bus, 1)
    assert await bus.pending(STREAM, "reader") == 1
