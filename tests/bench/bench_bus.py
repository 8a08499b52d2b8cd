"""How fast one process reads and writes the bus: 300-byte messages, JetStream on disk."""

from time import perf_counter

import nats

from chassis.bus import Outgoing, connect
from contracts import subjects
from tests.bench.figure import Bench, Figure

SIZE = 300
COUNT = 200_000
FETCH = 512


async def fill(url: str, n: int) -> None:
    """Store ``n`` messages in partition 0 of EVENTS, unless they are there."""
    async with connect(url, name="bench") as bus:
        await bus.provision(subjects.STREAMS)
        there = (await bus.bounds(subjects.EVENTS)).last_seq
        data = b"x" * SIZE
        for first in range(there, n, 10_000):
            numbers = range(first, min(n, first + 10_000))
            await bus.publish_batch(
                [Outgoing(subject="ev.0.bench.a.b", data=data, msg_id=f"{i}") for i in numbers]
            )


async def publish_per_s(url: str, n: int) -> float:
    """Publish ``n`` messages in batches of 1,000, each acknowledged; an empty EVENTS is needed."""
    async with connect(url, name="bench") as bus:
        await bus.provision(subjects.STREAMS)
        data = b"x" * SIZE
        began_s = perf_counter()
        for first in range(0, n, 1000):
            await bus.publish_batch(
                [
                    Outgoing(subject="ev.0.bench.a.b", data=data, msg_id=f"p{i}")
                    for i in range(first, first + 1000)
                ]
            )
        return n / (perf_counter() - began_s)


async def pull_ack_per_s(url: str, n: int) -> float:
    """Read and acknowledge ``n`` messages of EVENTS by continuous pull; they must be there."""
    async with connect(url, name="bench") as bus:
        await bus.ensure_consumer(
            subjects.EVENTS, "bench-pull", filter_subjects=["ev.>"], max_ack_pending=20_000
        )
        got = 0
        began_s = perf_counter()
        async with bus.pull(subjects.EVENTS, "bench-pull") as inbox:
            while got < n:
                deliveries = await inbox.next()
                await inbox.ack(deliveries)
                got += len(deliveries)
        return got / (perf_counter() - began_s)


async def follow_ack_per_s(url: str, n: int) -> float:
    """Read ``n`` messages of partition 0 in order, acknowledging each batch."""
    async with connect(url, name="bench") as bus:
        got = 0
        began_s = perf_counter()
        async with bus.follow(
            subjects.EVENTS, subjects.event_filter(0), after_seq=0, consumer="bench-follow"
        ) as inbox:
            while got < n:
                deliveries = await inbox.next()
                await inbox.ack(deliveries)
                got += len(deliveries)
        return got / (perf_counter() - began_s)


async def fetch_ack_per_s(url: str, n: int) -> float:
    """Read and acknowledge ``n`` messages with nats-py's own ``fetch``, the reference."""
    client = await nats.connect(url)
    try:
        subscription = await client.jetstream().pull_subscribe(
            "ev.>", durable="bench-fetch", stream=subjects.EVENTS
        )
        got = 0
        began_s = perf_counter()
        while got < n:
            messages = await subscription.fetch(FETCH)
            for message in messages:
                await message.ack()
            got += len(messages)
        return got / (perf_counter() - began_s)
    finally:
        await client.close()


async def figures(bench: Bench) -> list[Figure]:
    """Publish, then read the same messages in the three ways."""
    n = bench.scaled(COUNT)
    url = bench.nats().url
    published = await publish_per_s(url, n // 4)
    await fill(url, n)
    fetched = await fetch_ack_per_s(url, n // 4)
    pulled = await pull_ack_per_s(url, n)
    followed = await follow_ack_per_s(url, n)
    words = "nats-py fetch and ack of the same messages"
    return [
        Figure(name="bus.publish_per_s", value=published, unit="messages/s"),
        Figure(
            name="bus.pull_ack_per_s",
            value=pulled,
            unit="messages/s",
            reference=fetched,
            reference_is=words,
        ),
        Figure(
            name="bus.follow_ack_per_s",
            value=followed,
            unit="messages/s",
            reference=fetched,
            reference_is=words,
            budget=80_000,
        ),
    ]
