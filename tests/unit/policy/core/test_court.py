"""Trials: a rulebook beside what is in force, or in force in a share of the groups."""

from dataclasses import replace

import pytest

from contracts.codec import view_event
from contracts.values import AdoptionMode, Outcome, RulebookAdopted, RuleTally
from policy.core import court as court_module
from policy.core.court import BROKEN, Court
from policy.core.engine import UnknownRulebook
from policy.core.state import State
from policy.core.trials import SHADOWS_MAX, SHARES, TRIALS_MAX, Trial, in_share
from tests.unit.policy.core.hall import LAX, MILD, STRICT, Hall
from tests.unit.policy.core.room import GROUP, Room, compiled_once


def test_a_shadow_is_told_where_it_would_have_decided_otherwise():
    hall = Hall()
    trial = hall.begin(STRICT)

    texts = {"bob": "hello", "ann": "you fool", "cat": "you idiot"}
    decided = [hall.says(text, who=who) for who, text in texts.items()]
    found, (tally,) = hall.take()

    assert [one and one.outcome for one in decided] == [None, None, Outcome.NOTICE]
    assert [one.kind for one in found] == ["newly", "harsher"]
    assert found[0].candidate.outcome == Outcome.MUTE
    assert (found[0].live, found[0].live_rules, found[1].live_rules) == (
        Outcome.ALLOW,
        (),
        ("rude",),
    )
    assert found[0].member == "@ann:example.org"
    assert (tally.trial, tally.judged, tally.hits, tally.disagreed) == (trial, 3, 2, 2)
    assert tally.rules == (RuleTally(rule="rude", hits=2, newly=1, spared=0),)


def test_what_a_shadow_would_spare_is_told_with_the_rule_that_acted():
    hall = Hall()
    hall.begin(LAX)

    hall.says("you idiot")
    (found,), (tally,) = hall.take()

    assert (found.kind, found.live_rules, found.candidate) == ("spared", ("rude",), None)
    assert tally.rules == (RuleTally(rule="rude", hits=0, newly=0, spared=1),)


def test_a_shadow_takes_over_what_windows_hold():
    hall = Hall()
    for _ in range(2):
        hall.says("hello")
    hall.begin(STRICT)

    hall.says("hello")

    assert hall.kinds() == ["newly"]


def test_a_timer_that_only_the_shadow_set_comes_due_by_the_clock_of_the_log():
    hall = Hall()
    hall.begin(STRICT)
    hall.says("for sale", at_ms=1_000)
    hall.take()

    hall.says("later", at_ms=300_000)
    assert hall.kinds() == []
    hall.says("later still", at_ms=302_000, who="bob")
    (found,), _ = hall.take()

    assert (found.kind, found.candidate.outcome, found.at_ms) == (
        "newly",
        Outcome.DELETE,
        hall.state.clock_ms - 1_000,
    )


def test_a_timer_of_both_rings_once():
    hall = Hall(STRICT)
    hall.begin(STRICT)
    timer = hall.says("for sale").timers[0]

    hall.due(timer, at_ms=400_000)
    hall.says("on", at_ms=500_000)

    assert hall.kinds() == []


def test_a_timer_that_rings_for_what_is_in_force_does_not_ring_for_a_later_one():
    hall = Hall(STRICT)
    hall.begin(STRICT.replace("within: 5m", "within: 10m"))
    timer = hall.says("for sale").timers[0]

    hall.due(timer, at_ms=300_000)
    assert hall.kinds() == ["spared"]
    hall.says("on", at_ms=700_000)
    assert hall.kinds() == ["newly"]


def test_a_timer_is_forgotten_when_what_it_waits_for_is_gone():
    hall = Hall()
    hall.begin(STRICT)
    hall.says("for sale", message="m1")
    hall.deletes("m1")
    hall.take()

    hall.says("later", at_ms=900_000)

    assert hall.kinds() == []


