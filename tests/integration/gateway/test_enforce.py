"""Decided actions on their way to a real homeserver, and their outcomes on their way back."""

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest

from chassis.stopping import Stopping
from contracts import codec, ids, subjects
from contracts.values import (
    Action,
    ActionOutcome,
    Actor,
    Announce,
    Event,
    Kick,
    Mute,
    OutcomeStatus,
    Place,
    Unmute,
)
from gateway.core.limits import Budget
from gateway.cursors import Cursors, RoomRecord
from gateway.enforce import Enforce
from gateway.errors import Throttled
from gateway.journal import Journal
from gateway.platforms.matrix.directs import Directs
from gateway.platforms.matrix.executor import Executor
from gateway.platforms.matrix.silence import Silence
from reeve.homeserver import Homeserver
from tests.integration.gateway.people import person
from tests.waiting import PATIENCE_S, until

DONE, FAILED = OutcomeStatus.DONE, OutcomeStatus.FAILED


class Desk:
    """An enforce in this process, a way to decide things, and to see what came of them."""

    def __init__(self, bus, bot):
        self.bus = bus
        self.bot = bot
        self.numbers = iter(range(1, 1_000))
        self.decided = []

    @asynccontextmanager
    async def running(self, *, in_flight=8, stopping=None):
        stopping = stopping or Stopping()
        homeserver, bus = self.bot.homeserver, self.bus
        directs = Directs(homeserver, await bus.bucket("directs"))
        enforce = Enforce(
            executor=Executor(homeserver, directs, Silence(homeserver, await bus.bucket("mutes"))),
            own=self.bot.id,
            journal=Journal(bus, 8),
            done=await bus.bucket("done"),
            cursors=Cursors(await bus.bucket("cursors"), "matrix"),
            budget=Budget(rate_per_s=0.0, burst=1.0),
            stopping=stopping,
            ready=lambda *_: None,
        )
        name = "enforce-test"
        await bus.ensure_consumer(
            subjects.ACTIONS, name, filter_subjects=[subjects.action_filter("matrix")]
        )
        async with bus.pull(subjects.ACTIONS, name) as inbox, asyncio.TaskGroup() as tasks:
            intake = tasks.create_task(self._taking_in(enforce, inbox))
            tasks.create_task(enforce.hold())
            plan = enforce._plan  # noqa: SLF001 -- nobody else knows that all that waits is in it
            await until(lambda: all(plan.get(each) is not None for each in self.decided))
            for _ in range(in_flight):
                tasks.create_task(enforce.work())
            try:
                yield enforce
            finally:
                stopping.set()
                intake.cancel()

    async def _taking_in(self, enforce, inbox):
        with suppress(asyncio.CancelledError):
            await enforce.take_in(inbox)

    async def decide(self, body, room, target=None, *, priority=1, action_id="", **more):
        action = Action(
            id=action_id or ids.action_id("event", "rule", str(next(self.numbers))),
            executor="matrix",
            connection="matrix",
            priority=priority,
            platform="matrix",
            network="net",
            group=room,
            place=Place(channel=room),
            target=None if target is None else Actor(id=target.id),
            body=body,
            **more,
        )
        subject = subjects.action("matrix", priority)
        await self.bus.publish(subject, codec.encode(action))
        self.decided.append(action.id)
        return action.id

    async def outcomes(self):
        found = [
            codec.decode(Event, delivery.data).payload
            async for batch in self.bus.read(subjects.EVENTS, "ev.>")
            for delivery in batch
        ]
        return [payload for payload in found if isinstance(payload, ActionOutcome)]

    async def until_done(self, count):
        async with asyncio.timeout(PATIENCE_S):
            while len(found := await self.outcomes()) < count:  # noqa: ASYNC110 -- a log tells nobody that it grew
                await asyncio.sleep(0.05)
            return found

    async def given_up(self):
        return [
            delivery async for batch in self.bus.read(subjects.DLQ, "dlq.>") for delivery in batch
        ]


@pytest.fixture
def desk(bus, bot):
    """An enforce that is not running yet."""
    return Desk(bus, bot)


async def bodies(reader, room):
    said = [raw["content"].get("body") for raw in await reader.timeline(room)]
    return [body for body in said if body]


async def is_acknowledged(bus):
    return await bus.pending(subjects.ACTIONS, "enforce-test") == 0


async def test_what_was_decided_is_done_told_and_acknowledged(desk, room, ann, bob, bus):
    action_id = await desk.decide(Kick(), room, bob, case_id="c1")

    async with desk.running():
        (outcome,) = await desk.until_done(1)

    assert (outcome.action_id, outcome.case_id, outcome.kind) == (action_id, "c1", "kick")
    assert (outcome.status, outcome.requests) == (DONE, 2)
    assert outcome.effect_id.startswith("$")
    assert await ann.membership(room, bob.id) == "leave"
    await until(lambda: is_acknowledged(bus))


