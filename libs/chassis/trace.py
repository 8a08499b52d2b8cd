"""Traces through message headers, paid for only by what is sampled.

Looking at the flag in ``traceparent`` costs 0.07 µs, a span with its context 59 µs. So whoever
reads a message first looks at the flag, and copies the header as it is unless it is set. The header
is that of W3C Trace Context, level 1.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from chassis import otlp
from chassis.telemetry import OTLP_ENDPOINT

SpanName = Literal[
    "reeve.ingest", "reeve.judge", "reeve.dispatch", "reeve.enforce", "reeve.ledger", "reeve.relay"
]
TRACEPARENT = "traceparent"

_W3C = TraceContextTextMapPropagator()
_SAMPLED = "1357"
_LENGTH = 55
_SCALE = 1 << 64


def root(event_id: str, *, ratio: float) -> str:
    """Return the ``traceparent`` that begins at an event; ``ratio`` of all events are sampled.

    Derived from the id, so that the same event always has the same trace.
    """
    digest = hashlib.blake2b(event_id.encode(), digest_size=32).digest()
    flags = "01" if int.from_bytes(digest[24:]) < ratio * _SCALE else "00"
    return f"00-{digest[:16].hex()}-{digest[16:24].hex()}-{flags}"


def is_sampled(headers: Mapping[str, str]) -> bool:
    """Say whether the message is part of a trace that somebody will look at."""
    parent = headers.get(TRACEPARENT, "")
    return len(parent) >= _LENGTH and parent[_LENGTH - 1] in _SAMPLED


def headers(incoming: Mapping[str, str]) -> dict[str, str]:
    """Return the trace headers to send on, copied as they are."""
    parent = incoming.get(TRACEPARENT)
    return {} if parent is None else {TRACEPARENT: parent}


@contextmanager
def span(name: SpanName, incoming: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield the trace headers to send on; a span is recorded around it only if it is sampled."""
    tracer = _Tracing.tracer
    if tracer is None or not is_sampled(incoming):
        yield headers(incoming)
        return
    context = _W3C.extract(dict(incoming))
    with tracer.start_as_current_span(name, context=context, kind=SpanKind.CONSUMER):
        outgoing: dict[str, str] = {}
        _W3C.inject(outgoing)
        yield outgoing


class _Tracing:
    """The tracer in use; ``None`` while nobody collects spans."""

    tracer: trace.Tracer | None = None


@contextmanager
def running(service: str, processor: SpanProcessor | None = None) -> Iterator[None]:
    """Record sampled spans while the context lasts.

    They go to ``processor``, or else to the collector that ``OTEL_EXPORTER_OTLP_ENDPOINT`` names,
    or nowhere.

    Raises:
        Explained: OTLP is asked for and its exporter is not installed.
    """
    if processor is None and os.environ.get(OTLP_ENDPOINT):
        processor = BatchSpanProcessor(otlp.span_exporter())
    if processor is None:
        yield
        return
    resource = Resource.create({"service.name": service, "service.namespace": "reeve"})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(processor)
    _Tracing.tracer = provider.get_tracer("reeve")
    try:
        yield
    finally:
        _Tracing.tracer = None
        provider.shutdown()
