"""What the ledger is asked for by `!packet` and its kin, word by word."""

import pytest

from contracts.values import (
    ClosePacket,
    FreezePacket,
    PacketTerms,
    ReactionAdded,
    SendPacket,
    SplitMode,
    TakeShare,
)
from tests.unit.policy.core.room import Room

BOOK = """
name: town
language: en
tiers:
  - {name: new}
  - {name: old, when: {joined: {older_than: 30d}}}
staff: {power: 50}
rules: [{id: calm, why: Keep calm., when: {words: [fury]}, then: notice}]
"""
SECRET = {"password": "Open"}


def asked(line, *, room=None, **fields):
    """Return what a command asks the ledger for."""
    (action,) = (room or Room(BOOK)).commands(line, who="ann", at_ms=5, **fields).actions
    return action.body.body


@pytest.mark.parametrize(
    ("line", "mode", "greeting"),
    [
        ("!hongbao 10 5 新年快乐", SplitMode.LUCKY, "新年快乐"),
        ("!packet 10 5 equal Enjoy, all", SplitMode.EQUAL, "Enjoy, all"),
        ("!红包 10 5 平均", SplitMode.EQUAL, ""),
        ("!packet 10 5 lucky a=b", SplitMode.LUCKY, "a=b"),
        ("!packet 10 5 祝大家：新年快乐", SplitMode.LUCKY, "祝大家：新年快乐"),
    ],
)
def test_a_packet_is_a_total_its_shares_and_perhaps_its_split_and_a_greeting(line, mode, greeting):
    wish = asked(line)

    assert (wish.total, wish.shares, wish.mode, wish.greeting) == (10, 5, mode, greeting)
    assert (wish.sender, wish.terms, wish.drops) == ("@ann:example.org", None, 0)


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("tier=OLD", {"tiers": ("old",)}),
        ("password=Open", SECRET),
        ("口令：Open", SECRET),
        ("min=2 max=7", {"share_min": 2, "share_max": 7}),
        ("入群=7天 声望=20", {"tenure_ms": 604_800_000, "reputation": 20}),
        ("to=@bob:example.org,@cat:example.org",
         {"members": ("@bob:example.org", "@cat:example.org")}),
    ],
)  # fmt: skip
def test_terms_stand_between_the_split_and_the_greeting(words, terms):
    wish = asked(f"!packet 20 5 equal {words} Enjoy")

    assert (wish.terms, wish.greeting) == (PacketTerms(**terms), "Enjoy")


def test_whoever_is_mentioned_is_meant_and_a_packet_for_some_is_split_equally():
    wish = asked("!packet 20 1 to=Bob", mentions=("@bob:example.org",))

    assert (wish.terms.members, wish.mode) == (("@bob:example.org",), SplitMode.EQUAL)


def test_a_packet_comes_later_or_as_a_rain():
    later, rain = asked("!红包 20 5 定时=1小时30分钟"), asked("!packet 20 5 rain=3 every=30s")
    plain = asked("!packet 20 5 rain=2")

    assert (later.opens_in_ms, later.drops) == (5_400_000, 0)
    assert (rain.drops, rain.every_ms, plain.every_ms) == (3, 30_000, 60_000)


@pytest.mark.parametrize(
    "words",
    ["tier=baron", "in=soon", "every=1m", "min=x", "rain=0", "to=,", "password=" + "x" * 101],
)
def test_terms_that_mean_nothing_are_answered_with_how_to_say_it(words):
    decision = Room(BOOK).commands(f"!packet 20 5 {words}", who="ann", at_ms=5)

    assert decision.explanation.startswith("Say it like this: !packet")
    assert "password=WORD" in decision.explanation


def test_the_sender_takes_the_newest_packet_back_or_the_one_named():
    room = Room(BOOK)
    unknown = room.commands("!recall", who="ann", at_ms=4)
    room.packet(id="p7", at_ms=5)

    newest, named = asked("!recall", room=room), asked("!撤回红包 P3", room=room)

    assert unknown.explanation.startswith("Say it like this: !recall")
    assert newest == ClosePacket(packet_id="p7", why="recalled", by="@ann:example.org")
    assert named.packet_id == "p3"


def test_the_staff_alone_shuts_frees_and_withdraws():
    no = Room(BOOK).commands("!freeze p1", who="ann", at_ms=5)
    shut = asked("!冻结红包 p1 stolen money", power=50)
    freed, gone = asked("!unfreeze p1", power=50), asked("!withdraw p1", power=50)

    assert [type(action.body).__name__ for action in no.actions] == ["Reply"]
    ann = "@ann:example.org"
    assert shut == FreezePacket(packet_id="p1", frozen=True, by=ann, why="stolen money")
    assert (freed.frozen, gone) == (False, ClosePacket(packet_id="p1", why="withdrawn", by=ann))


def test_an_envelope_as_a_reaction_takes_of_the_packet_that_lies_open():
    room = Room(BOOK)
    envelope = ReactionAdded(message_id="$told", key="🧧", reaction_id="$r")
    before = room.feed(envelope, who="bob", at_ms=1)
    room.packet(id="p7", at_ms=2)
    heart = room.feed(
        ReactionAdded(message_id="$told", key="❤", reaction_id="$h"), who="bob", at_ms=3
    )
    taken = room.feed(envelope, who="bob", at_ms=4)

    assert (before, heart) == (None, None)
    assert isinstance(taken.actions[0].body.body, TakeShare)
    assert taken.actions[0].body.body.packet_id == "p7"
    refused = room.refused("already_taken", "bob", at_ms=5)
    assert refused.actions[0].body.message_id == "$told"


def test_a_password_said_in_private_is_said_to_nobody_else():
    (action,) = (
        Room(BOOK).commands("!packet 20 5 password=Open", direct=True, who="ann", at_ms=5).actions
    )

    assert isinstance(action.body.body, SendPacket)
    assert action.body.body.terms == PacketTerms(**SECRET)


def test_no_packet_is_frozen_by_a_name_that_none_has():
    for line in ("!freeze", "!unfreeze No/Packet"):
        (reply,) = Room(BOOK).commands(line, who="mod", power=50).actions

        assert "Say it like this" in reply.body.text
