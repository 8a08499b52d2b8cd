"""Every kind of action, proven by its effect on a real homeserver, and repeated without harm."""

import pytest

from contracts.values import (
    Action,
    Actor,
    AddRole,
    Announce,
    Ban,
    DeleteMessage,
    Kick,
    Lockdown,
    Mute,
    OutcomeStatus,
    Place,
    RemoveRole,
    Reply,
    SetGroup,
    SetNickname,
    Unban,
    Unlock,
    Unmute,
)
from gateway.platforms.matrix.directs import Directs
from gateway.platforms.matrix.executor import Executor
from gateway.platforms.matrix.silence import Silence

DONE, ALREADY = OutcomeStatus.DONE, OutcomeStatus.ALREADY
DENIED, GONE = OutcomeStatus.DENIED, OutcomeStatus.GONE


@pytest.fixture
async def executor(bus, bot):
    """The bot's hands, with buckets of their own."""
    homeserver = bot.homeserver
    directs = Directs(homeserver, await bus.bucket("directs"))
    return Executor(homeserver, directs, Silence(homeserver, await bus.bucket("mutes")))


def action(body, room, target=None, *, action_id="a1", thread="", reason=""):
    person = None if target is None else Actor(id=target.id, display_name="Bob")
    return Action(
        id=action_id,
        executor="matrix",
        platform="matrix",
        place=Place(channel=room, thread=thread),
        target=person,
        reason=reason,
        body=body,
    )


async def statuses(executor, *actions):
    return [(await executor.carry_out(each)).status for each in actions]


async def test_a_message_is_redacted_once(executor, room, ann, bob):
    spam = await bob.say(room, "buy now")
    wanted = action(DeleteMessage(message_id=spam), room, bob, reason="spam")

    first = await executor.carry_out(wanted)
    again = await executor.carry_out(wanted)

    assert (first.status, again) == (DONE, first)
    redactions = [raw for raw in await ann.timeline(room) if raw["type"] == "m.room.redaction"]
    assert [raw["event_id"] for raw in redactions] == [first.effect_id]
    assert redactions[0]["content"]["reason"] == "spam"
    assert redactions[0]["content"]["dev.reeve.action"] == "a1"
    (emptied,) = [raw for raw in await ann.timeline(room) if raw["event_id"] == spam]
    assert emptied["content"] == {}


async def test_what_somebody_else_redacted_or_nobody_wrote_needs_nothing(executor, room, bob):
    spam = await bob.say(room, "oops")
    await bob.homeserver.redact(room, spam, "own", {})

    done = await executor.carry_out(action(DeleteMessage(message_id=spam), room))
    unknown = await executor.carry_out(action(DeleteMessage(message_id="$nothing"), room))

    assert (done.status, unknown.status) == (ALREADY, GONE)


async def test_a_reply_answers_mentions_and_is_said_once(executor, room, ann, bob):
    spam = await bob.say(room, "buy now")
    wanted = action(Reply(message_id=spam, text="<why>\nnot here", mention=True), room, bob)

    first = await executor.carry_out(wanted)
    again = await executor.carry_out(wanted)

    assert first == again
    (said,) = [raw for raw in await ann.timeline(room) if raw["event_id"] == first.effect_id]
    assert said["content"]["body"] == "Bob: <why>\nnot here"
    assert said["content"]["formatted_body"].endswith(">Bob</a>: &lt;why&gt;<br>not here")
    assert said["content"]["m.mentions"] == {"user_ids": [bob.id]}
    assert said["content"]["m.relates_to"] == {"m.in_reply_to": {"event_id": spam}}
    assert said["content"]["dev.reeve.action"] == "a1"


async def test_a_reply_in_a_thread_stays_in_it(executor, room, ann, bob):
    root = await bob.say(room, "a thread")

    result = await executor.carry_out(action(Reply(text="aye"), room, bob, thread=root))

    (said,) = [raw for raw in await ann.timeline(room) if raw["event_id"] == result.effect_id]
    assert said["content"]["m.relates_to"]["rel_type"] == "m.thread"
    assert said["content"]["m.relates_to"]["event_id"] == root


async def test_an_announcement_is_said_to_all(executor, room, ann):
    result = await executor.carry_out(action(Announce(text="the rules have changed"), room))

    (said,) = [raw for raw in await ann.timeline(room) if raw["event_id"] == result.effect_id]
    assert (said["content"]["msgtype"], said["content"]["body"]) == (
        "m.notice",
        "the rules have changed",
    )


async def test_a_mute_takes_the_voice_and_its_end_restores_the_room_exactly(
    executor, room, ann, bob
):
    before = await ann.levels(room)

    muted = await executor.carry_out(action(Mute(), room, bob, action_id="m"))
    again = await executor.carry_out(action(Mute(), room, bob, action_id="m"))

    assert (muted.status, again.status) == (DONE, DONE)
    assert (await ann.levels(room))["users"][bob.id] == -1
    assert not await bob.may_speak(room)
    unmute = action(Unmute(mute_action_id="m"), room, bob, action_id="u")
    assert await statuses(executor, unmute, unmute) == [DONE, DONE]
    assert await ann.levels(room) == before
    assert bob.id not in before["users"]
    assert await bob.may_speak(room)


