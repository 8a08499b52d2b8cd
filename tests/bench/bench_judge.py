"""The judge end to end: one process, 8 partitions, real chat lines, the starter rulebook.

Throughput is measured in turns with the bare loop, since a machine that others use too is now fast
and now slow: a stretch is published while the judge stands, judged, and pulled once more by a loop
that does nothing else. The first stretch, in which the process starts and compiles its rulebook,
does not count. Latency is what a member would feel: from the moment an event is handed to the bus
to the moment the decision that covers it is stored.
"""

import asyncio
import signal
from asyncio.subprocess import Process
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
TURNS = 8
STRETCH = 40_000  # events of a turn
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


async def until_judged(bus: buses.Bus) -> int:
    """Wait until the last event of each partition is covered; return when it was, in ms."""
    at_ms = 0
    for partition in range(PARTITIONS):
        end = await bus.last(subjects.EVENTS, subjects.event_filter(partition))
        while end is not None:
            newest = await bus.last(subjects.DECISIONS, subjects.decisions(partition))
            if newest is not None and decode(DecisionBatch, newest.data).last_seq >= end.seq:
                at_ms = max(at_ms, newest.stored_ms)
                break
            await asyncio.sleep(0.1)
    return at_ms


async def in_turns(
    bus: buses.Bus, outgoing: Sequence[Outgoing], judge: Process
) -> tuple[float, float]:
    """Return events a second through a judge that runs, and through a bare loop, in turns.

    Both read the same messages by the same bus, from the moment they are all stored to the moment
    the last of them is done with.
    """
    await bus.ensure_consumer(
        subjects.EVENTS, "bench-bare", filter_subjects=["ev.>"], max_ack_pending=20_000
    )
    judged_s = bare_s = 0.0
    async with bus.pull(subjects.EVENTS, "bench-bare") as inbox:
        for start in range(0, len(outgoing), STRETCH):
            stretch = outgoing[start : start + STRETCH]
            judge.send_signal(signal.SIGSTOP)
            for first in range(0, len(stretch), 5_000):
                await bus.publish_batch(stretch[first : first + 5_000])
            began_ms = time_ns() // 1_000_000
            judge.send_signal(signal.SIGCONT)
            ended_ms = await until_judged(bus)
            waiting = len(stretch) + (0 if start else PARTITIONS)
            began_s = perf_counter()
            while waiting > 0:
                deliveries = await inbox.next()
                await inbox.ack(deliveries)
                waiting -= len(deliveries)
            if start:
                judged_s += (ended_ms - began_ms) / 1e3
                bare_s += perf_counter() - began_s
    judged = sum([batch.events for _, batch in await committed(bus)])
    assert judged == len(outgoing) + PARTITIONS, f"{judged} events were judged"
    counted = len(outgoing) - STRETCH
    return counted / judged_s, counted / bare_s


async def throughput(bench: Bench) -> Figure:
    """Events a second through one judge, beside the bare loop on the same messages."""
    count = STRETCH * (3 if bench.quick else TURNS)
    server = bench.nats()
    database_url = await bench.database(SCHEMA)
    async with buses.connect(server.url, name="bench") as bus:
        await bus.provision(subjects.STREAMS)
        await bus.bucket("judges")
        await adopt(bus, database_url)
        outgoing = [
            make_message(number, nick, text, at_ms=START_MS + number * 20)
            for number, (nick, text) in enumerate(in_groups(bench.lines(count)))
        ]
        async with judge_process(server.url, database_url, partitions=PARTITIONS) as judge:
            judged, bare = await in_turns(bus, outgoing, judge)
    return Figure(
        name="judge.events_per_s",
        value=judged,
        unit="/s",
        reference=bare,
        reference_is="/s pull and ack, in turns",
        budget=20_000,
        ratio_budget=0.25,
    )


def bursts_of(bench: Bench, first: int, seconds: float, rate: int) -> list[list[Outgoing]]:
    """What is said in each stretch of `BURST_S`, made beforehand: sending takes time enough."""
    burst = int(rate * BURST_S)
    began_ms = time_ns() // 1_000_000
    lines = bench.lines(burst * int(seconds / BURST_S))
    return [
        [
            make_message(first + n, *lines[n], at_ms=began_ms + int(n / rate * 1000))
            for n in range(start, start + burst)
        ]
        for start in range(0, len(lines), burst)
    ]


async def paced(bus: buses.Bus, bursts: Sequence[Sequence[Outgoing]]) -> dict[str, int]:
    """Publish a burst each `BURST_S`; return when each was handed over, in ns, by its id."""
    sent: dict[str, int] = {}
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    async with asyncio.TaskGroup() as group:
        for number, messages in enumerate(bursts):
            await asyncio.sleep(max(0.0, began_s + number * BURST_S - loop.time()))
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
        bursts = bursts_of(bench, 0, seconds, rate)
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(delivered(other, sum(map(len, bursts))))
            await asyncio.sleep(0.5)
            sent = await paced(bus, bursts)
        bare = [(reading.result()[name] - at_ns) / 1e6 for name, at_ns in sent.items()]
        bursts = bursts_of(bench, 1_000_000, seconds, rate)
        async with judge_process(server.url, database_url, partitions=PARTITIONS):
            await until_judged(bus)
            after_seq = (await bus.bounds(subjects.EVENTS)).last_seq
            sent = await paced(bus, bursts)
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
