"""End what has a time when it is over: packets give back what nobody took, holds are free again."""

from collections.abc import Sequence

import structlog

from chassis.stopping import Stopping
from contracts.values import ClosePacket, ReleaseHold
from ledger.core.commands import Body, Command
from ledger.core.packets import Scene
from ledger.door import Door, DoorError, Unbookable
from ledger.store.faults import FAULTS
from ledger.store.queries import Queries

POLL_S = 0.5

log = structlog.get_logger(__name__)


async def expire(door: Door, queries: Queries, stopping: Stopping) -> None:
    """End expired packets and holds until ``stopping``."""
    while not stopping.is_set():
        try:
            await end_expired(door, queries)
        except (DoorError, *FAULTS) as fault:
            log.warning("expire.put_off", fault=str(fault))
        await stopping.wait_at_most(POLL_S)


async def end_expired(door: Door, queries: Queries) -> int:
    """End every packet and hold that is due; return how many were.

    Claims, captures and these endings go through the same door, so each ends once, however late
    anyone comes and however many of us there are.
    """
    ended = await _end(
        door,
        [
            (due, ClosePacket(packet_id=due[1], why="expired"))
            for due in await queries.expired_packets()
        ],
    )
    return ended + await _end(
        door,
        [
            (due, ReleaseHold(hold_id=due[1], why="expired"))
            for due in await queries.expired_holds()
        ],
    )


async def _end(door: Door, due: Sequence[tuple[tuple[str, str, int], Body]]) -> int:
    """Book the endings; the minute is part of the key, since a refusal uses a key up for ever.

    One that the books cannot take keeps none of the others from ending.
    """
    commands = [
        Command(key=f"expire:{name}:{minute}", scene=Scene(network=network), body=body, told=True)
        for (network, name, minute), body in due
    ]
    try:
        verdicts = await door.book(commands)
    except Unbookable as fault:
        if len(due) == 1:
            log.warning("expire.unbookable", key=commands[0].key, fault=str(fault))
            return 0
        half = len(due) // 2
        return await _end(door, due[:half]) + await _end(door, due[half:])
    for verdict in verdicts:
        if verdict.code and not verdict.repeated:
            log.error("expire.refused", key=verdict.key, code=verdict.code)
    return sum(not verdict.code for verdict in verdicts)
