"""Who is never acted on, and how much is too much."""

import pytest

from contracts.values import (
    Action,
    Actor,
    Announce,
    Decision,
    DeleteMessage,
    Kick,
    LedgerCommand,
    Reply,
    Unmute,
)
from policy.brake import Limits, Protection, Window, apply, is_sanction, windows
from policy.core.effects import OWN

NO_LIMITS = Limits(rule=0, group=0, network=0)
KICK = Action(id="a", rule="spam", body=Kick())


def make_decision(number, *, rule="spam", group="g", at_ms=60_000):
    return Decision(
        id=f"d{number}",
        network="n",
        group=group,
        at_ms=at_ms,
        actions=(Action(id=f"a{number}", rule=rule, body=Kick()),),
    )


def window(scope, name, minute_ms=60_000):
    return Window(network="n", scope=scope, name=name, minute_ms=minute_ms)


@pytest.mark.parametrize(
    "actor",
    [
        Actor(id="@bot:x", is_self=True),
        Actor(id="@mod:x", power=50),
        Actor(id="@owner:x"),
        Actor(id="123", roles=("r1", "admin")),
    ],
)
def test_the_bot_moderators_named_members_and_role_holders_are_out_of_reach(actor):
    protection = Protection(members=("@owner:*",), roles=frozenset({"admin"}))

    assert protection.covers(actor)


@pytest.mark.parametrize("actor", [None, Actor(id="@ann:x", power=49), Actor(id="@Owner:x")])
def test_an_ordinary_member_is_within_reach(actor):
    assert not Protection(members=("@owner:*",)).covers(actor)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (KICK, True),
        (Action(body=DeleteMessage()), True),
        (Action(rule="spam", body=Reply()), True),
        (Action(body=Reply()), False),
        (Action(body=Announce()), False),
        (Action(rule=OWN, body=Reply()), False),
        (Action(rule=OWN, body=Announce()), False),
        (Action(rule=OWN, case_id="c", body=Reply()), True),
        (Action(rule="spam", case_id="c", body=Unmute()), False),
        (Action(rule="spam", body=LedgerCommand()), False),
    ],
)
def test_what_a_rule_does_to_somebody_is_a_sanction_and_answers_and_relief_are_not(
    action, expected
):
    assert is_sanction(action) is expected


def test_a_decision_counts_once_however_many_actions_carry_it_out():
    decision = Decision(
        network="n", group="g", at_ms=61_500, actions=(KICK, Action(rule="spam", body=Reply()))
    )

    assert windows(decision) == (
        window("rule", "spam"),
        window("group", "g"),
        window("network", "n"),
    )


def test_those_within_the_limit_pass_and_the_next_is_held_back():
    decisions = [make_decision(number) for number in range(5)]

    verdict = apply(decisions, {window("rule", "spam"): 1}, Limits(rule=3, group=0, network=0))

    assert verdict.braked == {"d2", "d3", "d4"}
    assert verdict.tripped == {window("rule", "spam")}
    assert verdict.sanctions[window("rule", "spam")] == 3


def test_a_rule_that_runs_away_does_not_use_up_what_its_group_allows_to_others():
    runaway = [make_decision(number) for number in range(50)]
    honest = make_decision(99, rule="scam")

    verdict = apply([*runaway, honest], {}, Limits(rule=5, group=10, network=20))

    assert "d99" not in verdict.braked
    assert verdict.sanctions[window("group", "g")] == 6


def test_the_next_minute_is_free_again():
    first = [make_decision(number) for number in range(3)]
    later = make_decision(3, at_ms=120_000)

    verdict = apply([*first, later], {}, Limits(rule=2, group=0, network=0))

    assert verdict.braked == {"d2"}


def test_a_limit_of_zero_is_no_limit():
    verdict = apply([make_decision(number) for number in range(500)], {}, NO_LIMITS)

    assert not verdict.braked


def test_what_takes_another_act_back_is_no_sanction():
    assert not is_sanction(Action(id="a", rule="spam", case_id="c", body=Kick(), undoes="b"))


def test_each_minute_that_is_too_much_names_what_takes_it_back():
    times = {"since_ms": 60_000, "until_ms": 120_000}
    ends = "--since 1970-01-01T00:01:00+00:00 --until 1970-01-01T00:02:00+00:00"

    assert window("rule", "spam").undo() == {"network": "n", "rule": "spam", **times}
    assert window("network", "n").undo() == {"network": "n", **times}
    assert window("group", "!g").command() == f"reeve undo --network n --group '!g' {ends}"
    assert window("network", "n").command() == f"reeve undo --network n {ends}"
