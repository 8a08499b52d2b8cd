"""How much the ledger books under load, by each of its doors, beside PostgreSQL's own benchmark.

Client, ledger and database share the cores. Everything is durable: nothing of PostgreSQL is turned
off, and the books are checked when all was booked.
"""

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator, Iterable
from statistics import median, quantiles
from time import perf_counter

import asyncpg
import orjson

from chassis.auth import make_key
from chassis.bus import Outgoing, connect
from chassis.stopping import Stopping
from contracts import ids, subjects
from contracts.codec import encode
from contracts.values import Action, LedgerCommand, TakeShare, Transfer
from ledger.check import check
from ledger.core.commands import Command
from ledger.record import CONSUMER, record
from tests.bench.bench_ledger import MIGRATIONS, empty_packet_s, opened
from tests.bench.figure import Bench, Figure
from tests.bench.simple_update import simple_update_tps
from tests.ledger_books import GROUP, NETWORK, SCENE, fund, send
from tests.servers import Databases
from tests.waiting import until

ACCOUNTS = 20_000
TRANSFERS = 40_000
CALLERS = 512
IDLE = 500
BURSTS = 10
BURST = 4_000
PACKETS, SHARES = 100, 100
CROWD = 10_000  # in a quick run, too: it is what the figure is called by
ORDERS = 20_000
REQUESTS, CONNECTIONS, PAYERS = 8_000, 64, 1_000
BULKS, BULK, BULK_CONNECTIONS = 400, 100, 8
PEPPER = "pepper"


def transfer(name: str, source: str, destination: str) -> Command:
    body = Transfer(source=source, destination=destination, asset="points", amount=1)
    return Command(key=ids.digest(name.encode()), scene=SCENE, body=body)


async def booked_per_s(door, commands, callers=CALLERS) -> tuple[float, float]:
    """Let callers book one command after the other; return how many a second, and p99 in ms."""
    waits: list[float] = []
    left = iter(commands)

    async def caller() -> None:
        for command in left:
            began_s = perf_counter()
            (verdict,) = await door.book([command])
            waits.append(perf_counter() - began_s)
            assert not verdict.code, verdict

    began_s = perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(callers):
            tasks.create_task(caller())
    took_s = perf_counter() - began_s
    return len(waits) / took_s, 1_000 * quantiles(waits, n=100)[98]


async def endow(door, members: int) -> None:
    """Give each member enough for whatever is measured."""
    for first in range(0, members, 1_000):
        last = min(first + 1_000, members)
        await door.book([fund(f"m{n}", 1_000_000, key=f"endow {n}") for n in range(first, last)])


async def in_process(bench: Bench, door) -> AsyncIterator[tuple[str, float, str]]:
    """Yield name, value and unit of what is booked without a network between."""
    rng = random.Random(3)
    members, count = bench.scaled(ACCOUNTS), bench.scaled(TRANSFERS)
    await endow(door, members)

    def spread(name: str, n: int) -> list[Command]:
        pairs = [rng.sample(range(members), 2) for _ in range(n)]
        return [
            transfer(f"{name} {at}", f"member:m{a}", f"member:m{b}")
            for at, (a, b) in enumerate(pairs)
        ]

    per_s, p99_ms = await booked_per_s(door, spread("spread", count))
    yield "transfers_per_s", per_s, "transfers/s"
    yield "transfers_p99_ms", p99_ms, "ms"
    hot = [transfer(f"hot {n}", f"member:m{n % members}", "treasury") for n in range(count)]
    yield "transfers_hot_per_s", (await booked_per_s(door, hot))[0], "transfers/s"
    waits = []
    for command in spread("idle", bench.scaled(IDLE)):
        began_s = perf_counter()
        await door.book([command])
        waits.append(perf_counter() - began_s)
    yield "idle_p50_ms", 1_000 * median(waits), "ms"
    burst = bench.scaled(BURST)
    speeds = [(await booked_per_s(door, spread(f"b{n}", burst)))[0] for n in range(BURSTS)]
    yield "speed_stability", min(speeds) / median(speeds), "min/median"
    took_s = await empty_packet_s(door, "ten", CROWD)
    yield "packet_10k_s", took_s, "s"
    yield "packet_10k_per_s", CROWD / took_s, "claims/s"
    yield (
        "packets_many_per_s",
        await many_packets_per_s(door, bench.scaled(PACKETS), rng),
        "claims/s",
    )


