"""Make deploy/grafana/reeve.json from the table below: ``python dashboard.py [--check]``.

A panel's description is what ``chassis.metrics`` says of its metrics, so the two cannot disagree.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.metrics import METRICS

PATH = Path(__file__).with_name("reeve.json")
SOURCE = {"type": "prometheus", "uid": "${source}"}
COLUMNS = 24
METRIC = re.compile(r"reeve_[a-z_]+[a-z]")


@dataclass(frozen=True)
class Panel:
    """One panel: PromQL by legend. ``bad`` is the value from which it turns red."""

    title: str
    queries: Mapping[str, str]
    unit: str = "short"
    kind: str = "timeseries"
    width: int = 8
    height: int = 7
    bad: float | None = None


def rate(metric: str, *by: str) -> str:
    """Return the rate a second of a counter, summed over everything but ``by``."""
    return f"sum{_by(*by)} (rate({metric}[$__rate_interval]))"


def grown(metric: str, span: str, *by: str) -> str:
    """Return by how much a counter grew in a span, summed over everything but ``by``."""
    return f"sum{_by(*by)} (increase({metric}[{span}]))"


def total(metric: str, *by: str) -> str:
    """Return a gauge, summed over everything but ``by``."""
    return f"sum{_by(*by)} ({metric})"


def worst(metric: str, *by: str) -> str:
    """Return the greatest of a gauge over everything but ``by``."""
    return f"max{_by(*by)} ({metric})"


def quantile(q: float, metric: str, *by: str) -> str:
    """Return a quantile of a histogram."""
    return f"histogram_quantile({q}, {rate(f'{metric}_bucket', 'le', *by)})"


def spread(metric: str) -> dict[str, str]:
    """Return the middle and the slow end of a histogram."""
    return {"p50": quantile(0.5, metric), "p99": quantile(0.99, metric)}


def _by(*labels: str) -> str:
    return f" by ({', '.join(labels)})" if labels else ""


def _figure(title: str, query: str, *, unit: str = "short", bad: float | None = None) -> Panel:
    return Panel(title, {"": query}, unit=unit, kind="stat", width=4, height=4, bad=bad)


ROWS: Mapping[str, tuple[Panel, ...]] = {
    "Now": (
        _figure("Events a second", rate("reeve_ingest_events_total"), unit="cps"),
        _figure("Judged a second", rate("reeve_judge_events_total"), unit="cps"),
        _figure("Waiting for the judge", total("reeve_judge_lag_events"), bad=10_000),
        _figure(
            "Event to decision, p99", quantile(0.99, "reeve_decision_seconds"), unit="s", bad=0.25
        ),
        _figure("Dead letters, last day", grown("reeve_dlq_messages_total", "1d"), bad=1),
        _figure("Books disagree by", worst("abs(reeve_ledger_imbalance)"), bad=1),
    ),
    "Events and decisions": (
        Panel("Events, by kind", {"{{kind}}": rate("reeve_ingest_events_total", "kind")}, "cps"),
        Panel(
            "Decisions, by outcome",
            {"{{outcome}}": rate("reeve_decisions_total", "outcome")},
            "cps",
        ),
        Panel("Event to decision", spread("reeve_decision_seconds"), "s"),
        Panel(
            "Waiting for the judge, by partition",
            {"{{partition}}": worst("reeve_judge_lag_events", "partition")},
        ),
        Panel(
            "Waiting behind the newest message read",
            {"{{consumer}}": worst("reeve_consumer_pending_messages", "consumer")},
        ),
        Panel(
            "Judges",
            {
                "partitions held": total("reeve_judge_partitions"),
                "fenced": rate("reeve_judge_fenced_total"),
                "rebuilt": rate("reeve_judge_recoveries_total"),
                "rebuilt, but not alike": rate("reeve_judge_recovery_mismatches_total"),
                "log too short": rate("reeve_judge_truncations_total"),
                "snapshots": rate("reeve_judge_snapshots_total"),
                "waiting for a rulebook": rate("reeve_rulebook_waits_total"),
            },
        ),
        Panel("Judged batch to commit", spread("reeve_judge_commit_seconds"), "s"),
        Panel("Events in a batch", spread("reeve_judge_batch_events")),
        Panel(
            "Written by the judges",
            {
                "commits": rate("reeve_judge_commits_total"),
                "snapshots": rate("reeve_judge_snapshots_total"),
            },
            "cps",
        ),
    ),
    "Effects": (
        Panel(
            "Actions sent out, by kind",
            {"{{kind}}": rate("reeve_dispatch_actions_total", "kind")},
            "cps",
        ),
        Panel(
            "Withheld at the last step, by reason",
            {"{{reason}}": rate("reeve_dispatch_withheld_total", "reason")},
            "cps",
        ),
        Panel(
            "Actions carried out, by outcome",
            {"{{status}}": rate("reeve_actions_total", "status")},
            "cps",
        ),
        Panel("Action to outcome", spread("reeve_enforce_seconds"), "s"),
        Panel("Decisions to actions", spread("reeve_dispatch_batch_seconds"), "s"),
        Panel(
            "Requests to platforms, by answer",
            {
                "{{platform}} {{status}}": rate(
                    "reeve_platform_requests_total", "platform", "status"
                )
            },
            "cps",
        ),
        Panel(
            "Timers",
            {
                "fired by the {{by}}": rate("reeve_timers_fired_total", "by"),
                "overdue": total("reeve_timers_overdue"),
            },
        ),
        Panel(
            "Brake and flight",
            {
                "networks under the brake": total("reeve_brake_engaged"),
                "in flight": total("reeve_enforce_in_flight"),
            },
        ),
        Panel("Connected", {"{{connection}}": worst("reeve_platform_connected", "connection")}),
    ),
    "Ledger": (
        Panel(
            "Commands, by kind and outcome",
            {"{{kind}} {{status}}": rate("reeve_ledger_commands_total", "kind", "status")},
            "cps",
        ),
        Panel(
            "Booked, by kind", {"{{kind}}": rate("reeve_ledger_transactions_total", "kind")}, "cps"
        ),
        Panel(
            "Red packets",
            {"{{what}}": rate("reeve_packets_total", "what"), "open": total("reeve_packets_open")},
        ),
        Panel("Commands to commit", spread("reeve_ledger_batch_seconds"), "s"),
        Panel("Commands in a transaction", spread("reeve_ledger_batch_commands")),
        Panel(
            "Facts on their way to EVENTS",
            {
                "waiting": total("reeve_ledger_outbox_rows"),
                "oldest, seconds": worst("reeve_ledger_outbox_age_seconds"),
                "relayed a second": rate("reeve_ledger_facts_total"),
            },
        ),
        Panel("Seen before", {"duplicates": rate("reeve_ledger_duplicates_total")}, "cps"),
        Panel("Books disagree by", {"minor units": worst("abs(reeve_ledger_imbalance)")}, bad=1),
    ),
    "What was given up, and what was mended": (
        Panel(
            "Dead letters, by stream",
            {"{{stream}}": grown("reeve_dlq_messages_total", "$__rate_interval", "stream")},
        ),
        Panel(
            "Skipped at the edge, by reason",
            {"{{reason}}": rate("reeve_ingest_skipped_total", "reason")},
            "cps",
        ),
        Panel(
            "Surprises of the judge",
            {
                "seconds without a rulebook": grown(
                    "reeve_rulebook_waits_total", "$__rate_interval"
                ),
                "cut at a limit": grown("reeve_judge_truncations_total", "$__rate_interval"),
                "rebuilt otherwise": grown(
                    "reeve_judge_recovery_mismatches_total", "$__rate_interval"
                ),
            },
        ),
        Panel(
            "The bus",
            {
                "published again": rate("reeve_bus_publish_retries_total"),
                "readers made anew": rate("reeve_bus_follow_repairs_total"),
                "reconnected": rate("reeve_bus_reconnects_total"),
            },
            "cps",
        ),
    ),
    "Processes": (
        Panel(
            "Resident memory",
            {"{{instance}}": worst("reeve_process_resident_bytes", "instance")},
            "bytes",
        ),
        Panel(
            "Event loop late by", {"{{instance}}": worst("reeve_loop_lag_seconds", "instance")}, "s"
        ),
        Panel("Ready", {"{{part}}": worst("reeve_ready", "part")}),
        Panel("Database connections", {"{{state}}": total("reeve_db_pool_connections", "state")}),
        Panel(
            "REST, by answer", {"{{status}}": rate("reeve_http_requests_total", "status")}, "reqps"
        ),
        Panel(
            "REST, p99 by route",
            {"{{route}}": quantile(0.99, "reeve_http_request_seconds", "route")},
            "s",
        ),
    ),
}


def dashboard() -> dict[str, Any]:
    """Return the dashboard as Grafana imports it (schema 39, Grafana 11)."""
    return {
        "uid": "reeve",
        "title": "Reeve",
        "tags": ["reeve"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "timezone": "browser",
        "annotations": {"list": []},
        "templating": {
            "list": [
                {
                    "name": "source",
                    "label": "Data source",
                    "type": "datasource",
                    "query": "prometheus",
                    "current": {},
                    "options": [],
                    "refresh": 1,
                }
            ]
        },
        "panels": list(_panels()),
    }


def _panels() -> Iterator[dict[str, Any]]:
    number, y = 1, 0
    for title, panels in ROWS.items():
        place = {"x": 0, "y": y, "w": COLUMNS, "h": 1}
        yield {"id": number, "type": "row", "title": title, "gridPos": place, "panels": []}
        number, y, x = number + 1, y + 1, 0
        for panel in panels:
            if x + panel.width > COLUMNS:
                x, y = 0, y + panel.height
            place = {"x": x, "y": y, "w": panel.width, "h": panel.height}
            yield {"id": number, "gridPos": place, **_body(panel)}
            number, x = number + 1, x + panel.width
        y += panels[-1].height


def _body(panel: Panel) -> dict[str, Any]:
    queries = enumerate(panel.queries.items())
    return {
        "type": panel.kind,
        "title": panel.title,
        "description": " ".join(_meanings(panel)),
        "datasource": SOURCE,
        "targets": [
            {
                "refId": chr(ord("A") + number),
                "datasource": SOURCE,
                "expr": query,
                "legendFormat": legend,
                "range": True,
            }
            for number, (legend, query) in queries
        ],
        "fieldConfig": {"defaults": _defaults(panel), "overrides": []},
        "options": _options(panel),
    }


def _meanings(panel: Panel) -> list[str]:
    used = {name for query in panel.queries.values() for name in METRIC.findall(query)}
    return [METRICS[name.removesuffix("_bucket")].meaning for name in sorted(used)]


def _defaults(panel: Panel) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.bad is not None:
        steps.append({"color": "red", "value": panel.bad})
    defaults: dict[str, Any] = {
        "unit": panel.unit,
        "min": 0,
        "thresholds": {"mode": "absolute", "steps": steps},
    }
    if panel.kind == "timeseries":
        defaults["custom"] = {"lineWidth": 1, "fillOpacity": 10, "showPoints": "never"}
    return defaults


def _options(panel: Panel) -> dict[str, Any]:
    if panel.kind == "stat":
        return {
            "colorMode": "background" if panel.bad is not None else "value",
            "graphMode": "area",
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        }
    return {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }


def main(arguments: list[str]) -> int:
    """Write or compare; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    check = parser.parse_args(arguments).check
    text = json.dumps(dashboard(), indent=2) + "\n"
    if not check:
        PATH.write_text(text, encoding="utf-8")
    elif not PATH.exists() or PATH.read_text(encoding="utf-8") != text:
        print(f"{PATH.name} is stale; say make docs")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
