"""Count what was booked, for the metrics."""

from collections import Counter
from collections.abc import Sequence

from chassis import telemetry
from ledger.core.books import Batch
from ledger.core.commands import NAMES, Command

_WHAT = {
    "sold_out": "emptied",
    "expired": "expired",
    "recalled": "recalled",
    "withdrawn": "withdrawn",
}


def count(commands: Sequence[Command], batch: Batch, took_s: float) -> None:
    """Add a batch that was committed after ``took_s`` seconds to the metrics."""
    kinds: Counter[tuple[str, str]] = Counter()
    repeated = 0
    for command, verdict in zip(commands, batch.verdicts, strict=True):
        if verdict.repeated:
            repeated += 1
        else:
            kinds[NAMES[type(command.body)], "refused" if verdict.code else "booked"] += 1
    for (kind, status), n in kinds.items():
        telemetry.counter("reeve_ledger_commands_total").add(n, kind=kind, status=status)
    telemetry.counter("reeve_ledger_duplicates_total").add(repeated)
    for kind, n in Counter(txn.kind for txn in batch.txns).items():
        telemetry.counter("reeve_ledger_transactions_total").add(n, kind=kind)
    _count_packets(batch)
    telemetry.histogram("reeve_ledger_batch_commands").record(len(commands))
    telemetry.histogram("reeve_ledger_batch_seconds").record(took_s)


def _count_packets(batch: Batch) -> None:
    packets = telemetry.counter("reeve_packets_total")
    packets.add(len(batch.opened), what="sent")
    packets.add(len(batch.claims), what="taken")
    for packet in batch.touched.values():
        if packet.state == "closed":
            packets.add(1, what=_WHAT[packet.closed_why])
