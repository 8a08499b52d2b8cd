"""Sending metrics and spans to a collector. Optional, so imported only when asked for."""

import importlib
from collections.abc import Callable
from typing import Any

from opentelemetry.sdk.metrics.export import (
    MetricExporter,
    MetricReader,
    PeriodicExportingMetricReader,
)
from opentelemetry.sdk.trace.export import SpanExporter

from chassis.errors import Explained

EXPORTERS = "opentelemetry.exporter.otlp.proto.http"
MISSING = (
    "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the exporter is not installed: "
    "install opentelemetry-exporter-otlp-proto-http, or unset it"
)


def metric_reader() -> MetricReader:
    """Return what pushes metrics every minute, or as often as ``OTEL_METRIC_EXPORT_INTERVAL`` says.

    Raises:
        Explained: The exporter is not installed.
    """
    make: Callable[[], MetricExporter] = _find("metric_exporter", "OTLPMetricExporter")
    return PeriodicExportingMetricReader(make())


def span_exporter() -> SpanExporter:
    """Return what sends spans; errors as ``metric_reader``."""
    make: Callable[[], SpanExporter] = _find("trace_exporter", "OTLPSpanExporter")
    return make()


def _find(module: str, name: str) -> Any:  # noqa: ANN401 - a class that may not be installed
    try:
        found = importlib.import_module(f"{EXPORTERS}.{module}")
    except ImportError as fault:
        raise Explained(MISSING) from fault
    return getattr(found, name)
