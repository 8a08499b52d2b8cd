"""What is typed to Reeve in private: commands about the group of a notice, and nothing else."""

import pytest

from contracts.values import CommandInvoked, Content
from gateway.cursors import RoomRecord, _record
from gateway.platforms.matrix import asides
from gateway.platforms.matrix.normalise import Reading
from gateway.platforms.matrix.rooms import TOLD_LIMIT
from gateway.platforms.matrix.source import Source
from tests.unit.gateway.matrix.payloads import ANN, BOB, OWN, READING, Desk

SALON, FILM = "!salon:reeve.test", "!film:reeve.test"
DIRECT = "!direct:reeve.test"


@pytest.fixture
def desk():
    """Reeve's room with Ann."""
    desk = Desk(DIRECT)
    created = {"dev.reeve.direct": True, "room_version": "11"}
    desk.put("m.room.create", created, sender=OWN, state_key="")
    return desk


def notice(desk, about, sender=OWN):
    content = {"msgtype": "m.notice", "body": "You are muted.", "dev.reeve.about": about}
    raw = desk.raw("m.room.message", content, sender=sender)
    assert desk.normaliser.events(desk.room, raw, READING) == []
    return raw


def typed(desk, body, **content):
    return desk.put("m.room.message", {"msgtype": "m.text", "body": body, **content})


def test_a_command_is_about_the_group_of_the_newest_notice(desk):
    notice(desk, SALON)
    notice(desk, FILM)

    (event,) = typed(desk, "!appeal it was a joke")

    assert (event.group, event.place.channel, event.actor.id) == (FILM, FILM, ANN)
    assert event.place_sequence == 0
    assert event.payload == CommandInvoked(
        name="appeal",
        args=("it", "was", "a", "joke"),
        text="!appeal it was a joke",
        content=Content(),
        direct=True,
    )


def test_a_group_can_be_named_and_a_notice_answered(desk):
    first = notice(desk, SALON)
    notice(desk, FILM)
    answer = {"m.relates_to": {"m.in_reply_to": {"event_id": first["event_id"]}}}

    (named,) = typed(desk, f"!appeal {SALON} a joke")
    (answered,) = typed(desk, "!agree", **answer)

    assert (named.group, named.payload.args) == (SALON, ("a", "joke"))
    assert (answered.group, answered.payload.args) == (SALON, ())


def test_a_group_can_be_named_as_the_operator_calls_it():
    desk = Desk(DIRECT)
    desk.memory._groups[SALON] = "salon"  # noqa: SLF001 - as the settings give it
    desk.put("m.room.create", {"dev.reeve.direct": True}, sender=OWN, state_key="")
    notice(desk, SALON)
    notice(desk, FILM)

    (event,) = typed(desk, "!appeal salon a joke")

    assert (event.group, event.payload.args) == ("salon", ("a", "joke"))


def test_nothing_else_that_is_said_in_private_is_told(desk):
    notice(desk, SALON)

    assert typed(desk, "What is this about?") == []
    assert typed(desk, "! appeal") == []
    assert desk.put("m.room.message", {"body": 7}) == []
    assert desk.put("m.reaction", {"m.relates_to": {"event_id": "$x", "key": "x"}}) == []
    assert desk.put("m.room.topic", {"topic": "!agree"}, state_key="") == []
    edit = {"m.new_content": {"msgtype": "m.text", "body": "!agree"}}
    relation = {"m.relates_to": {"rel_type": "m.replace", "event_id": "$x"}}
    assert typed(desk, "* !agree", **edit, **relation) == []


def test_a_command_before_any_notice_and_one_of_ours_are_about_nothing(desk):
    assert typed(desk, "!agree") == []
    notice(desk, SALON)
    assert desk.put("m.room.message", {"msgtype": "m.text", "body": "!agree"}, sender=OWN) == []


def test_nobody_else_can_say_what_a_notice_is_about(desk):
    notice(desk, SALON, sender=BOB)

    assert typed(desk, "!agree") == []


def test_what_was_said_before_we_were_there_is_no_command(desk):
    notice(desk, SALON)
    raw = desk.raw("m.room.message", {"msgtype": "m.text", "body": "!agree"})
    before = Reading(received_ms=1, cursor="s", before_us=True)

    assert desk.normaliser.events(desk.room, raw, before) == []


def test_power_is_that_in_the_group_and_not_that_in_private(desk):
    salon = desk.memory.room(SALON)
    levels = {"users": {ANN: 50}, "users_default": 0}
    salon.observe("m.room.power_levels", "", {"content": levels})
    levels = {"users": {ANN: 0, BOB: 100}}
    desk.put("m.room.power_levels", levels, sender=OWN, state_key="")
    desk.room.rename(ANN, "Ann")
    notice(desk, SALON)

    (ann,) = typed(desk, "!held")
    (bob,) = desk.put("m.room.message", {"msgtype": "m.text", "body": "!held"}, sender=BOB)

    assert (ann.actor.power, ann.actor.display_name) == (50, "Ann")
    assert bob.actor.power == 0


def test_read_again_a_command_means_the_same_group(desk):
    notice(desk, SALON)
    raw = desk.raw("m.room.message", {"msgtype": "m.text", "body": "!agree"})
    (first,) = desk.normaliser.events(desk.room, raw, READING)
    later = notice(desk, FILM)

    asides.forget(desk.room, [raw, later, "no event"])
    (again,) = desk.normaliser.events(desk.room, raw, READING)

    assert again == first


def test_the_newest_notices_are_kept_and_outlive_a_restart(desk):
    for number in range(TOLD_LIMIT + 9):
        notice(desk, f"!r{number}:reeve.test")

    record = RoomRecord(since="s1", told=tuple(desk.room.told.items()))

    assert len(record.told) == TOLD_LIMIT
    assert record.told[-1][1] == f"!r{TOLD_LIMIT + 8}:reeve.test"
    assert _record(b'["s1",1,2,3,"!space:x",[["$e","!a:x"]]]').told == (("$e", "!a:x"),)
    assert _record(b'["s1",1,2,3,"!space:x"]').told == ()
    assert _record(b'["s1",1,2,3,"!space:x",[["$e"]]]') is None
    followed = _record(b'["s1",1,2,3,"!space:x",[],"!old:x","!group:x"]')
    assert (followed.follows, followed.group) == ("!old:x", "!group:x")


def test_a_source_is_what_is_looked_at():
    desk = Desk(DIRECT)
    raw = desk.raw("m.room.message", {"dev.reeve.about": 7}, sender=OWN)

    asides.told(desk.room, Source.read(raw))

    assert not desk.room.told
