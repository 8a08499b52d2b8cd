"""What is told of lateness follows the rulebook in force; a clock that strikes late says so too."""

from contracts.values import RulebookAdopted
from policy.core.appealing import Appeals
from policy.core.rulebook import parse
from tests.unit.policy.core.room import EPOCH_MS, GROUP, Room, compiled_once

RULE = "{id: a, why: b, when: {words: never}, then: notice}"
DAILY = "{id: d, why: b, kinds: [clock], when: {time: {at: '12:00'}}, then: {announce: Noon.}}"
LATE = f"name: n\nlanguage: en\nlate: {{after: 1m}}\nrules: [{RULE}, {DAILY}]"
HOUR_MS = 3_600_000


def test_a_rulebook_that_says_nothing_of_lateness_ends_it_without_a_word():
    room = Room(LATE)
    room.says("hello", at_ms=HOUR_MS)
    told = room.says("late", at_ms=0)
    other = compiled_once(f"name: n\nlanguage: en\nrules: [{RULE}]")
    room.books[other.digest] = other
    room.feed(RulebookAdopted(digest=other.digest, groups=(GROUP,)), at_ms=HOUR_MS + 1)

    assert "looked at late" in told.explanation
    assert room.due(told.timers[-1], at_ms=HOUR_MS + 300_000) is None
    assert room.state.room("town", GROUP).strain.timer == ""


def test_a_clock_that_strikes_late_says_that_the_judge_was_late():
    room = Room(LATE)
    (clock,) = room.says("hello").timers

    struck = room.due(clock, at_ms=13 * HOUR_MS, late_ms=HOUR_MS)

    assert "1 hour behind" in struck.explanation
    assert "Noon." in struck.explanation
    assert room.state.clock_ms == EPOCH_MS + 13 * HOUR_MS


def test_in_what_time_appeals_are_decided_and_where_the_staff_hears_are_said_each_by_itself():
    one = parse(f"name: n\nlanguage: en\nappeals: {{within: 1h}}\nrules: [{RULE}]").appeals
    other = parse(f"name: n\nlanguage: en\nappeals: {{channel: here}}\nrules: [{RULE}]").appeals

    assert one == Appeals(HOUR_MS, "")
    assert other == Appeals(48 * HOUR_MS, "here")
