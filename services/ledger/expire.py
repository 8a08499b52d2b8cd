"""Close the packets whose time is over, and give back what nobody took."""

import asyncio

import structlog

from chassis.stopping import Stopping
from contracts.values import ClosePacket
from ledger.core.commands import Command
from ledger.core.packets import Scene
from ledger.door import Door, DoorError
from ledger.store.faults import FAULTS
from ledger.store.queries import Queries

POLL_S = 0.5

log = structlog.get_logger(__name__)


async def expire(door: Door, queries: Queries, stopping: Stopping) -> None:
    """Close expired packets until ``stopping``."""
    while not stopping.is_set():
        try:
            await close_expired(door, queries)
        except (DoorError, *FAULTS) as fault:
            log.warning("expire.put_off", fault=str(fault))
        try:
            async with asyncio.timeout(POLL_S):
                await stopping.wait()
        except TimeoutError:
            continue


async def close_expired(door: Door, queries: Queries) -> int:
    """Close every packet that is due; return how many were.

    Claims and closings go through the same door, so a packet is refunded once, however late a
    claim comes and however many of us there are. The minute is part of the key: were a refund
    refused, its key would be used up, and the packet has to be closable later.
    """
    due = await queries.expired_packets()
    commands = [
        Command(
            key=f"expire:{packet_id}:{minute}",
            scene=Scene(network=network),
            body=ClosePacket(packet_id=packet_id, why="expired"),
            told=True,
        )
        for network, packet_id, minute in due
    ]
    verdicts = await door.book(commands)
    for verdict in verdicts:
        if verdict.code and not verdict.repeated:
            log.error("expire.refused", packet=verdict.packet_id, code=verdict.code)
    return sum(not verdict.code for verdict in verdicts)
