"""A backtest of what is in force decides, byte for byte, what was decided live."""

import asyncio

from contracts.codec import encode
from contracts.values import AdoptionMode
from policy.core.compile import compile_rulebook
from policy.core.rulebook import parse
from policy.proof.course import Course, Plan
from reeve.backtest.log import Recorded, copy_stream, read_shard
from reeve.backtest.work import judge
from tests.integration.policy.story import BOOK, PARTITIONS, adopt, batches, make_crowd, say
from tests.integration.policy.test_judge import until_judged


async def recorded(bus, folder):
    log = Recorded(folder)
    await copy_stream(bus, log, lambda _: None)
    return log


async def test_recorded_events_and_the_same_rulebook_give_the_same_bytes(
    bus, book, make_judge, tmp_path
):
    await adopt(bus, book)
    async with make_judge(batch=37):
        for first in range(0, 600, 200):
            await say(bus, make_crowd(200, first=first, seed=first))
            await until_judged(bus)

    log = await recorded(bus, tmp_path)
    books = {book: compile_rulebook(parse(BOOK))}
    for partition in range(PARTITIONS):
        live = [one for batch in await batches(bus, partition) for one in batch.decisions]
        course = Course(Plan(new=book), books, frozenset(log.rung))
        judged = [course.judge(view, seq) for seq, view in read_shard(log.shards[partition])]

        assert [encode(one) for old, _ in judged for one in old] == list(map(encode, live))
        assert [encode(one) for _, new in judged for one in new] == list(map(encode, live))
        assert len(live) > 5

    found = await asyncio.to_thread(
        judge, log, Plan(new=book), {book: BOOK}, told=lambda _: None, processes=1
    )
    assert found.total.old == found.total.new > 100
    assert found.total.newly == found.total.spared == 0


async def test_a_shadow_tells_the_same_whoever_judges_and_after_a_restart(
    bus, book, pool, make_judge
):
    strict = BOOK.replace("blockhead", "morning")
    await publish(pool, strict)
    await adopt(bus, book)
    await say(bus, make_crowd(200))
    await shadow(bus, strict)
    async with make_judge("one", batch=37):
        await until_judged(bus)
    await say(bus, make_crowd(300, first=200))
    async with make_judge("two", batch=11):
        await until_judged(bus)

    first = await told(bus)
    await bus.purge("DECISIONS", "dec.*")
    await pool.execute("DELETE FROM snapshot")
    async with make_judge("three", batch=64):
        await until_judged(bus)

    assert first == await told(bus)
    disagreements, judged = first
    assert {one.kind for one in disagreements} >= {"newly", "spared"}
    assert judged == 300


async def publish(pool, text):
    from policy.core.rulebook import digest
    from policy.store.rulebooks import Rulebooks

    await Rulebooks(pool).publish(digest(text), name="x", source=text, author="test")


async def shadow(bus, text):
    """Begin a shadow in every partition."""
    from dataclasses import replace

    from contracts import ids
    from contracts.values import RulebookAdopted
    from policy.core.rulebook import digest
    from tests.integration.policy.story import NETWORK, make_adoption, outgoing

    for partition in range(PARTITIONS):
        key = f"shadow:{partition}"
        fact = RulebookAdopted(digest=digest(text), mode=AdoptionMode.SHADOW, trial="t")
        event = replace(
            make_adoption(digest(text), partition),
            id=ids.event_id("reeve", NETWORK, "", key),
            dedup_key=key,
            payload=fact,
        )
        await bus.publish_batch([outgoing(event, partition=partition)])


async def told(bus):
    """What the shadow came to: every disagreement, and the last sum of each partition."""
    disagreements, judged = [], 0
    for partition in range(PARTITIONS):
        found = await batches(bus, partition)
        disagreements += [one for batch in found for one in batch.disagreements]
        tallies = [tally for batch in found for tally in batch.tallies]
        judged += tallies[-1].judged
    return disagreements, judged
