"""The judge's promises: every event judged once, in order, the same whoever judges."""

import asyncio
from dataclasses import replace

import asyncpg
import pytest
from structlog.testing import capture_logs

from chassis import telemetry
from chassis.bus import Fenced
from contracts import subjects
from contracts.codec import encode
from contracts.values import Outcome
from policy.core.predicate import holds_of
from policy.store.memory import Memory
from policy.store.rulebooks import Rulebooks
from tests.integration.policy.conftest import MIGRATIONS
from tests.integration.policy.story import (
    BOOK,
    PARTITIONS,
    adopt,
    batches,
    ends,
    judged_upto,
    make_crowd,
    make_message,
    outgoing,
    say,
    until,
    verdicts,
)
from tests.servers import Databases

WAITING = "waits for the database"


async def holding(*judges, seats):
    """Whether the judges hold so many partitions each."""
    return [len(judge.seats) for judge in judges] == seats


async def forget(bus, pool):
    """Leave nothing but the log."""
    await bus.purge(subjects.DECISIONS, subjects.EVERY_DECISION)
    await pool.execute("DELETE FROM snapshot")


async def kept(bus, pool):
    """Every snapshot there is."""
    return [
        snapshot
        for partition in range(PARTITIONS)
        for snapshot in await Memory(pool).newest_first(partition, await created(bus))
    ]


async def judged(bus):
    """How many events the committed batches hold."""
    return sum([batch.events for p in range(PARTITIONS) for batch in await batches(bus, p)])


async def until_judged(bus):
    """Wait until all that is in the log has been judged."""

    async def done():
        upto = await ends(bus)
        return all([await judged_upto(bus, place) >= seq for place, seq in upto.items()])

    await until(done)


async def test_batches_tile_the_log_and_keep_its_order(bus, book, make_judge):
    await adopt(bus, book)
    await say(bus, make_crowd(600))

    async with make_judge(batch=37):
        await until_judged(bus)

    for partition, last_seq in (await ends(bus)).items():
        committed = await batches(bus, partition)
        assert [batch.after_seq for batch in committed] == [
            0,
            *(batch.last_seq for batch in committed[:-1]),
        ]
        assert committed[-1].last_seq == last_seq
        order = [decision.event_seq for batch in committed for decision in batch.decisions]
        assert order == sorted(order)
        assert order
    assert await judged(bus) == 600 + PARTITIONS


async def test_a_network_without_a_rulebook_is_left_alone(bus, make_judge):
    await say(bus, make_crowd(50))

    async with make_judge():
        await until_judged(bus)

    assert await verdicts(bus) == {}


async def test_snapshot_and_replay_give_what_replay_from_zero_gives(bus, book, pool, make_judge):
    await adopt(bus, book)
    await say(bus, make_crowd(400))
    async with make_judge(snapshot_events=40):
        await until_judged(bus)
        await until(lambda: kept(bus, pool))  # not only when a judge has the time to say farewell
    await say(bus, make_crowd(200, first=400))
    async with make_judge():
        await until_judged(bus)
    found = await verdicts(bus)

    await forget(bus, pool)
    async with make_judge(batch=7):
        await until_judged(bus)

    assert await verdicts(bus) == found


async def test_a_snapshot_that_leads_elsewhere_is_not_believed(bus, book, pool, make_judge):
    await adopt(bus, book)
    await say(bus, make_crowd(300))
    async with make_judge(snapshot_events=50):
        await until_judged(bus)
    await pool.execute("UPDATE snapshot SET state = (SELECT state FROM snapshot LIMIT 1)")
    await say(bus, make_crowd(100, first=300))
    async with make_judge():
        await until_judged(bus)
    found = await verdicts(bus)

    await forget(bus, pool)
    async with make_judge():
        await until_judged(bus)

    assert await verdicts(bus) == found


async def created(bus):
    return (await bus.bounds(subjects.EVENTS)).created


async def test_a_zombie_commits_nothing(bus, book, make_judge):
    await adopt(bus, book)
    await say(bus, make_crowd(20))
    async with make_judge():
        await until_judged(bus)
    before = await batches(bus, 0)

    with pytest.raises(Fenced):
        await bus.publish(subjects.decisions(0), b"late", expected_seq=0, msg_id="zombie")

    assert await batches(bus, 0) == before


async def test_two_judges_share_the_partitions_and_one_takes_over_at_once_when_the_other_stops(
    bus, book, make_judge
):
    await adopt(bus, book)
    async with make_judge("one") as one:
        async with make_judge("two") as two:
            await until(lambda: holding(one, two, seats=[2, 2]))
            await say(bus, make_crowd(200))
            await until_judged(bus)
        await until(lambda: holding(one, seats=[PARTITIONS]))
        await say(bus, make_crowd(100, first=200))
        await until_judged(bus)

    assert await judged(bus) == 300 + PARTITIONS


