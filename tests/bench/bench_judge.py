"""The judge end to end: one process, 8 partitions, real chat lines, the starter rulebook.

Throughput is measured on a full log, from when every partition has its first batch to the last
one, so that starting a process and compiling a rulebook do not count. Latency is what a member
would feel: from the moment an event is handed to the bus to the moment the decision that covers
it is stored.
"""

import asyncio
from collections.abc import Sequence
from time import perf_counter, time_ns

from chassis import bus as buses
from chassis import migrate, postgres
from chassis.bus import Delivery, Outgoing
from contracts import ids, subjects
from contracts.codec import decode, encode
from contracts.values import (
    Actor,
    ActorKind,
    Content,
    DecisionBatch,
    Event,
    MessageCreated,
    Origin,
    Place,
    RulebookAdopted,
)
from policy.core.rulebook import digest
from policy.main import MIGRATIONS, SCHEMA
from policy.store.rulebooks import Rulebooks
from tests.bench.figure import ROOT, Bench, Figure
from tests.judging import judge_process

PARTITIONS = 8
GROUPS = 200
COUNT = 200_000
RATES = {2_000: 20.0, 10_000: 10.0}  # events a second, and the budget of the 99th percentile
PACED_S = 15
BURST_S = 0.01
START_MS = 1_750_000_000_000
NETWORK = "bench"
BOOK = ROOT / "rulebooks" / "starter.yaml"


def make_message(number: int, nick: str, text: str, *, at_ms: int) -> Outgoing:
    """One line of chat as the gateway would publish it."""
    group = f"!{number % GROUPS}:example.org"
    message_id = f"${number}"
    event = Event(
        id=ids.event_id("matrix", NETWORK, group, message_id),
        schema=1,
        platform="matrix",
        network=NETWORK,
        group=group,
        connection="matrix",
        place=Place(channel=group),
        actor=Actor(id=f"@{nick}:example.org", kind=ActorKind.USER, display_name=nick),
        occurred_ms=at_ms,
        received_ms=at_ms,
        dedup_key=message_id,
        source_cursor="s72595_4483_1934",
        place_sequence=number + 1,
        origin=Origin.LIVE,
        capabilities=("delete", "mute", "kick", "ban"),
        payload=MessageCreated(message_id=message_id, content=Content(text=text, form="text")),
    )
    partition = subjects.partition(NETWORK, group, PARTITIONS)
    return Outgoing(
        subject=subjects.event(partition, "matrix", NETWORK, group),
        data=encode(event),
        msg_id=event.id,
    )


