"""The guard's test: quiet while a canary does what the backtest said, quick when it does not."""

import random

import pytest

from policy.proof.band import ALPHA, Rates, outside

PREDICTED = Rates(judged=10_000, hits=120, rules={"ads": 100, "rude": 20})


def test_nothing_is_said_before_anything_was_seen():
    assert outside(PREDICTED, Rates(judged=0, hits=0)) == ""
    assert outside(Rates(judged=0, hits=0), PREDICTED) == ""


def test_what_was_predicted_is_inside():
    assert outside(PREDICTED, PREDICTED) == ""
    assert outside(PREDICTED, Rates(judged=100_000, hits=1_400, rules={"ads": 1_150})) != ""
    doubled = Rates(judged=20_000, hits=400, rules={"ads": 330, "rude": 70})
    assert outside(PREDICTED, doubled) == ""


def test_a_rule_that_hits_everybody_is_outside_within_a_few_dozen_events():
    seen = Rates(judged=40, hits=20, rules={"ads": 0, "rude": 20})

    assert outside(PREDICTED, seen).startswith(
        "all rules together acted 20 times in 40 events, more"
    )


def test_a_rule_that_was_never_seen_is_named_once_it_acts_often():
    seen = Rates(judged=8_000, hits=118, rules={"ads": 80, "rude": 16, "new": 22})

    assert outside(PREDICTED, seen).startswith("the rule new acted 22 times")


def test_a_rule_that_falls_silent_is_outside():
    seen = Rates(judged=20_000, hits=100, rules={"ads": 0, "rude": 100})

    assert "less than the backtest allows (200.0 expected)" in outside(PREDICTED, seen)


@pytest.mark.parametrize("factor", [0.6, 1.0, 1.8])
def test_a_rate_within_the_band_raises_no_alarm_however_often_one_looks(factor):
    draw = random.Random(7)
    alarms = 0
    for _ in range(200):
        judged = hits = 0
        for _ in range(60):
            judged += 500
            hits += sum(draw.random() < 0.012 * factor for _ in range(500))
            if outside(Rates(judged=10_000, hits=120), Rates(judged=judged, hits=hits)):
                alarms += 1
                break

    assert alarms <= max(1, 200 * ALPHA)
