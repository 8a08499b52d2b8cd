"""The judge as a process: killed, stopped, frozen, replaced, and deciding the same all the same."""

import asyncio
import os
import random
import signal
from contextlib import AsyncExitStack

import pytest

from chassis import bus as buses
from contracts import subjects
from contracts.subjects import STREAMS
from policy.leases import BUCKET
from tests.integration.policy.story import (
    PARTITIONS,
    adopt,
    batches,
    ends,
    judged_upto,
    make_crowd,
    say,
    until,
    verdicts,
)
from tests.judging import judge_process

KILLS = int(os.environ.get("JUDGE_KILLS") or 6)
TALK_S = max(3.0, KILLS * 1.2)  # so that there is always something left to judge
FAST = {"POLICY_LEASE_S": "2", "POLICY_SNAPSHOT_S": "0.2", "POLICY_SNAPSHOT_EVENTS": "200"}


async def all_judged(bus):
    """Whether everything in the log has been judged."""
    upto = await ends(bus)
    return all([await judged_upto(bus, place) >= seq for place, seq in upto.items()])


async def more_than(bus, batches_before):
    """Whether another batch has been committed, or there is nothing left to judge."""
    newest = (await bus.bounds(subjects.DECISIONS)).last_seq
    return newest > batches_before or await all_judged(bus)


async def undisturbed(private_nats, policy_url, book, crowd):
    """What one judge decides about ``crowd`` when nobody disturbs it."""
    server = private_nats()
    async with buses.connect(server.url, name="test") as bus:
        await bus.provision(STREAMS)
        await adopt(bus, book)
        await say(bus, crowd)
        async with judge_process(server.url, policy_url, partitions=PARTITIONS, POLICY_BATCH=77):
            await until(lambda: all_judged(bus))
        return await verdicts(bus)


@pytest.mark.timeout(600 + 20 * KILLS)
async def test_killed_at_any_moment_it_decides_the_same_bytes_and_everything_once(
    bus, nats_server, private_nats, policy_url, book
):
    draw = random.Random(7)
    crowd = make_crowd(6_000)
    expected = await undisturbed(private_nats, policy_url, book, crowd)
    await adopt(bus, book)

    async def talk():
        for start in range(0, len(crowd), 100):
            await say(bus, crowd[start : start + 100])
            await asyncio.sleep(TALK_S * 100 / len(crowd))

    async with asyncio.TaskGroup() as group:
        group.create_task(talk())
        for _ in range(KILLS):
            settings = {**FAST, "POLICY_OWNER": "judge", "POLICY_BATCH": draw.choice((2, 20, 200))}
            before = (await bus.bounds(subjects.DECISIONS)).last_seq
            async with judge_process(
                nats_server.url, policy_url, partitions=PARTITIONS, **settings
            ) as process:
                await until(lambda before=before: more_than(bus, before))
                await asyncio.sleep(draw.random() / 2)
                process.kill()
                await process.wait()
    async with judge_process(nats_server.url, policy_url, partitions=PARTITIONS, **FAST):
        await until(lambda: all_judged(bus))

    assert await verdicts(bus) == expected
    for partition in range(PARTITIONS):
        committed = await batches(bus, partition)
        starts = [batch.after_seq for batch in committed]
        assert starts == [0, *(batch.last_seq for batch in committed[:-1])]


async def test_a_frozen_judge_is_replaced_in_seconds_and_commits_nothing_when_it_thaws(
    bus, nats_server, private_nats, policy_url, book
):
    crowd = make_crowd(3_000)
    expected = await undisturbed(private_nats, policy_url, book, crowd)
    await adopt(bus, book)
    await say(bus, crowd[:1_000])

    async with AsyncExitStack() as stack:
        url = nats_server.url
        zombie = await stack.enter_async_context(
            judge_process(url, policy_url, partitions=PARTITIONS, POLICY_OWNER="zombie", **FAST)
        )
        await until(lambda: all_judged(bus))
        await say(bus, crowd[1_000:2_000])
        zombie.send_signal(signal.SIGSTOP)
        await stack.enter_async_context(
            judge_process(url, policy_url, partitions=PARTITIONS, POLICY_OWNER="heir", **FAST)
        )
        await until(lambda: all_judged(bus))
        zombie.send_signal(signal.SIGCONT)
        await say(bus, crowd[2_000:])
        await until(lambda: all_judged(bus))

    assert await verdicts(bus) == expected


async def test_it_outlives_its_nats_server(private_nats, policy_url, book):
    server = private_nats()
    async with buses.connect(server.url, name="test") as bus:
        await bus.provision(STREAMS)
        await adopt(bus, book)
        async with judge_process(
            server.url, policy_url, partitions=PARTITIONS, POLICY_OWNER="judge", **FAST
        ) as process:
            await say(bus, make_crowd(500))
            await until(lambda: all_judged(bus))
            server.kill()
            await asyncio.sleep(0.5)
            server.start()
            await say(bus, make_crowd(500, first=500))
            await until(lambda: all_judged(bus))

            assert process.returncode is None
            judged = [b.events for p in range(PARTITIONS) for b in await batches(bus, p)]
            assert sum(judged) == 1_000 + PARTITIONS


async def test_told_to_stop_it_gives_its_partitions_up_at_once(bus, nats_server, policy_url, book):
    await adopt(bus, book)
    held = await bus.bucket(BUCKET)
    async with judge_process(
        nats_server.url, policy_url, partitions=PARTITIONS, POLICY_LEASE_S="600"
    ) as process:
        await until(lambda: all_judged(bus))
        assert len(await held.keys()) == PARTITIONS + 1
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0

    assert await held.keys() == []
