"""How long the local stack takes to come up, and how much memory its services take."""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

from reeve.homeserver import Homeserver
from reeve.stack.processes import rss_mb
from tests.bench.figure import Bench, Figure
from tests.stack import Stack

RUNS = 5
SERVICES = ("policy.main, policy.api", "policy.main", "ledger.__main__")
OF_SERVICE = {"ingest": "gateway", "enforce": "gateway", "judge": "policy", "dispatch": "policy"}
SETTLE_S = 2.0


async def figures(bench: Bench) -> AsyncIterator[Figure]:
    """Yield the time of a warm start, and the memory of the largest process of each service."""
    stack = Stack(folder=bench.folder / "state")
    bench.stack.callback(stack.down)
    stack.up()
    stack.down()
    taken, imports = [], []
    for _ in range(1 if bench.quick else RUNS):
        imports.append(_timed(_import_everything))
        taken.append(_timed(stack.up))
        stack.down()
    yield Figure(
        name="up_warm_s",
        value=statistics.median(taken),
        unit="s",
        budget=5.0,
        reference=statistics.median(imports),
        reference_is="s for the imports alone",
        better="less",
    )
    for name, (value, reference) in (await _memory(bench.folder, stack)).items():
        yield Figure(
            name=f"rss_mb.{name}",
            value=value,
            unit="MB",
            budget=80 if name == "gateway" else 200,
            reference=reference,
            reference_is="MB for a Python with the bus",
            better="less",
        )


def _timed(does) -> float:
    begun_s = time.monotonic()
    does()
    return time.monotonic() - begun_s


def _import_everything() -> None:
    """Start as many Pythons as there are services, at once, each with what its service imports."""
    starts = [
        subprocess.Popen([sys.executable, "-c", f"import chassis.lean, {modules}"])
        for modules in SERVICES
    ]
    for start in starts:
        start.wait()


def _bare_python() -> "subprocess.Popen[bytes]":
    code = "import chassis.lean, chassis.service, time; time.sleep(60)"
    return subprocess.Popen([sys.executable, "-c", code])


async def _memory(folder: Path, stack: Stack) -> dict[str, tuple[float, float]]:
    """Return what each service takes when it has nothing to do, beside a Python with the bus."""
    homeserver = Homeserver(folder=folder / "homeserver")
    homeserver.start()
    bare = _bare_python()
    try:
        stack.up(homeserver, homeserver.register("reeve"))
        await asyncio.sleep(SETTLE_S)
        reference = rss_mb(bare.pid) or 0.0
        largest: dict[str, tuple[float, float]] = {}
        for name, row in (await stack.processes()).items():
            service = OF_SERVICE.get(name, name)
            if service in {"gateway", "policy", "ledger"}:
                value = max(row["rss_mb"], largest.get(service, (0.0, 0.0))[0])
                largest[service] = (value, reference)
        return largest
    finally:
        stack.down()
        bare.kill()
        bare.wait()
        homeserver.stop()
