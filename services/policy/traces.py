"""Traces through a batch: each sampled event keeps its own way from its message to its actions.

One message on DECISIONS stands for many events, so the trace of each decision that has actions is a
header named by the event's place in EVENTS. Nothing is added, and nothing looked at but a flag,
unless an event was sampled.
"""

from collections.abc import Iterable, Mapping

from chassis import trace
from chassis.bus import Delivery
from contracts.values import DecisionBatch

PREFIX = "Reeve-Trace-"


def of_batch(batch: DecisionBatch, deliveries: Iterable[Delivery]) -> dict[str, str]:
    """Return the headers of ``batch``, which was judged from ``deliveries``."""
    acting = {decision.event_seq for decision in batch.decisions if decision.actions}
    if not acting:
        return {}
    found: dict[str, str] = {}
    for delivery in deliveries:
        if delivery.seq in acting and trace.is_sampled(delivery.headers):
            with trace.span("reeve.judge", delivery.headers) as outgoing:
                found[f"{PREFIX}{delivery.seq}"] = outgoing[trace.TRACEPARENT]
    return found


def of_event(event_seq: int, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of what a batch with ``headers`` makes of an event."""
    parent = headers.get(f"{PREFIX}{event_seq}")
    if parent is None:
        return {}
    with trace.span("reeve.dispatch", {trace.TRACEPARENT: parent}) as outgoing:
        return outgoing