def in_groups(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the lines so that each group hears a stretch of one log: the n-th goes to group n.

    Who talks to whom stays together, as where people meet; a log dealt out line by line would have
    nobody speak twice anywhere.
    """
    each = len(lines) // GROUPS
    return [
        lines[number % GROUPS * each + number // GROUPS] for number in range(GROUPS * each)
    ] + list(lines[GROUPS * each :])


async def adopt(bus: buses.Bus, database_url: str) -> None:
    """Store the rulebook and put it in force in every partition."""
    source = BOOK.read_text(encoding="utf-8")
    await migrate.migrate(database_url, SCHEMA, MIGRATIONS)
    async with postgres.connect(database_url, schema=SCHEMA) as pool:
        await Rulebooks(pool).publish(digest(source), name="bench", source=source, author="bench")
    for partition in range(PARTITIONS):
        await bus.publish_batch([adoption(partition, digest(source))])


def adoption(partition: int, name: str) -> Outgoing:
    """The event that puts a rulebook in force in one partition."""
    event = Event(
        id=ids.event_id("reeve", NETWORK, "", f"adoption:{name}:{partition}"),
        schema=1,
        platform="reeve",
        network=NETWORK,
        received_ms=START_MS,
        payload=RulebookAdopted(digest=name),
    )
    subject = subjects.event(partition, "reeve", NETWORK, "")
    return Outgoing(subject=subject, data=encode(event), msg_id=event.id)


async def bare_per_s(bus: buses.Bus, count: int) -> float:
    """Pull and acknowledge everything in EVENTS; the same messages, the same bus, nothing else."""
    await bus.ensure_consumer(
        subjects.EVENTS, "bench-bare", filter_subjects=["ev.>"], max_ack_pending=20_000
    )
    got = 0
    began_s = perf_counter()
    async with bus.pull(subjects.EVENTS, "bench-bare") as inbox:
        while got < count:
            deliveries = await inbox.next()
            await inbox.ack(deliveries)
            got += len(deliveries)
    return got / (perf_counter() - began_s)


def stored_ns(delivery: Delivery) -> int:
    """When a message was stored, from its acknowledgement subject (ADR-15 of NATS)."""
    tokens = delivery.reply.split(".")
    return int(tokens[7 if len(tokens) == 9 else 9])


async def committed(bus: buses.Bus) -> list[tuple[int, DecisionBatch]]:
    """Every batch there is, with the instant it was stored, in ns."""
    return [
        (stored_ns(delivery), decode(DecisionBatch, delivery.data))
        async for page in bus.read(subjects.DECISIONS, subjects.EVERY_DECISION)
        for delivery in page
    ]


async def until_judged(bus: buses.Bus) -> None:
    """Wait until the last event of each partition is covered by a batch."""
    for partition in range(PARTITIONS):
        end = await bus.last(subjects.EVENTS, subjects.event_filter(partition))
        while end is not None:
            newest = await bus.last(subjects.DECISIONS, subjects.decisions(partition))
            if newest is not None and decode(DecisionBatch, newest.data).last_seq >= end.seq:
                break
            await asyncio.sleep(0.1)


async def throughput(bench: Bench) -> Figure:
    """Events a second through one judge, beside the bare loop on the same messages."""
    count = bench.scaled(COUNT)
    server = bench.nats()
    database_url = await bench.database(SCHEMA)
    async with buses.connect(server.url, name="bench") as bus:
        await bus.provision(subjects.STREAMS)
        await bus.bucket("judges")
        await adopt(bus, database_url)
        lines = in_groups(bench.lines(count))
        for first in range(0, count, 5_000):
            await bus.publish_batch(
                [
                    make_message(first + place, nick, text, at_ms=START_MS + (first + place) * 20)
                    for place, (nick, text) in enumerate(lines[first : first + 5_000])
                ]
            )
        bare = await bare_per_s(bus, count + PARTITIONS)
        async with judge_process(server.url, database_url, partitions=PARTITIONS):
            await until_judged(bus)
        batches = sorted(await committed(bus), key=lambda pair: pair[0])
    judged = sum(batch.events for _, batch in batches)
    assert judged == count + PARTITIONS, f"{judged} events were judged of {count + PARTITIONS}"
    warm_ns = max({batch.partition: at_ns for at_ns, batch in reversed(batches)}.values())
    took_s = (batches[-1][0] - warm_ns) / 1e9
    counted = sum(batch.events for at_ns, batch in batches if at_ns > warm_ns)
    return Figure(
        name="judge.events_per_s",
        value=counted / took_s,
        unit="/s",
        reference=bare,
        reference_is="/s pull and ack",
        budget=20_000,
        ratio_budget=0.25,
    )


async def paced(
    bus: buses.Bus, bench: Bench, first: int, seconds: float, rate: int
) -> dict[str, int]:
    """Publish ``rate`` events a second; return when each was handed over, in ns, by its id."""
    sent: dict[str, int] = {}
    burst = int(rate * BURST_S)
    bursts = int(seconds / BURST_S)
    lines = bench.lines(burst * bursts)
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    async with asyncio.TaskGroup() as group:
        for number in range(bursts):
            await asyncio.sleep(max(0.0, began_s + number * BURST_S - loop.time()))
            at_ms = time_ns() // 1_000_000
            own = range(number * burst, (number + 1) * burst)
            messages = [make_message(first + n, *lines[n], at_ms=at_ms) for n in own]
            sent.update((message.msg_id, time_ns()) for message in messages)
            group.create_task(bus.publish_batch(messages))
    return sent


async def delivered(bus: buses.Bus, count: int) -> dict[str, int]:
    """Read EVENTS from here on; return when each message arrived, in ns, by its id."""
    arrived: dict[str, int] = {}
    after_seq = (await bus.bounds(subjects.EVENTS)).last_seq
    reader = bus.follow(subjects.EVENTS, "ev.>", after_seq=after_seq, consumer="bench-bare")
    async with reader as inbox:
        while len(arrived) < count:
            deliveries = await inbox.next()
            now_ns = time_ns()
            arrived.update((delivery.headers["Nats-Msg-Id"], now_ns) for delivery in deliveries)
            await inbox.ack(deliveries)
    return arrived


async def latencies(bench: Bench, rate: int) -> tuple[list[float], list[float]]:
    """Milliseconds from publish to committed decision, and to bare delivery; both sorted."""
    seconds = PACED_S / 5 if bench.quick else PACED_S
    server = bench.nats()
    database_url = await bench.database(SCHEMA)
    async with (
        buses.connect(server.url, name="bench") as bus,
        buses.connect(server.url, name="reader") as other,
    ):
        await bus.provision(subjects.STREAMS)
        await bus.bucket("judges")
        await adopt(bus, database_url)
        async with asyncio.TaskGroup() as group:
            count = int(rate * BURST_S) * int(seconds / BURST_S)
            reading = group.create_task(delivered(other, count))
            await asyncio.sleep(0.5)
            sent = await paced(bus, bench, 0, seconds, rate)
        bare = [(reading.result()[name] - at_ns) / 1e6 for name, at_ns in sent.items()]
        async with judge_process(server.url, database_url, partitions=PARTITIONS):
            await until_judged(bus)
            after_seq = (await bus.bounds(subjects.EVENTS)).last_seq
            sent = await paced(bus, bench, 1_000_000, seconds, rate)
            await until_judged(bus)
        covering = sorted(await committed(bus), key=lambda pair: pair[1].last_seq)
        ends: dict[int, list[tuple[int, int]]] = {}
        for stored_ns, batch in covering:
            ends.setdefault(batch.partition, []).append((batch.last_seq, stored_ns))
        judged = []
        async for page in bus.read(subjects.EVENTS, "ev.>", after_seq=after_seq):
            for delivery in page:
                own = ends[int(delivery.subject.split(".")[1])]
                while own[0][0] < delivery.seq:
                    own.pop(0)
                judged.append((own[0][1] - sent[delivery.headers["Nats-Msg-Id"]]) / 1e6)
    return sorted(judged), sorted(bare)


async def figures(bench: Bench) -> list[Figure]:
    """Measure the judge."""
    found = [await throughput(bench)]
    for rate, budget in RATES.items():
        judged, bare = await latencies(bench, rate)
        found += [
            Figure(
                name=f"judge.commit_p{share}_ms_at_{rate}",
                value=judged[len(judged) * share // 100],
                unit="ms",
                reference=bare[len(bare) * share // 100],
                reference_is="ms delivered",
                budget=budget if share == 99 else None,
                better="less",
            )
            for share in (50, 99)
        ]
    return found
