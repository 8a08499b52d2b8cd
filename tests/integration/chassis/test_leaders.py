"""A stream's leader is killed: another takes over, and nothing is lost or done twice."""

import asyncio

import pytest

from chassis.bus import Outgoing, Published, connect
from chassis.bus.api import Api
from chassis.bus.connection import open_connection
from chassis.stopping import Stopping
from contracts import subjects
from tests.integration.chassis.cluster import Cluster, leader
from tests.integration.chassis.waiting import until

PATIENCE_S = 60


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path)
    made.start_all()
    yield made
    made.stop()


@pytest.fixture
async def api(cluster):
    async with open_connection(
        cluster.url, name="admin", seed_file=None, stopping=Stopping(), patience_s=PATIENCE_S
    ) as connection:
        yield Api(connection)


class Story:
    """What is written and read while leaders come and go."""

    def __init__(self, bus):
        self.bus = bus
        self.done = asyncio.Event()
        self.followed = []
        self.pulled = set()

    async def publish(self):
        count = 0
        while not self.done.is_set():
            batch = [
                Outgoing(subject="ev.0.a.b.c", data=b"%d" % n, msg_id=f"m{n}")
                for n in range(count, count + 50)
            ]
            await self.bus.publish_batch(batch)
            count += len(batch)
            await asyncio.sleep(0.02)
        return count

    async def chain(self):
        last, count = Published(0), 0
        while not self.done.is_set():
            last = await self.bus.publish("dec.0", b"%d" % count, expected_seq=last.seq)
            count += 1
            await asyncio.sleep(0.02)
        return count

    async def follow(self, inbox):
        while batch := await inbox.next():
            self.followed.extend(each.seq for each in batch)
            await inbox.ack(batch)

    async def pull(self, inbox):
        while batch := await inbox.next():
            self.pulled.update(each.seq for each in batch)
            await inbox.ack(batch)

    async def stored(self, stream, subject):
        found = self.bus.read(stream, subject)
        return [int(each.data) async for batch in found for each in batch]


async def change_leaders(cluster, api):
    for stream in (subjects.EVENTS, subjects.DECISIONS):
        await asyncio.sleep(1)
        number = await leader(api, stream)
        cluster.kill(number)
        await asyncio.sleep(3)
        cluster.start(number)
        await asyncio.sleep(2)


async def test_a_change_of_leader_loses_nothing_and_repeats_nothing(cluster, api):
    async with connect(cluster.url, name="test", patience_s=PATIENCE_S) as bus:
        await bus.provision(subjects.STREAMS, replicas=3)
        await bus.ensure_consumer("EVENTS", "reader", filter_subjects=["ev.>"], ack_wait_s=3)
        story = Story(bus)
        async with (
            bus.follow("EVENTS", "ev.0.>", after_seq=0, consumer="judge-0") as first,
            bus.pull("EVENTS", "reader") as second,
            asyncio.TaskGroup() as tasks,
        ):
            following = tasks.create_task(story.follow(first))
            pulling = tasks.create_task(story.pull(second))
            publishing = tasks.create_task(story.publish())
            chaining = tasks.create_task(story.chain())
            await change_leaders(cluster, api)
            story.done.set()
            count, links = await publishing, await chaining
            await until(lambda: len(story.followed) >= count <= len(story.pulled))
            following.cancel()
            pulling.cancel()
        events = await story.stored("EVENTS", "ev.>")
        chained = await story.stored("DECISIONS", "dec.0")

    assert sorted(events) == list(range(count))
    assert chained == list(range(links))
    assert story.followed == list(range(1, count + 1))
    assert story.pulled == set(range(1, count + 1))
