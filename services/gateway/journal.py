"""Writing into the one log of what happened."""

from collections.abc import Iterable, Mapping, Sequence

from chassis import telemetry, trace
from chassis.bus import Bus, Outgoing
from contracts import codec, subjects
from contracts.values import Availability, Event, Malformed

LONGEST_FAULT = 512


class Journal:
    """Appends events to EVENTS, each once, however often it is given."""

    def __init__(self, bus: Bus, partitions: int, *, trace_ratio: float = 0.0) -> None:
        self._bus = bus
        self._partitions = partitions
        self._trace_ratio = trace_ratio

    async def append(
        self, events: Sequence[Event], *, headers: Mapping[str, str] | None = None
    ) -> int:
        """Store the events in their order; return how many were not there before.

        Returns only once JetStream has acknowledged all of them. Without ``headers`` each event
        is where a trace begins.

        Raises:
            BusError: As ``Bus.publish_batch``; some may have been stored.
        """
        if not events:
            return 0
        published = await self._bus.publish_batch(list(self._outgoing(events, headers)))
        for event, stored in zip(events, published, strict=True):
            if not stored.duplicate:
                kind = codec.payload_name(event)
                telemetry.counter("reeve_ingest_events_total").add(
                    1, platform=event.platform, kind=kind
                )
        return sum(1 for each in published if not each.duplicate)

    def _outgoing(
        self, events: Iterable[Event], headers: Mapping[str, str] | None
    ) -> Iterable[Outgoing]:
        for event in events:
            begun = headers
            if begun is None and self._trace_ratio > 0:
                begun = {trace.TRACEPARENT: trace.root(event.id, ratio=self._trace_ratio)}
            partition = subjects.partition(event.network, event.group, self._partitions)
            subject = subjects.event(partition, event.platform, event.network, event.group)
            yield Outgoing(
                subject=subject, data=encoded(event), msg_id=event.id, headers=begun or {}
            )


def encoded(event: Event) -> bytes:
    """The event as bytes; if it has no form on the wire, what can be said about it."""
    try:
        return codec.encode(event)
    except codec.Malformed as fault:
        return codec.encode(_reduced(event, str(fault)))


def encodable(words: str) -> str:
    """``words``, shortened, with question marks for what is no Unicode."""
    return words[:LONGEST_FAULT].encode("utf-8", "replace").decode()


def _reduced(event: Event, fault: str) -> Event:
    """The same happening without what it said, for the text or a number in it has no form."""
    return Event(
        id=event.id,
        schema=event.schema,
        platform=event.platform,
        network=encodable(event.network),
        group=encodable(event.group),
        connection=encodable(event.connection),
        received_ms=event.received_ms,
        dedup_key=encodable(event.dedup_key),
        source_cursor=encodable(event.source_cursor),
        place_sequence=event.place_sequence,
        origin=event.origin,
        availability=Availability.WITHHELD,
        payload=Malformed(source_kind=codec.payload_name(event), fault=encodable(fault)),
    )
