"""``reeve replay`` and ``reeve export`` against a real log."""

import asyncio
import base64
import json
import os
import subprocess
import sys

import pytest

from chassis.bus.inbox import ORIGIN_SEQ, ORIGIN_STREAM, REASON, SERVICE
from contracts import codec, subjects
from contracts.values import Event, Origin

LOG = "[09:14] <ann> hi\n=== bob [b@h]  has joined #x\n[09:15]  * bob waves\n"


@pytest.fixture
def reeve(nats_server, bus, tmp_path):
    """Runs the command and returns (status, output, errors)."""
    assert bus.is_up
    environment = {
        **os.environ,
        "NATS_URL": nats_server.url,
        "PARTITIONS": "8",
        "REEVE_HOME": str(tmp_path / "home"),
    }

    async def run(*words):
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "reeve", *map(str, words)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=150,
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "x-2004-12-25.txt"
    path.write_text(LOG)
    return path


async def stored(bus, stream=subjects.EVENTS, subject="ev.>"):
    return [d async for batch in bus.read(stream, subject) for d in batch]


async def events(bus):
    return [codec.decode(Event, delivery.data) for delivery in await stored(bus)]


def to(group):
    return ("--network", "net", "--group", group)


async def test_a_log_is_in_events_once_in_order_and_with_its_own_time(reeve, bus, log):
    first = await reeve("replay", log, *to("x"))
    again = await reeve("replay", log, *to("x"))
    anew = await reeve("replay", log, *to("x"), "--again")

    assert (first[0], again[0], anew[0]) == (0, 0, 0)
    assert "3 events" in first[1]
    assert "3 lines replayed before" in again[1]
    assert "3 of them known" in anew[1]
    found = await events(bus)
    assert [codec.payload_name(event) for event in found] == [
        "message_created",
        "member_joined",
        "message_created",
    ]
    assert found[0].received_ms == 1_103_966_040_000
    assert {event.origin for event in found} == {Origin.REPLAYED}


async def test_a_log_that_has_grown_goes_on_where_it_ended(reeve, bus, log):
    await reeve("replay", log, *to("x"))
    log.write_text(LOG + "[09:20] <ann> more\n")

    _, output, _ = await reeve("replay", log, *to("x"))

    assert "1 events, 3 lines replayed before" in output
    assert len(await events(bus)) == 4


async def test_a_line_at_fault_is_named_kept_and_stops_nothing(reeve, bus, tmp_path):
    log = tmp_path / "bad.txt"
    log.write_bytes(b"[09:14] <ann> hi\nwhat is this\n[09:15] <ann> caf\xe9\n[09:16] <ann> bye\n")

    status, output, errors = await reeve("replay", log, *to("x"))

    assert (status, len(await events(bus))) == (1, 2)
    assert "2 lines not understood" in output
    assert errors.splitlines() == [
        f"{log}:2: neither a time in brackets nor ===",
        f"{log}:3: it is not UTF-8",
    ]
    kept = await stored(bus, subjects.DLQ, "dlq.>")
    assert [delivery.data for delivery in kept] == [
        b"what is this",
        b"[09:15] <ann> caf\xe9",
    ]
    assert kept[0].headers["Reeve-Origin-Subject"] == "bad.txt:2"


async def test_a_line_too_long_to_keep_is_cut_and_stops_nothing(reeve, bus, tmp_path):
    log = tmp_path / "long.txt"
    log.write_bytes(b"\xff" * 3_000_000 + b"\n[09:16] <ann> bye\n")

    status, _, errors = await reeve("replay", log, *to("x"))

    assert (status, len(await events(bus))) == (1, 1)
    assert "bytes are kept" in errors
    (kept,) = await stored(bus, subjects.DLQ, "dlq.>")
    assert kept.data == b"\xff" * len(kept.data)
    assert f"first {len(kept.data)} of 3000000 bytes" in kept.headers[REASON]


async def test_of_a_file_that_is_no_log_not_every_line_is_named(reeve, bus, tmp_path):
    log = tmp_path / "wrong.bin"
    log.write_bytes(b"\xff\n" * 150)

    _, output, errors = await reeve("replay", log, *to("x"))

    assert "150 lines not understood" in output
    assert len(errors.splitlines()) == 101
    assert len(await stored(bus, subjects.DLQ, "dlq.>")) == 150


async def test_what_was_given_up_is_shown_with_its_place_and_reason(reeve, bus, tmp_path):
    log = tmp_path / "bad.txt"
    log.write_bytes(b"what is this\x1b[2J\n")
    before = await reeve("dead-letters")
    await reeve("replay", log, *to("x"))
    await bus.publish(
        subjects.dlq("EVENTS"),
        b"odd",
        msg_id="one",
        headers={REASON: "no\x1b[2J event", ORIGIN_STREAM: "EVENTS", ORIGIN_SEQ: "7", SERVICE: "x"},
    )

    status, output, _ = await reeve("dead-letters")
    _, lines, _ = await reeve("dead-letters", "--json")

    first, second = output.splitlines()
    assert (before[:2], status) == ((0, ""), 1)
    assert first.endswith("  REPLAY:bad.txt:1: neither a time in brackets nor ===")
    assert second.endswith("  EVENTS:7 (x): no\ufffd[2J event")
    assert base64.b64decode(json.loads(lines.splitlines()[1])["data"]) == b"odd"


async def test_exported_events_replayed_elsewhere_say_the_same(reeve, bus, log, tmp_path):
    await reeve("replay", log, *to("x"))
    status, exported, _ = await reeve("export", "--group", "x")
    copy = tmp_path / "copy.jsonl"
    copy.write_text(exported)

    await reeve("replay", copy, "--group", "y")

    assert status == 0
    assert [json.loads(line)["group"] for line in exported.splitlines()] == ["x"] * 3
    found = await events(bus)
    assert [event.payload for event in found[3:]] == [event.payload for event in found[:3]]
    assert {event.group for event in found[3:]} == {"y"}


async def test_live_events_happen_now_at_the_speed_that_was_asked_for(reeve, bus, log):
    status, _, _ = await reeve("replay", log, *to("x"), "--live", "--speed", "60x")

    found = await events(bus)
    assert (status, {event.origin for event in found}) == (0, {Origin.LIVE})
    # A minute lies between the first and the last line: a second at this speed.
    assert 900 < found[2].received_ms - found[0].received_ms < 60_000


async def test_what_cannot_be_done_is_one_clear_sentence(reeve, log, tmp_path):
    nowhere = await reeve("replay", tmp_path / "none.txt", *to("x"))
    whose = await reeve("replay", log)

    assert (nowhere[0], "There is no file" in nowhere[2]) == (2, True)
    assert (whose[0], "give --network and --group" in whose[2]) == (2, True)
