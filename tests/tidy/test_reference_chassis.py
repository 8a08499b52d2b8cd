"""The reference names every setting and every metric as they are in the code, and no other."""

import ast
import dataclasses
import re
from pathlib import Path

import pytest

from chassis.bus import errors as errors_of_the_bus
from chassis.bus import inbox
from chassis.metrics import METRICS
from chassis.problem import CODES
from chassis.settings import names_of
from reeve import reference

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for folder in ("libs", "services", "reeve")
    for path in (ROOT / folder).rglob("*.py")
    if path.name != "metrics.py"
]
METRIC = re.compile(r'\b(?:counter|gauge|histogram)\(\s*"(reeve_[a-z_]+)"')
PROBLEM = re.compile(r"^\| `([a-z_]+)` \| (\d{3}) \|", re.MULTILINE)
ROW = re.compile(r"^\| `([A-Za-z_]+)` \|", re.MULTILINE)


def rows(page):
    return set(ROW.findall((reference.FOLDER / page).read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", sorted(reference.render()))
def test_a_page_says_what_the_code_says(page):
    written = (reference.FOLDER / page).read_text(encoding="utf-8")

    assert written == reference.render()[page], "run: .venv/bin/python -m reeve.reference"


def test_every_setting_of_every_service_has_its_row_and_its_meaning():
    expected = {
        names_of(each.name, prefix)[-1]
        for prefix, cls in reference.SERVICES.items()
        for each in dataclasses.fields(cls)
    }
    silent = [
        each.name
        for cls in reference.SERVICES.values()
        for each in dataclasses.fields(cls)
        if not each.metadata.get("help")
    ]

    everywhere = {"REEVE_PORT_FILE", "REEVE_INTERPRETED", "OTEL_EXPORTER_OTLP_ENDPOINT"}
    assert expected == rows("settings.md") - everywhere
    assert silent == []


def test_every_metric_has_its_row():
    assert rows("metrics.md") == set(METRICS)


def test_every_metric_is_used_somewhere_and_no_other():
    used = {name for path in SOURCES for name in METRIC.findall(path.read_text(encoding="utf-8"))}

    assert used == set(METRICS)


def test_the_page_of_the_bus_names_every_error_and_every_header():
    page = (reference.FOLDER / "bus.md").read_text(encoding="utf-8")
    errors = {
        name
        for name, each in vars(errors_of_the_bus).items()
        if isinstance(each, type) and issubclass(each, errors_of_the_bus.BusError)
    }
    headers = {
        text for text in vars(inbox).values() if isinstance(text, str) and text.startswith("Reeve-")
    }

    section = page.partition("## Errors")[2].partition("##")[0]
    assert errors - {"BusError"} == set(ROW.findall(section))
    assert headers == set(re.findall(r"`(Reeve-[A-Za-z-]+)`", page))


def test_the_page_of_rest_names_every_code_of_every_problem_with_its_status():
    page = (reference.FOLDER / "rest.md").read_text(encoding="utf-8")
    section = page.partition("## Problems")[2].partition("\n## ")[0]
    told = {(code, status) for code, status in PROBLEM.findall(section)}
    raised = {
        (str(call.args[1].value), str(call.args[0].value))
        for path in SOURCES
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") == "ApiError"
        and all(isinstance(argument, ast.Constant) for argument in call.args[:2])
    }

    assert told == raised | {(code, str(status)) for status, code in CODES.items()}