async def many_packets_per_s(door, packets: int, rng: random.Random) -> float:
    """Return how many claims a second there are of many packets, in any order."""
    sent = await door.book([send("m0", SHARES, SHARES, key=f"many {n}") for n in range(packets)])
    claims = [
        Command(
            key=ids.digest(f"many {verdict.packet_id} {n}".encode()),
            scene=SCENE,
            body=TakeShare(packet_id=verdict.packet_id, member=f"@taker{n}:example.org"),
        )
        for verdict in sent
        for n in range(SHARES)
    ]
    rng.shuffle(claims)
    return (await booked_per_s(door, claims))[0]


async def stream_per_s(door, nats_url: str, count: int) -> float:
    """Return how many orders a second come from NATS, are committed and acknowledged."""
    orders = [
        Action(
            id=ids.action_id(f"order {n}", "bench", "pay"),
            executor="ledger",
            platform="matrix",
            network=NETWORK,
            group=GROUP,
            body=LedgerCommand(
                body=Transfer(source=f"member:m{n % 1_000}", destination="house", amount=1)
            ),
        )
        for n in range(count)
    ]
    stopping = Stopping()
    async with connect(nats_url, name="bench", stopping=stopping) as bus:
        await bus.provision(subjects.STREAMS)
        subject = subjects.action("ledger", 2)
        for first in range(0, count, 1_000):
            await bus.publish_batch(
                [Outgoing(subject=subject, data=encode(one), msg_id=one.id)
                 for one in orders[first : first + 1_000]]
            )  # fmt: skip
        theirs = [subjects.action_filter("ledger")]
        await bus.ensure_consumer(subjects.ACTIONS, CONSUMER, filter_subjects=theirs)
        async with asyncio.TaskGroup() as tasks:
            began_s = perf_counter()
            tasks.create_task(record(bus, door, stopping))

            async def all_acknowledged() -> bool:
                return not await bus.pending(subjects.ACTIONS, CONSUMER)

            await until(all_acknowledged)
            took_s = perf_counter() - began_s
            stopping.set()
    return count / took_s


def one_transfer(n: int) -> bytes:
    return orjson.dumps({"network": NETWORK, **_move(n)})


def many_transfers(n: int) -> bytes:
    moves = [_move(each) for each in range(n * BULK, (n + 1) * BULK)]
    return orjson.dumps({"network": NETWORK, "transfers": moves})


def _move(n: int) -> dict[str, object]:
    return {"source": f"member:m{n % PAYERS}", "destination": "house", "amount": 1}


async def http_per_s(
    port: int, token: str, path: str, bodies: Iterable[bytes], connections: int
) -> tuple[float, float]:
    """Post bodies over some connections; return how many a second, and p99 in ms."""
    numbered, waits = enumerate(bodies), []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for n, body in numbered:
            began_s = perf_counter()
            writer.write(
                b"POST %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer "
                b"%s\r\nIdempotency-Key: h%d\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%s"
                % (path.encode(), token.encode(), n, len(body), body)
            )
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.partition(b":")[2])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length")
            )
            answer = await reader.readexactly(length)
            assert head.startswith(b"HTTP/1.1 20"), answer
            assert b'"code":"' not in answer.replace(b'"code":""', b""), answer
            waits.append(perf_counter() - began_s)
        writer.close()

    began_s = perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(connections):
            tasks.create_task(connection())
    return len(waits) / (perf_counter() - began_s), 1_000 * quantiles(waits, n=100)[98]


async def is_ready(port: int) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /readyz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
    told = await reader.read()
    writer.close()
    return told.startswith(b"HTTP/1.1 200")


