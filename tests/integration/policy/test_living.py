"""A living town: timers ring, ticks come, groups tell one another, and its judge is killed."""

import asyncio
import os
import random

import pytest

from chassis import bus as buses
from chassis import clock
from chassis.bus import Outgoing
from contracts import subjects
from contracts.codec import view_event
from contracts.subjects import STREAMS
from policy.core.rulebook import digest
from policy.store.rulebooks import Rulebooks
from tests.integration.policy.story import (
    PARTITIONS,
    adopt,
    batches,
    ends,
    judged_upto,
    make_message,
    say,
    until,
    verdicts,
)
from tests.integration.policy.test_dispatch import make_dispatch  # noqa: F401 -- a fixture
from tests.integration.policy.test_process import FAST
from tests.judging import judge_process

KILLS = int(os.environ.get("JUDGE_KILLS") or 4)
LIVING = {"message_created", "timer_due", "tick", "sighting", "incident", "member_silent"}
BOOK = """\
name: living
language: en
ladder: {steps: [{at: 1, do: warn}, {at: 3, do: mute, for: 1s}]}
rules:
  - id: insults
    why: people come here to talk, not to be called names
    when: {words: [blockhead]}
    then: [delete, points: 1]
  - id: sale
    why: who sells treats the others
    when: {words: [for sale]}
    then: {owes_packet: {amount: 5, asset: points, shares: 1, within: 1s}}
    otherwise: [delete, points: 1]
  - id: spread
    why: one text in many groups is no conversation
    kinds: [message, incident]
    when: {incident: {groups_at_least: 3, within: 1h}}
    then: delete
  - id: silent
    why: we like to hear from you
    kinds: [tick]
    when: {silent: {for: 1m}}
    then: notice
"""
SAID = ("good morning", "what a blockhead", "a bicycle for sale", "join our signals channel today")


async def happened(bus):
    """The kinds of event there are in the log."""
    return {
        view_event(delivery.data).kind
        async for page in bus.read(subjects.EVENTS, "ev.>")
        for delivery in page
    }


async def all_judged(bus):
    upto = await ends(bus)
    return all([await judged_upto(bus, place) >= seq for place, seq in upto.items()])


async def copied(bus, other):
    """Write the whole log of one server into another, each event at its place."""
    async for page in bus.read(subjects.EVENTS, "ev.>"):
        for one in page:
            await other.publish_batch(
                [Outgoing(subject=one.subject, data=one.data, msg_id=f"copy{one.seq}")]
            )


def talking(bus, draw):
    """A function that has members say things, now or so long ago."""
    numbers = iter(range(1, 1_000_000))

    async def talk(ago_ms=0):
        said = [
            make_message(
                next(numbers),
                draw.choice(SAID),
                member=f"@m{draw.randrange(9)}:x",
                group=f"g{draw.randrange(6)}",
                at_ms=clock.now_ms() - ago_ms,
            )
            for _ in range(40)
        ]
        await say(bus, said)

    return talk


@pytest.mark.timeout(600 + 40 * KILLS)
async def test_killed_among_timers_ticks_and_incidents_it_decides_as_one_that_nobody_disturbs(
    bus,
    pool,
    nats_server,
    private_nats,
    policy_url,
    make_dispatch,  # noqa: F811 -- the fixture
):
    draw = random.Random(11)
    talk = talking(bus, draw)
    url, places = nats_server.url, {"partitions": PARTITIONS}
    await Rulebooks(pool).publish(digest(BOOK), name="living", source=BOOK, author="test")
    await adopt(bus, digest(BOOK))

    async with make_dispatch():
        await talk(ago_ms=120_000)  # who spoke then has been silent for long enough to be told so
        for _ in range(KILLS):
            await talk()
            before = (await bus.bounds(subjects.DECISIONS)).last_seq
            size = draw.choice((1, 7, 100))
            async with judge_process(
                url, policy_url, POLICY_OWNER="judge", POLICY_BATCH=size, **places, **FAST
            ) as process:
                await until(lambda before=before: has_committed(bus, before))
                await talk()
                await asyncio.sleep(draw.random())
                process.kill()
                await process.wait()
        async with judge_process(url, policy_url, **places, **FAST):
            await until(lambda: living(bus))
            await talk()
    async with judge_process(url, policy_url, **places, **FAST):
        await until(lambda: all_judged(bus))

    for partition in range(PARTITIONS):
        committed = await batches(bus, partition)
        starts = [batch.after_seq for batch in committed]
        assert starts == [0, *(batch.last_seq for batch in committed[:-1])]
    server = private_nats()
    async with buses.connect(server.url, name="test") as quiet:
        await quiet.provision(STREAMS)
        await copied(bus, quiet)
        async with judge_process(server.url, policy_url, POLICY_BATCH=77, **places):
            await until(lambda: all_judged(quiet))
        assert await verdicts(quiet) == await verdicts(bus)


async def has_committed(bus, before):
    return (await bus.bounds(subjects.DECISIONS)).last_seq > before


async def living(bus):
    return await happened(bus) >= LIVING
