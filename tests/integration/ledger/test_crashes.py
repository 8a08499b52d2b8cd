"""The ledger and its database die at random under load: nothing is lost, nothing comes twice."""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
from dataclasses import dataclass, field

import aiohttp
import asyncpg
import pytest

from chassis.auth import make_key
from contracts import ids, subjects
from contracts.codec import decode, encode
from contracts.values import (
    Action,
    Event,
    HoldChanged,
    LedgerCommand,
    PacketShareTaken,
    Place,
    SendPacket,
    SplitMode,
    TakeShare,
    Transfer,
)
from ledger.check import check
from tests.ledger_books import GROUP, NETWORK
from tests.servers import Databases
from tests.waiting import until

PEPPER = "pepper"
MEMBERS = 40
PACKETS = 4
SHARES = 25
HOLDS = 40


@dataclass
class Ledger:
    """The service as a process of its own."""

    env: dict
    ports: object
    process: object = None

    def start(self):
        self.ports.unlink(missing_ok=True)
        self.process = subprocess.Popen([sys.executable, "-m", "ledger"], env=self.env)

    def kill(self):
        self.process.kill()
        self.process.wait()

    async def url(self):
        """Return where REST is served, once it is."""

        async def is_told():
            return self.ports.exists()

        await until(is_told)
        return f"http://127.0.0.1:{self.ports.read_text().strip()}"


@dataclass
class Caller:
    """A client of REST that tries each claim until it is answered, and remembers the answers."""

    ledger: Ledger
    token: str
    answers: dict = field(default_factory=dict)

    async def claim(self, session, packet_id, member):
        form = {"network": NETWORK, "member": member}
        await self.ask(session, f"packets/{packet_id}/claims", form, key=f"{packet_id}-{member}")

    async def ask(self, session, what, form, *, key):
        while key not in self.answers:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with session.post(
                    f"{await self.ledger.url()}/v1/{what}",
                    json=form,
                    headers={"Authorization": f"Bearer {self.token}", "Idempotency-Key": key},
                ) as response:
                    if response.status in {201, 409}:
                        self.answers[key] = (response.status, await response.json())
            await asyncio.sleep(0.02)
        return self.answers[key]


def make_action(name, body):
    return Action(
        id=ids.action_id(name, "rule", "effect"),
        executor="ledger",
        platform="matrix",
        network=NETWORK,
        group=GROUP,
        place=Place(channel=GROUP),
        connection="matrix",
        body=LedgerCommand(body=body),
    )


def packet_of(sent):
    return ids.digest(f"packet {len(NETWORK)}:{NETWORK}{sent.id}".encode())


async def publish(bus, actions, rng):
    for action in actions:
        await bus.publish(subjects.action("ledger", 2), encode(action), msg_id=action.id)
        if rng.random() < 0.2:
            await bus.publish(subjects.action("ledger", 2), encode(action))
        await asyncio.sleep(rng.random() * 0.01)


async def disturb(ledger, database, rng, rounds):
    for turn in range(rounds):
        await asyncio.sleep(0.3 + rng.random())
        if turn % 3 == 2:
            database.kill()
            await asyncio.sleep(rng.random() * 0.3)
            await asyncio.to_thread(database.start)
        else:
            ledger.kill()
            ledger.start()


@pytest.fixture
async def deployed(bus, nats_server, private_postgres, tmp_path):
    """The ledger as a process, its own database server, and a REST caller."""
    assert bus.is_up  # and its streams are there
    database = private_postgres()
    url = await Databases(database).make("ledger")
    token, line = make_key("tester", ["owner"], PEPPER)
    (tmp_path / "keys").write_text(line)
    ports = tmp_path / "port"
    ledger = Ledger(
        {
            **os.environ,
            "NATS_URL": nats_server.url,
            "DATABASE_URL": url,
            "PARTITIONS": "8",
            "API_KEYS_FILE": str(tmp_path / "keys"),
            "API_PEPPER": PEPPER,
            "REEVE_PORT_FILE": str(ports),
        },
        ports,
    )
    ledger.start()
    yield ledger, database, url, Caller(ledger, token)
    ledger.kill()


