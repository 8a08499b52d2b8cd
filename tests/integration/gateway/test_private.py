"""What Reeve tells one person alone, and pictures that are shown again, on a real homeserver."""

import aiohttp

from contracts import ids
from contracts.values import (
    Announce,
    Attachment,
    DeleteMessage,
    DirectNotice,
    Mute,
    Reply,
    Unmute,
)
from gateway.platforms.matrix.directs import PREFIX
from tests.integration.gateway.test_executor import DENIED, DONE, action, executor

__all__ = ["executor"]

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


async def test_a_picture_that_was_redacted_is_shown_again(executor, room, synapse, ann, bob):
    token = {"Authorization": f"Bearer {bob.account.access_token}"}
    kind = {"Content-Type": "image/png"}
    async with aiohttp.ClientSession(synapse.url, headers=token) as session:
        where = "/_matrix/media/v3/upload?filename=cat.png"
        async with session.post(where, data=PICTURE, headers=kind) as answer:
            handle = (await answer.json())["content_uri"]
        details = {"url": handle, "info": {"mimetype": "image/png"}}
        picture = await bob.say(room, "cat.png", msgtype="m.image", **details)
        await executor.carry_out(action(DeleteMessage(message_id=picture), room, bob))
        shown = Attachment(handle=handle, name="cat.png", media_type="image/png", size_bytes=67)
        wanted = action(Announce(text="Bob wrote", attachments=(shown,)), room, action_id="p1")

        first = await executor.carry_out(wanted)
        again = await executor.carry_out(wanted)
        where = f"/_matrix/client/v1/media/download/{handle.removeprefix('mxc://')}"
        async with session.get(where) as answer:
            kept = await answer.read()

    assert first == again
    said = [raw for raw in await ann.timeline(room) if raw["sender"] != bob.id]
    pictures = [raw["content"] for raw in said if raw["content"].get("msgtype") == "m.image"]
    assert [(one["url"], one["body"]) for one in pictures] == [(handle, "cat.png")]
    assert kept == PICTURE


async def test_a_notice_comes_in_a_room_of_two_that_is_made_once(executor, room, bob, bus):
    first = await executor.carry_out(action(DirectNotice(text="one"), room, bob))
    directs = await bus.bucket("directs")
    for key in await directs.keys():
        await directs.delete(key)  # as if the process had died before it was kept

    second = await executor.carry_out(action(DirectNotice(text="two"), room, bob, action_id="a2"))
    again = await executor.carry_out(action(DirectNotice(text="two"), room, bob, action_id="a2"))

    assert (first.status, second.status, again) == (DONE, DONE, second)
    invited = await bob.homeserver.sync("", "{}", 0)
    (direct,) = invited["rooms"]["invite"]
    await bob.homeserver.join(direct)
    said = [raw["content"].get("body") for raw in await bob.timeline(direct)]
    assert [body for body in said if body] == ["one", "two"]


async def test_an_answer_to_somebody_we_muted_comes_in_private_too(executor, room, bob):
    mute = action(Mute(until_ms=0), room, bob, action_id="m1")
    answer = Reply(text="You are muted.", mention=True)
    unmute = action(Unmute(mute_action_id="m1"), room, bob, action_id="u1")

    first = await executor.carry_out(action(answer, room, bob, action_id="r1"))
    await executor.carry_out(mute)
    second = await executor.carry_out(action(answer, room, bob, action_id="r2"))
    again = await executor.carry_out(action(answer, room, bob, action_id="r2"))
    await executor.carry_out(unmute)
    await executor.carry_out(action(answer, room, bob, action_id="r3"))

    assert (first.status, second.status, again) == (DONE, DONE, second)
    (direct,) = (await bob.homeserver.sync("", "{}", 0))["rooms"]["invite"]
    await bob.homeserver.join(direct)
    (said,) = [raw for raw in await bob.timeline(direct) if raw["type"] == "m.room.message"]
    assert said["content"]["body"] == "You are muted."
    assert said["content"]["dev.reeve.about"] == room
    assert "m.relates_to" not in said["content"]


async def test_nobody_reads_a_notice_by_taking_the_alias_first(executor, room, bot, ann, bob):
    alias = PREFIX + ids.token(f"{bot.id} {bob.id}")
    await ann.make_room(bot, room_alias_name=alias)

    result = await executor.carry_out(action(DirectNotice(text="one"), room, bob))

    assert result.status is DENIED
    assert "somebody else holds the alias" in result.fault


async def test_one_who_left_the_room_of_two_is_invited_again(executor, room, bob):
    await executor.carry_out(action(DirectNotice(text="one"), room, bob))
    (direct,) = (await bob.homeserver.sync("", "{}", 0))["rooms"]["invite"]
    await bob.call("POST", "rooms", direct, "leave", body={})

    result = await executor.carry_out(action(DirectNotice(text="two"), room, bob, action_id="a2"))

    assert result.status is DONE
    assert list((await bob.homeserver.sync("", "{}", 0))["rooms"]["invite"]) == [direct]
