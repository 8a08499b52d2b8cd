"""Counting without paying for it: plain numbers, read by OpenTelemetry when it is scraped.

``counter(name).add(n, **attributes)`` adds to a number in a dictionary: 0.3 µs, where an
OpenTelemetry counter takes 5.6 µs. Histograms are OpenTelemetry's own (5.8 µs), so record once a
batch. ``/metrics`` needs nobody else; with ``OTEL_EXPORTER_OTLP_ENDPOINT`` set, the same numbers
and the sampled spans are also sent there.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.metrics import Histogram as Instrument
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader
from opentelemetry.sdk.resources import Resource
from prometheus_client import CollectorRegistry, generate_latest

from chassis import otlp
from chassis.metrics import (
    COUNTERS,
    GAUGES,
    HISTOGRAMS,
    METRICS,
    CounterName,
    GaugeName,
    HistogramName,
    Metric,
)

__all__ = ["METRICS", "Counter", "Gauge", "Histogram", "counter", "gauge", "histogram", "running"]

OTLP_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Key = tuple[tuple[str, str], ...]


class Counter:
    """A number for each combination of attributes that only grows."""

    __slots__ = ("_cells", "_known", "_metric", "_name")

    def __init__(self, name: str, metric: Metric) -> None:
        self._name = name
        self._metric = metric
        self._cells: dict[Key, list[int]] = {}
        self._known: dict[Key, list[int]] = {}

    def add(self, n: int, /, **attributes: str) -> None:
        """Add ``n`` under ``attributes``, which are those the metric declares."""
        key = tuple(attributes.items())
        cell = self._known.get(key)
        if cell is None:
            # The same attributes in another order are the same series.
            cell = self._cells.setdefault(_checked(self._name, self._metric, attributes), [0])
            self._known[key] = cell
        cell[0] += n

    def value(self, **attributes: str) -> int:
        """Return the sum so far, of all series that have ``attributes``."""
        wanted = set(attributes.items())
        return sum(cell[0] for key, cell in self._cells.items() if wanted <= set(key))

    def observe(self, _: CallbackOptions) -> Iterable[Observation]:
        """Yield every series; one of 0 before the first, so that dashboards find the name."""
        if not self._cells:
            yield Observation(0, {})
        for key, cell in list(self._cells.items()):
            yield Observation(cell[0], dict(key))


class Gauge:
    """A number for each combination of attributes, set or asked for when it is read."""

    __slots__ = ("_metric", "_name", "_sources")

    def __init__(self, name: str, metric: Metric) -> None:
        self._name = name
        self._metric = metric
        self._sources: dict[Key, Callable[[], float]] = {}

    def set(self, value: float, /, **attributes: str) -> None:
        """Keep ``value`` under ``attributes`` until it is set again."""
        self._sources[_checked(self._name, self._metric, attributes)] = lambda: value

    def watch(self, source: Callable[[], float], /, **attributes: str) -> None:
        """Ask ``source`` whenever the metric is read; it must be quick."""
        self._sources[_checked(self._name, self._metric, attributes)] = source

    def forget(self, **attributes: str) -> None:
        """Stop to show ``attributes``."""
        self._sources.pop(_checked(self._name, self._metric, attributes), None)

    def observe(self, _: CallbackOptions) -> Iterable[Observation]:
        """Yield every series."""
        for key, source in list(self._sources.items()):
            yield Observation(source(), dict(key))


class Histogram:
    """How values are spread; nothing is kept unless telemetry is ``running``."""

    __slots__ = ("_metric", "_name", "instrument")

    def __init__(self, name: str, metric: Metric) -> None:
        self._name = name
        self._metric = metric
        self.instrument: Instrument | None = None

    def record(self, value: float, /, **attributes: str) -> None:
        """Record one value, in the metric's unit; once a batch rather than once a message."""
        if self.instrument is not None:
            self.instrument.record(value, dict(_checked(self._name, self._metric, attributes)))


_counters: dict[str, Counter] = {name: Counter(name, each) for name, each in COUNTERS.items()}
_gauges: dict[str, Gauge] = {name: Gauge(name, each) for name, each in GAUGES.items()}
_histograms: dict[str, Histogram] = {n: Histogram(n, each) for n, each in HISTOGRAMS.items()}


def counter(name: CounterName) -> Counter:
    """Return the counter of that name; the same one to everybody in the process."""
    return _counters[name]


def gauge(name: GaugeName) -> Gauge:
    """Return the gauge of that name; the same one to everybody in the process."""
    return _gauges[name]


def histogram(name: HistogramName) -> Histogram:
    """Return the histogram of that name; the same one to everybody in the process."""
    return _histograms[name]


@contextmanager
def running(service: str) -> Iterator[Callable[[], bytes]]:
    """Export the metrics of ``service``; yields what renders them in Prometheus' text format.

    Raises:
        Explained: OTLP is asked for and its exporter is not installed.
    """
    registry = CollectorRegistry()
    readers: list[MetricReader] = [
        PrometheusMetricReader(
            disable_target_info=True, scope_info_enabled=False, registry=registry
        )
    ]
    if os.environ.get(OTLP_ENDPOINT):
        readers.append(otlp.metric_reader())
    resource = Resource.create({"service.name": service, "service.namespace": "reeve"})
    provider = MeterProvider(metric_readers=readers, resource=resource, shutdown_on_exit=False)
    meter = provider.get_meter("reeve")
    for name, metric in METRICS.items():
        if service not in metric.services:
            continue
        about = metric.meaning
        if metric.kind == "counter":
            meter.create_observable_counter(name, [_counters[name].observe], metric.unit, about)
        elif metric.kind == "gauge":
            meter.create_observable_gauge(name, [_gauges[name].observe], metric.unit, about)
        else:
            _histograms[name].instrument = meter.create_histogram(
                name, metric.unit, about, explicit_bucket_boundaries_advisory=list(metric.buckets)
            )
    try:
        yield lambda: generate_latest(registry)
    finally:
        for each in _histograms.values():
            each.instrument = None
        provider.shutdown()


def _checked(name: str, metric: Metric, attributes: dict[str, str]) -> Key:
    if attributes.keys() != set(metric.attributes):
        raise ValueError(f"{name} has the attributes {metric.attributes}, not {(*attributes,)}")
    return tuple((each, str(attributes[each])) for each in metric.attributes)