async def test_a_level_that_was_there_before_the_mute_is_there_again(executor, room, ann, bob):
    await ann.set_level(room, bob.id, 7)
    before = await ann.levels(room)

    await executor.carry_out(action(Mute(), room, bob, action_id="m"))
    await executor.carry_out(action(Unmute(), room, bob, action_id="u"))

    assert await ann.levels(room) == before


async def test_where_everybody_may_speak_at_minus_five_a_mute_goes_below(executor, ann, bob, bot):
    room = await ann.make_room(
        bob, bot, power_level_content_override={"events_default": -5, "users_default": -5}
    )
    await ann.set_level(room, bot.id, 100)

    result = await executor.carry_out(action(Mute(), room, bob))

    assert result.status is DONE
    assert (await ann.levels(room))["users"][bob.id] == -6
    assert not await bob.may_speak(room)


async def test_two_mutes_end_with_the_last_of_them(executor, room, bob):
    first, second = (action(Mute(), room, bob, action_id=each) for each in ("m1", "m2"))
    end_first = action(Unmute(mute_action_id="m1"), room, bob, action_id="u1")
    end_second = action(Unmute(mute_action_id="m2"), room, bob, action_id="u2")

    assert await statuses(executor, first, second, end_first) == [DONE, ALREADY, ALREADY]
    assert not await bob.may_speak(room)
    assert await statuses(executor, end_second, end_second) == [DONE, DONE]
    assert await bob.may_speak(room)


async def test_one_unmute_may_end_every_mute(executor, room, bob):
    first, second = (action(Mute(), room, bob, action_id=each) for each in ("m1", "m2"))
    await statuses(executor, first, second)

    assert await statuses(executor, action(Unmute(), room, bob, action_id="u")) == [DONE]
    assert await bob.may_speak(room)


async def test_a_mute_that_comes_after_its_end_is_not_carried_out(executor, room, bob):
    late = action(Mute(until_ms=1), room, bob)

    assert await statuses(executor, late) == [ALREADY]
    assert await bob.may_speak(room)


async def test_a_level_changed_by_hand_meanwhile_is_left_and_reported(executor, room, ann, bob):
    await executor.carry_out(action(Mute(), room, bob, action_id="m"))
    await ann.set_level(room, bob.id, 50)

    result = await executor.carry_out(action(Unmute(), room, bob, action_id="u"))

    assert (result.status, "by hand to 50" in result.fault) == (ALREADY, True)
    assert (await ann.levels(room))["users"][bob.id] == 50


async def test_one_who_was_muted_by_hand_is_neither_muted_nor_unmuted_by_us(
    executor, room, ann, bob
):
    await ann.set_level(room, bob.id, -1)

    muted, unmuted = await statuses(
        executor, action(Mute(), room, bob), action(Unmute(), room, bob, action_id="u")
    )

    assert (muted, unmuted) == (ALREADY, ALREADY)
    assert (await ann.levels(room))["users"][bob.id] == -1


@pytest.mark.parametrize("version", ["1", "6", "9", "10", "11", "12"])
async def test_every_room_version_can_be_kept_in_order(executor, ann, bob, bot, version):
    room = await ann.make_room(bob, bot, room_version=version)
    await ann.set_level(room, bot.id, 100)
    before = await ann.levels(room)

    muted = await executor.carry_out(action(Mute(), room, bob, action_id="m"))
    spoke = await bob.may_speak(room)
    unmuted = await executor.carry_out(action(Unmute(), room, bob, action_id="u"))
    spam = await bob.say(room, "buy now")
    deleted = await executor.carry_out(
        action(DeleteMessage(message_id=spam), room, bob, action_id="d")
    )
    again = await executor.carry_out(
        action(DeleteMessage(message_id=spam), room, bob, action_id="d")
    )
    kicked = await executor.carry_out(action(Kick(), room, bob, action_id="k"))

    assert [muted.status, unmuted.status, deleted.status, kicked.status] == [DONE] * 4
    assert (spoke, again) == (False, deleted)
    assert await ann.levels(room) == before
    assert await ann.membership(room, bob.id) == "leave"


async def test_a_creator_of_a_version_12_room_cannot_be_muted(executor, room, ann):
    result = await executor.carry_out(action(Mute(), room, ann))

    assert (result.status, "creator" in result.fault) == (DENIED, True)


async def test_a_member_is_kicked_once_and_may_come_back(executor, room, ann, bob):
    kick = action(Kick(), room, bob, reason="scam")

    assert await statuses(executor, kick, kick) == [DONE, DONE]

    assert await ann.membership(room, bob.id) == "leave"
    await bob.homeserver.join(room)
    assert (await executor.carry_out(kick)).status is DONE
    assert await ann.membership(room, bob.id) == "join", "the same kick is not done twice"


