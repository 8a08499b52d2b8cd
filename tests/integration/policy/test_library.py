"""Rulebooks are compiled before they are adopted, and kept no longer than they are of use."""

import asyncio
from datetime import timedelta

from chassis.stopping import Stopping
from policy.core.rulebook import digest
from policy.library import AHEAD, Library
from policy.scribe import read_here
from policy.store.rulebooks import Rulebooks
from tests.integration.policy.story import (
    PARTITIONS,
    adopt,
    ends,
    judged_upto,
    make_adoption,
    make_crowd,
    outgoing,
    say,
    until,
)

BOOK = """\
name: {0}
language: en
rules:
  - {{id: one, why: {0}, when: {{words: [casino]}}, then: delete}}
"""


async def publish(rulebooks, name):
    text = BOOK.format(name)
    await rulebooks.publish(digest(text), name=name, source=text, author="test")
    return digest(text)


async def grow_old(pool, name):
    await pool.execute(
        "UPDATE rulebook SET published_at = published_at - $1::interval WHERE digest = $2",
        AHEAD + timedelta(seconds=1),
        name,
    )


async def test_what_is_published_is_compiled_before_anybody_adopts_it(pool):
    rulebooks, stopping = Rulebooks(pool), Stopping()
    library = Library(rulebooks)
    name = await publish(rulebooks, "first")

    async def known():
        return name in library.books

    async with asyncio.TaskGroup() as group:
        group.create_task(library.look_ahead(stopping))
        await until(known)
        stopping.set()


async def test_what_nobody_adopts_is_forgotten_and_what_is_needed_is_kept(pool):
    rulebooks = Rulebooks(pool)
    library = Library(rulebooks)
    first, second = await publish(rulebooks, "first"), await publish(rulebooks, "second")
    await library.prepare()
    await library.need([first])

    await grow_old(pool, first)
    await grow_old(pool, second)
    await library.prepare()

    assert library.books.keys() == {first}


async def test_what_was_forgotten_can_still_be_adopted(pool):
    rulebooks = Rulebooks(pool)
    library = Library(rulebooks)
    name = await publish(rulebooks, "first")
    await grow_old(pool, name)
    await library.prepare()
    assert not library.books

    await library.need([name])

    assert library.books.keys() == {name}


async def test_a_text_that_is_no_rulebook_is_looked_at_once(pool):
    rulebooks = Rulebooks(pool)
    await rulebooks.publish(digest("{"), name="none", source="{", author="test")
    asked = []

    async def read(source, known):
        asked.append(source)
        return await read_here(source, known)

    library = Library(rulebooks, read)
    await library.prepare()
    await library.prepare()

    assert asked == ["{"]
    assert not library.books


async def test_rulebooks_that_look_for_the_same_words_share_an_automaton(pool):
    rulebooks = Rulebooks(pool)
    library = Library(rulebooks)
    first, second = await publish(rulebooks, "first"), await publish(rulebooks, "second")

    await library.need([first, second])

    assert library.books[first].automaton is library.books[second].automaton
    assert library.books[first].rulebook != library.books[second].rulebook


async def test_while_one_partition_waits_for_its_rulebook_the_others_are_judged(
    bus, book, pool, make_judge
):
    slow = await publish(Rulebooks(pool), "slow")
    ready = asyncio.Event()

    async def read(source, known):
        if "name: slow" in source:
            await ready.wait()
        return await read_here(source, known)

    async def judged(partitions):
        upto = await ends(bus)
        return all([await judged_upto(bus, place) >= upto[place] for place in partitions])

    await adopt(bus, book)
    async with make_judge(read=read) as judge:
        await until(lambda: judged(range(PARTITIONS)))
        await bus.publish_batch([outgoing(make_adoption(slow, 0), partition=0)])
        await say(bus, make_crowd(200))
        await until(lambda: judged(range(1, PARTITIONS)))
        assert not await judged([0])
        assert len(judge.leases.held) == PARTITIONS
        ready.set()
        await until(lambda: judged(range(PARTITIONS)))
