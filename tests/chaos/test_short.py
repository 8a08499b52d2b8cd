"""Each of the seven processes is killed at a random moment under load, and nothing is amiss."""

import pytest

from tests.chaos.ordeal import Ordeal, unproven

LASTS_S = 30.0
SEED = 1


@pytest.mark.timeout(1200)
async def test_nothing_is_lost_changed_or_done_twice(hall, rng, say):
    ordeal = Ordeal(hall, rng, say)
    await ordeal.prepare()

    verdict = await ordeal.round(lasts_s=LASTS_S, each=1)

    assert verdict.all() == []
    assert unproven(verdict) == []
