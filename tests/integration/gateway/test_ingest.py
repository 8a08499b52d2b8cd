"""Reading a real homeserver into a real log."""

import asyncio
from contextlib import asynccontextmanager

import nats
import orjson
import pytest

from chassis import telemetry
from chassis.stopping import Stopping
from contracts import codec, subjects
from contracts.values import (
    CommandInvoked,
    Event,
    Gap,
    GroupChanged,
    MemberBanned,
    MemberInvited,
    MemberJoined,
    MemberLeft,
    MessageCreated,
    MessageDeleted,
    MessageEdited,
    Origin,
    ReactionAdded,
    ReactionRemoved,
    RoleChanged,
)
from gateway.cursors import Cursors, Overtaken
from gateway.journal import Journal
from gateway.platforms.matrix.fill import Filler
from gateway.platforms.matrix.ingest import Ingest
from gateway.platforms.matrix.normalise import Normaliser, Scope
from gateway.platforms.matrix.rooms import Memory
from tests.waiting import PATIENCE_S

PARTITIONS = 8


class Reader:
    """An ingest in this process, and what it has put into the log."""

    def __init__(self, bus, bot):
        self.bus = bus
        self.bot = bot
        self.ready = []
        self.groups = {}

    async def make(self, stopping, *, pages=50, auto_join=True):
        homeserver = self.bot.homeserver
        memory = Memory(self.bot.id, self.groups)
        scope = Scope(network="net", connection="matrix", prefix="!")
        return Ingest(
            homeserver=homeserver,
            normaliser=Normaliser(scope, memory),
            filler=Filler(homeserver, memory, pages_limit=pages),
            journal=Journal(self.bus, PARTITIONS),
            cursors=Cursors(await self.bus.bucket("cursors"), "matrix"),
            stopping=stopping,
            ready=lambda *said: self.ready.append(said),
            auto_join=auto_join,
        )

    @asynccontextmanager
    async def running(self, **more):
        stopping = Stopping()
        self.ready.clear()
        ingest = await self.make(stopping, **more)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(ingest.read())
            tasks.create_task(ingest.follow_invitations())
            await self.until(lambda _: self.ready)
            try:
                yield
            finally:
                stopping.set()

    async def events(self):
        return [
            codec.decode(Event, delivery.data)
            async for batch in self.bus.read(subjects.EVENTS, "ev.>")
            for delivery in batch
        ]

    async def until(self, holds):
        """The events, once ``holds`` says yes to them."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds(found := await self.events()):  # noqa: ASYNC110 -- a log tells nobody that it grew
                await asyncio.sleep(0.05)
            return found

    async def until_said(self, text):
        return await self.until(lambda events: text in texts(events))


@pytest.fixture
def reader(bus, bot):
    """An ingest that is not running yet."""
    return Reader(bus, bot)


@asynccontextmanager
async def full_log(url):
    """EVENTS takes no message while the context lasts."""
    connection = await nats.connect(url, connect_timeout=PATIENCE_S)
    stream = connection.jetstream(timeout=PATIENCE_S)
    info = await stream.stream_info(subjects.EVENTS)
    config = info.config
    full = config.evolve(max_msgs=info.state.messages, discard="new")
    await stream.update_stream(full)
    yield
    await stream.update_stream(config)
    await connection.close()


def texts(events):
    return [
        event.payload.content.text
        for event in events
        if isinstance(event.payload, MessageCreated | CommandInvoked)
    ]


def payloads(events, kind):
    return [event.payload for event in events if isinstance(event.payload, kind)]


async def test_what_happens_in_a_room_is_in_the_log_in_order(reader, room, ann, bob, bot):
    async with reader.running():
        first = await bob.say(room, "hello")
        await bob.say(
            room,
            "* buy now",
            **{
                "m.new_content": {"msgtype": "m.text", "body": "buy now"},
                "m.relates_to": {"rel_type": "m.replace", "event_id": first},
            },
        )
        annotation = {"rel_type": "m.annotation", "event_id": first, "key": "👍"}
        sent = await ann.call(
            "PUT", "rooms", room, "send", "m.reaction", "t1", body={"m.relates_to": annotation}
        )
        # What is redacted before it is read was never there.
        await reader.until(lambda found: payloads(found, ReactionAdded))
        await ann.homeserver.redact(room, sent["event_id"], "t2", {})
        await ann.homeserver.redact(room, first, "t3", {"reason": "spam"})
        await ann.set_level(room, bob.id, -1)
        await ann.homeserver.put_state(room, "m.room.topic", "", {"topic": "quiet"})
        await ann.call("POST", "rooms", room, "ban", body={"user_id": bob.id, "reason": "scam"})
        await ann.say(room, "!rules now")
        events = await reader.until(lambda found: payloads(found, CommandInvoked))

    live = [event for event in events if event.origin is not Origin.BACKFILLED]
    kinds = [type(event.payload) for event in live]
    assert kinds == [
        MessageCreated,
        MessageEdited,
        ReactionAdded,
        ReactionRemoved,
        MessageDeleted,
        RoleChanged,
        GroupChanged,
        MemberBanned,
        CommandInvoked,
    ]
    sequence = [event.place_sequence for event in live]
    assert sequence == list(range(sequence[0], sequence[0] + len(live)))
    assert all(event.group == event.place.channel == room for event in live)
    assert live[0].actor.display_name
    assert live[-1].capabilities == ("delete", "mute", "kick", "ban")
    assert live[5].payload.member.roles == ("muted",)
    assert live[4].actor.power == 9007199254740991, "Ann made this version 12 room"
    assert bot.id not in {event.actor.id for event in live}


async def test_an_invitation_is_followed_and_told(reader, ann, bot):
    async with reader.running():
        made = await ann.call("POST", "createRoom", body={"invite": [bot.id]})
        room = made["room_id"]
        await reader.until(lambda found: payloads(found, MemberJoined))
        await ann.say(room, "welcome")
        events = await reader.until_said("welcome")

    (invited,) = payloads([e for e in events if e.origin is Origin.LIVE], MemberInvited)
    joined = payloads(events, MemberJoined)[-1]
    assert invited.member.is_self
    assert (joined.member.id, joined.inviters[0].actor.id) == (bot.id, ann.id)
    before = [event for event in events if event.origin is Origin.BACKFILLED]
    assert {type(event.payload) for event in before} <= {
        GroupChanged,
        RoleChanged,
        MemberJoined,
        MemberInvited,
    }


async def test_an_invitation_is_left_alone_if_so_set(reader, ann, bot):
    async with reader.running(auto_join=False):
        made = await ann.call("POST", "createRoom", body={"invite": [bot.id]})
        await reader.until(lambda found: payloads(found, MemberInvited))

    assert await ann.membership(made["room_id"], bot.id) == "invite"


async def test_what_was_said_while_we_were_away_is_read_afterwards(reader, room, bob):
    async with reader.running():
        await bob.say(room, "before")
        await reader.until_said("before")
    for number in range(30):
        await bob.say(room, f"away {number}")

    async with reader.running():
        events = await reader.until_said("away 29")

    said = texts(events)
    assert said[said.index("before") :] == ["before", *(f"away {number}" for number in range(30))]
    away = [event for event in events if event.origin is Origin.RESUMED]
    assert len(away) == 30
    sequence = [event.place_sequence for event in events if event.group == room]
    assert sequence == list(range(1, len(sequence) + 1))


async def test_what_the_log_could_not_take_is_read_again(reader, room, bob, nats_server):
    async with reader.running():
        await bob.say(room, "before")
        await reader.until_said("before")
    await bob.say(room, "while there was no room")

    async with full_log(nats_server.url):
        refused = telemetry.counter("reeve_bus_publish_retries_total")
        before = refused.value()
        ingest = await reader.make(Stopping())
        async with asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(ingest.read())
            async with asyncio.timeout(PATIENCE_S):
                while refused.value() == before:  # noqa: ASYNC110 -- a counter tells nobody that it grew
                    await asyncio.sleep(0.05)
            reading.cancel()
    async with reader.running():
        events = await reader.until_said("while there was no room")

    assert texts(events)[-2:] == ["before", "while there was no room"]


async def test_a_gap_is_filled_in_order_before_the_cursor_moves(reader, room, bob):
    async with reader.running():
        await bob.say(room, "before")
        await reader.until_said("before")
    for number in range(130):
        await bob.say(room, f"away {number}")

    async with reader.running():
        events = await reader.until_said("away 129")

    said = texts(events)
    assert said[said.index("before") + 1 :] == [f"away {number}" for number in range(130)]
    assert not payloads([e for e in events if e.origin is Origin.RESUMED], Gap)
    filled = [event for event in events if event.origin is Origin.BACKFILLED and texts([event])]
    assert texts(filled)[-30:] == [f"away {number}" for number in range(30)]


async def test_a_gap_too_long_to_fill_is_told_where_it_is(reader, room, bob):
    async with reader.running():
        await bob.say(room, "before")
        await reader.until_said("before")
    for number in range(130):
        await bob.say(room, f"away {number}")

    async with reader.running(pages=0):
        events = await reader.until_said("away 129")

    at = next(
        at
        for at, event in enumerate(events)
        if isinstance(event.payload, Gap) and event.payload.reason == "too much to fetch"
    )
    assert events[at].gap_before
    assert texts(events[at:]) == [f"away {number}" for number in range(30, 130)]


async def test_a_damaged_cursor_is_noticed_and_starts_anew_with_a_gap(reader, room, bob, bus):
    async with reader.running():
        await bob.say(room, "before")
        await reader.until_said("before")
    cursors = await bus.bucket("cursors")
    entry = await cursors.get("sync.matrix")
    body = orjson.loads(entry.value)
    await cursors.put("sync.matrix", orjson.dumps({**body, "since": "s1_2_3_4"}))

    async with reader.running():
        await bob.say(room, "after")
        events = await reader.until_said("after")

    assert [gap.reason for gap in payloads(events, Gap) if gap.reason != "first start"] == [
        "the cursor is damaged"
    ]


async def test_two_readers_of_one_connection_do_not_live_side_by_side(reader, room, bob):
    first, second = Stopping(), Stopping()
    one, two = await reader.make(first), await reader.make(second)

    async def lives(ingest):
        try:
            await ingest.read()
        except Overtaken:
            first.set()
            second.set()
            return False
        return True

    async with asyncio.TaskGroup() as tasks:
        ends = [tasks.create_task(lives(each)) for each in (one, two)]
        for number in range(20):
            await bob.say(room, f"word {number}")

    assert sorted(end.result() for end in ends) == [False, True]


async def test_a_room_made_to_talk_to_one_person_is_not_judged(reader, bot, bob, ann, room):
    async with reader.running():
        direct = await bot.make_room(bob, creation_content={"dev.reeve.direct": True})
        await bob.say(direct, "hello?")
        await ann.say(room, "in the open")
        events = await reader.until_said("in the open")

    assert {event.group for event in events} == {room}
    assert "hello?" not in texts(events)
    assert not payloads([e for e in events if e.group == direct], MemberLeft)
