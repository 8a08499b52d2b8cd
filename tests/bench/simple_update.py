"""What the figures of the ledger are compared with: pgbench's simple update, 32 clients at once.

Where no pgbench is installed, asyncpg does the same statements on tables of the same size; the
figure names which of the two it was.
"""

import asyncio
import random
import re
import shutil
from time import perf_counter

import asyncpg

CLIENTS = 32
SCALE = 10
SECONDS = 5
BRANCH = 100_000  # accounts for each unit of the scale, as pgbench has it

_TPS = re.compile(r"tps = ([0-9.]+)")
_TABLES = """
    CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84))
        WITH (fillfactor = 100);
    CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp,
        filler char(22));
    INSERT INTO pgbench_accounts SELECT n, 1, 0, '' FROM generate_series(1, %s) AS n;
    ANALYZE;
"""


async def simple_update_tps(url: str, *, seconds: float = SECONDS) -> tuple[float, str]:
    """Return transactions a second on the empty database at ``url``, and what did them."""
    found = shutil.which("pgbench")
    if found is None:
        return await _by_asyncpg(url, seconds), f"asyncpg, simple update, {CLIENTS} connections"
    await _run(found, "-i", "-q", "-s", str(SCALE), url)
    told = await _run(
        found, "-N", "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2",
        "-T", str(max(int(seconds), 1)), url,
    )  # fmt: skip
    tps = _TPS.search(told)
    assert tps is not None, told
    return float(tps[1]), f"pgbench, simple update, {CLIENTS} clients"


async def _run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    told, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    return told.decode()


async def _by_asyncpg(url: str, seconds: float) -> float:
    rng = random.Random(5)
    async with asyncpg.create_pool(url, min_size=CLIENTS, max_size=CLIENTS) as pool:
        await pool.execute(_TABLES % (SCALE * BRANCH))
        began_s = perf_counter()

        async def client() -> int:
            done = 0
            async with pool.acquire() as connection:
                while perf_counter() - began_s < seconds:
                    one, delta = rng.randint(1, SCALE * BRANCH), rng.randint(-5_000, 5_000)
                    async with connection.transaction():
                        await connection.execute(
                            "UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2",
                            delta, one,
                        )  # fmt: skip
                        await connection.fetchval(
                            "SELECT abalance FROM pgbench_accounts WHERE aid = $1", one
                        )
                        await connection.execute(
                            "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime)"
                            " VALUES (1, 1, $1, $2, CURRENT_TIMESTAMP)",
                            one, delta,
                        )  # fmt: skip
                    done += 1
            return done

        async with asyncio.TaskGroup() as tasks:
            clients = [tasks.create_task(client()) for _ in range(CLIENTS)]
        return sum(each.result() for each in clients) / (perf_counter() - began_s)
