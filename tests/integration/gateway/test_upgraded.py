"""What was decided about a room is done where the room goes on."""

from functools import partial

import pytest

from contracts.values import Announce, Ban, Kick, MemberJoined, Mute, Reply, Unmute
from tests.integration.gateway.test_enforce import Desk, bodies
from tests.integration.gateway.test_ingest import Reader


@pytest.fixture
def desk(bus, bot):
    return Desk(bus, bot)


@pytest.fixture
def reader(bus, bot):
    return Reader(bus, bot)


def came_into(room, events):
    """Whether the bot was seen to come into a room."""
    joined = [event for event in events if isinstance(event.payload, MemberJoined)]
    return any(e.place.channel == room and e.payload.member.is_self for e in joined)


async def upgraded(reader, person, room, times=1):
    """The room in which another goes on after so many upgrades that were followed."""
    async with reader.running():
        for number in range(times):
            body = {"new_version": "12"}
            made = await person.call("POST", "rooms", room, "upgrade", body=body)
            room = made["replacement_room"]

            await reader.until(partial(came_into, room))
            await person.say(room, f"settled {number}")
            await reader.until_said(f"settled {number}")
    return room


async def test_what_the_clock_announces_is_said_in_the_room_of_today(desk, reader, room, ann):
    new = await upgraded(reader, ann, room, times=2)

    await desk.decide(Announce(text="good morning"), room)
    async with desk.running():
        await desk.until_done(1)

    assert "good morning" in await bodies(ann, new)
    assert "good morning" not in await bodies(ann, room)


async def test_an_answer_stays_where_the_message_is(desk, reader, room, ann, bob):
    said = await bob.say(room, "hello?")
    new = await upgraded(reader, ann, room)

    await desk.decide(Reply(text="yes", message_id=said), room, bob)
    async with desk.running():
        await desk.until_done(1)

    assert "yes" in await bodies(ann, room)
    assert "yes" not in await bodies(ann, new)


@pytest.mark.parametrize("body", [Kick(), Ban()])
async def test_whoever_is_put_out_is_put_out_of_the_room_of_today(
    desk, reader, room, ann, bob, body
):
    new = await upgraded(reader, ann, room)
    await bob.homeserver.join(new)

    await desk.decide(body, room, bob)
    async with desk.running():
        await desk.until_done(1)

    assert await ann.membership(new, bob.id) in {"leave", "ban"}


async def test_who_was_muted_before_can_speak_when_that_is_over(desk, reader, room, ann, bob):
    muted = await desk.decide(Mute(), room, bob)
    async with desk.running():
        await desk.until_done(1)
    desk.decided.clear()
    new = await upgraded(reader, ann, room)
    await bob.homeserver.join(new)
    assert not await bob.may_speak(new)

    await desk.decide(Unmute(mute_action_id=muted), room, bob)
    async with desk.running():
        await desk.until_done(2)

    assert await bob.may_speak(new)
