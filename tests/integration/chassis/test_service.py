"""The life of a real process: it opens, is ready, drains, and says why it ended."""

import asyncio
import json
import os
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from contracts import subjects
from tests.waiting import PATIENCE_S, until

ROOT = Path(__file__).parents[3]
SHOP = [sys.executable, "-m", "tests.integration.chassis.shop"]


class Shop:
    """The process, with what it has said so far."""

    def __init__(self, process, port_file):
        self.process = process
        self.port_file = port_file
        self.said = []
        self.logged = []

    async def hear(self):
        async for line in self.process.stderr:
            self.said.append(line.decode().strip())

    async def read_log(self):
        async for line in self.process.stdout:
            self.logged.append(json.loads(line))

    async def get(self, path):
        await until(self.port_file.exists)
        url = f"http://127.0.0.1:{self.port_file.read_text().strip()}{path}"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status, await answer.text()

    def events(self, name):
        return [line for line in self.logged if line["event"] == name]


@asynccontextmanager
async def running(tmp_path, does, **environ):
    port_file = tmp_path / "port"
    environ = {**os.environ, "SHOP_DOES": does, "REEVE_PORT_FILE": str(port_file), **environ}
    process = await asyncio.create_subprocess_exec(
        *SHOP,
        cwd=ROOT,
        env=environ,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    shop = Shop(process, port_file)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(shop.hear())
        tasks.create_task(shop.read_log())
        try:
            yield shop
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


@pytest.fixture
def address(nats_server, bus):
    assert bus.is_up
    return {"NATS_URL": nats_server.url}


async def test_sigterm_finishes_what_is_in_hand_and_nothing_more(tmp_path, bus, address):
    async with running(tmp_path, "sell", **address) as shop:
        await until(lambda: "open" in shop.said)
        for number in range(3):
            await bus.publish("ev.0.a.b.c", b"%d" % number)
        await until(lambda: "begun" in shop.said)
        shop.process.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(shop.process.wait(), PATIENCE_S)

    assert status == 0
    assert shop.said == ["open", "begun", "done", "closing", "closed"]
    assert await bus.pending(subjects.EVENTS, "shop") == 2
    assert [line["failed"] for line in shop.events("service.ended")] == [False]


async def test_a_loop_that_fails_ends_the_process_with_one_line(tmp_path, address):
    async with running(tmp_path, "fail", **address) as shop:
        status = await asyncio.wait_for(shop.process.wait(), PATIENCE_S)

    (line,) = shop.events("service.failed")
    assert status == 1
    assert line["reason"] == "RuntimeError: the till is jammed"
    assert line["loop"] == "parts.<locals>.other"
    assert "Traceback" in line["exception"]
    assert shop.said[-1] == "closed"


async def test_a_loop_that_ends_unasked_has_failed(tmp_path, address):
    async with running(tmp_path, "leave", **address) as shop:
        status = await asyncio.wait_for(shop.process.wait(), PATIENCE_S)

    (line,) = shop.events("service.failed")
    assert (status, line["reason"]) == (1, "it ended although nothing had asked it to")


async def test_a_loop_that_does_not_drain_is_ended_at_the_deadline(tmp_path, address):
    async with running(tmp_path, "hang", SHOP_DRAIN_S="2", **address) as shop:
        await until(lambda: "open" in shop.said)
        shop.process.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(shop.process.wait(), PATIENCE_S)

    (line,) = shop.events("service.drain_deadline_passed")
    assert (status, line["loop"]) == (1, "parts.<locals>.other")
    assert shop.said[-1] == "closed"


async def test_who_interrupts_twice_does_not_wait(tmp_path, address):
    async with running(tmp_path, "hang", SHOP_DRAIN_S="600", **address) as shop:
        await until(lambda: "open" in shop.said)
        shop.process.send_signal(signal.SIGINT)
        await until(lambda: shop.events("service.stopping"))
        await asyncio.sleep(1)  # sooner, it might be the supervisor who repeats it
        shop.process.send_signal(signal.SIGINT)
        status = await asyncio.wait_for(shop.process.wait(), PATIENCE_S)

    assert status == 1


async def test_a_supervisor_that_repeats_what_the_terminal_said_does_not_hurry_it(
    tmp_path, bus, address
):
    async with running(tmp_path, "sell", **address) as shop:
        await until(lambda: "open" in shop.said)
        await bus.publish("ev.0.a.b.c", b"")
        await until(lambda: "begun" in shop.said)
        shop.process.send_signal(signal.SIGINT)
        shop.process.send_signal(signal.SIGTERM)
        shop.process.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(shop.process.wait(), PATIENCE_S)

    assert (status, shop.said) == (0, ["open", "begun", "done", "closing", "closed"])


async def test_parts_that_do_not_open_end_the_process(tmp_path, address):
    async with running(tmp_path, "refuse", **address) as shop:
        status = await asyncio.wait_for(shop.process.wait(), PATIENCE_S)

    (line,) = shop.events("service.failed")
    assert (status, line["reason"]) == (1, "ValueError: the parts do not fit")


async def test_a_process_that_waits_for_its_server_can_be_stopped(tmp_path):
    async with running(tmp_path, "sell", NATS_URL="nats://127.0.0.1:1") as shop:
        await until(lambda: shop.events("bus.waiting_for_server"))
        code, _ = await shop.get("/readyz")
        shop.process.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(shop.process.wait(), PATIENCE_S)

    assert (code, status) == (503, 0)


async def test_wrong_settings_end_it_with_status_2_before_anything_is_opened(tmp_path):
    async with running(tmp_path, "", NATS_URL="", SHOP_PARTITIONS="x") as shop:
        status = await asyncio.wait_for(shop.process.wait(), PATIENCE_S)

    assert status == 2
    assert shop.said[0] == "shop cannot start: 3 settings are wrong."
    assert shop.logged == []


async def test_health_metrics_and_rest_are_served_on_the_port_it_told(tmp_path, address):
    async with running(tmp_path, "rest", **address) as shop:
        await until(lambda: shop.events("service.started"))
        alive, _ = await shop.get("/livez")
        ready, parts = await shop.get("/readyz")
        code, metrics = await shop.get("/metrics")
        docs, _ = await shop.get("/openapi.json")
        missing, problem = await shop.get("/nowhere")

    assert (alive, ready, code, docs, missing) == (200, 200, 200, 200, 404)
    assert json.loads(parts) == {
        "status": "ready",
        "parts": {"till": True},
        "reasons": {},
        "needs_somebody": [],
    }
    assert metrics == ""
    assert json.loads(problem)["code"] == "not_found"


async def test_it_says_which_part_is_not_ready_and_why(tmp_path, address):
    async with running(tmp_path, "unready", **address) as shop:
        await until(lambda: shop.events("service.started"))
        code, parts = await shop.get("/readyz")
        missing, problem = await shop.get("/nowhere")

    assert code == 503
    assert json.loads(parts) == {
        "status": "not ready",
        "parts": {"till": False},
        "reasons": {"till": "the till is jammed"},
        "needs_somebody": ["till"],
    }
    assert (missing, json.loads(problem)["code"]) == (404, "not_found")


async def test_what_is_asked_for_before_it_has_opened_is_not_there_yet(tmp_path, address):
    away = {**address, "NATS_URL": "nats://127.0.0.1:1"}
    async with running(tmp_path, "sell", **away) as shop:
        code, problem = await shop.get("/v1/anything")

    assert (code, json.loads(problem)["code"]) == (503, "unavailable")


async def test_a_port_that_is_taken_is_one_clear_sentence(tmp_path, address, nats_server):
    async with running(tmp_path, "sell", HTTP_PORT=str(nats_server.port), **address) as shop:
        status = await asyncio.wait_for(shop.process.wait(), PATIENCE_S)

    (line,) = shop.events("service.failed")
    assert status == 1
    assert line["reason"].startswith(f"cannot listen on 127.0.0.1:{nats_server.port}")
    assert "exception" not in line