async def test_one_who_is_not_there_need_not_be_kicked(executor, room, bob):
    await bob.call("POST", "rooms", room, "leave", body={})

    assert await statuses(executor, action(Kick(), room, bob)) == [ALREADY]


async def test_a_ban_holds_until_it_is_lifted(executor, room, ann, bob):
    ban, unban = action(Ban(), room, bob, reason="scam"), action(Unban(), room, bob, action_id="u")

    assert await statuses(executor, ban, ban) == [DONE, DONE]
    assert await ann.membership(room, bob.id) == "ban"
    assert await statuses(executor, action(Ban(), room, bob, action_id="b2")) == [ALREADY]
    assert await statuses(executor, unban, unban) == [DONE, DONE]
    assert await ann.membership(room, bob.id) == "leave"
    await bob.homeserver.join(room)


async def test_one_who_is_not_banned_need_not_be_unbanned(executor, room, bob):
    assert await statuses(executor, action(Unban(), room, bob)) == [ALREADY]


async def test_without_power_everything_is_denied_and_says_why(executor, ann, bob, bot):
    room = await ann.make_room(bob, bot)
    spam = await bob.say(room, "buy now")

    results = [
        await executor.carry_out(action(body, room, bob))
        for body in (DeleteMessage(message_id=spam), Mute(), Kick(), Ban())
    ]

    assert [result.status for result in results] == [DENIED] * 4
    assert all("M_FORBIDDEN" in result.fault for result in results)


async def test_an_action_without_a_place_or_a_target_is_denied(executor, room):
    assert await statuses(executor, action(Kick(), room), action(Announce(text="x"), "")) == [
        DENIED,
        DENIED,
    ]


async def test_what_this_executor_does_not_know_fails(executor, room):
    assert await statuses(executor, action(None, room)) == [OutcomeStatus.FAILED]


async def test_a_setting_is_put_back_unless_it_has_changed_again(executor, room, bot):
    homeserver = bot.homeserver
    await homeserver.put_state(room, "m.room.topic", "", {"topic": "casino"})
    back = action(SetGroup(key="topic", value="books", instead_of="casino"), room, action_id="s1")

    first = await executor.carry_out(back)
    again = await executor.carry_out(back)

    assert (first.status, again.status) == (DONE, DONE)
    assert first.prior == '{"topic":"casino"}'
    assert (await homeserver.state(room, "m.room.topic"))["topic"] == "books"
    await homeserver.put_state(room, "m.room.topic", "", {"topic": "films"})
    late = action(SetGroup(key="topic", value="books", instead_of="casino"), room, action_id="s2")
    same = action(SetGroup(key="topic", value="films"), room, action_id="s3")
    assert await statuses(executor, late, same) == [ALREADY, ALREADY]
    gone = action(SetGroup(key="name", value=""), room, action_id="s4")
    pins = action(SetGroup(key="pinned", value='{"pinned":["$a"]}'), room, action_id="s5")
    pinned = action(SetGroup(key="pinned", value='{"pinned":["$a"]}'), room, action_id="s6")
    assert (await executor.carry_out(gone)).status in (DONE, ALREADY)
    assert await statuses(executor, pins, pinned) == [DONE, ALREADY]


async def test_a_lockdown_keeps_the_rules_of_before_to_restore_them(executor, room, bot):
    homeserver = bot.homeserver
    rules = {"join_rule": "public", "org.example.kept": 1}
    await homeserver.put_state(room, "m.room.join_rules", "", rules)
    lock = action(Lockdown(), room, action_id="l1")

    assert await statuses(executor, lock, lock) == [DONE, DONE]
    assert (await homeserver.state(room, "m.room.join_rules"))["join_rule"] == "invite"
    other = action(Lockdown(), room, action_id="l2")
    wrong = action(Unlock(lockdown_action_id="l2"), room, action_id="u2")
    right = action(Unlock(lockdown_action_id="l1"), room, action_id="u1")
    assert await statuses(executor, other, wrong, right, right) == [ALREADY, ALREADY, DONE, ALREADY]
    assert await homeserver.state(room, "m.room.join_rules") == rules


async def test_what_matrix_cannot_do_is_denied_in_words(executor, room, bob):
    wanted = [
        AddRole(role="vip"),
        RemoveRole(role="vip"),
        SetNickname(name="1-bob"),
        SetGroup(key="slowmode", value="5"),
        SetGroup(key="join_rule", value="restricted"),
        SetGroup(key="pinned", value="no json"),
        SetGroup(key="pinned", value="[]"),
    ]
    ends = [await executor.carry_out(action(body, room, bob)) for body in wanted]

    assert {end.status for end in ends} == {DENIED}
    assert all(end.fault for end in ends)
