"""The proofs are proven: sound evidence has no fault, and each planted fault is found."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from contracts import ids, subjects
from contracts.codec import decode, encode, view_event
from contracts.values import (
    ActionOutcome,
    Actor,
    ActorKind,
    Availability,
    Content,
    DecisionBatch,
    Event,
    MessageCreated,
    Origin,
    OutcomeStatus,
    Place,
    RulebookAdopted,
)
from policy.core.engine import Engine
from policy.core.rulebook import digest
from policy.core.state import State
from tests.chaos import proof
from tests.chaos.again import books
from tests.chaos.evidence import Committed, Evidence, Logged, Recorded

BOOK = (Path(__file__).parent / "rulebook.yaml").read_text()
ROOM = "!hall:reeve.test"
NETWORK = "chaos"
LINES = ("good morning", "you idiot", "see https://free-nitro.example/now", "good night")


def make_event(key, payload, *, sequence=0, at_ms=0, member="@ann:reeve.test"):
    return Event(
        id=ids.event_id("matrix", NETWORK, ROOM, key),
        schema=1,
        platform="matrix",
        network=NETWORK,
        group=ROOM,
        connection="matrix",
        place=Place(channel=ROOM),
        actor=Actor(id=member, kind=ActorKind.USER),
        received_ms=1_700_000_000_000 + at_ms,
        dedup_key=key,
        place_sequence=sequence,
        origin=Origin.LIVE,
        availability=Availability.FULL,
        payload=payload,
    )


def make_message(number, text):
    said = MessageCreated(message_id=f"$m{number}", content=Content(text=text, form="text"))
    return make_event(f"$m{number}", said, sequence=number + 1, at_ms=20_000 * number)


def make_outcome(action, number):
    """The outcome of an action, as the gateway would tell it."""
    done = ActionOutcome(
        action_id=action.id,
        case_id=action.case_id,
        kind=_kind(action),
        status=OutcomeStatus.DONE,
        effect_id=f"$e{number}",
    )
    return make_event(f"outcome:{action.id}", done, at_ms=100_000 + number)


def make_answers(actions):
    """What the bot said, as ingest hears it."""
    spoken = [n for n, action in enumerate(actions) if _kind(action) != "delete_message"]
    for sequence, number in enumerate(spoken, len(LINES) + 1):
        said = MessageCreated(message_id=f"$e{number}")
        yield make_event(f"$e{number}", said, sequence=sequence, at_ms=200_000)


def _kind(action):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(action.body).__name__).lower()


def judged(engine, logged, after_seq):
    """One batch of the judge over ``logged``."""
    decisions = [engine.decide(view_event(each.data), each.seq) for each in logged]
    return DecisionBatch(
        schema=1,
        partition=0,
        after_seq=after_seq,
        last_seq=logged[-1].seq,
        events=len(logged),
        decisions=tuple(decision for decision in decisions if decision is not None),
        rulebooks=tuple(sorted(engine.state.rulebooks())),
        state_digest=engine.state.digest,
        owner="judge",
        clock_ms=engine.state.clock_ms,
    )


def log(events, first_seq):
    return [Logged(first_seq + n, 0, event, encode(event)) for n, event in enumerate(events)]


@pytest.fixture(scope="module")
def sound():
    """A small true story: two of four lines are sanctioned, all of it is carried out and told."""
    adopted = make_event("adoption", RulebookAdopted(digest=digest(BOOK), name="chaos"))
    said = log([adopted, *(make_message(n, text) for n, text in enumerate(LINES))], 1)
    empty = Evidence(
        bot="@reeve:reeve.test",
        partitions=1,
        said={ROOM: frozenset(f"$m{n}" for n in range(len(LINES)))},
        timelines={},
        events=(),
        commits=(),
        rulebooks={digest(BOOK): BOOK},
        actions={},
        steps={},
        levels_before={ROOM: {"users": {}}},
        levels_after={ROOM: {"users": {}}},
        balances={"points": 100},
        granted={"points": 100},
    )
    engine = Engine(State(), books(empty))
    first = judged(engine, said, 0)
    actions = [action for decision in first.decisions for action in decision.actions]
    ended = [make_outcome(action, n) for n, action in enumerate(actions)]
    told = log([*ended, *make_answers(actions)], len(said) + 1)
    second = judged(engine, told, first.last_seq)
    held = {
        action.id: Recorded("done", _kind(action), "matrix", action.case_id, "")
        for action in actions
    }
    steps = {}
    for one, action in held.items():
        steps.setdefault(action.case_id, {})[one] = action.state
    return replace(
        empty,
        events=(*said, *told),
        commits=(Committed(1, 0, encode(first)), Committed(2, 0, encode(second))),
        timelines={ROOM: tuple(timeline(actions))},
        actions=held,
        steps=steps,
    )


def timeline(actions):
    for number in range(len(LINES)):
        yield {"type": "m.room.message", "event_id": f"$m{number}", "content": {}}
    for number, action in enumerate(actions):
        kind = "m.room.redaction" if _kind(action) == "delete_message" else "m.room.message"
        content = {proof.ACTION_KEY: action.id}
        if kind == "m.room.redaction":
            content["redacts"] = action.body.message_id
        yield {"type": kind, "event_id": f"$e{number}", "content": content}


def faults(evidence):
    return [fault for check in proof.PROOFS for fault in check(evidence)]


def test_a_true_story_has_no_fault(sound):
    assert sound.actions, "nothing was decided, so nothing is proven"

    assert faults(sound) == []


def test_a_lost_event_is_missed(sound):
    without = tuple(each for each in sound.events if each.event.dedup_key != "$m0")

    assert any("$m0" in fault for fault in proof.nothing_lost(replace(sound, events=without)))


def test_an_event_logged_twice_is_noticed(sound):
    again = replace(sound.events[1], seq=99)

    found = list(proof.nothing_lost(replace(sound, events=(*sound.events, again))))

    assert any("2 times" in fault for fault in found)


def test_an_event_out_of_order_is_noticed(sound):
    one, two, *rest = sound.events[1:]

    found = list(proof.nothing_lost(replace(sound, events=(sound.events[0], two, one, *rest))))

    assert any("number 2 follows on 0" in fault for fault in found)


def test_a_changed_decision_is_noticed(sound):
    batch = decode(DecisionBatch, sound.commits[0].data)
    changed = replace(batch.decisions[0], strikes=batch.decisions[0].strikes + 1)
    forged = replace(batch, decisions=(changed, *batch.decisions[1:]))
    commits = (replace(sound.commits[0], data=encode(forged)), sound.commits[1])

    found = list(proof.decisions_unchanged(replace(sound, commits=commits)))

    assert any("was decided" in fault for fault in found)


def test_another_memory_is_noticed(sound):
    batch = replace(decode(DecisionBatch, sound.commits[1].data), state_digest=b"\0" * 16)
    commits = (sound.commits[0], replace(sound.commits[1], data=encode(batch)))

    found = list(proof.decisions_unchanged(replace(sound, commits=commits)))

    assert any("the batch is" in fault for fault in found)


def test_ranges_that_do_not_tile_the_log_are_noticed(sound):
    gap = list(proof.decisions_unchanged(replace(sound, commits=sound.commits[1:])))
    overlap = (sound.commits[0], sound.commits[0])
    short = list(proof.decisions_unchanged(replace(sound, commits=sound.commits[:1])))

    assert any("starts at" in fault for fault in gap)
    assert any(
        "starts at" in fault for fault in proof.decisions_unchanged(replace(sound, commits=overlap))
    )
    assert any("never judged" in fault for fault in short)


def test_an_effect_seen_twice_is_noticed(sound):
    doubled = (*sound.timelines[ROOM], sound.timelines[ROOM][-1])

    found = list(proof.effects_once(replace(sound, timelines={ROOM: doubled})))

    assert any("has 2 events in the rooms" in fault for fault in found)


def test_a_reply_may_be_copied_to_whoever_is_muted_and_once_only(sound):
    one = next(key for key, held in sound.actions.items() if held.kind == "reply")
    copy = {
        "type": "m.room.message",
        "event_id": "$copy",
        "content": {proof.ACTION_KEY: one, proof.ABOUT_KEY: ROOM},
    }

    def faults(*copies):
        timelines = {**sound.timelines, "!private:reeve.test": copies}
        return list(proof.effects_once(replace(sound, timelines=timelines)))

    assert faults(copy) == []
    assert faults(copy, copy) == [f"action {one} was copied 2 times"]


def test_an_effect_that_no_room_shows_is_noticed(sound):
    found = list(proof.effects_once(replace(sound, timelines={ROOM: sound.timelines[ROOM][:-1]})))

    assert any("no room shows it" in fault for fault in found)


def test_an_action_without_an_outcome_is_noticed(sound):
    kept = tuple(one for one in sound.events if not isinstance(one.event.payload, ActionOutcome))

    found = list(proof.effects_once(replace(sound, events=kept)))

    assert any("has 0 outcomes" in fault for fault in found)


def test_a_decision_that_was_never_recorded_is_noticed(sound):
    first = next(iter(sound.actions))
    held = {one: action for one, action in sound.actions.items() if one != first}

    found = list(proof.effects_once(replace(sound, actions=held)))

    assert any("never recorded" in fault for fault in found)


def test_a_case_that_was_not_told_is_noticed(sound):
    case = next(iter(sound.steps))

    found = list(proof.cases_told(replace(sound, steps={**sound.steps, case: {}})))

    assert any(f"case {case} tells None" in fault for fault in found)


def test_a_voice_that_was_not_given_back_is_noticed(sound):
    found = list(proof.voices_restored(replace(sound, levels_after={ROOM: {"users": {"@a": -1}}})))

    assert any("the levels of" in fault for fault in found)


def test_a_point_made_of_nothing_is_noticed(sound):
    found = list(proof.books_balanced(replace(sound, balances={"points": 101})))

    assert found == ["100 points were granted, and 101 are there"]


def test_the_log_of_the_story_is_in_one_partition(sound):
    assert {subjects.partition(each.event.network, ROOM, 1) for each in sound.events} == {0}
