"""Who is killed when: a plan drawn from a seed, and the hand that carries it out."""

import asyncio
import os
import random
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.stack import Stack

VICTIMS = ("nats", "postgres", "ingest", "enforce", "judge", "dispatch", "ledger")
POLL_S = 0.2
REBORN_S = 60.0


@dataclass(frozen=True, slots=True)
class Kill:
    """``kill -9`` of ``victim`` so many seconds after the load began."""

    at_s: float
    victim: str


def plan(rng: random.Random, *, lasts_s: float, each: int) -> list[Kill]:
    """Return kills at random moments of ``lasts_s`` seconds: ``each`` of every victim."""
    order = [victim for victim in VICTIMS for _ in range(each)]
    rng.shuffle(order)
    moments = sorted(rng.uniform(0.05, 1.0) * lasts_s for _ in order)
    return [Kill(round(at_s, 2), victim) for at_s, victim in zip(moments, order, strict=True)]


async def carry_out(kills: Sequence[Kill], stack: Stack, say: Callable[[str], None]) -> None:
    """Kill as planned. A victim that is down already is killed once it is back."""
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    for kill in kills:
        await asyncio.sleep(max(0.0, begun_s + kill.at_s - loop.time()))
        pid = await _pid(stack, kill.victim)
        os.kill(pid, signal.SIGKILL)
        say(f"{loop.time() - begun_s:6.1f} s  killed {kill.victim} (process {pid})")


async def _pid(stack: Stack, victim: str) -> int:
    """Return the victim's process, waiting for its rebirth if need be."""
    async with asyncio.timeout(REBORN_S):
        while True:
            row = (await stack.processes())[victim]
            if row["pid"] and row["state"] != "dead":
                return int(row["pid"])
            await asyncio.sleep(POLL_S)