async def has_told_all(books: str) -> bool:
    connection = await asyncpg.connect(books, server_settings={"search_path": "ledger"})
    try:
        return bool(await connection.fetchval("SELECT count(*) = 0 FROM outbox"))
    finally:
        await connection.close()


async def over_http(bench: Bench, books: str, nats_url: str) -> list[tuple[float, float]]:
    """Start the ledger as a process of its own, and ask it when it has told what was before.

    Return requests a second and p99 in ms of single transfers, and of lists of them.
    """
    async with opened(books) as door:
        await endow(door, PAYERS)
    token, line = make_key("bench", ["owner"], PEPPER)
    keys, ports = bench.folder / "keys", bench.folder / "port"
    keys.write_text(line, encoding="utf-8")
    env = {
        **os.environ, "NATS_URL": nats_url, "DATABASE_URL": books, "PARTITIONS": "8",
        "API_KEYS_FILE": str(keys), "API_PEPPER": PEPPER, "API_RATE_PER_S": "0",
        "REEVE_PORT_FILE": str(ports),
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "ledger", env=env)
    try:
        await until(ports.exists)
        port = int(ports.read_text(encoding="utf-8"))
        await until(lambda: is_ready(port))
        await until(lambda: has_told_all(books))
        singles = map(one_transfer, range(bench.scaled(REQUESTS)))
        single = await http_per_s(port, token, "/v1/transfers", singles, CONNECTIONS)
        await until(lambda: has_told_all(books))
        lists = [many_transfers(n) for n in range(bench.scaled(BULKS))]
        return [
            single,
            await http_per_s(port, token, "/v1/transfers/bulk", lists, BULK_CONNECTIONS),
        ]
    finally:
        process.terminate()
        await process.wait()


BUDGETS = {
    "transfers_per_s": (None, 3.2), "transfers_p99_ms": (25.0, None),
    "transfers_hot_per_s": (None, 3.7), "http_transfer_per_s": (None, 1.9),
    "http_p99_ms": (8.0, None), "http_bulk_per_s": (None, 3.3), "packet_10k_s": (0.35, None),
    "packet_10k_per_s": (None, 3.5), "packets_many_per_s": (None, 3.2), "stream_per_s": (None, 2.6),
    "idle_p50_ms": (0.45, None), "audit_per_s": (500_000.0, None), "speed_stability": (0.85, None),
}  # fmt: skip
"""Of each figure the value, and its ratio to the reference, that is asked for."""


async def figures(bench: Bench) -> list[Figure]:
    """Book by each door in turn, and check the books at the end."""
    databases = Databases(bench.postgres())
    tps, told = await simple_update_tps(await databases.make("textbook"))
    books = await databases.make("ledger", migrations=MIGRATIONS)
    found: list[tuple[str, float, str]] = []
    nats_url = bench.nats().url
    async with opened(books) as door:
        found += [one async for one in in_process(bench, door)]
        orders = bench.scaled(ORDERS)
        found.append(("stream_per_s", await stream_per_s(door, nats_url, orders), "orders/s"))
    others = await databases.make("ledger", migrations=MIGRATIONS)
    (per_s, p99_ms), (lists_per_s, _) = await over_http(bench, others, nats_url)
    found += [("http_transfer_per_s", per_s, "requests/s"), ("http_p99_ms", p99_ms, "ms")]
    found.append(("http_bulk_per_s", BULK * lists_per_s, "transfers/s"))
    began_s = perf_counter()
    report = await check(books)
    took_s = perf_counter() - began_s
    assert report.sound, report.to_text()
    found.append(("audit_per_s", report.counts["transactions"] / took_s, "transactions/s"))
    return [
        Figure(
            name=f"ledger.{name}",
            value=value,
            unit=unit,
            reference=tps if BUDGETS[name][1] else None,
            reference_is=told if BUDGETS[name][1] else "",
            budget=BUDGETS[name][0],
            ratio_budget=BUDGETS[name][1],
            better="less" if unit in {"ms", "s"} else "more",
        )
        for name, value, unit in found
    ]
