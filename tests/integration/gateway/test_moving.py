"""Rooms that the bot is put out of, and rooms that go on in others."""

import pytest

from contracts.values import (
    Gap,
    GroupChanged,
    MemberInvited,
    MemberJoined,
    MemberKicked,
    MessageCreated,
)
from tests.integration.gateway.test_ingest import Reader, payloads, texts


@pytest.fixture
def reader(bus, bot):
    """An ingest that is not running yet."""
    return Reader(bus, bot)


def said_to_join(events, room):
    """Whether the bot was seen to come into a room."""
    return any(
        event.place.channel == room and event.payload.member.is_self
        for event in events
        if isinstance(event.payload, MemberJoined)
    )


async def test_being_kicked_ourselves_is_told_with_a_gap(reader, room, ann, bot):
    async with reader.running():
        await ann.say(room, "before")
        await reader.until_said("before")
        await ann.set_level(room, bot.id, None)
        await ann.call("POST", "rooms", room, "kick", body={"user_id": bot.id, "reason": "enough"})
        events = await reader.until(lambda found: payloads(found, MemberKicked))
        await ann.say(room, "unheard")
        await ann.call("POST", "rooms", room, "invite", body={"user_id": bot.id})
        await reader.until(lambda found: payloads(found, MemberInvited))
        await ann.say(room, "heard again")
        after = await reader.until_said("heard again")

    (kicked,) = payloads(events, MemberKicked)
    assert (kicked.member.is_self, kicked.reason) == (True, "enough")
    assert texts(after)[-1] == "heard again"
    gaps = [gap.reason for gap in payloads(after, Gap)]
    assert gaps == ["first start", "we are not in the room any more"]


async def test_a_room_that_was_upgraded_is_followed(reader, room, ann):
    async with reader.running():
        await ann.say(room, "before")
        await reader.until_said("before")
        made = await ann.call("POST", "rooms", room, "upgrade", body={"new_version": "11"})
        new = made["replacement_room"]
        await reader.until(
            lambda found: [j for j in payloads(found, MemberJoined) if j.member.is_self][1:]
        )
        await ann.say(new, "here we are")
        events = await reader.until_said("here we are")

    changes = [event for event in events if isinstance(event.payload, GroupChanged)]
    upgraded = [event for event in changes if event.payload.key == "upgraded"]
    assert [(e.group, e.payload.value) for e in upgraded] == [(room, new)]
    here = [event for event in events if event.place.channel == new]
    assert here[-1].payload.content.text == "here we are"
    assert {event.group for event in here} == {room}


async def test_a_room_that_was_followed_stays_in_its_group_for_ever(reader, room, ann):
    rooms = [room]
    for _ in range(2):
        async with reader.running():
            body = {"new_version": "12"}
            made = await ann.call("POST", "rooms", rooms[-1], "upgrade", body=body)
            rooms.append(made["replacement_room"])
            await reader.until(lambda found: said_to_join(found, rooms[-1]))
    async with reader.running():
        await ann.say(rooms[-1], "still the same people")
        events = await reader.until_said("still the same people")

    assert {event.group for event in events if event.place.channel in rooms} == {room}
    assert events[-1].place.channel == rooms[-1]


async def test_a_room_that_does_not_say_so_itself_takes_no_place(reader, room, ann, bob):
    async with reader.running():
        other = await bob.make_room()
        content = {"body": "moved", "replacement_room": other}
        await ann.homeserver.put_state(room, "m.room.tombstone", "", content)
        await reader.until(lambda found: said_to_join(found, other))
        await bob.say(other, "leave us alone")
        events = await reader.until_said("leave us alone")

    assert events[-1].group == other


async def upgrade(ann, room, *others):
    """Take the place of a room by a new one, before that is told in the old one."""
    new = await ann.make_room(
        *others, creation_content={"predecessor": {"room_id": room, "event_id": "$last"}}
    )

    async def say_so():
        content = {"body": "moved", "replacement_room": new}
        await ann.homeserver.put_state(room, "m.room.tombstone", "", content)

    return new, say_so


async def test_a_room_we_were_in_before_the_old_one_says_so_is_followed(reader, room, ann, bot):
    async with reader.running():
        new, say_so = await upgrade(ann, room, bot)
        await ann.say(new, "early")
        await reader.until_said("early")
        await say_so()
        await reader.until(lambda found: "upgraded" in keys(found))
        await ann.say(new, "settled")
        await ann.say(new, "in")
        events = await reader.until_said("in")
    async with reader.running():
        await ann.say(new, "for ever")
        later = await reader.until_said("for ever")

    assert groups(events, new)["early"] == new
    assert groups(events, new)["in"] == room
    assert groups(later, new)["for ever"] == room
    numbers = [event.place_sequence for event in later if event.place.channel == new]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_tombstone_that_only_the_state_shows_is_followed(reader, room, ann, bot):
    async with reader.running():
        await ann.say(room, "before")
        await reader.until_said("before")
    new, say_so = await upgrade(ann, room, bot)
    await say_so()
    for number in range(101):  # a sync shows 100
        await ann.say(room, f"anybody left? {number}")

    async with reader.running(pages=0):
        await reader.until_said("anybody left? 100")
        await ann.say(new, "settled")
        await reader.until_said("settled")
        await ann.say(new, "in")
        events = await reader.until_said("in")

    assert "upgraded" not in keys(events)
    assert groups(events, new)["in"] == room


async def test_rooms_that_moved_before_our_first_start_are_one_group(reader, room, ann, bot):
    new, say_so = await upgrade(ann, room, bot)
    await say_so()

    async with reader.running():
        await ann.say(new, "in")
        events = await reader.until_said("in")

    assert groups(events, new)["in"] == room


async def test_what_the_settings_say_of_a_room_is_stronger(reader, room, ann, bot):
    new, say_so = await upgrade(ann, room, bot)
    reader.groups = {new: "lobby"}
    async with reader.running():
        await say_so()
        await reader.until(lambda found: "upgraded" in keys(found))
        await ann.say(new, "settled")
        await reader.until_said("settled")
        await ann.say(new, "in")
        events = await reader.until_said("in")

    assert groups(events, new)["in"] == "lobby"


def keys(events):
    return [change.key for change in payloads(events, GroupChanged)]


def groups(events, room):
    """Of which group each message of a room was told to be."""
    said = [event for event in events if isinstance(event.payload, MessageCreated)]
    return {e.payload.content.text: e.group for e in said if e.place.channel == room}
