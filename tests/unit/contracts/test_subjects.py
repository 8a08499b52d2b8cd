"""Streams and subjects fit each other."""

import re

import pytest

from contracts import ids, subjects

STREAMS = {stream.name: stream for stream in subjects.STREAMS}
TIMER = ids.timer_id("e", "adverts", "debt")

PUBLISHED = [
    (subjects.EVENTS, subjects.event(7, "matrix", "demo", "!r:example.org")),
    (subjects.DECISIONS, subjects.decisions(7)),
    (subjects.ACTIONS, subjects.action("ledger", 2)),
    (subjects.TIMERS, subjects.timer(TIMER)),
    (subjects.TIMERS, subjects.timer_due(TIMER)),
    (subjects.DLQ, subjects.dlq(subjects.EVENTS)),
    (subjects.AUDIT, subjects.audit("demo")),
]


def catches(pattern, subject):
    """Whether a NATS subject pattern matches."""
    expression = re.escape(pattern).replace(r"\*", r"[^.]+").replace(">", ".+")
    return re.fullmatch(expression, subject) is not None


@pytest.mark.parametrize(("stream", "subject"), PUBLISHED)
def test_every_subject_is_in_its_stream_and_no_other(stream, subject):
    holding = [
        name
        for name, each in STREAMS.items()
        if any(catches(pattern, subject) for pattern in each.subjects)
    ]

    assert holding == [stream]


def test_there_is_one_stream_for_each_name():
    assert list(STREAMS) == ["EVENTS", "DECISIONS", "ACTIONS", "TIMERS", "DLQ", "AUDIT"]


def test_only_actions_are_a_work_queue():
    assert [s.name for s in subjects.STREAMS if s.retention == "workqueue"] == [subjects.ACTIONS]


def test_timers_alone_are_scheduled():
    assert [s.name for s in subjects.STREAMS if s.allow_msg_schedules] == [subjects.TIMERS]


def test_filters_catch_what_they_name():
    event = subjects.event(7, "matrix", "demo", "!r:example.org")

    assert catches(subjects.event_filter(7), event)
    assert not catches(subjects.event_filter(70), event)
    assert catches(subjects.action_filter("matrix"), subjects.action("matrix", 0))
    assert catches(subjects.action_filter("matrix", 0), subjects.action("matrix", 0))
    assert not catches(subjects.action_filter("matrix", 1), subjects.action("matrix", 0))
    assert not catches(subjects.action_filter("ledger"), subjects.action("matrix", 0))


def test_short_plain_names_can_be_read_and_others_are_hashed():
    assert subjects.action("matrix", 1) == "act.matrix.1"
    assert subjects.action("@bot:example.org", 1) == f"act.{ids.token('@bot:example.org')}.1"
    assert subjects.event(0, "irc", "n", "g").startswith("ev.0.irc.")
    assert subjects.dlq("EVENTS") == "dlq.events"


def test_a_timers_id_is_in_its_subjects():
    assert subjects.timer(TIMER) == f"timers.set.{TIMER}"
    assert subjects.timer_due(TIMER) == f"timers.due.{TIMER}"
    assert subjects.timer("a b") == f"timers.set.{ids.token('a b')}"