def test_many_timers_ring_a_few_before_each_event():
    hall = Hall()
    hall.begin(STRICT)
    for number in range(6):
        hall.says("for sale", at_ms=number * 40_000, who=f"m{number}")
    hall.take()

    hall.says("later", at_ms=900_000)
    assert len(hall.kinds()) == 4
    hall.says("later", at_ms=900_001)
    assert len(hall.kinds()) == 2


def test_no_more_timers_are_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr("policy.core.candidate.TIMERS_MAX", 1)
    hall = Hall()
    hall.begin(STRICT)
    for number in range(3):
        hall.says("for sale", at_ms=number * 40_000, who=f"m{number}")

    assert len(hall.state.trials["t1"].timers) == 1


def test_a_shadow_of_some_groups_hears_no_other():
    hall = Hall()
    hall.begin(STRICT, groups=("!elsewhere",))
    hall.says("you fool")
    assert hall.take() == ((), ())

    hall.says("you fool", group="!elsewhere")
    assert hall.kinds() == ["newly"]


def test_a_shadow_of_some_groups_keeps_what_is_known_of_these():
    hall = Hall()
    for group in (GROUP, "!elsewhere"):
        hall.says("hello", group=group)
    name = hall.begin(STRICT, groups=("!elsewhere", "!nobody"))

    rooms = hall.state.shadows[name].rooms["town"]
    assert list(rooms.young) == ["!elsewhere"]


def test_adopting_something_else_does_not_touch_the_shadow():
    hall = Hall(MILD, LAX)
    hall.begin(STRICT)
    hall.feed(RulebookAdopted(digest=compiled_once(LAX).digest), group="")

    hall.says("you fool")

    assert hall.kinds() == ["newly"]


def test_an_ended_shadow_hears_nothing():
    hall = Hall()
    name = hall.begin(STRICT)
    hall.says("you fool")
    hall.end(name)
    hall.says("you fool")

    found, tallies = hall.take()
    assert ([one.kind for one in found], tallies) == (["newly"], ())
    assert hall.state.trials == hall.state.shadows == {}
    hall.end(name)


def test_a_network_has_a_few_shadows_and_each_begins_once():
    hall = Hall()
    for _ in range(SHADOWS_MAX + 1):
        hall.begin(STRICT)
    hall.begin(LAX, trial="t1")

    assert len(hall.state.shadows) == SHADOWS_MAX
    assert hall.state.trials["t1"].digest == compiled_once(STRICT).digest


def test_there_are_no_more_trials_than_memory_allows():
    hall = Hall()
    for number in range(TRIALS_MAX):
        hall.state.trials[f"x{number}"] = Trial(f"x{number}", "", "else", [], 1)

    hall.begin(STRICT)

    assert len(hall.state.trials) == TRIALS_MAX


def test_a_trial_before_anything_is_in_force_judges_all_the_same():
    hall = Room(MILD, adopt=False)
    hall.engine = Court(State(), hall.books)
    digest = compiled_once(STRICT).digest
    hall.books[digest] = compiled_once(STRICT)
    hall.feed(RulebookAdopted(digest=digest, mode=AdoptionMode.SHADOW, trial="t"))

    hall.says("you fool")

    assert [one.kind for one in hall.engine.take()[0]] == ["newly"]


def test_an_event_heard_again_is_not_tried_again():
    hall = Hall()
    hall.begin(STRICT)
    hall.says("you fool")
    hall.take()

    assert hall.engine.decide(view_event(hall.events[-1]), 99) is None
    assert hall.take() == ((), ())


def test_a_canary_is_in_force_in_its_share_and_counts_its_hits():
    hall = Hall()
    name = hall.begin(STRICT, AdoptionMode.CANARY, share=5_000)
    groups = [f"!g{number}" for number in range(40)]

    outcomes = {group: hall.says("you fool", group=group) for group in groups}
    _, (tally,) = hall.take()

    under = {group for group in groups if in_share(group, 5_000)}
    assert {group for group, found in outcomes.items() if found} == under
    assert 10 < len(under) < 30
    assert (tally.judged, tally.hits) == (len(under), len(under))

    hall.end(name)
    assert not any(hall.says("you fool", group=group) for group in groups)


