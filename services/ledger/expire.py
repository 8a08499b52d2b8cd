"""End what has a time when it is over: packets give back what nobody took, holds are free again.

What is refused its end is put behind all others and tried again, after a minute at first and an
hour at last, so that however much is stuck, nothing else waits for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from chassis import clock, telemetry
from chassis.stopping import Stopping
from contracts.values import ClosePacket, OpenPacket, ReleaseHold
from ledger.core.commands import Body, Command
from ledger.core.packets import Scene
from ledger.core.refusals import Code
from ledger.door import Door, DoorError, Unbookable
from ledger.store.faults import FAULTS
from ledger.store.queries import Queries

POLL_S = 0.5
AGAIN_S = 60.0
AGAIN_AT_MOST_S = 3_600.0

_OVER = frozenset({Code.HOLD_ENDED, Code.PACKET_CLOSED, Code.PACKET_EXPIRED, Code.PACKET_SOLD_OUT})

Due = tuple[str, str, int]
"""Network, id, and the minute it is."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Stuck:
    """What was refused its end, by id: when it is tried again, and how long it waited for that."""

    waits: dict[str, tuple[float, float]] = field(default_factory=dict)

    def waiting(self, now_s: float) -> list[str]:
        """Return what is not to be tried yet; forget what was not due again in its time."""
        for name, (until_s, _) in list(self.waits.items()):
            if now_s > until_s + AGAIN_S:
                self.forget(name)
        return [name for name, (until_s, _) in self.waits.items() if now_s < until_s]

    def put_off(self, name: str, now_s: float) -> None:
        """Let it wait, twice as long as the last time."""
        _, waited_s = self.waits.get(name, (0.0, 0.0))
        wait_s = min(max(AGAIN_S, 2 * waited_s), AGAIN_AT_MOST_S)
        self.waits[name] = (now_s + wait_s, wait_s)

    def forget(self, name: str) -> None:
        """Let it wait no more: it has ended."""
        self.waits.pop(name, None)


async def expire(door: Door, queries: Queries, stopping: Stopping) -> None:
    """End expired packets and holds, and tell of packets whose time comes, until ``stopping``."""
    stuck = Stuck()
    while not stopping.is_set():
        try:
            await end_expired(door, queries, stuck)
        except (DoorError, *FAULTS) as fault:
            log.warning("expire.put_off", fault=str(fault))
        await stopping.wait_at_most(POLL_S)


async def end_expired(door: Door, queries: Queries, stuck: Stuck) -> int:
    """End packets and holds that are due; return how many were.

    Claims, captures and these endings go through the same door, so each ends once, however late
    anyone comes and however many of us there are.
    """
    waiting = stuck.waiting(clock.monotonic_s())
    opening = [
        (due, OpenPacket(packet_id=due[1])) for due in await queries.waiting_packets(waiting)
    ]
    await _end(door, opening, stuck)
    packets = [
        (due, ClosePacket(packet_id=due[1], why="expired"))
        for due in await queries.expired_packets(waiting)
    ]
    ended = await _end(door, packets, stuck)
    holds = [
        (due, ReleaseHold(hold_id=due[1], why="expired"))
        for due in await queries.expired_holds(waiting)
    ]
    ended += await _end(door, holds, stuck)
    telemetry.gauge("reeve_ledger_endings_stuck").set(len(stuck.waits))
    return ended


async def _end(door: Door, due: Sequence[tuple[Due, Body]], stuck: Stuck) -> int:
    """Book the endings; the minute is part of the key, since a refusal uses a key up for ever.

    One that the books cannot take keeps none of the others from ending.
    """
    commands = [
        Command(
            key=f"{_word(body)}:{name}:{minute}", scene=Scene(network=network), body=body, told=True
        )
        for (network, name, minute), body in due
    ]
    try:
        verdicts = await door.book(commands)
    except Unbookable as fault:
        if len(due) == 1:
            log.warning("expire.unbookable", key=commands[0].key, fault=str(fault))
            _put_off(stuck, due[0][0])
            return 0
        half = len(due) // 2
        return await _end(door, due[:half], stuck) + await _end(door, due[half:], stuck)
    for (each, _), verdict in zip(due, verdicts, strict=True):
        if not verdict.code or verdict.code in _OVER:
            stuck.forget(each[1])
        else:
            if not verdict.repeated:
                log.error("expire.refused", key=verdict.key, code=verdict.code)
            _put_off(stuck, each)
    return sum(not verdict.code for verdict in verdicts)


def _put_off(stuck: Stuck, due: Due) -> None:
    stuck.put_off(due[1], clock.monotonic_s())
    telemetry.counter("reeve_ledger_endings_refused_total").add(1)


def _word(body: Body) -> str:
    return "open" if isinstance(body, OpenPacket) else "expire"
