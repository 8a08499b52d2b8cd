"""Whoever has no voice in the group answers Reeve in private: an appeal, an agreement."""

import itertools

import pytest

from tests.matrix import Refused, until

BOOK = """
name: aside
language: en
rules:
  - id: insults
    why: We argue about things and leave people alone.
    when: {words: [moron]}
    then: [delete, mute: 2h]
  - id: door
    why: Whoever comes in knows the rules.
    kinds: [join]
    when: {not: {words: never}}
    then: [pend, expects: {command: agree, within: 1d, otherwise: kick, fulfilled: admit}]
"""


async def private_room(member, bot):
    """Follow Reeve's invitation to the room of two."""
    waits_ms = itertools.count()  # a homeserver repeats what it answered to the same question

    async def invited():
        found = await member.call("GET", f"/sync?timeout={next(waits_ms)}")
        return list(found.get("rooms", {}).get("invite", {}))

    (room,) = await until(invited, bool)
    await member.join(room)
    await member.see(room, lambda raw: raw["sender"] == bot and raw["type"] == "m.room.message")
    return room


def says(text, bot):
    return lambda raw: raw["sender"] == bot and text in raw["content"].get("body", "")


async def may_speak(member, room):
    try:
        await member.say(room, "Good evening.")
    except Refused:
        return False
    return True


@pytest.fixture
async def people(hall):
    mia, tom = await hall.people("mia", "tom")
    return mia, tom, await hall.room(mia, tom, book=BOOK)


async def test_a_muted_member_appeals_in_private_and_is_answered_there(hall, people):
    bot = hall.bot.user_id
    mia, tom, room = people
    await tom.say(room, "you moron")

    direct = await private_room(tom, bot)
    await tom.see(direct, says("say to me in private: !appeal", bot))
    await tom.say(direct, "you moron")
    await tom.say(direct, "!appeal it was a quotation")

    await tom.see(direct, says("Your appeal is noted", bot))
    case = await hall.case(group=room, state="appealed")
    assert case["case"]["member"] == tom.id
    assert len((await hall.policy.get("/v1/cases", group=room))["items"]) == 1
    assert not [raw for raw in await mia.timeline(room) if says("appeal is noted", bot)(raw)]


async def test_a_newcomer_who_waits_agrees_in_private_and_is_let_in(hall, people):
    bot = hall.bot.user_id
    _, _, room = people
    (eve,) = await hall.people("eve")
    await eve.join(room)

    direct = await private_room(eve, bot)
    await eve.see(direct, says("your commands count right here", bot))
    assert not await may_speak(eve, room)
    await eve.say(direct, "!agree")

    await eve.see(direct, says("You are let in", bot))
    assert await until(lambda: may_speak(eve, room), bool)
