"""The server dies as by ``kill -9`` and comes back: nothing is lost, nothing out of order."""

import asyncio
import signal

import pytest

from chassis.bus import Outgoing, Published, connect
from contracts import subjects
from tests.integration.chassis.waiting import until

STREAM = subjects.EVENTS
SUBJECT = "ev.0.test.a.b"


@pytest.fixture
def server(private_nats):
    return private_nats()


@pytest.fixture
async def bus(server):
    async with connect(server.url, name="test") as connected:
        await connected.provision(subjects.STREAMS)
        yield connected


async def kill_now_and_then(server, *, times, pause_s=0.25, away_s=0.15):
    for _ in range(times):
        await asyncio.sleep(pause_s)
        server.kill()
        await asyncio.sleep(away_s)
        server.start()


async def publish_batches(bus, done, *, size=200):
    """Publish numbered messages until ``done``; return how many."""
    count = 0
    while not done.is_set():
        batch = [
            Outgoing(subject=SUBJECT, data=b"%d" % n, msg_id=f"m{n}")
            for n in range(count, count + size)
        ]
        published = await bus.publish_batch(batch)
        assert len(published) == size
        count += size
        await asyncio.sleep(0.005)
    return count


async def test_batches_are_stored_completely_once_and_in_order(server, bus):
    done = asyncio.Event()

    async with asyncio.TaskGroup() as tasks:
        publishing = tasks.create_task(publish_batches(bus, done))
        await kill_now_and_then(server, times=5)
        done.set()

    stored = [each async for batch in bus.read(STREAM, SUBJECT) for each in batch]
    assert [int(each.data) for each in stored] == list(range(publishing.result()))


async def test_a_chain_of_fenced_messages_never_fences_itself(server, bus):
    done = asyncio.Event()

    async def chain():
        last = Published(0)
        count = 0
        while not done.is_set():
            last = await bus.publish("dec.0", b"%d" % count, expected_seq=last.seq)
            count += 1
        return count

    async with asyncio.TaskGroup() as tasks:
        chaining = tasks.create_task(chain())
        await kill_now_and_then(server, times=5)
        done.set()

    stored = [each async for batch in bus.read(subjects.DECISIONS, "dec.0") for each in batch]
    assert [int(each.data) for each in stored] == list(range(chaining.result()))


async def test_a_reader_gets_everything_at_least_once(server, bus):
    await bus.ensure_consumer(STREAM, "reader", filter_subjects=["ev.>"], ack_wait_s=2)
    done = asyncio.Event()
    found = set()

    async def read(inbox):
        while True:
            batch = await inbox.next()
            found.update(int(each.data) for each in batch)
            await inbox.ack(batch)

    async with bus.pull(STREAM, "reader") as inbox, asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(read(inbox))
        publishing = tasks.create_task(publish_batches(bus, done))
        await kill_now_and_then(server, times=4)
        done.set()
        count = await publishing
        await until(lambda: len(found) >= count)
        reading.cancel()

    assert found == set(range(count))


async def test_a_follower_sees_every_message_once_and_in_order(server, bus):
    done = asyncio.Event()
    found = []

    async def read(inbox):
        while True:
            batch = await inbox.next()
            found.extend(int(each.data) for each in batch)
            await inbox.ack(batch)

    async with (
        bus.follow(STREAM, "ev.0.>", after_seq=0, consumer="judge-0") as inbox,
        asyncio.TaskGroup() as tasks,
    ):
        reading = tasks.create_task(read(inbox))
        publishing = tasks.create_task(publish_batches(bus, done))
        await kill_now_and_then(server, times=4)
        done.set()
        count = await publishing
        await until(lambda: len(found) >= count)
        reading.cancel()

    assert found == list(range(count))


async def test_a_server_that_freezes_is_asked_again_when_it_wakes(server, bus):
    await bus.ensure_consumer(STREAM, "reader", filter_subjects=["ev.>"])
    followed, pulled = [], set()

    async def read(inbox, note):
        while batch := await inbox.next():
            note(int(each.data) for each in batch)
            await inbox.ack(batch)

    async with (
        bus.follow(STREAM, "ev.0.>", after_seq=0, consumer="judge-0") as first,
        bus.pull(STREAM, "reader") as second,
        asyncio.TaskGroup() as tasks,
    ):
        readers = [
            tasks.create_task(read(first, followed.extend)),
            tasks.create_task(read(second, pulled.update)),
        ]
        await bus.publish(SUBJECT, b"0", msg_id="0")
        await until(lambda: followed == [0] and pulled == {0})
        server.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(6)
        server.process.send_signal(signal.SIGCONT)
        await bus.publish(SUBJECT, b"1", msg_id="1")
        await until(lambda: followed == [0, 1] and pulled == {0, 1})
        for each in readers:
            each.cancel()


async def test_what_is_begun_while_the_server_is_away_is_done_when_it_is_back(server, bus):
    bucket = await bus.bucket("cursors")
    server.kill()
    await asyncio.sleep(0.05)

    async with asyncio.TaskGroup() as tasks:
        publishing = tasks.create_task(bus.publish(SUBJECT, b"late"))
        putting = tasks.create_task(bucket.put("a", b"1"))
        await asyncio.sleep(1)
        server.start()

    assert publishing.result().seq == 1
    assert putting.result() == 1
    assert bus.is_up


async def test_a_server_that_starts_later_is_waited_for(private_nats):
    server = private_nats()
    server.kill()

    async def meet():
        async with connect(server.url, name="early") as bus:
            await bus.provision(subjects.STREAMS)
            return await bus.publish(SUBJECT, b"")

    async with asyncio.TaskGroup() as tasks:
        meeting = tasks.create_task(meet())
        await asyncio.sleep(0.6)
        server.start()

    assert meeting.result().seq == 1
