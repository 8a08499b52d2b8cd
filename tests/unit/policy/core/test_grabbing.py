"""What the ledger is told with a member's `!grab`: which packet, the password, tier and tenure."""

import pytest

from tests.unit.policy.core.room import EPOCH_MS, Room

DAY_MS = 86_400_000
BOOK = """
name: town
language: en
tiers:
  - {name: new}
  - {name: old, when: {joined: {older_than: 30d}}}
rules: [{id: calm, why: Keep calm., when: {words: [fury]}, then: notice}]
"""
UNTIERED = """
name: town
language: en
rules: [{id: calm, why: Keep calm., when: {words: [fury]}, then: notice}]
"""


def grab(room, line="!grab", at_ms=5, who="bob"):
    (action,) = room.commands(line, who=who, at_ms=at_ms).actions
    return action.body.body


def test_the_password_is_all_that_follows_the_packet_as_it_was_written():
    asked = grab(Room(BOOK), "!抢 P7 Open  Sesame 恭喜")

    assert (asked.packet_id, asked.password) == ("p7", "Open Sesame 恭喜")


def test_the_ledger_is_told_the_tier_and_since_when_a_member_belongs_to_the_group():
    room = Room(BOOK)
    room.joins("bob", at_ms=0)
    early = grab(room)
    room.says("good morning, all of you", who="bob", at_ms=31 * DAY_MS)
    late = grab(room, at_ms=31 * DAY_MS + 1)

    assert (early.tier, early.since_ms) == ("new", EPOCH_MS)
    assert (late.tier, late.since_ms) == ("old", EPOCH_MS)


def test_of_a_stranger_where_nobody_has_tiers_the_ledger_is_told_neither():
    asked = grab(Room(UNTIERED))

    assert (asked.tier, asked.since_ms, asked.password) == ("", 0, "")


def test_a_password_that_no_packet_can_have_is_not_sent():
    decision = Room(BOOK).commands("!grab p1 " + "x" * 101, who="bob", at_ms=5)

    assert decision.explanation.startswith("Say it like this: !grab,")


@pytest.mark.parametrize(
    "shut",
    [{"opens": "1h"}, {"locked": True}, {"id": "drop", "rain": "first", "opens": "1h"}],
)
def test_a_packet_that_cannot_be_taken_by_a_mere_grab_leaves_the_one_before_in_its_place(shut):
    room = Room(BOOK)
    room.packet(id="before", at_ms=1)
    room.packet(**{"id": "shut"} | shut, at_ms=2)

    assert grab(room).packet_id == "before"


def test_the_packet_that_opened_last_is_the_one_that_is_grabbed():
    room = Room(BOOK)
    room.packet(id="p2", opens="1s", at_ms=1)
    room.packet(id="before", at_ms=2)
    room.opened(id="p2", opens="1s", at_ms=1_000)

    assert grab(room, at_ms=1_001).packet_id == "p2"


def test_while_the_staff_keeps_the_newest_packet_shut_the_ledger_finds_another():
    room = Room(BOOK)
    room.packet(id="p2", at_ms=1)
    room.frozen(id="p2", at_ms=2)
    shut = grab(room, at_ms=3)
    room.frozen(id="p2", free=True, at_ms=4)

    assert (shut.packet_id, grab(room, at_ms=5).packet_id) == ("", "p2")
