"""Whatever happens at the door: who waits is let in once, and a door that was shut is opened."""

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codec import view_event
from contracts.values import Lockdown, Mute, Unlock, Unmute
from policy.core.engine import Engine
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
  - id: like
    why: Thanks.
    kinds: [reaction]
    when: {joined: {older_than: 1m}}
    then: {reputation: {n: 1, to: author}}
  - id: number
    why: Numbers.
    kinds: [join]
    when: {joined: {younger_than: 1m}}
    then: [number, label: {name: new, for: 5m}]
"""
PEOPLE = ("ann", "bob", "cat", "dan", "eve")
steps = st.tuples(
    st.sampled_from(
        ["joins", "joins", "leaves", "kicked", "shut", "open", "idiot", "due", "likes"]
    ),
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
        elif act == "likes":
            room.reacts(who, "👍", message="m", at_ms=at_ms)
        elif act == "due":
            timers = [timer for decision in room.decisions for timer in decision.timers]
            for timer in timers[-1:]:
                room.due(timer, at_ms=at_ms)
        else:
            message = "m" if act == "open" else None
            room.says(act, who=who, message=message, at_ms=at_ms)
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


@given(stories, st.sets(st.integers(1, 40), max_size=5))
@settings(max_examples=60, deadline=None)
def test_memory_of_doors_stored_and_loaded_anywhere_changes_nothing(story, restore_at):
    room = play(story)

    engine, found = Engine(State(), room.books), []
    for seq, data in enumerate(room.events, 1):
        if seq in restore_at:
            engine = Engine(State.restore(engine.state.snapshot()), room.books)
        found.append(engine.decide(view_event(data), seq))

    assert [decision for decision in found if decision is not None] == room.decisions
    assert engine.state.snapshot() == room.state.snapshot()
