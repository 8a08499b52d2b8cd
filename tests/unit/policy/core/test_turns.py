"""Whose turn it is, and the caps of what is remembered of it."""

import pytest

from contracts.values import Place
from policy.core.conduct import FLOORS_MAX, NUDGED_MAX
from policy.core.rulebook import InvalidRulebook, parse
from policy.core.theme import Scorer, Theme
from tests.unit.policy.core.room import GROUP, Room

BOOK = """
name: hall
language: en
rules:
  - {id: help, why: Somebody asks., when: {words: [help]}, then: {nudge: Hosts!}}
"""


def give_and_end(room, channel, at_ms, **fields):
    place = Place(channel=channel)
    room.commands("!floor ann 1h", who="mod", power=50, place=place, at_ms=at_ms, **fields)
    room.says("hello", name="ann", place=place, at_ms=at_ms, **fields)
    room.commands("!floor end", who="mod", power=50, place=place, at_ms=at_ms, **fields)


@pytest.mark.parametrize(
    ("platform", "address"),
    [("discord", f"https://discord.com/channels/{GROUP}/one/"), ("irc", "1. hello $m")],
)
def test_the_words_of_a_speaker_are_found_where_the_platform_has_them(platform, address):
    room = Room(BOOK)
    give_and_end(room, "one", 1, platform=platform)

    place = Place(channel="one")
    told = room.commands("!floor words", who="bob", place=place, platform=platform, at_ms=2)

    assert address in told.explanation


def test_the_words_of_the_last_hundred_floors_are_kept():
    room = Room(BOOK)
    for number in range(FLOORS_MAX + 1):
        give_and_end(room, f"c{number}", number)

    heard = room.state.room("town", GROUP).conduct.heard
    assert list(heard) == [f"c{number}" for number in range(1, FLOORS_MAX + 1)]


def test_when_too_many_rules_have_nudged_the_oldest_is_forgotten():
    room = Room(BOOK)
    nudged = room.state.room("town", GROUP).conduct.nudged
    nudged.update({f"rule{number}": number for number in range(NUDGED_MAX)})

    room.says("help", at_ms=NUDGED_MAX)

    assert len(nudged) == NUDGED_MAX
    assert "help" in nudged
    assert "rule0" not in nudged


def test_a_theme_has_at_most_five_hundred_texts_of_a_kind():
    words = ", ".join(f"w{number}" for number in range(501))

    with pytest.raises(InvalidRulebook, match="there are more than 500"):
        parse(BOOK + f"charter: {{theme: {{words: [{words}]}}}}")


def test_what_ordinary_talk_says_as_often_tells_no_theme():
    examples = ("the shutter", *(f"grain{number} lens{number}" for number in range(40)))
    scorer = Scorer(Theme(examples=examples))

    assert "the" not in scorer.weights
    assert "shutter" in scorer.weights
