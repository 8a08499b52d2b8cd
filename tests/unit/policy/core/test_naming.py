"""Whom a command names, and how many vouch for one."""

import pytest

from policy.core import vouches
from tests.unit.policy.core.room import Room

RULE = "{id: a, why: b, when: {words: never}, permit: ads, then: notice}"
BOOK = f"name: n\nlanguage: en\nrules: [{RULE}]"


@pytest.fixture
def room():
    made = Room(BOOK)
    made.joins("ann", name="Ann")
    made.joins("bob", name="Bob of the Hill")
    made.joins("nameless", name="")
    made.joins("gone", name="Ann")
    made.leaves("gone")
    made.joins("old", name="Old Hand")
    made.leaves("old")
    return made


@pytest.mark.parametrize(
    ("line", "mentions", "given"),
    [
        ("!permit Ann ads", (), "＠ann:example.org"),
        ("!permit @ann, ads", (), "＠ann:example.org"),
        ("!permit Bob of the Hill ads 2", (), "＠bob:example.org"),
        ("!permit old hand", (), "＠old:example.org"),
        ("!permit Bob of the Hill ads", ("bob",), "＠bob:example.org"),
        ("!permit @bob:example.org ads", ("bob",), "＠bob:example.org"),
        ("!permit @bob:example.org ads", (), "＠bob:example.org"),
        ("!permit someone ads", ("stranger",), "＠stranger:example.org"),
        ("!permit <@!42> ads", (), "42"),
        ("!permit 42 ads", (), "42"),
    ],
)
def test_a_member_is_named_by_mention_by_id_or_by_the_name_that_is_shown(
    room, line, mentions, given
):
    ids = [f"@{name}:example.org" for name in mentions]

    (reply,) = room.commands(line, power=50, who="mod", mentions=ids).actions

    assert f"{given} may do" in reply.body.text


@pytest.mark.parametrize("name", ["permit", "unbar", "confirm"])
def test_who_of_several_is_meant_is_asked(room, name):
    room.joins("anne", name="Ann")

    (reply,) = room.commands(f"!{name} ann", power=50, who="mod").actions

    assert "Several members are called so" in reply.body.text


def test_nobody_is_named_by_nothing(room):
    (reply,) = room.commands("!unbar", power=50, who="mod").actions

    assert "Say it like this" in reply.body.text


def test_one_vouches_for_so_many_and_so_many_for_one(room, monkeypatch):
    monkeypatch.setattr(vouches, "VOUCHED_MAX", 1)
    room.commands("!vouch Ann", who="bob")

    (reply,) = room.commands("!vouch old hand", who="bob").actions

    assert "That is too many" in reply.body.text


def test_who_vouched_long_ago_answers_for_nothing():
    rule = (
        "{id: a, why: b, when: {words: idiot}, then:"
        " {inviter: {points: 1, within: 1h, vouchers: true}}}"
    )
    ladder = "ladder: {steps: [{at: 1, do: warn}]}"
    room = Room(f"name: n\nlanguage: en\n{ladder}\nrules: [{rule}]")
    room.joins("ann")
    room.joins("bob")
    room.commands("!vouch ann", who="bob")

    soon = room.says("idiot", at_ms=1_000)
    late = room.says("idiot", at_ms=7_200_000)

    assert "whom you vouch for" in soon.explanation
    assert "whom you vouch for" not in late.explanation


def test_those_who_left_vouch_for_nobody():
    rule = "{id: a, why: b, when: {vouched: {at_least: 1, tier: new}, words: hi}, then: notice}"
    room = Room(f"name: n\nlanguage: en\ntiers: [{{name: new}}, {{name: old}}]\nrules: [{rule}]")
    room.joins("ann")
    room.joins("bob")
    room.commands("!vouch ann", who="bob")

    before = room.says("hi")
    room.leaves("bob")

    assert before is not None
    assert room.says("hi") is None