async def test_nothing_is_lost_or_doubled_when_the_ledger_and_its_database_are_killed(
    bus, deployed
):
    ledger, database, url, caller = deployed
    rng = random.Random(7)
    funding = [
        make_action(f"gift {n}", Transfer(
            source="issuer", destination=f"member:sender{n}", asset="points", amount=1_000,
        ))
        for n in range(PACKETS)
    ]  # fmt: skip
    sending = [
        make_action(f"packet {n}", SendPacket(
            sender=f"sender{n}", total=1_000, shares=SHARES, mode=SplitMode.LUCKY,
        ))
        for n in range(PACKETS)
    ]  # fmt: skip
    packets = [packet_of(action) for action in sending]
    claims = [
        make_action(f"claim {packet} {n}", TakeShare(packet_id=packet, member=f"member{n}"))
        for n in range(MEMBERS)
        for packet in packets
    ]
    rng.shuffle(claims)
    for action in [*funding, *sending]:
        await bus.publish(subjects.action("ledger", 2), encode(action), msg_id=action.id)
    await answered(url, len(funding) + len(sending))

    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=timeout) as session, asyncio.TaskGroup() as tasks:
        tasks.create_task(disturb(ledger, database, rng, rounds=5))
        tasks.create_task(publish(bus, claims, rng))
        for n in range(MEMBERS // 2, MEMBERS + MEMBERS // 2):
            for packet in packets:
                tasks.create_task(caller.claim(session, packet, f"member{n}"))
    commands = len(funding) + len(sending) + len(claims) + len(caller.answers)
    await answered(url, commands)

    report = await check(url)
    assert report.sound, report.to_text()
    rows = await fetch(url, "SELECT packet_id, member, amount FROM packet_claim")
    taken = {(row["packet_id"], row["member"]): row["amount"] for row in rows}
    assert len(taken) == len(rows) == PACKETS * SHARES
    acknowledged = [answer for status, answer in caller.answers.values() if status == 201]
    for answer in acknowledged:
        assert taken[answer["packet_id"], answer["member"]] == answer["amount"]
    await every_fact_is_told_once(bus, url)


async def test_holds_end_once_however_often_the_ledger_dies_while_they_expire(bus, deployed):
    ledger, database, url, caller = deployed
    rng = random.Random(11)
    issued = {"network": NETWORK, "source": "issuer", "destination": "member:ann"}
    place = {"network": NETWORK, "account": "member:ann", "destination": "treasury"}
    timeout = aiohttp.ClientTimeout(total=30)

    async def hold_and_pay(session, number):
        form = {**place, "amount": 10, "lifetime_s": 1 + number % 3}
        _, placed = await caller.ask(session, "holds", form, key=f"h{number}")
        part = {"network": NETWORK, "amount": 1}
        await caller.ask(session, f"holds/{placed['id']}/captures", part, key=f"c{number}")

    async with aiohttp.ClientSession(timeout=timeout) as session:
        await caller.ask(session, "transfers", {**issued, "amount": HOLDS * 10}, key="gift")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(disturb(ledger, database, rng, rounds=5))
            for number in range(HOLDS):
                tasks.create_task(hold_and_pay(session, number))

    async def all_have_ended():
        with contextlib.suppress(asyncpg.PostgresError, OSError):
            return not await fetch(url, "SELECT 1 FROM hold WHERE state = 'open'")

    await until(all_have_ended)
    report = await check(url)
    assert report.sound, report.to_text()
    ends = await fetch(url, "SELECT hold_id FROM hold_step WHERE what = 'expired'")
    assert len({row["hold_id"] for row in ends}) == len(ends) == HOLDS
    [[captured]] = await fetch(url, "SELECT count(*) FROM hold_step WHERE what = 'captured'")
    answered_with = [status for key, (status, _) in caller.answers.items() if key[0] == "c"]
    assert captured == answered_with.count(201)
    [[balance, held]] = await fetch(
        url, "SELECT balance, held FROM account WHERE path = 'member:ann'"
    )
    assert (balance, held) == (HOLDS * 10 - captured, 0)
    await every_fact_is_told_once(bus, url)


async def every_fact_is_told_once(bus, url):
    [[expected]] = await fetch(url, "SELECT sum(facts) FROM batch")

    async def all_are_told():
        return not await fetch(url, "SELECT 1 FROM outbox LIMIT 1")

    await until(all_are_told)
    events = [
        decode(Event, delivery.data)
        async for batch in bus.read(subjects.EVENTS, "ev.>")
        for delivery in batch
    ]
    assert len({event.id for event in events}) == len(events) == expected
    slots = {}
    for event in events:
        if isinstance(event.payload, PacketShareTaken):
            slots.setdefault(event.payload.packet_id, []).append(event.payload.slot)
    assert all(seen == list(range(1, SHARES + 1)) for seen in slots.values())
    ended = [e.payload for e in events if isinstance(e.payload, HoldChanged)]
    ended = [fact.hold_id for fact in ended if fact.state != "open"]
    assert len(set(ended)) == len(ended)


async def answered(url, commands):
    """Wait until that many commands are in the inbox."""

    async def all_are_there():
        with contextlib.suppress(asyncpg.PostgresError, OSError):
            [[count]] = await fetch(url, "SELECT count(*) FROM inbox")
            assert count <= commands
            return count == commands

    await until(all_are_there)


async def fetch(url, query):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(query)
    finally:
        await connection.close()


async def test_it_stops_in_order_when_asked_to(deployed):
    ledger, _, _, _ = deployed
    await ledger.url()
    await asyncio.sleep(0.5)

    ledger.process.send_signal(signal.SIGTERM)

    assert await asyncio.to_thread(ledger.process.wait, 60) == 0
