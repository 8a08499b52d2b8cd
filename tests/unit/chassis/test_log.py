"""Logs are one form for everybody, and never hold what people wrote."""

import json
import logging
import sys

import pytest
import structlog

from chassis import log


@pytest.fixture(autouse=True)
def as_before():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_a_line_is_json_with_the_service_and_its_fields(capsys):
    log.configure("policy")

    structlog.get_logger("here").info("judge.started", partition=3)

    line = json.loads(capsys.readouterr().out)
    assert {
        "event": "judge.started",
        "service": "policy",
        "partition": 3,
        "logger": "here",
    }.items() <= (line.items())
    assert line["timestamp"].endswith("Z")


def test_what_libraries_log_has_the_same_form(capsys):
    log.configure("policy")

    logging.getLogger("asyncpg").warning("a connection was %s", "lost")

    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["level"]) == ("a connection was lost", "warning")


@pytest.mark.parametrize("name", sorted(log.WITHHELD))
def test_fields_that_may_hold_what_people_wrote_are_withheld(capsys, name):
    log.configure("policy")

    structlog.get_logger().warning("rule.hit", **{name: "the words of a member"})

    assert "the words" not in capsys.readouterr().out


def test_lines_below_the_level_are_not_written(capsys):
    log.configure("policy", level="warning")

    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud")

    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize("written", ["the words of a member"])
@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_no_local_variables(capsys, form, written):
    log.configure("policy", form=form)

    def read(words):
        raise ValueError(len(words))

    try:
        read(written)
    except ValueError:
        structlog.get_logger().exception("broken")

    out = capsys.readouterr().out
    assert "Traceback" in out
    assert written not in out


def test_a_warning_that_repeats_itself_is_written_once_a_minute_and_counted(capsys):
    now_s = [1_000.0]
    structlog.configure(
        processors=[log.Repeats(lambda: now_s[0]), structlog.processors.JSONRenderer()],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    logging.basicConfig(
        format="%(message)s", handlers=[logging.StreamHandler(sys.stdout)], force=True
    )
    here = structlog.get_logger("here")

    for after_s in (0, 1, 59, 61, 62):
        now_s[0] = 1_000.0 + after_s
        here.warning("the sweep waits", fault="refused")
    here.warning("the sweep waits", fault="starting up")

    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"event": "the sweep waits", "fault": "refused"},
        {"event": "the sweep waits", "fault": "refused", "repeated": 2},
        {"event": "the sweep waits", "fault": "starting up"},
    ]
