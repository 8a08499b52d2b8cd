"""The judge with all there is: 50 rules, 10,000 words, 60 patterns, windows; real talk.

Side by side in one run: the judge as a process behind NATS, its decisions committed before the
input is acknowledged; the bare transport on the same messages; and each stage by itself. Stages are
told in CPU time of one process, the judge in wall time and, since the machine has others to serve,
also in the CPU time that the process took.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import perf_counter, process_time, thread_time

import psutil

from chassis import bus as buses
from chassis import migrate, postgres
from chassis.bus import Delivery, Outgoing
from chassis.memory import settle
from contracts import subjects
from contracts.codec import decode, view_event
from contracts.values import Event
from policy.core.automaton import Automaton
from policy.core.compile import compile_rulebook
from policy.core.compiled import Compiled
from policy.core.links import links
from policy.core.rulebook import digest, parse
from policy.core.state import State
from policy.core.text.look import Look
from policy.library import Library
from policy.main import MIGRATIONS, SCHEMA
from policy.scribe import scribing
from policy.seat import Seat
from policy.store.rulebooks import Rulebooks
from tests.bench.bench_judge import (
    PARTITIONS,
    START_MS,
    STRETCH,
    TURNS,
    adoption,
    committed,
    in_groups,
    in_turns,
    make_message,
)
from tests.bench.books import full_book, many_rules, messages
from tests.bench.figure import ROOT, Bench, Figure
from tests.judging import judge_process

STAGED = 20_000
ROUNDS = 3
PAGE = 500  # events
REPLAYED = 100_000
BATCH = 500
EACH_MS = 20
RULES = (50, 5_000, 50_000)


def talk(bench: Bench, count: int) -> list[Outgoing]:
    """Return messages of many groups, in each of which one conversation goes on."""
    return [
        make_message(number, nick, text, at_ms=START_MS + number * EACH_MS)
        for number, (nick, text) in enumerate(in_groups(messages(bench, count)))
    ]


def delivered(outgoing: Sequence[Outgoing]) -> list[Delivery]:
    """Return messages as a judge gets them."""
    return [
        Delivery(one.subject, one.data, seq=number, consumer_seq=number, stored_ms=START_MS)
        for number, one in enumerate(outgoing, 2)
    ]


def own_seat(compiled: Compiled) -> Seat:
    """Return a judge in this process, with the rulebook in force."""
    state = State()
    state.adopt("bench", (), compiled.digest)
    books = {compiled.digest: compiled}
    return Seat(0, state, books, last_seq=1, dec_seq=0, log="bench", owner="bench")


def judged_us(compiled: Compiled, deliveries: Sequence[Delivery]) -> float:
    """Return the CPU time of judging each message, from its bytes to the bytes of the batch."""
    best = float("inf")
    for _ in range(ROUNDS):
        seat = own_seat(compiled)
        began_s = process_time()
        for first in range(0, len(deliveries), BATCH):
            run = deliveries[first : first + BATCH]
            while run:
                ruling = seat.judge(run)
                run = run[ruling.batch.events :]
        best = min(best, process_time() - began_s)
    return best / len(deliveries) * 1e6


def each_us(work: Callable[[], object], count: int) -> float:
    """Return the CPU time of one of ``count`` pieces of work."""
    best = float("inf")
    for _ in range(ROUNDS):
        began_s = process_time()
        work()
        best = min(best, process_time() - began_s)
    return best / count * 1e6


def stages(compiled: Compiled, deliveries: Sequence[Delivery]) -> list[Figure]:
    """Return what each stage of judging takes, by itself."""
    automaton: Automaton = compiled.automaton
    events = [delivery.data for delivery in deliveries]
    texts = [decode(Event, data).payload.content.text for data in events]
    looks = [Look(text) for text in texts]
    count = len(events)
    taken = {
        "view": each_us(lambda: [view_event(data) for data in events], count),
        "fold": each_us(lambda: [Look(text) for text in texts], count),
        "scan": each_us(lambda: [automaton.scan(look) for look in looks], count),
        "links": each_us(lambda: [links(look) for look in looks], count),
        "whole": judged_us(compiled, deliveries),
    }
    known = sum(us for name, us in taken.items() if name != "whole")
    taken["windows_rules_and_memory"] = taken["whole"] - known
    return [
        Figure(name=f"judge.stage_us.{name}", value=us, unit="us", better="less")
        for name, us in taken.items()
    ]


def ratios(bench: Bench, deliveries: Sequence[Delivery]) -> list[Figure]:
    """Return what a message costs under many rules, against 50 of the same sorts."""
    texts = [text for _, text in messages(bench, 5_000)]
    few = 0.0
    found = []
    for count in RULES:
        book = many_rules(count, texts)
        cost = judged_us(compile_rulebook(parse(book)), deliveries)
        few = few or cost
        if count > RULES[0]:
            found.append(
                Figure(
                    name=f"judge.cost_ratio_{count}_rules",
                    value=cost / few,
                    unit="times",
                    reference=few,
                    reference_is="us for 50 rules",
                    budget=2 if count == RULES[1] else 4,
                    better="less",
                )
            )
    return found


async def throughput(bench: Bench, source: str, outgoing: Sequence[Outgoing]) -> list[Figure]:
    """Return events a second through one judge process, and the bare loop on the same messages."""
    server = bench.nats()
    database_url = await bench.database(SCHEMA)
    count = len(outgoing)
    async with buses.connect(server.url, name="bench") as bus:
        await bus.provision(subjects.STREAMS)
        await bus.bucket("judges")
        await migrate.migrate(database_url, SCHEMA, MIGRATIONS)
        async with postgres.connect(database_url, schema=SCHEMA) as pool:
            books = Rulebooks(pool)
            await books.publish(digest(source), name="full", source=source, author="bench")
        for partition in range(PARTITIONS):
            await bus.publish_batch([adoption(partition, digest(source))])
        async with judge_process(server.url, database_url, partitions=PARTITIONS) as process:
            per_s, bare = await in_turns(bus, outgoing, process)
            cpu = psutil.Process(process.pid).cpu_times()
        decisions = sum([len(batch.decisions) for _, batch in await committed(bus)])
    return [
        Figure(
            name="judge.full_events_per_s",
            value=per_s,
            unit="/s",
            reference=bare,
            reference_is="/s pull and ack, in turns",
            budget=40_000,
        ),
        Figure(
            name="judge.full_cpu_us",
            value=(cpu.user + cpu.system) / count * 1e6,
            unit="us, start included",
            better="less",
        ),
        Figure(
            name="judge.full_decisions_share",
            value=decisions / count,
            unit="of events",
        ),
    ]


PAUSE_S = 2.0


async def reloads(bench: Bench, source: str, deliveries: Sequence[Delivery]) -> list[Figure]:
    """Return how long changed rulebooks take to be ready, while the judge goes on judging.

    The reference is the longest that the loop of the judge stood still meanwhile. Both are told in
    CPU time, too, that of the process beside the judge included: other work on the machine makes
    wall time longer.
    """
    database_url = await bench.database(SCHEMA)
    await migrate.migrate(database_url, SCHEMA, MIGRATIONS)
    other_words = source.replace("words: [", 'words: ["reloaded", ', 1)
    other_rule = other_words.replace("why: so", "why: otherwise", 1)
    async with scribing() as scribe, postgres.connect(database_url, schema=SCHEMA) as pool:
        rulebooks = Rulebooks(pool)
        library = Library(rulebooks, scribe.read)
        for text in (source, other_words, other_rule):
            await rulebooks.publish(digest(text), name="full", source=text, author="bench")
        await library.need([digest(source)])
        seat = own_seat(library.books[digest(source)])
        found = []
        for name, text in (("bank.reload", other_words), ("bank.reload_same_words", other_rule)):
            await asyncio.sleep(PAUSE_S)  # nobody changes a rulebook again at once
            beside = psutil.Process((await scribe.start()).pid)
            found += await _reload(name, library, digest(text), seat, deliveries, beside)
        return found


def _beside_s(process: psutil.Process) -> float:
    """CPU seconds of all processes that have ended and of this one, which ends once it is large."""
    ended = getrusage(RUSAGE_CHILDREN)
    try:
        running = sum(process.cpu_times()[:2])
    except psutil.NoSuchProcess:
        running = 0.0
    return ended.ru_utime + ended.ru_stime + running


async def _reload(
    name: str,
    library: Library,
    wanted: str,
    seat: Seat,
    deliveries: Sequence[Delivery],
    beside: psutil.Process,
) -> list[Figure]:
    began_s, judged_s, beside_s = perf_counter(), 0.0, _beside_s(beside)
    own_s = thread_time()
    made = asyncio.create_task(library.need([wanted]))
    stood_s = stood_cpu_s = 0.0
    first = 0
    while not made.done():
        turn_s, turn_cpu_s = perf_counter(), thread_time()
        seat.judge(deliveries[first : first + 50])
        first = (first + 50) % (len(deliveries) - 50)
        judged_s += thread_time() - turn_cpu_s
        await asyncio.sleep(0)
        stood_s = max(stood_s, perf_counter() - turn_s)
        stood_cpu_s = max(stood_cpu_s, thread_time() - turn_cpu_s)
    took_s = perf_counter() - began_s
    cpu_s = thread_time() - own_s - judged_s + _beside_s(beside) - beside_s
    await made
    return [
        Figure(
            name=f"{name}_s",
            value=took_s,
            unit="s",
            reference=stood_s,
            reference_is="s the judge stood still",
            budget=1,
            better="less",
        ),
        Figure(
            name=f"{name}_cpu_s",
            value=cpu_s,
            unit="s",
            reference=stood_cpu_s,
            reference_is="s of CPU before the judge went on",
            better="less",
        ),
    ]


def read_events(path: Path) -> Iterator[Delivery]:
    """Yield what `replay` wrote."""
    with path.open("rb") as file:
        seq = 1
        while size := int.from_bytes(file.read(4)):
            seq += 1
            yield Delivery("", file.read(size), seq=seq, consumer_seq=seq, stored_ms=0)


def replayed(path: Path, source: str) -> int:
    """Judge the events of a file as a judge does that comes back; return how many there were."""
    seat = own_seat(compile_rulebook(parse(source)))
    settle()
    sys.stdout.write("\n")  # ready; the clock runs from here on
    sys.stdout.flush()
    sys.stdin.readline()
    events = read_events(path)
    while run := list(islice(events, PAGE)):
        while run:
            run = run[seat.judge(run).batch.events :]
    return seat.last_seq - 1


def replay(bench: Bench, source: str, outgoing: Sequence[Outgoing]) -> Figure:
    """Return events a second replayed from files, one process for each core and partition."""
    cores = os.cpu_count() or 1
    book = bench.folder / "book.yaml"
    book.write_text(source, encoding="utf-8")
    paths = [bench.folder / f"events{core}" for core in range(cores)]
    for core, path in enumerate(paths):
        own = outgoing[core::cores]
        path.write_bytes(b"".join(len(one.data).to_bytes(4) + one.data for one in own))
    command = [sys.executable, "-m", "tests.bench.bench_full"]
    processes = [
        subprocess.Popen(
            [*command, path, book], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        for path in paths
    ]
    _answers(processes)
    began_s = perf_counter()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    told = _answers(processes)
    took_s = perf_counter() - began_s
    for process in processes:
        process.communicate()
    assert sum(map(int, told)) == len(outgoing)
    return Figure(
        name="replay.events_per_s",
        value=len(outgoing) / took_s,
        unit="/s",
        reference=float(cores),
        reference_is="processes",
        budget=150_000,
    )


def _answers(processes: Sequence[subprocess.Popen[bytes]]) -> list[bytes]:
    return [process.stdout.readline() for process in processes if process.stdout is not None]


async def figures(bench: Bench) -> list[Figure]:
    """Measure the judge at its full."""
    count = STRETCH * (3 if bench.quick else TURNS)
    outgoing = talk(bench, count)
    source = full_book([text for _, text in messages(bench, count)])
    compiled = compile_rulebook(parse(source))
    found = await throughput(bench, source, outgoing)
    deliveries = delivered(outgoing[:STAGED])
    settle()
    found += stages(compiled, deliveries)
    # Before there are rulebooks of 50,000 rules in this process, which no judge of this one has.
    found += await reloads(bench, source, deliveries)
    found.append(replay(bench, source, outgoing[: bench.scaled(REPLAYED)]))
    found += ratios(bench, deliveries)
    return found


if __name__ == "__main__":
    text = Path(sys.argv[2]).read_text(encoding="utf-8")
    sys.stdout.write(f"{replayed(Path(sys.argv[1]), text)}\n")
    sys.stdout.flush()
