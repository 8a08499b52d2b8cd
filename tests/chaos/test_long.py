"""The long ordeal of ``make chaos``: ``CHAOS_ROUNDS`` rounds, after each of which all is proven."""

import os

import pytest

from tests.chaos.ordeal import Ordeal, unproven

ROUNDS = 6
LASTS_S = 75.0
EACH = 3


@pytest.mark.timeout(0)
async def test_it_stays_true_through_every_round(hall, rng, say):
    ordeal = Ordeal(hall, rng, say)
    await ordeal.prepare()
    rounds = int(os.environ.get("CHAOS_ROUNDS") or ROUNDS)

    for number in range(1, rounds + 1):
        say(f"round {number} of {rounds}")
        verdict = await ordeal.round(lasts_s=LASTS_S, each=EACH)
        for line in verdict.told():
            say(f"  {line}")
        assert verdict.all() == []
    assert unproven(verdict) == []
