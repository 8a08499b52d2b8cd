"""What a trial counts, what its candidate hears, and how two decisions are told apart."""

from dataclasses import replace

import pytest

from contracts.codec import encode, view_event
from contracts.values import Content, Decision, MessageCreated, Outcome, RuleHit
from policy.core.candidate import Candidate
from policy.core.state import State
from policy.core.trials import RULES_MAX, Counts, Trial, acting, difference
from tests.unit.policy.core.hall import STRICT, Hall
from tests.unit.policy.core.room import compiled_once, make_event


def test_rules_are_counted_up_to_a_limit():
    trial = Trial("t", "", "", [])
    trial.rules = {str(number): Counts() for number in range(RULES_MAX)}
    hit = Decision(outcome=Outcome.DELETE, hits=(RuleHit(rule="one more"),))

    assert trial.count(hit, None, "spared") == {"one more"}
    assert trial.count(None, hit, "newly") == {"one more"}
    assert trial.tally({"one more"}).rules == ()


@pytest.mark.parametrize(
    ("live", "candidate", "kind"),
    [
        (None, None, ""),
        (None, {"outcome": Outcome.DELETE}, "newly"),
        ({"outcome": Outcome.DELETE}, None, "spared"),
        ({"outcome": Outcome.WARN}, {"outcome": Outcome.BAN}, "harsher"),
        ({"outcome": Outcome.BAN}, {"outcome": Outcome.BAN, "until_ms": 9}, "milder"),
        ({"outcome": Outcome.MUTE, "until_ms": 5}, {"outcome": Outcome.MUTE, "until_ms": 5}, ""),
        ({"outcome": Outcome.UNSPECIFIED}, {"outcome": Outcome.ALLOW}, ""),
    ],
)
def test_decisions_differ_by_what_is_done_and_for_how_long(live, candidate, kind):
    hits = (RuleHit(rule="a"),)

    def decision(fields):
        return None if fields is None else Decision(hits=hits, **fields)

    assert difference(decision(live), decision(candidate)) == kind


def test_a_hit_that_is_exempt_did_not_act():
    decision = Decision(hits=(RuleHit(rule="a", exempt="member"), RuleHit(rule="b")))

    assert acting(decision) == ("b",)


def test_a_shadow_hears_no_other_network():
    hall = Hall()
    name = hall.begin(STRICT)
    candidate = Candidate(hall.state.trials[name], hall.state.shadows[name], hall.books)
    event = make_event(MessageCreated(message_id="m"), number=9)

    assert candidate.covers(view_event(encode(event)))
    assert not candidate.covers(view_event(encode(replace(event, network="village"))))
    assert candidate.covers(view_event(encode(replace(event, network="", group=""))))


def test_a_candidate_for_every_network_is_in_force_in_each():
    strict = compiled_once(STRICT)
    candidate = Candidate(Trial("", strict.digest, "", []), State(), {strict.digest: strict})
    content = Content(text="you fool")
    event = make_event(MessageCreated(message_id="m", content=content), number=9)
    view = view_event(encode(event))

    (decision,) = candidate.decide(view, 1, clock_ms=view.received_ms)

    assert decision.outcome is Outcome.MUTE
