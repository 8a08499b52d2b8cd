"""Laws of trials: what they come to is decided by the log alone, and they change nothing else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codec import encode, view_event
from contracts.values import AdoptionMode, RulebookAdopted
from policy.core.court import Court
from policy.core.rulebook import digest
from policy.core.state import State
from tests.property.policy.test_engine import BOOKS, STARTER, judged, stories, tell
from tests.unit.policy.core.room import make_event

IN_FORCE = digest(STARTER)
MODES = st.sampled_from([AdoptionMode.SHADOW, AdoptionMode.CANARY])
trials = st.lists(
    st.tuples(st.integers(0, 40), MODES, st.sampled_from(sorted(BOOKS)), st.booleans()),
    max_size=4,
)


def beginning(mode, wanted, number):
    fact = RulebookAdopted(digest=wanted, mode=mode, trial=f"t{number}", share=5_000)
    return encode(make_event(fact, dedup_key=f"trial{number}", who="admin"))


def with_trials(events, begun):
    """Return the log with trials that begin in it, some of which end at the last event but one."""
    log = list(events)
    for number, (at, mode, wanted, ends) in enumerate(begun):
        log.insert(min(at, len(log)), beginning(mode, wanted, number))
        if ends:
            fact = RulebookAdopted(digest=wanted, mode=AdoptionMode.ENDED, trial=f"t{number}")
            log.insert(max(0, len(log) - 1), encode(make_event(fact, dedup_key=f"end{number}")))
    return log


def held(log, *, restore_at=()):
    court = Court(State(), BOOKS)
    decisions, told = [], []
    for seq, data in enumerate(log, 1):
        if seq in restore_at:
            told.append(court.take())
            court = Court(State.restore(court.state.snapshot()), BOOKS)
        decisions.append(court.decide(view_event(data), seq))
    told.append(court.take())
    return decisions, told, court.state.digest, court.state.snapshot()


@given(stories, st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_what_is_in_force_never_disagrees_with_itself(story, at):
    story = [step for step in story if step[0][0] != "adopt"]
    log = tell(story).events
    log.insert(min(max(at, 1), len(log)), beginning(AdoptionMode.SHADOW, IN_FORCE, 0))

    _, ((disagreements, tallies),), _, _ = held(log)

    assert disagreements == ()
    assert all(tally.disagreed == 0 for tally in tallies)


@given(stories, trials, st.sets(st.integers(1, 40), max_size=4))
@settings(max_examples=60, deadline=None)
def test_memory_stored_and_loaded_anywhere_changes_no_trial(story, begun, restore_at):
    log = with_trials(tell(story).events, begun)

    decisions, told, digest, snapshot = held(log, restore_at=restore_at)
    whole, ((disagreements, _),), *rest = held(log)

    assert decisions == whole
    assert tuple(one for found, _ in told for one in found) == disagreements
    assert [digest, snapshot] == rest


@given(stories, st.integers(0, 40), st.sampled_from(sorted(BOOKS)))
@settings(max_examples=60, deadline=None)
def test_a_shadow_changes_no_decision(story, at, wanted):
    events = tell(story).events
    log = with_trials(events, [(at, AdoptionMode.SHADOW, wanted, False)])

    decisions, _, _, _ = held(log)

    found = [encode(decision) for decision in decisions if decision is not None]
    alone, _, _ = judged(events)
    assert len(found) == sum(map(bool, alone))
