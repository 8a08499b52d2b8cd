"""Look at the books now and then: what waits, what is open, and whether they balance."""

import structlog

from chassis import telemetry
from chassis.stopping import Stopping
from ledger.store.faults import FAULTS
from ledger.store.queries import Queries

log = structlog.get_logger(__name__)


async def measure(queries: Queries, every_s: float, stopping: Stopping) -> None:
    """Keep the gauges of the books up to date until ``stopping``."""
    while not stopping.is_set():
        try:
            await look(queries)
        except FAULTS as fault:
            log.warning("measure.put_off", fault=str(fault))
        await stopping.wait_at_most(every_s)


async def look(queries: Queries) -> None:
    """Set the gauges once; an imbalance is also logged, since it must never be."""
    condition = await queries.condition()
    telemetry.gauge("reeve_ledger_outbox_rows").set(condition.outbox_rows)
    telemetry.gauge("reeve_ledger_outbox_age_seconds").set(condition.outbox_age_s)
    telemetry.gauge("reeve_packets_open").set(condition.packets_open)
    telemetry.gauge("reeve_ledger_imbalance").set(condition.imbalance)
    if condition.imbalance:
        log.error("measure.books_do_not_balance", minor_units=condition.imbalance)
