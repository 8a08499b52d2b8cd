"""Dashboards and alerts ask only for metrics that exist, in queries that parse."""

import importlib.util
import json
import re

import promql_parser
import pytest
import yaml

from chassis.metrics import METRICS
from tests.tidy.tree import ROOT

GRAFANA = ROOT / "deploy" / "grafana"
DASHBOARD = json.loads((GRAFANA / "reeve.json").read_text(encoding="utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "rules.yml").read_text(encoding="utf-8"))
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
QUERIES = sorted(
    {target["expr"] for panel in PANELS for target in panel["targets"]}
    | {alert["expr"] for alert in ALERTS}
)
SERIES = re.compile(r"\b(reeve_[a-z_]+[a-z])")
OF_A_HISTOGRAM = ("_bucket", "_count", "_sum")
ALWAYS_THERE = {"instance", "job", "le"}


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_parses(query):
    promql_parser.parse(query.replace("$__rate_interval", "1m"))


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_asks_for_metrics_and_labels_that_exist(query):
    metrics = [METRICS[_metric(name)] for name in SERIES.findall(query)]
    labels = {
        label.strip()
        for group in re.findall(r"by \(([^)]*)\)", query)
        for label in group.split(",")
    }

    assert metrics
    for metric in metrics:
        assert labels <= {*metric.attributes, *ALWAYS_THERE}


@pytest.mark.parametrize("query", QUERIES)
def test_a_counter_is_only_looked_at_as_a_rate(query):
    for name in SERIES.findall(query):
        grows = METRICS[_metric(name)].kind in {"counter", "histogram"}

        assert grows == bool(re.search(rf"\b(?:rate|increase)\({name}\[", query))


def test_panels_lie_beside_each_other_and_say_what_they_show():
    taken = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }

        assert not taken & cells, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert all(panel["description"] for panel in PANELS)


def test_the_dashboard_is_what_its_table_says():
    spec = importlib.util.spec_from_file_location("dashboard", GRAFANA / "dashboard.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert module.dashboard() == DASHBOARD


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_an_alert_has_a_severity_and_a_section_that_says_what_to_do(alert):
    runbook = (ROOT / "docs" / "howto" / "alerts.md").read_text(encoding="utf-8")

    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert alert["annotations"]["summary"].endswith(".")
    assert f"\n## {alert['alert']}\n" in runbook


def _metric(series):
    for suffix in OF_A_HISTOGRAM:
        bare = series.removesuffix(suffix)
        if bare != series and METRICS.get(bare) and METRICS[bare].kind == "histogram":
            return bare
    return series
