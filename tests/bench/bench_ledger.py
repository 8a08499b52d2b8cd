"""How fast a crowd empties one red packet, and how fast textbook code would let it."""

import asyncio
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter

import asyncpg

from chassis.postgres import connect
from contracts import ids
from contracts.values import SplitMode, TakeShare
from ledger.check import check
from ledger.core.commands import Command
from ledger.core.packets import split
from ledger.door import Door
from ledger.store.booking import PINNED, Store
from tests.bench.figure import Bench, Figure
from tests.ledger_books import SCENE, fund, send
from tests.servers import Databases

MIGRATIONS = Path(__file__).parents[2] / "services" / "ledger" / "migrations"
SHARES = 10_000
ROUNDS = 3
TEXTBOOK_CLAIMS = 1_000
TEXTBOOK_CALLERS = 64
TEXTBOOK_CONNECTIONS = 16

TEXTBOOK_TABLES = """
    CREATE TABLE account (member text PRIMARY KEY, balance bigint NOT NULL);
    CREATE TABLE packet (id int PRIMARY KEY, taken int NOT NULL, rest bigint NOT NULL);
    CREATE TABLE share (packet_id int, slot int, amount bigint, PRIMARY KEY (packet_id, slot));
    CREATE TABLE claim (packet_id int, member text, amount bigint, PRIMARY KEY (packet_id, member));
    CREATE TABLE txn (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text UNIQUE);
    CREATE TABLE posting (txn_id bigint, leg int, member text, amount bigint,
        PRIMARY KEY (txn_id, leg));
    INSERT INTO account VALUES ('escrow', 1000000);
    INSERT INTO packet VALUES (1, 0, 1000000);
"""


@asynccontextmanager
async def opened(url):
    """Yield a door to the books at ``url``."""
    async with connect(
        url, schema="ledger", min_size=1, max_size=2, session=PINNED, resets=False
    ) as pool:
        door = Door(store=Store(pool=pool, partitions=8))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(door.serve())
            yield door
            door.shut()


async def empty_packet_s(door, name, shares):
    """Let as many members as there are shares come at once; return how long until all are paid."""
    asked = [
        fund(f"sender {name}", 100 * shares, key=f"gift {name}"),
        send(f"sender {name}", 100 * shares, shares, mode=SplitMode.LUCKY, key=f"send {name}"),
    ]
    packet_id = (await door.book(asked))[1].packet_id
    claims = [
        Command(
            key=ids.digest(f"{name} {n}".encode()),
            scene=SCENE,
            body=TakeShare(packet_id=packet_id, member=f"@{name}{n}:example.org"),
        )
        for n in range(shares)
    ]
    began_s = perf_counter()
    async with asyncio.TaskGroup() as tasks:
        answers = [tasks.create_task(door.book([claim])) for claim in claims]
    took_s = perf_counter() - began_s
    assert all(not verdict.code for answer in answers for verdict in answer.result())
    return took_s


async def textbook_claim(pool, member):
    """Claim as textbooks do: lock the packet's row, then a statement for each step, one commit."""
    async with pool.acquire() as connection, connection.transaction():
        taken = await connection.fetchval("SELECT taken FROM packet WHERE id = 1 FOR UPDATE")
        if await connection.fetchval(
            "SELECT 1 FROM claim WHERE packet_id = 1 AND member = $1", member
        ):
            return
        amount = await connection.fetchval(
            "SELECT amount FROM share WHERE packet_id = 1 AND slot = $1", taken + 1
        )
        await connection.execute("INSERT INTO claim VALUES (1, $1, $2)", member, amount)
        txn = await connection.fetchval(
            "INSERT INTO txn (key) VALUES ($1) RETURNING id", f"claim {member}"
        )
        await connection.execute(
            "INSERT INTO posting VALUES ($1, 0, 'escrow', -$2::bigint), ($1, 1, $3, $2::bigint)",
            txn, amount, member,
        )  # fmt: skip
        await connection.execute(
            "UPDATE account SET balance = balance - $1 WHERE member = 'escrow'", amount
        )
        await connection.execute(
            "INSERT INTO account VALUES ($1, $2)"
            " ON CONFLICT (member) DO UPDATE SET balance = account.balance + $2",
            member, amount,
        )  # fmt: skip
        await connection.execute(
            "UPDATE packet SET taken = taken + 1, rest = rest - $1 WHERE id = 1", amount
        )


async def textbook_per_s(url, claims):
    """Return how many claims of one packet a second a row lock allows."""
    async with asyncpg.create_pool(
        url, min_size=TEXTBOOK_CONNECTIONS, max_size=TEXTBOOK_CONNECTIONS
    ) as pool:
        await pool.execute(TEXTBOOK_TABLES)
        amounts = split(SplitMode.LUCKY, 1_000_000, claims, sha256(b"bench").digest())
        await pool.copy_records_to_table(
            "share", records=[(1, slot, amount) for slot, amount in enumerate(amounts, start=1)]
        )
        callers = asyncio.Semaphore(TEXTBOOK_CALLERS)

        async def claim(number):
            async with callers:
                await textbook_claim(pool, f"@m{number}:example.org")

        began_s = perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for number in range(claims):
                tasks.create_task(claim(number))
        return claims / (perf_counter() - began_s)


async def figures(bench: Bench) -> list[Figure]:
    """Empty packets of 10,000 shares through the door, and one of the textbook's beside them."""
    shares = bench.scaled(SHARES)
    databases = Databases(bench.postgres())
    books = await databases.make("ledger", migrations=MIGRATIONS)
    textbook = await textbook_per_s(await databases.make("textbook"), bench.scaled(TEXTBOOK_CLAIMS))
    async with opened(books) as door:
        rounds = [await empty_packet_s(door, f"r{n}", shares) for n in range(ROUNDS)]
    report = await check(books)
    assert report.sound, report.to_text()
    return [
        Figure(
            name="ledger.claims_per_s_hot",
            value=shares / median(rounds),
            unit="claims/s",
            reference=textbook,
            reference_is="row lock, one transaction a claim, 64 callers on 16 connections",
        )
    ]