def test_a_network_has_one_canary():
    hall = Hall()
    hall.begin(STRICT, AdoptionMode.CANARY, share=SHARES)
    hall.begin(LAX, AdoptionMode.CANARY, share=SHARES)

    assert [trial.id for trial in hall.state.trials.values()] == ["t1"]


def test_a_canary_leaves_groups_with_a_rulebook_of_their_own_alone():
    hall = Hall()
    hall.feed(RulebookAdopted(digest=hall.compiled.digest, groups=(GROUP,)))
    hall.begin(STRICT, AdoptionMode.CANARY, share=SHARES)

    assert hall.says("you fool") is None
    assert hall.says("you fool", group="!elsewhere") is not None


def test_a_canary_among_groups_is_in_force_nowhere_else():
    hall = Hall()
    hall.feed(RulebookAdopted(digest=hall.compiled.digest, groups=(GROUP,)))
    hall.begin(STRICT, AdoptionMode.CANARY, share=SHARES, groups=(GROUP,))

    assert hall.says("you fool") is not None
    assert hall.says("you fool", group="!elsewhere") is None


def test_a_shadow_that_breaks_harms_nobody(monkeypatch):
    hall = Hall()
    hall.begin(STRICT)

    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(court_module.Candidate, "decide", broken)
    decision = hall.says("you idiot")
    (found,), (tally,) = hall.take()

    assert decision.outcome is Outcome.NOTICE
    assert (found.kind, tally.disagreed) == (BROKEN, 1)


def test_a_missing_rulebook_of_a_shadow_is_told_as_such():
    hall = Hall()
    hall.begin(STRICT)
    del hall.books[compiled_once(STRICT).digest]

    with pytest.raises(UnknownRulebook):
        hall.says("hello")


def test_an_unwieldy_disagreement_is_told_without_its_evidence(monkeypatch):
    monkeypatch.setattr(court_module, "SIZE_MAX", 100)
    hall = Hall()
    hall.begin(STRICT)

    hall.says("you fool")
    (found,), _ = hall.take()

    assert found.candidate.outcome is Outcome.MUTE
    assert found.candidate.actions == ()


def test_a_disagreement_no_message_can_hold_is_told_without_its_evidence(monkeypatch):
    hall = Hall()
    hall.begin(STRICT)
    whole = court_module.disagreement

    def endless(*words):
        found = whole(*words)
        return replace(found, candidate=replace(found.candidate, explanation="x" * (1 << 21)))

    monkeypatch.setattr(court_module, "disagreement", endless)
    hall.says("you fool")
    (found,), _ = hall.take()

    assert found.candidate.explanation == ""


def test_what_a_court_remembers_goes_on_after_a_snapshot():
    hall = Hall()
    hall.begin(STRICT)
    hall.begin(LAX, AdoptionMode.CANARY, share=1)
    hall.says("for sale", at_ms=1_000)
    hall.take()
    hall.engine = Court(State.restore(hall.state.snapshot()), hall.books)

    hall.says("on", at_ms=302_000)

    assert hall.kinds() == ["newly"]
    assert hall.state.rulebooks() == frozenset(hall.books)


def test_a_timer_that_is_not_due_waits():
    hall = Hall()
    hall.begin(STRICT)
    hall.says("for sale", at_ms=1_000)
    hall.says("for sale", at_ms=60_000, who="bob")
    hall.take()

    hall.says("on", at_ms=302_000, who="cat")

    assert hall.kinds() == ["newly"]


def test_a_timer_for_something_forgotten_comes_to_nothing():
    hall = Hall()
    name = hall.begin(STRICT)
    hall.says("for sale", at_ms=1_000)
    hall.take()
    expected = hall.state.shadows[name].room("town", GROUP).expectations
    for timer in list(expected.open):
        expected.drop(timer)

    hall.says("on", at_ms=302_000)

    assert hall.kinds() == []
