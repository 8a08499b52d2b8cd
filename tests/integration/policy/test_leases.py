"""Who judges which partition."""

import asyncio

import pytest

from policy.leases import BUCKET, Leases
from tests.waiting import until


@pytest.fixture
def make_leases(bus):
    async def make(owner, *, partitions=8, ttl_s=600.0):
        return Leases(
            bucket=await bus.bucket(BUCKET), owner=owner, partitions=partitions, ttl_s=ttl_s
        )

    return make


async def settle(*several):
    """Let everybody renew and give up what is too much, until nothing changes."""
    for _ in range(4):
        for leases in several:
            await leases.renew()
            for partition in leases.surplus():
                await leases.release(partition)


async def test_one_alone_holds_everything(make_leases):
    one = await make_leases("one")

    await one.renew()

    assert sorted(one.held) == list(range(8))


async def test_several_share_fairly_and_nobody_shares_a_partition(make_leases):
    several = [await make_leases(name) for name in ("one", "two", "three")]

    await settle(*several)

    assert sorted(len(leases.held) for leases in several) == [2, 3, 3]
    assert sorted(p for leases in several for p in leases.held) == list(range(8))


async def test_a_lease_that_is_renewed_outlives_its_life(make_leases):
    one = await make_leases("one", ttl_s=2.0)
    await one.renew()

    for _ in range(8):
        await asyncio.sleep(0.5)
        await one.renew()
        assert len(one.held) == 8


async def test_what_a_dead_judge_held_is_free_after_its_life(make_leases):
    dead, alive = await make_leases("dead", ttl_s=5.0), await make_leases("alive")
    await settle(dead, alive)
    assert len(alive.held) == 4

    async def holds_all():
        await alive.renew()
        return len(alive.held) == 8

    await until(holds_all)


async def test_who_leaves_is_replaced_at_once(make_leases):
    one, two = await make_leases("one"), await make_leases("two")
    await settle(one, two)

    await one.leave()
    await two.renew()

    assert sorted(two.held) == list(range(8))


async def test_who_comes_back_under_its_name_takes_back_what_it_held(make_leases):
    before = await make_leases("one")
    await before.renew()

    after = await make_leases("one")
    await after.renew()

    assert sorted(after.held) == list(range(8))