async def test_the_same_action_published_again_is_done_once_for_ever(desk, room, ann):
    async with desk.running():
        for _ in range(3):
            await desk.decide(Announce(text="once"), room, action_id="one")
            await desk.until_done(1)
        await desk.decide(Announce(text="then this"), room)
        outcomes = await desk.until_done(2)

    assert await bodies(ann, room) == ["once", "then this"]
    assert len(outcomes) == 2


async def test_safety_comes_first_and_then_the_largest_room(desk, ann, bot, bus):
    rooms = [await ann.make_room(bot) for _ in range(3)]
    cursors = Cursors(await bus.bucket("cursors"), "matrix")
    for members, room in zip((5, 900, 40), rooms, strict=True):
        await cursors.store_room(room, RoomRecord(members=members))
    small, large, middle = rooms
    ids_in_order = {}
    for name, room, priority in (
        ("speech", large, 2),
        ("small", small, 1),
        ("middle", middle, 1),
        ("large", large, 1),
        ("safety", small, 0),
    ):
        ids_in_order[await desk.decide(Announce(text=name), room, priority=priority)] = name

    async with desk.running(in_flight=1):
        outcomes = await desk.until_done(5)

    order = [ids_in_order[outcome.action_id] for outcome in outcomes]
    assert order == ["safety", "large", "middle", "small", "speech"]


async def test_many_mutes_in_one_room_do_not_undo_each_other(desk, room, ann, bob, synapse):
    async with person(synapse, "carol") as carol, person(synapse, "dave") as dave:
        everyone = [bob, carol, dave]
        before = await ann.levels(room)
        mutes = [await desk.decide(Mute(), room, each) for each in everyone]

        async with desk.running():
            await desk.until_done(3)
            muted = (await ann.levels(room))["users"]
            for mute, each in zip(mutes, everyone, strict=True):
                await desk.decide(Unmute(mute_action_id=mute), room, each)
            outcomes = await desk.until_done(6)

        assert [muted[each.id] for each in everyone] == [-1, -1, -1]
        assert {outcome.status for outcome in outcomes} == {DONE}
        assert await ann.levels(room) == before


async def test_an_action_that_came_too_late_is_kept_and_told_as_failed(desk, room, bob, ann):
    await desk.decide(Kick(), room, bob, deadline_ms=1)

    async with desk.running():
        (outcome,) = await desk.until_done(1)
        (given_up,) = await until(desk.given_up)

    assert (outcome.status, outcome.fault) == (FAILED, "the deadline has passed")
    assert codec.decode(Action, given_up.data).body == Kick()
    assert await ann.membership(room, bob.id) == "join"


async def test_what_is_no_action_is_kept_and_stops_nothing(desk, room, ann, bus):
    await bus.publish(subjects.action("matrix", 1), b"\xff\xff no action")
    await desk.decide(Announce(text="all the same"), room)

    async with desk.running():
        await desk.until_done(1)
        (given_up,) = await until(desk.given_up)

    assert given_up.data == b"\xff\xff no action"
    assert await bodies(ann, room) == ["all the same"]


async def test_actions_wait_for_a_homeserver_that_is_down(desk, room, ann, synapse):
    synapse.kill()
    try:
        await desk.decide(Announce(text="patience"), room)
        async with desk.running():
            await asyncio.sleep(1.5)
            assert await desk.outcomes() == []
            synapse.start()
            (outcome,) = await desk.until_done(1)
    finally:
        if synapse.process is None:
            synapse.start()

    assert outcome.status is DONE
    assert await bodies(ann, room) == ["patience"]


async def test_a_homeserver_with_its_own_limits_is_given_the_time_it_asks_for(bus, tmp_path):
    server = Homeserver(folder=tmp_path / "limited", default_limits=True)
    server.start()
    try:
        async with person(server, "reeve") as bot:
            room = await bot.make_room()
            desk = Desk(bus, bot)
            with suppress(Throttled):
                while True:
                    await bot.say(room, "until it is too much")
            wanted = ["word 1", "word 2"]
            for text in wanted:
                await desk.decide(Announce(text=text), room)
            async with desk.running():
                outcomes = await desk.until_done(len(wanted))

            assert {outcome.status for outcome in outcomes} == {DONE}
            assert (await bodies(bot, room))[-2:] == wanted
            # Each refusal pauses the connection, so hardly more is asked than is answered.
            asked = sum(outcome.requests for outcome in outcomes)
            assert len(wanted) < asked <= 3 * len(wanted)
    finally:
        server.stop()
