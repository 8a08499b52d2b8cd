"""Whatever happens at the door: who waits is let in once, and a door that was shut is opened."""

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.values import Lockdown, Mute, Unlock, Unmute
from policy.core.state import State
from tests.unit.policy.core.room import GROUP, Room

BOOK = """
name: door
language: en
rules:
  - {id: full, why: Two chairs., kinds: [join], when: {capacity: 2}, then: {waitlist: Elsewhere.}}
  - {id: shut, why: Shut., when: {words: [shut]}, then: {lockdown: 10m}}
  - {id: open, why: Open., when: {words: [open]}, then: unlock}
  - {id: rude, why: Be kind., when: {words: [idiot]}, then: {mute: 1h}}
"""
PEOPLE = ("ann", "bob", "cat", "dan", "eve")
steps = st.tuples(
    st.sampled_from(["joins", "joins", "leaves", "kicked", "shut", "open", "idiot", "due"]),
    st.sampled_from(PEOPLE),
    st.sampled_from([0, 1_000, 300_000, 4_000_000]),
)
stories = st.lists(steps, max_size=40)


def play(story):
    room, at_ms = Room(BOOK), 0
    for act, who, wait_ms in story:
        at_ms += wait_ms
        if act in ("joins", "leaves", "kicked"):
            getattr(room, act)(who, at_ms=at_ms)
        elif act == "due":
            timers = [timer for decision in room.decisions for timer in decision.timers]
            for timer in timers[-1:]:
                room.due(timer, at_ms=at_ms)
        else:
            room.says(act, who=who, at_ms=at_ms)
    return room


def bodies(room, *kinds):
    return [
        action
        for decision in room.decisions
        for action in decision.actions
        if isinstance(action.body, kinds)
    ]


@given(stories)
@settings(max_examples=80, deadline=None)
def test_a_door_is_opened_once_for_each_time_it_was_shut(story):
    room = play(story)
    members = room.state.room("town", GROUP).members

    shuts, opened = bodies(room, Lockdown), bodies(room, Unlock)
    still = [members.shut_by] if members.shut_ms else []
    assert [act.id for act in shuts] == [act.body.lockdown_action_id for act in opened] + still


@given(stories)
@settings(max_examples=80, deadline=None)
def test_whoever_waits_is_pending_and_nobody_waits_twice(story):
    members = play(story).state.room("town", GROUP).members

    assert len(set(members.waiting)) == len(members.waiting)
    for member in members.waiting:
        record = members.find(member, 0)
        assert record.profile.present
        assert record.standing.pending


@given(stories)
@settings(max_examples=80, deadline=None)
def test_nobody_is_let_in_who_was_not_made_to_wait(story):
    room = play(story)
    waits = {act.id: act.target.id for act in bodies(room, Mute) if not act.body.until_ms}

    let_in = [act for act in bodies(room, Unmute) if act.body.mute_action_id in waits]

    assert all(waits[act.body.mute_action_id] == act.target.id for act in let_in)
    assert len({act.body.mute_action_id for act in let_in}) == len(let_in)


@given(stories)
@settings(max_examples=30, deadline=None)
def test_memory_of_doors_stored_and_loaded_is_the_same(story):
    room = play(story)

    assert State.restore(room.state.snapshot()).snapshot() == room.state.snapshot()
