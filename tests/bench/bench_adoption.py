"""Adopting a large rulebook: what it takes when it was published before, and when it was not.

Time runs from the event that adopts it, in every partition, to the last batch committed under it.
"""

import asyncio
from time import time_ns

from chassis import bus as buses
from chassis import migrate, postgres
from contracts import subjects
from policy.core.rulebook import digest
from policy.library import LOOK_S
from policy.main import MIGRATIONS, SCHEMA
from policy.store.rulebooks import Rulebooks
from tests.bench.bench_judge import PARTITIONS, adoption, committed, until_judged
from tests.bench.books import full_book, messages
from tests.bench.figure import Bench, Figure
from tests.judging import judge_process


async def adopted_ms(bus: buses.Bus, name: str) -> float:
    """Adopt a rulebook everywhere; return the time until it is in force everywhere."""
    began_ns = time_ns()
    await bus.publish_batch([adoption(partition, name) for partition in range(PARTITIONS)])
    await until_judged(bus)
    stored = [at_ns for at_ns, batch in await committed(bus) if name in batch.rulebooks]
    return (max(stored) - began_ns) / 1e6


async def figures(bench: Bench) -> list[Figure]:
    """Measure adopting."""
    source = full_book([text for _, text in messages(bench, 5_000)])
    first, second = (
        source.replace("words: [", f'words: ["{word}", ', 1) for word in ("reloaded", "renewed")
    )
    server = bench.nats()
    database_url = await bench.database(SCHEMA)
    await migrate.migrate(database_url, SCHEMA, MIGRATIONS)
    async with (
        buses.connect(server.url, name="bench") as bus,
        postgres.connect(database_url, schema=SCHEMA) as pool,
    ):
        await bus.provision(subjects.STREAMS)
        await bus.bucket("judges")
        rulebooks = Rulebooks(pool)
        async with judge_process(server.url, database_url, partitions=PARTITIONS):
            await until_judged(bus)
            await rulebooks.publish(digest(first), name="a", source=first, author="bench")
            at_once_ms = await adopted_ms(bus, digest(first))
            await rulebooks.publish(digest(second), name="b", source=second, author="bench")
            await asyncio.sleep(LOOK_S + 3 * at_once_ms / 1_000)
            ahead_ms = await adopted_ms(bus, digest(second))
    return [
        Figure(
            name="bank.adopted_ms",
            value=ahead_ms,
            unit="ms",
            reference=at_once_ms,
            reference_is="ms published at the same moment",
            budget=1_000,
            better="less",
        )
    ]
