"""The whole stack: how fast it is back up, what its processes take, how long the demo lasts."""

import asyncio
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping

from reeve.demo.stage import LIFETIME_S, MUTE_S
from reeve.homeserver import Homeserver
from reeve.stack.processes import rss_mb
from tests.bank import Bank
from tests.bench.figure import ROOT, Bench, Figure
from tests.chaos.load import Crowd
from tests.chaos.ordeal import BOOK, SETTINGS
from tests.hall import NETWORK, Hall, open_hall
from tests.stack import Stack

RUNS = 5
MEMBERS = 8
ROOMS = 3
LOAD_S = 20.0
OF_SERVICE = {
    "ingest": "gateway",
    "enforce": "gateway",
    "judge": "policy",
    "dispatch": "policy",
    "ledger": "ledger",
}
BUDGETS_MB = {"gateway": 80, "policy": 200, "ledger": 200}


async def figures(bench: Bench) -> AsyncIterator[Figure]:
    """Yield the memory of each service after work, the time of a warm start, and of the demo."""
    homeserver = Homeserver(folder=bench.folder / "homeserver")
    homeserver.start()
    bench.stack.callback(homeserver.stop)
    bot = homeserver.register("reeve")
    stack = Stack(folder=bench.folder / "state", settings=SETTINGS)
    stack.up(homeserver, bot)
    bench.stack.callback(stack.down)
    async with open_hall(stack, homeserver, bot) as hall:
        await _live(hall, LOAD_S / 4 if bench.quick else LOAD_S)
        processes = await stack.processes()
    for figure in _memory(processes):
        yield figure
    yield _warm(bench, stack)
    stack.down()
    homeserver.stop()
    yield await asyncio.to_thread(_demo, bench)


async def _live(hall: Hall, lasts_s: float) -> None:
    """Let people live in three rooms, so that every process has had work of every kind."""
    founder, *members = await hall.people("founder", *("m" for _ in range(MEMBERS)))
    rooms = [await hall.room(founder, *members, book=BOOK) for _ in range(ROOMS)]
    bank = Bank(hall.ledger, NETWORK)
    crowd = Crowd(rng=random.Random(1), rooms=rooms, members=members, bank=bank)
    await crowd.live(lasts_s)


def _memory(processes: Mapping[str, Mapping[str, float]]) -> list[Figure]:
    """Return what the largest process of each service takes."""
    largest: dict[str, float] = {}
    for name, row in processes.items():
        if name in OF_SERVICE:
            service = OF_SERVICE[name]
            largest[service] = max(row["rss_mb"], largest.get(service, 0.0))
    code = "import asyncio; print(flush=True); input()"
    bare = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with bare:
        assert bare.stdout is not None
        bare.stdout.readline()
        reference = rss_mb(bare.pid)
        bare.kill()
    return [
        Figure(
            name=f"rss_mb.{service}",
            value=taken,
            unit="MB",
            budget=BUDGETS_MB[service],
            reference=reference,
            reference_is="MB for a Python with asyncio",
            better="less",
        )
        for service, taken in largest.items()
    ]


def _warm(bench: Bench, stack: Stack) -> Figure:
    """Return how long a start takes in a state folder that was in use."""
    nats, postgres = bench.nats(), bench.postgres()

    def start_servers() -> None:
        nats.spawn()
        postgres.spawn()
        nats.wait_ready()
        postgres.wait_ready()

    taken, bare = [], []
    for _ in range(1 if bench.quick else RUNS):
        nats.stop()
        postgres.stop()
        bare.append(_timed(start_servers))
        stack.down()
        taken.append(_timed(stack.up))
    return Figure(
        name="up_warm_s",
        value=statistics.median(taken),
        unit="s",
        budget=5.0,
        reference=statistics.median(bare),
        reference_is="s for bare NATS and PostgreSQL",
        better="less",
    )


def _timed(does: Callable[[], object]) -> float:
    begun_s = time.monotonic()
    does()
    return time.monotonic() - begun_s


def _demo(bench: Bench) -> Figure:
    environ = {**os.environ, "REEVE_DEMO_HOME": str(bench.folder / "demo")}
    begun_s = time.monotonic()
    outcome = subprocess.run(
        [sys.executable, "-m", "reeve", "demo", "--headless"],
        cwd=ROOT,
        env=environ,
        check=False,
        capture_output=True,
        text=True,
    )
    took_s = time.monotonic() - begun_s
    assert outcome.returncode == 0, outcome.stdout[-2000:] + outcome.stderr
    return Figure(
        name="demo_headless_s",
        value=took_s,
        unit="s",
        budget=120,
        reference=MUTE_S + LIFETIME_S,
        reference_is="s for its mute and its packet to end",
        better="less",
    )
