import pytest

from contracts.values import Attachment
from policy.core.compile import compile_rulebook
from policy.core.messages import say
from policy.core.rulebook import parse
from policy.core.versions import exempted, told
from tests.unit.policy.core.room import Room

BOOK = """
name: salon
language: en
timezone: "+08:00"
tell: room
exempt: {roles: [host]}
lists:
  insults: {words: [blockhead]}
ladder:
  decay: {points: 1, every: 1d}
  steps: [{at: 1, do: notice}, {at: 2, do: mute, for: 10m}]
rules:
  - {id: insults, why: Argue on things., when: {words: [list:insults]}, then: [delete, points: 1]}
  - {id: links, why: Say why, when: {all: [{link: any}, {words: [buy, sell]}]}, then: warn}
  - id: either
    why: Neither.
    when: {any: [{words: [pear]}, {max_length: 30}]}
    then: {ban: 1d}
  - {id: calm, why: One by one., when: {flood: {messages: 12, within: 1m}}, then: kick}
  - {id: hush, why: Quiet., when: {pattern: 'psst+'}, then: {mute: 5m}}
  - {id: bare, why: Not that., when: {all: [{not: {words: [x]}}, {words: [zzz]}]}, then: ban}
"""


@pytest.fixture
def room():
    return Room(BOOK)


@pytest.fixture
def book(room):
    return room.compiled.rulebook


def test_in_the_room_a_word_is_masked_and_in_private_it_is_shown(room, book):
    decision = room.says("you blockhead!")

    public, private = (told(version, "en", book, decision) for version in ("public", "private"))

    assert public == (
        "Your message was removed. A friendly reminder. The rule “insults”: Argue on things. "
        "Seen: a word on the list “insults” (b******d). "
        "It would have been fine without that word. "
        "You have 1 strike point. At 2: muted for 10 minutes. 1 fades every day. "
        "If this is wrong, say: !appeal REASON."
    )
    here = "answer right here: !appeal REASON, or write to a moderator."
    there = public.replace("b******d", "blockhead").replace("say: !appeal REASON.", here)
    assert private == there
    assert decision.actions[-1].body.text == public


def test_it_can_be_told_in_the_other_language_later(room, book):
    decision = room.says("you blockhead!")

    assert told("public", "zh", book, decision) == (
        "你的消息已被移除。温馨提醒。群规“insults”：Argue on things."
        "原因：出现了名单“insults”里的词语（b******d）。不用这个词就没有问题。"
        "你现在有 1 个违规分。满 2 分：禁言10分钟。每天减 1 分。如有异议，请发：!申诉 理由。"
    )


def test_where_one_change_would_do_only_one_is_told(room, book):
    decision = room.says("buy, sell: shop.example/all")

    assert "It would have been fine without the link." in told("public", "en", book, decision)


def test_where_each_part_is_enough_both_have_to_change(room, book):
    decision = room.says("a pear is a pear is a pear is a pear")

    text = told("private", "en", book, decision)

    assert "fine without that word, with 6 characters less." in text
    assert "You are banned from the group for 1 day, until 2026-01-02 08:00 UTC+08:00." in text


def test_staff_see_every_rule_what_is_listed_where_it_stood_and_the_events(room, book):
    for number in range(12):
        room.says(f"line {number}", at_ms=number)
    decision = room.says("blockhead", at_ms=20, attachments=[Attachment(name="a")])

    lines = told("staff", "en", book, decision).splitlines()

    assert lines[0] == (
        f"Decision {decision.id} on event {decision.event_id}, 2026-01-01 08:00:00 UTC+08:00: "
        f"kick, by the rule calm; 1 strike points afterwards. Rulebook: salon {book.digest[:12]}."
    )
    assert "    “blockhead” at 0 to 9, listed as “blockhead”, seen in the view original" in lines
    assert "Rule calm: kick, 0 strike points." in lines
    assert "    13 messages within 1 minute" in lines
    (events,) = (line for line in lines if "13 events" in line)
    assert events.startswith("    13 events: …, ")
    assert events.count(", ") == 10


def test_staff_see_why_a_rule_did_not_act(room, book):
    decision = room.says("blockhead", roles=("host",))

    assert told("public", "en", book, decision) == ""
    assert "Rule insults matched and did not act: role host." in told("staff", "en", book, decision)
    assert "by the rule –" in told("staff", "en", book, decision)


def test_a_rule_that_is_no_longer_in_the_book_is_not_told_of(room):
    decision = room.says("you blockhead!")
    other = compile_rulebook(parse(BOOK.replace("insults,", "i,")))

    assert told("public", "en", other.rulebook, decision) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("psst", "You are muted for 5 minutes, until 2026-01-01 00:05:00 UTC"),
        ("zzz", "You are banned from the group. The rule “bare”: Not that. Seen: the word z*z."),
    ],
)
def test_what_was_done_is_told_with_its_end(text, expected):
    room = Room(BOOK.replace("+08:00", "+00:00"))

    decision = room.says(text)

    assert told("public", "en", room.compiled.rulebook, decision).startswith(expected)


def test_who_gave_a_permit_is_said_and_what_is_not_known_is_shown_as_it_stands():
    assert exempted("en", "permit ads: ann") == "permission for ads, given by ann"
    assert exempted("zh", "permit ads: ann") == say("zh", "spared_permit", thing="ads", by="ann")
    assert exempted("en", "moon phase") == "moon phase"
