"""Numbers are counted cheaply and shown under exactly their declared names."""

import subprocess
import sys

import pytest
from prometheus_client.parser import text_string_to_metric_families

from chassis import telemetry
from chassis.errors import Explained
from chassis.metrics import METRICS


def samples(text):
    families = text_string_to_metric_families(text.decode())
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_counters_gauges_and_histograms_are_shown_as_declared():
    with telemetry.running("ledger") as render:
        telemetry.counter("reeve_ledger_transactions_total").add(2, kind="transfer")
        telemetry.gauge("reeve_ledger_outbox_rows").set(7)
        telemetry.gauge("reeve_db_pool_connections").watch(lambda: 3, state="idle")
        telemetry.histogram("reeve_ledger_batch_seconds").record(0.02)
        found = samples(render())

    assert found["reeve_ledger_transactions_total", ("kind", "transfer")] >= 2
    assert found["reeve_ledger_outbox_rows",] == 7
    assert found["reeve_db_pool_connections", ("state", "idle")] == 3
    assert found["reeve_ledger_batch_seconds_bucket", ("le", "0.025")] == 1
    assert found["reeve_ledger_batch_seconds_count",] == 1


def test_a_counter_is_there_before_it_has_counted_anything():
    with telemetry.running("gateway") as render:
        found = {name for name, *_ in samples(render())}

    expected = {
        name
        for name, metric in METRICS.items()
        if metric.kind == "counter" and "gateway" in metric.services
    }
    assert expected <= found


def test_a_service_shows_its_own_metrics_only():
    with telemetry.running("gateway") as render:
        found = samples(render())

    assert not [name for name, *_ in found if name.startswith("reeve_ledger")]


def test_the_order_of_attributes_makes_no_other_series():
    counter = telemetry.counter("reeve_ledger_commands_total")
    before = counter.value(kind="grab", status="booked")

    counter.add(1, kind="grab", status="booked")
    counter.add(1, status="booked", kind="grab")

    with telemetry.running("ledger") as render:
        found = samples(render())
    key = ("reeve_ledger_commands_total", ("kind", "grab"), ("status", "booked"))
    assert found[key] == counter.value(kind="grab", status="booked") == before + 2


@pytest.mark.parametrize(
    "attributes", [{}, {"kind": "a"}, {"kind": "a", "status": "b", "who": "c"}]
)
def test_attributes_that_are_not_declared_are_refused(attributes):
    with pytest.raises(ValueError, match="reeve_actions_total has the attributes"):
        telemetry.counter("reeve_actions_total").add(1, **attributes)


def test_a_gauge_that_is_forgotten_is_not_shown():
    telemetry.gauge("reeve_judge_lag_events").set(1, partition="77")
    telemetry.gauge("reeve_judge_lag_events").forget(partition="77")

    with telemetry.running("policy") as render:
        found = samples(render())

    assert ("reeve_judge_lag_events", ("partition", "77")) not in found


def test_histograms_keep_nothing_while_nobody_exports():
    telemetry.histogram("reeve_decision_seconds").record(1.0)

    with telemetry.running("policy") as render:
        assert "reeve_decision_seconds_count" not in render().decode()


def test_a_collector_without_its_exporter_is_one_clear_sentence(monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http", None)

    with (
        pytest.raises(Explained, match="install opentelemetry-exporter-otlp-proto-http"),
        telemetry.running("policy"),
    ):
        pass


def test_a_service_without_rest_does_not_load_what_rest_needs():
    source = (
        "import sys, chassis.service, chassis.bus;"
        "print([n for n in ('fastapi', 'pydantic', 'asyncpg') if n in sys.modules])"
    )

    found = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    )

    assert found.stdout.strip() == "[]"
