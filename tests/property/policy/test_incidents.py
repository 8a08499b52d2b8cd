"""The second hop: what many groups see within a while is one incident, wherever it is counted."""

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codec import encode, view_event
from contracts.values import Origin
from policy.core.engine import Engine
from policy.core.incidents import SIGHTINGS_MAX
from policy.core.state import State
from tests.unit.policy.core.room import compiled_once
from tests.unit.policy.core.town import Town

BOOK = """
name: town
language: en
rules:
  - id: spread
    why: One text in many groups is no conversation.
    kinds: [message, incident]
    when: {incident: {groups_at_least: 3, within: 10m, where: {words: [coins, 硬币]}}}
    then: [delete]
  - id: tourist
    why: Nobody is at home in so many places.
    kinds: [message, incident]
    when: {incident: {of: member, groups_at_least: 4, within: 1m}}
    then: [warn]
"""
AD = "Join our signals channel and double your coins today, write to @ann{}"


def hits(decisions):
    return [(one.group, hit.rule) for one in decisions for hit in one.hits]


def test_the_third_group_makes_it_an_incident_and_the_first_two_hear_of_it():
    town = Town(BOOK)
    for number, group in enumerate(("one", "two")):
        decided = town.says(AD.format(number), group=group, who=f"m{number}", at_ms=number * 1000)
        assert hits(decided) == []

    decided = town.says(AD.format(9), group="three", who="m9", at_ms=3_000)

    found = [one for one in decided if one.hits]
    assert [(one.group, one.message_id) for one in found] == [
        ("one", "$m1"),
        ("two", "$m2"),
        ("three", "$m3"),
    ]
    (opened,) = {saw.said for one in found for hit in one.hits for saw in hit.saw}
    assert opened in {one.id for one in decided}
    assert {len(hit.event_ids) for one in found for hit in one.hits} == {3}
    assert all(type(one.actions[0].body).__name__ == "DeleteMessage" for one in found)

    later = town.says(AD.format(7), group="one", who="m7", at_ms=60_000)
    assert hits(later) == [("one", "spread")]
    fourth = town.says(AD.format(5), group="four", who="m5", at_ms=70_000)
    assert hits(fourth) == [("four", "spread")]
    assert {hit.saw[0].said for one in fourth for hit in one.hits} == {opened}
    quiet = town.says(AD.format(5), group="four", who="m5", at_ms=3_000_000)
    assert hits(quiet) == []


def test_a_person_in_many_groups_is_an_incident_and_other_talk_is_none():
    town = Town(BOOK)
    for number in range(3):
        assert hits(town.says(f"hi {number}", group=f"g{number}", at_ms=number)) == []
        assert hits(town.says("hello there all", group=f"g{number}", who="bob", at_ms=number)) == []

    decided = town.says("hi again", group="g3", at_ms=20_000)

    assert hits(decided) == [(f"g{number}", "tourist") for number in range(4)]
    assert hits(town.says("late", group="g4", who="bob", at_ms=90_000)) == []


def test_what_is_replayed_from_a_file_is_no_sighting():
    town = Town(BOOK)
    for number in range(5):
        past = {"origin": Origin.REPLAYED}
        assert town.says(AD.format(number), group=f"g{number}", at_ms=number, **past) == []


def test_a_group_tells_no_more_than_so_many_a_minute():
    town = Town(BOOK, partitions=1)
    told = 0
    for number in range(SIGHTINGS_MAX + 20):
        decided = town.says(f"message {number}", group="one", who=f"m{number}", at_ms=number)
        told += sum(len(one.facts) for one in decided)

    assert told == SIGHTINGS_MAX
    later = town.says("message", group="one", who="late", at_ms=120_000)
    assert sum(len(one.facts) for one in later) == 1


sayings = st.lists(
    st.tuples(
        st.integers(0, 200_000),
        st.sampled_from(["g1", "g2", "g3", "g4"]),
        st.sampled_from(["ann", "bob"]),
        st.sampled_from(["coins", "硬币 for all of you here", "hello", AD, AD.format(3)]),
    ),
    max_size=25,
)


def play(story, partitions):
    town = Town(BOOK, partitions=partitions)
    at_ms = 0
    held = []
    for wait_ms, group, who, text in story:
        at_ms += wait_ms
        decided = town.says(text, group=group, who=who, at_ms=at_ms)
        held.append(sorted(hits(decided)))
    return town, held


@given(story=sayings)
@settings(max_examples=60, deadline=None)
def test_it_is_the_same_incident_in_one_partition_as_in_many(story):
    _, alone = play(story, 1)
    _, many = play(story, 5)

    assert alone == many


@given(story=sayings)
@settings(max_examples=30, deadline=None)
def test_each_partition_judged_again_from_its_log_gives_the_same_bytes(story):
    town, _ = play(story, 3)
    compiled = compiled_once(BOOK)
    for engine, log in zip(town.engines, town.log, strict=True):
        again = Engine(State(), {compiled.digest: compiled})
        for seq, data in enumerate(log, 1):
            if seq == len(log) // 2:
                again = Engine(State.restore(again.state.snapshot()), again.books)
            decision = again.decide(view_event(data), seq)
            if decision is not None:
                assert encode(decision) == encode(town.told[view_event(data).id])
        assert again.state.snapshot() == engine.state.snapshot()
        assert again.state.digest == engine.state.digest


@given(story=sayings)
@settings(max_examples=60, deadline=None)
def test_an_incident_is_what_everything_ever_said_says(story):
    _, held = play(story, 2)
    said = []
    at_ms = 0
    for (wait_ms, group, who, _), found in zip(story, held, strict=True):
        at_ms += wait_ms
        said.append((at_ms, group, who))

        def groups(until_ms, within_ms, by=who, said=tuple(said)):
            return {at[1] for at in said if at[2] == by and 0 <= until_ms - at[0] < within_ms}

        # What goes on is told again after a quarter of the time, so three are seen for certain.
        if len(groups(at_ms, 45_000)) >= 4:
            assert (group, "tourist") in found
        if (group, "tourist") in found:
            recent = [one[0] for one in said if one[2] == who and at_ms - one[0] < 60_000]
            assert any(len(groups(then_ms, 60_000)) >= 4 for then_ms in recent)
