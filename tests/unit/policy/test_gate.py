"""In which state an action and its case begin."""

from dataclasses import replace

import pytest

from contracts.values import (
    Action,
    Actor,
    Decision,
    DeleteMessage,
    LedgerCommand,
    Mute,
    Outcome,
    Reply,
    RuleHit,
    Unmute,
)
from policy.brake import Verdict, windows
from policy.gate import Gate, acting_rule, case_state, kind
from tests.unit.policy.core.room import Room

BOOK = """
name: small
language: en
rules:
  - {id: apple, why: No apples, when: {words: apple}, then: warn}
"""
FREE = Verdict(braked=frozenset(), sanctions={}, tripped=frozenset())
ANN = Actor(id="@ann:x")
MOD = Actor(id="@mod:x", power=100)
DELETE = Action(id="1", executor="matrix", rule="spam", body=DeleteMessage())
ANSWER = Action(id="2", executor="matrix", body=Reply())
BOOKING = Action(id="3", executor="ledger", body=LedgerCommand())


def states(decision, gate=None, verdict=FREE):
    gate = gate or Gate()
    return [gate.state(decision, action, verdict) for action in decision.actions]


def test_an_ordinary_sanction_is_planned():
    assert states(Decision(subject=ANN, actions=(DELETE, ANSWER))) == ["planned", "planned"]


def test_a_protected_member_is_answered_and_booked_for_but_never_sanctioned():
    decision = Decision(subject=MOD, actions=(DELETE, ANSWER, BOOKING))

    assert states(decision) == ["protected", "planned", "planned"]


def test_who_is_let_in_by_mistake_waits_again_unbraked_but_nobody_protected_does():
    again = Action(id="4", executor="matrix", rule="quiz", body=Mute(), undoes="let in")
    decision = Decision(
        id="d",
        subject=ANN,
        actions=(again, replace(again, target=MOD), replace(again, target=MOD, body=Unmute())),
    )
    held = Verdict(braked=frozenset({"d"}), sanctions={}, tripped=frozenset())

    assert states(decision, verdict=held) == ["planned", "protected", "planned"]
    assert windows(decision) == ()


@pytest.mark.parametrize("line", ["!rules", "!help", "!packet nothing"])
def test_a_moderator_who_asks_is_answered_and_no_answer_counts_at_the_brake(line):
    decision = Room(BOOK).commands(line, who="mod", power=100)

    assert [kind(action) for action in decision.actions] == ["reply"]
    assert states(decision) == ["planned"]
    assert windows(decision) == ()


def test_whom_an_action_names_counts_more_than_whom_the_event_was_about():
    decision = Decision(subject=ANN, actions=(replace(DELETE, target=MOD, body=Mute()), DELETE))

    assert states(decision) == ["protected", "planned"]


def test_a_dry_run_drops_every_effect():
    decision = Decision(subject=ANN, actions=(DELETE, ANSWER, BOOKING))

    assert states(decision, Gate(dry_run=True)) == ["dropped"] * 3


def test_what_was_read_from_a_file_is_judged_and_not_acted_on():
    decision = Decision(subject=ANN, connection="replay", actions=(DELETE, ANSWER, BOOKING))

    assert states(decision) == ["dropped"] * 3


def test_an_action_that_nobody_could_carry_out_is_dropped():
    decision = Decision(subject=ANN, actions=(replace(ANSWER, executor=""),))

    assert states(decision) == ["dropped"]


def test_the_brake_holds_sanctions_back_and_lets_the_ledger_go_on():
    decision = Decision(id="d", subject=ANN, actions=(DELETE, BOOKING))
    verdict = Verdict(braked=frozenset({"d"}), sanctions={}, tripped=frozenset())

    assert states(decision, verdict=verdict) == ["braked", "planned"]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["planned", "planned"], "open"),
        ([], "done"),
        (["planned", "protected"], "protected"),
        (["braked", "planned"], "braked"),
        (["dropped"], "dropped"),
    ],
)
def test_a_case_shows_what_was_held_back(states, expected):
    assert case_state(states) == expected


def test_the_rule_of_a_case_is_the_strongest_that_was_not_exempt():
    hits = (
        RuleHit(rule="notice", outcome=Outcome.NOTICE),
        RuleHit(rule="ban", outcome=Outcome.BAN, exempt="moderator"),
        RuleHit(rule="mute", outcome=Outcome.MUTE),
    )

    assert acting_rule(Decision(hits=hits)) == "mute"


def test_an_action_is_called_as_its_outcome_will_call_it():
    assert [kind(DELETE), kind(ANSWER), kind(BOOKING)] == ["delete_message", "reply", "ledger"]
