"""The clock follows the rulebook that is in force; what is kept has caps."""

from contracts.values import Origin, Place, RulebookAdopted
from policy.core import harvest, highlights
from policy.core.acts import harvest as posting
from tests.unit.policy.core.room import GROUP, Room, compiled_once

HEAD = "name: n\nlanguage: en\nkeep: {votes: 1, reactions: [⭐]}\n"
DAILY = (
    "{{id: {0}, why: b, kinds: [clock], when: {{time: {{at: '{1}'}}}},"
    " then: {{digest: {{most: 5}}}}}}"
)
PLAIN = "{id: a, why: b, when: {words: never}, then: notice}"


def book(*rules):
    return f"{HEAD}rules: [{', '.join(rules)}]"


def adopt(room, text, at_ms):
    compiled = compiled_once(text)
    room.books[compiled.digest] = compiled
    room.feed(RulebookAdopted(digest=compiled.digest, groups=(GROUP,)), at_ms=at_ms)


def clock_of(room):
    return room.state.room("town", GROUP).clock


def test_another_rulebook_winds_the_clock_anew_and_one_without_lets_it_stop():
    room = Room(book(DAILY.format("noon", "12:00")))
    (first,) = room.says("hello").timers
    adopt(room, book(DAILY.format("early", "06:00")), 1_000)

    wound = room.says("again", at_ms=2_000)
    adopt(room, book(PLAIN), 3_000)
    still = room.says("and again", at_ms=4_000)
    last = room.due(wound.timers[0], at_ms=6 * 3_600_000)

    assert wound.cancelled_timers == (first.id,)
    assert (still, last) == (None, None)
    assert not clock_of(room).timer


def test_what_is_replayed_winds_no_clock_and_keeps_nothing():
    room = Room(book(DAILY.format("noon", "12:00")))
    said = room.says("long ago", message="one", origin=Origin.REPLAYED)
    star = room.reacts("bob", "⭐", message="one", at_ms=1, origin=Origin.REPLAYED)
    live = room.reacts("bob", "⭐", message="one", at_ms=2)

    assert (said, star) == (None, None)
    assert [one.text for one in live.harvested] == ["long ago"]


def test_of_highlights_the_newest_are_remembered_and_of_digests_the_newest_too(monkeypatch):
    monkeypatch.setattr(highlights, "HIGHLIGHTS_MAX", 2)
    monkeypatch.setattr(posting, "DIGESTS_MAX", 1)
    room = Room(book(DAILY.format("noon", "12:00"), DAILY.format("late", "18:00")))
    decisions = []
    for number in range(3):
        decisions.append(room.says(f"thought {number}", message=f"m{number}", at_ms=number * 10))
        room.reacts("bob", "⭐", message=f"m{number}", at_ms=number * 10 + 1)

    noon = room.due(decisions[0].timers[0], at_ms=12 * 3_600_000)
    late = room.due(noon.timers[0], at_ms=18 * 3_600_000)

    kept = room.state.room("town", GROUP).harvest
    assert [one.said.text for one in kept.highlights] == ["thought 1", "thought 2"]
    assert "(2 messages)" in noon.explanation
    assert "(2 messages)" in late.explanation
    assert kept.told == {"late": 3}
    assert harvest.HIGHLIGHTS_MAX == 200


def test_three_members_keep_a_message_where_the_rulebook_does_not_say_how_many():
    room = Room(f"name: n\nlanguage: en\nkeep: {{reactions: [⭐]}}\nrules: [{PLAIN}]")
    room.says("thought", message="one")

    stars = [room.reacts(who, "⭐", message="one", at_ms=1) for who in ("bob", "cat", "dan")]

    assert [star is not None for star in stars] == [False, False, True]
    assert room.reacts("bob", "⭐", message="unknown", at_ms=2) is None


def test_a_highlight_of_discord_has_the_address_of_its_channel():
    room = Room(book(PLAIN))
    where = {"place": Place(channel="55"), "platform": "discord"}
    room.says("thought", message="one", **where)

    (one,) = room.reacts("bob", "⭐", message="one", at_ms=1, **where).harvested

    assert one.source == f"https://discord.com/channels/{GROUP}/55/{room.message_id('one')}"
