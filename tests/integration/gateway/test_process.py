"""The gateway as it runs in production: processes of its own, ended in every way."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import urllib.request
from contextlib import suppress

import pytest

from chassis.bus import connect
from contracts import codec, ids, subjects
from contracts.values import (
    Action,
    ActionOutcome,
    Actor,
    Announce,
    DeleteMessage,
    Event,
    MessageCreated,
    Place,
)
from tests.integration.gateway.people import person
from tests.waiting import PATIENCE_S

MEMORY_LIMIT_MB = 80


class Gateway:
    """``python -m gateway`` with its environment."""

    def __init__(self, folder, nats_url, synapse_url, account):
        secret = folder / "password"
        secret.write_text(account.password)
        self.folder = folder
        self.port_file = folder / "port"
        self.process = None
        self.environment = {
            **{key: text for key, text in os.environ.items() if not key.startswith("GATEWAY_")},
            "NATS_URL": nats_url,
            "PARTITIONS": "8",
            "GATEWAY_MATRIX_URL": synapse_url,
            "GATEWAY_MATRIX_USER": account.user_id,
            "GATEWAY_MATRIX_PASSWORD_FILE": str(secret),
            "GATEWAY_NETWORK": "net",
            "GATEWAY_TOKEN_FOLDER": str(folder),
            "REEVE_PORT_FILE": str(self.port_file),
        }

    async def provision(self):
        async with connect(self.environment["NATS_URL"], name="test") as bus:
            await bus.provision(subjects.STREAMS)

    def start(self, loop):
        log = (self.folder / f"{loop}.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gateway", loop], env=self.environment, stdout=log, stderr=log
        )
        log.close()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def run(self, loop, **more):
        """What it says until it ends by itself."""
        done = subprocess.run(
            [sys.executable, "-m", "gateway", loop],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        return done.returncode, done.stdout + done.stderr

    def get(self, path):
        port = int(self.port_file.read_text())
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.read().decode()

    async def until_ready(self):
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with suppress(OSError):
                    if await asyncio.to_thread(self.get, "/readyz"):
                        return
                await asyncio.sleep(0.05)


@pytest.fixture
async def bot(synapse):
    """The account that Reeve acts with, not in use by anybody else."""
    async with person(synapse, "reeve") as made:
        yield made


@pytest.fixture
def gateway(tmp_path, nats_server, synapse, bot, bus):
    """A gateway that is not running yet, on a clean NATS."""
    assert bus.is_up
    made = Gateway(tmp_path, nats_server.url, synapse.url, bot.account)
    yield made
    if made.process is not None:
        made.kill()


async def stored(bus):
    return [
        codec.decode(Event, delivery.data)
        async for batch in bus.read(subjects.EVENTS, "ev.>")
        for delivery in batch
    ]


def texts(events):
    return [e.payload.content.text for e in events if isinstance(e.payload, MessageCreated)]


def outcomes(events):
    return [e.payload.action_id for e in events if isinstance(e.payload, ActionOutcome)]


async def until(bus, holds):
    async with asyncio.timeout(PATIENCE_S):
        while not holds(events := await stored(bus)):  # noqa: ASYNC110 -- a log tells nobody that it grew
            await asyncio.sleep(0.05)
        return events


async def test_ingest_killed_again_and_again_loses_nothing(gateway, bus, room, bob):
    gateway.start("ingest")
    await gateway.until_ready()
    wanted = [f"word {number}" for number in range(120)]

    async def talk():
        for text in wanted:
            await bob.say(room, text)

    async with asyncio.TaskGroup() as tasks:
        talking = tasks.create_task(talk())
        kills = 0
        while not talking.done():
            await asyncio.sleep(0.7)
            gateway.kill()
            gateway.start("ingest")
            kills += 1
    events = await until(bus, lambda events: wanted[-1] in texts(events))

    assert kills >= 2
    assert [text for text in texts(events) if text.startswith("word")] == wanted
    here = [event.place_sequence for event in events if event.group == room]
    assert here == list(range(1, len(here) + 1))
    assert len({event.id for event in events}) == len(events)


async def test_enforce_killed_again_and_again_does_everything_once(gateway, bus, room, ann, bob):
    await bus.ensure_consumer(
        subjects.ACTIONS,
        "enforce-matrix-2",
        filter_subjects=[subjects.action("matrix", 2)],
        ack_wait_s=30,
        max_ack_pending=512,
    )
    wanted = [f"answer {number}" for number in range(60)]
    for text in wanted:
        action = Action(
            id=ids.action_id(text, "rule", "reply"),
            executor="matrix",
            priority=2,
            platform="matrix",
            network="net",
            group=room,
            place=Place(channel=room),
            target=Actor(id=bob.id),
            body=Announce(text=text),
        )
        await bus.publish(subjects.action("matrix", 2), codec.encode(action))

    gateway.start("enforce")
    for _ in range(2):
        count = len(outcomes(await stored(bus)))
        await until(bus, lambda events, count=count: len(outcomes(events)) > count + 5)
        gateway.kill()
        gateway.start("enforce")
        await gateway.until_ready()
        # What the dead process held comes again only after its time: hand it back at once.
        await bus.ensure_consumer(
            subjects.ACTIONS,
            "enforce-matrix-2",
            filter_subjects=[subjects.action("matrix", 2)],
            ack_wait_s=2,
            max_ack_pending=512,
        )
    events = await until(bus, lambda events: len(outcomes(events)) >= len(wanted))

    assert len(set(outcomes(events))) == len(outcomes(events)) == len(wanted)
    said = [raw["content"].get("body") or "" for raw in await ann.timeline(room)]
    assert sorted(body for body in said if body.startswith("answer")) == sorted(wanted)


async def test_at_most_eight_actions_are_out_at_once(gateway, bus, synapse, room, bob):
    said = [await bob.say(room, f"word {number}") for number in range(20)]
    gateway.start("enforce")
    await gateway.until_ready()
    out = re.compile(r"^reeve_enforce_in_flight\{.*\} ([\d.]+)$", re.MULTILINE)
    counts = []

    synapse.process.send_signal(signal.SIGSTOP)  # whatever is asked of it stays out
    try:
        for number, message_id in enumerate(said):
            action = Action(
                id=ids.action_id("event", "rule", str(number)),
                executor="matrix",
                priority=1,
                platform="matrix",
                network="net",
                group=room,
                place=Place(channel=room),
                body=DeleteMessage(message_id=message_id),
            )
            await bus.publish(subjects.action("matrix", 1), codec.encode(action))
        async with asyncio.timeout(PATIENCE_S):
            while sum(count >= 8 for count in counts) < 20:
                metrics = await asyncio.to_thread(gateway.get, "/metrics")
                counts += [float(count) for count in out.findall(metrics)]
    finally:
        synapse.process.send_signal(signal.SIGCONT)
    events = await until(bus, lambda events: len(outcomes(events)) == len(said))

    assert max(counts) == 8
    assert sorted(outcomes(events)) == sorted(
        ids.action_id("event", "rule", str(number)) for number in range(len(said))
    )


@pytest.mark.parametrize("loop", ["ingest", "enforce"])
async def test_a_gateway_is_small_says_how_it_is_and_ends_when_told(gateway, room, bob, loop):
    gateway.start(loop)
    await gateway.until_ready()
    for number in range(20):
        await bob.say(room, f"word {number}")

    metrics = gateway.get("/metrics")
    (resident,) = re.findall(r"^reeve_process_resident_bytes (\S+)", metrics, re.MULTILINE)

    assert float(resident) / 1e6 < MEMORY_LIMIT_MB
    assert 'reeve_platform_connected{connection="matrix"} 1.0' in metrics
    assert gateway.end() == 0


async def test_wrong_settings_are_told_all_at_once(gateway):
    wrong = {
        "MATRIX_URL": "example.org",
        "IN_FLIGHT": "many",
        "CONNECTION": "ledger",
        "GROUPS": "x",
    }
    code, output = await asyncio.to_thread(
        gateway.run, "enforce", **{f"GATEWAY_{name}": value for name, value in wrong.items()}
    )

    assert code == 2
    assert all(f'GATEWAY_{name} is "{value}"' in output for name, value in wrong.items())


async def test_the_token_is_kept_for_us_alone_and_spares_the_next_login(gateway, tmp_path):
    gateway.start("ingest")
    await gateway.until_ready()
    gateway.end()
    (token,) = tmp_path.glob("*.token")
    wrong = tmp_path / "wrong"
    wrong.write_text("guess")
    gateway.environment["GATEWAY_MATRIX_PASSWORD_FILE"] = str(wrong)

    gateway.port_file.unlink()
    gateway.start("ingest")
    await gateway.until_ready()

    assert token.stat().st_mode & 0o777 == 0o600
