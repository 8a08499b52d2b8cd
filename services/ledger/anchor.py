"""Vouch for the books in public: now and then, the hash of the newest batch goes on AUDIT.

Whoever could rewrite every batch in the database would also have to rewrite a log that they do not
keep. An anchor is told of a batch that is committed, and telling it twice does no harm.
"""

import structlog

from chassis.bus import Bus, BusError
from chassis.stopping import Stopping
from contracts import subjects
from contracts.codec import encode
from contracts.values import LedgerAnchor
from ledger.store.faults import FAULTS
from ledger.store.queries import Queries

log = structlog.get_logger(__name__)


async def anchor(
    bus: Bus, queries: Queries, shard: int, every_s: float, stopping: Stopping
) -> None:
    """Anchor the chain of ``shard`` every ``every_s`` seconds if it grew, until ``stopping``."""
    told = 0
    while not stopping.is_set():
        try:
            told = await anchor_newest(bus, queries, shard, told=told)
        except (BusError, *FAULTS) as fault:
            log.warning("anchor.put_off", fault=str(fault))
        await stopping.wait_at_most(every_s)


async def anchor_newest(bus: Bus, queries: Queries, shard: int, *, told: int = 0) -> int:
    """Anchor the newest batch of ``shard`` if its number is above ``told``; return the number."""
    head = await queries.head(shard)
    if head is None or head.number <= told:
        return told
    made = LedgerAnchor(
        shard=shard, batch=head.number, hash=head.hash, recorded_ms=head.recorded_ms
    )
    message_id = f"ledger-anchor:{shard}:{head.number}:{head.hash.hex()}"
    await bus.publish(subjects.ledger_anchors(shard), encode(made), msg_id=message_id)
    return head.number
