"""Tell EVENTS what was booked: every fact, in the order of its booking, until JetStream has it.

A fact leaves the outbox only when it was acknowledged. Whatever dies in between, it is published
again under the same id, and the stream keeps one.
"""

import asyncio
from typing import TYPE_CHECKING

import structlog

from chassis import telemetry
from chassis.bus import Bus, Outgoing
from chassis.stopping import Stopping
from ledger.store.faults import FAULTS
from ledger.store.outbox import Outbox, lead

if TYPE_CHECKING:
    from asyncpg import Pool, Record

BATCH = 500
POLL_S = 1.0
"""Facts are announced by NOTIFY; the poll is for an announcement that got lost."""

log = structlog.get_logger(__name__)


async def relay(bus: Bus, pool: "Pool[Record]", shard: int, stopping: Stopping) -> None:
    """Publish facts until ``stopping``; wait while the database or the bus is away."""
    while not stopping.is_set():
        try:
            async with lead(pool, shard) as outbox:
                if outbox is not None:
                    await _publish(bus, outbox, stopping)
        except FAULTS as fault:
            log.warning("relay.database_away", fault=str(fault))
        await _pause(stopping, POLL_S)


async def _publish(bus: Bus, outbox: Outbox, stopping: Stopping) -> None:
    stopping.then(outbox.stirred.set)
    try:
        while not stopping.is_set():
            outbox.stirred.clear()
            facts = await outbox.waiting(BATCH)
            if facts:
                await bus.publish_batch(
                    [Outgoing(subject=f.subject, data=f.payload, msg_id=f.msg_id) for f in facts]
                )
                await outbox.done(facts[-1].seq)
                telemetry.counter("reeve_ledger_facts_total").add(len(facts))
            else:
                await _pause(outbox.stirred, POLL_S)
    finally:
        stopping.forget(outbox.stirred.set)


async def _pause(event: asyncio.Event, delay_s: float) -> None:
    """Wait for ``event``, but no longer than ``delay_s``."""
    try:
        async with asyncio.timeout(delay_s):
            await event.wait()
    except TimeoutError:
        return
