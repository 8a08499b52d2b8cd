"""A trace costs nothing unless it is sampled."""

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chassis import trace

SAMPLED = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
UNSAMPLED = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"}


@pytest.fixture
def spans():
    exporter = InMemorySpanExporter()
    with trace.running("policy", SimpleSpanProcessor(exporter)):
        yield exporter


def test_what_is_not_sampled_is_copied_as_it_is(spans):
    with trace.span("reeve.judge", {**UNSAMPLED, "Other": "x"}) as outgoing:
        pass

    assert outgoing == UNSAMPLED
    assert spans.get_finished_spans() == ()


def test_a_message_without_a_trace_has_none_afterwards(spans):
    with trace.span("reeve.judge", {}) as outgoing:
        pass

    assert outgoing == {}
    assert spans.get_finished_spans() == ()


def test_what_is_sampled_gets_a_span_below_its_parent(spans):
    with trace.span("reeve.judge", SAMPLED) as outgoing:
        pass

    (span,) = spans.get_finished_spans()
    assert f"{span.context.trace_id:032x}" == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert f"{span.parent.span_id:016x}" == "00f067aa0ba902b7"
    assert outgoing["traceparent"] == (
        f"00-4bf92f3577b34da6a3ce929d0e0e4736-{span.context.span_id:016x}-01"
    )


def test_without_anybody_to_collect_it_even_the_sampled_is_copied():
    with trace.span("reeve.judge", SAMPLED) as outgoing:
        pass

    assert outgoing == SAMPLED


@pytest.mark.parametrize("broken", ["", "01", "00-zz-01", "00-4bf92f3577b34da6a3ce929d0e0e4736"])
def test_a_header_that_is_cut_short_is_not_sampled(broken):
    assert not trace.is_sampled({"traceparent": broken})


def test_a_trace_begins_with_its_event_and_is_the_same_each_time():
    assert trace.root("event", ratio=0.5) == trace.root("event", ratio=0.5)
    assert trace.root("event", ratio=0.5) != trace.root("other", ratio=0.5)


def test_about_the_share_that_was_asked_for_is_sampled():
    roots = [{"traceparent": trace.root(f"event {n}", ratio=0.1)} for n in range(5000)]

    assert 400 < sum(map(trace.is_sampled, roots)) < 600
    assert trace.is_sampled({"traceparent": trace.root("any", ratio=1)})
    assert not trace.is_sampled({"traceparent": trace.root("any", ratio=0)})