async def test_what_cannot_be_decoded_goes_to_the_dead_letters_and_the_log_goes_on(
    bus, book, make_judge
):
    await adopt(bus, book)
    event = make_message(1, "what a blockhead")
    own = outgoing(event)
    poison = [b"\xff\xff no event", encode(replace(event, id=""))]
    for number, data in enumerate(poison):
        await bus.publish(own.subject, data, msg_id=f"broken {number}")
    await bus.publish_batch([own])

    async with make_judge():
        await until_judged(bus)

    buried = [d async for page in bus.read(subjects.DLQ, subjects.dlq("EVENTS")) for d in page]
    assert [delivery.data for delivery in buried] == poison
    assert len(await verdicts(bus)) == 1


async def test_an_event_that_breaks_the_engine_is_allowed_with_a_mark_and_kept(
    bus, book, make_judge, monkeypatch
):
    await adopt(bus, book)
    await say(
        bus, [make_message(1, "hello"), make_message(2, "boom"), make_message(3, "blockhead")]
    )

    def explosive(test):
        holds = holds_of(test)
        return lambda seen: bool(1 // (seen.look.original != "boom")) and holds(seen)

    monkeypatch.setattr("policy.core.compile.holds_of", explosive)
    async with make_judge():
        await until_judged(bus)

    decided = [d for p in range(PARTITIONS) for b in await batches(bus, p) for d in b.decisions]
    marked, insult = decided
    assert (marked.outcome, marked.hits[0].rule) == (Outcome.ALLOW, "reeve:fault")
    assert marked.hits[0].exempt == "ZeroDivisionError"
    assert insult.hits[0].rule == "insults"
    buried = [d async for page in bus.read(subjects.DLQ, subjects.dlq("EVENTS")) for d in page]
    assert len(buried) == 1


async def test_an_unknown_rulebook_makes_its_partition_wait_until_it_is_there(
    bus, pool, make_judge
):
    from policy.core.rulebook import digest
    from policy.store.rulebooks import Rulebooks
    from tests.integration.policy.story import BOOK

    await adopt(bus, digest(BOOK))
    await say(bus, [make_message(1, "blockhead")])
    async with make_judge():
        await asyncio.sleep(0.3)
        assert await verdicts(bus) == {}
        await Rulebooks(pool).publish(digest(BOOK), name="test", source=BOOK, author="test")
        await until_judged(bus)

    assert len(await verdicts(bus)) == 1


async def test_a_ruling_too_large_for_one_message_is_committed_in_several(
    bus, book, pool, make_judge, monkeypatch
):
    from policy import seat

    monkeypatch.setattr(seat, "BATCH_LIMIT_BYTES", 2_000)
    await adopt(bus, book)
    await bus.publish_batch([outgoing(e) for e in make_crowd(300)])
    async with make_judge(batch=300):
        await until_judged(bus)

    sizes = [len(b.decisions) for p in range(PARTITIONS) for b in await batches(bus, p)]
    assert max(sizes) < 10
    found = await verdicts(bus)
    monkeypatch.setattr(seat, "BATCH_LIMIT_BYTES", 512 * 1024)
    await forget(bus, pool)
    async with make_judge():
        await until_judged(bus)
    assert await verdicts(bus) == found


async def test_a_log_that_no_longer_reaches_back_is_judged_from_what_there_is(
    bus, book, pool, make_judge
):
    await adopt(bus, book)
    await say(bus, make_crowd(200))
    async with make_judge():
        await until_judged(bus)
    kept = await verdicts(bus)
    before = telemetry.counter("reeve_judge_truncations_total").value()
    await pool.execute("DELETE FROM snapshot")
    for partition in range(PARTITIONS):
        await bus.purge(subjects.EVENTS, subjects.event_filter(partition))
    await say(bus, make_crowd(50, first=200))

    async with make_judge():
        await until_judged(bus)

    assert telemetry.counter("reeve_judge_truncations_total").value() > before
    assert await judged(bus) == 250 + PARTITIONS
    assert (await verdicts(bus)).items() >= kept.items()


async def test_a_snapshot_alone_remembers_a_partition_that_was_silent_for_long(
    bus, book, make_judge
):
    await adopt(bus, book)
    await say(bus, make_crowd(200))
    async with make_judge():
        await until_judged(bus)
    for partition in range(PARTITIONS):
        await bus.purge(subjects.EVENTS, subjects.event_filter(partition))
        await bus.purge(subjects.DECISIONS, subjects.decisions(partition))
    await say(bus, [make_message(500, "blockhead")])

    async with make_judge():
        await until(lambda: verdicts(bus))

    assert await judged(bus) == 1


async def test_partitions_wait_for_a_database_that_is_away(bus, book, make_judge, private_postgres):
    server = private_postgres()
    url = await Databases(server).make("policy", migrations=MIGRATIONS)
    await adopt(bus, book)
    await say(bus, make_crowd(200))
    async with make_judge():
        await until_judged(bus)
    expected = await verdicts(bus)
    await bus.purge(subjects.DECISIONS, subjects.EVERY_DECISION)

    async with asyncpg.create_pool(url, min_size=1) as tables:
        await Rulebooks(tables).publish(book, name="test", source=BOOK, author="test")
        server.kill()
        async with make_judge(tables=tables):
            with capture_logs() as lines:
                await until(lambda: any(WAITING in line["event"] for line in lines))
            server.start()
            await until_judged(bus)

    assert await verdicts(bus) == expected
