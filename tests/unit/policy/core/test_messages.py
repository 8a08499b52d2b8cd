import string

import pytest

from policy.core import explain
from policy.core.conditions import (
    CONDITIONS,
    accounts,
    answered,
    attached,
    entrance,
    incident,
    invitations,
    looks,
    silence,
    spelling,
    standing,
    tenure,
    theme,
    turns,
    vouched,
    writing,
)
from policy.core.messages import TEXTS, say
from policy.core.zones import fixed
from tests.unit.policy.core.room import Room


def forms(text):
    return (text,) if isinstance(text, str) else text


def fields(text):
    return {
        name for form in forms(text) for _, name, _, _ in string.Formatter().parse(form) if name
    }


def test_every_language_has_the_same_texts():
    assert TEXTS["en"].keys() == TEXTS["zh"].keys()


@pytest.mark.parametrize("key", sorted(TEXTS["en"]))
def test_no_language_asks_for_a_field_that_english_does_not_have(key):
    assert fields(TEXTS["zh"][key]) <= fields(TEXTS["en"][key])


def test_one_and_many():
    assert say("en", "unit_h", n=1) == "1 hour"
    assert say("en", "unit_h", n=2) == "2 hours"
    assert say("zh", "unit_h", n=2) == "2小时"


@pytest.mark.parametrize(
    ("span_ms", "english", "chinese"),
    [
        (600_000, "10 minutes", "10分钟"),
        (5_400_000, "1 hour 30 minutes", "1小时30分钟"),
        (86_400_500, "1 day 500 ms", "1天500毫秒"),
        (7 * 86_400_000, "7 days", "7天"),
    ],
)
def test_a_length_is_told_in_words(span_ms, english, chinese):
    assert explain.length_of_time("en", span_ms) == english
    assert explain.length_of_time("zh", span_ms) == chinese


@pytest.mark.parametrize(
    ("span_ms", "english", "chinese"),
    [
        (3_600_000, "hour", "小时"),
        (86_400_000, "day", "天"),
        (1_000, "second", "秒"),
        (7_200_000, "2 hours", "2小时"),
        (5_400_000, "1 hour 30 minutes", "1小时30分钟"),
    ],
)
def test_what_comes_every_hour_does_not_come_every_one_hour(span_ms, english, chinese):
    assert explain.interval("en", span_ms) == english
    assert explain.interval("zh", span_ms) == chinese


def test_a_time_is_told_with_its_zone():
    assert explain.moment(0, fixed(0)) == "1970-01-01 00:00 UTC"
    assert explain.moment(0, fixed(480), seconds=True) == "1970-01-01 08:00:00 UTC+08:00"
    assert explain.moment(0, fixed(-210)) == "1969-12-31 20:30 UTC-03:30"
    assert explain.moment(2**63 - 1, fixed(0)) == "9999-01-01 00:00 UTC"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("idiot", "i***t"), ("白痴", "白*"), ("a", "a*"), ("", "*"), ("abcdefghijklm", "a******m")],
)
def test_a_word_is_masked(text, shown):
    assert explain.masked(text) == shown


def test_a_member_s_text_is_repeated_on_one_line_and_mentions_nobody():
    assert explain.plain("a\n\tb\u202e @room", 40) == "a b ＠room"
    assert explain.plain("x" * 50, 10) == "x" * 9 + "…"


def test_an_asset_without_a_name_of_ours_keeps_its_own():
    assert explain.asset_name("zh", "points") == "积分"
    assert explain.asset_name("en", "CNY") == "CNY"


RULES = "\n".join(
    f"  - {{id: r{number}, why: Because, when: {{words: w{number}}}, then: {then}}}"
    for number, then in enumerate(["notice", "warn", "{mute: 1m}", "kick", "ban", "delete"] * 8)
)
ODD = """
  - id: nothing-seen
    why: {zh: 没有角色！}
    when: {not: {role: member}}
    then: notice
"""


def test_the_rules_are_told_on_as_many_pages_as_it_takes():
    rules = RULES.replace("Because", "Because " + "so " * 30)
    room = Room(f"name: many\nlanguage: en\nrules:\n{rules}")

    told = [room.commands(f"!rules {page}").actions[0].body.text for page in range(1, 5)]

    assert told[0] == room.commands("!rules 0").actions[0].body.text
    assert told[0].startswith("Rules of “many”:\nThese rules bind everybody alike.")
    assert told[0].endswith("Page 2 of 3: !rules 2")
    assert told[2] == told[3], "of too high a number the last"
    assert all(len(text) < 2_000 for text in told)
    assert [f"r{n}: " in "".join(told[:3]) for n in range(48)] == [True] * 48


def test_the_rules_are_told_in_the_language_that_somebody_asks_for():
    rule = "{id: a, why: {en: Because, zh: 因为}, when: {words: b}, then: notice}"
    room = Room(f"name: two\nlanguage: en\nrules: [{rule}]")

    assert "a: Because" in room.commands("!rules").actions[0].body.text
    assert "a：因为" in room.commands("!rules 中文").actions[0].body.text


def test_where_nothing_was_seen_nothing_is_shown():
    room = Room(f"name: odd\nlanguage: en\nrules:{ODD}")

    (reply,) = room.says("hello").actions

    assert reply.body.text == "A friendly reminder. The rule “nothing-seen”: 没有角色！"


TOLD_IN_STORIES = {
    *(
        kind.name
        for family in (
            accounts,
            answered,
            attached,
            entrance,
            incident,
            invitations,
            looks,
            silence,
            spelling,
            standing,
            tenure,
            theme,
            turns,
            vouched,
            writing,
        )
        for kind in family.KINDS
    ),
}
"""What takes a past to hold; golden stories tell what is said of it."""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_condition_can_be_explained(language):
    whens = {
        "words": "apple",
        "pattern": "ap+le",
        "link": "[apple.example]",
        "imitates": "[apple.test]",
        "cold_link": "500",
        "min_length": "500",
        "max_length": "2",
        "flood": "{characters: 1, within: 1s}",
        "role": "member",
        "power": "0",
        "member": '["@ann:example.org"]',
        "all": "[{words: apple}]",
        "any": "[{words: apple}]",
        "not": "{words: pear}",
        "count": "{of: characters, by: [channel, text], within: 1m, at_least: 1}",
        "distinct": "{of: hosts, by: group, within: 1m, at_least: 1}",
        "in_a_row": "{at_least: 1}",
        "score": "{at_least: 1, signals: {fruit: {weight: 1, when: {words: apple}}}}",
        "time": '{from: "00:00"}',
        "interrupts": "{run_of: 2, within: 1m}",
        "share_of": "{where: {words: apple}, within: 1h, more_than: 0, at_least: 1}",
        "expr": "text_len > 2",
        "channel": '["!room:example.org"]',
        "in_the_open": "{words: apple}",
        "unquoted": "{words: apple}",
    }
    assert whens.keys() | TOLD_IN_STORIES == CONDITIONS.keys()
    for name, when in whens.items():
        rule = f"{{id: a, why: b, when: {{{name}: {when}}}, then: notice}}"
        room = Room(f"name: n\nlanguage: {language}\nrules: [{rule}]")

        room.says("pear", who="bob")
        room.says("pear", who="bob")
        link = "" if name == "min_length" else " https://apple.example"
        decision = room.says(f"apple{link}", roles=["member"])

        assert "apple" not in decision.explanation, name
        assert "{" not in decision.explanation, name
