"""PostgreSQL alone is lost: who needs it says so, waits, and goes on with nothing lost."""

import asyncio
import json

import pytest

from tests.bank import Bank
from tests.e2e.books import FAST
from tests.e2e.conftest import OPENING_GRANT
from tests.hall import NETWORK, open_hall
from tests.matrix import is_redaction, until
from tests.stack import Stack

CONCERNED = ("judge", "dispatch", "ledger")


@pytest.fixture
def foreign(private_postgres):
    """A PostgreSQL server that is not the stack's."""
    return private_postgres()


@pytest.fixture
async def guests(synapse, foreign, tmp_path):
    """A hall whose stack has its tables in ``foreign``."""
    settings = {
        "DATABASE_URL": foreign.url(),
        "GATEWAY_NETWORK": NETWORK,
        "LEDGER_OPENING_GRANT": str(OPENING_GRANT),
    }
    bot = await asyncio.to_thread(synapse.register, "reeve.guests")
    running = Stack(folder=tmp_path / "home", settings=settings)
    await asyncio.to_thread(running.up, synapse, bot)
    async with open_hall(running, synapse, bot) as opened:
        yield opened
    await asyncio.to_thread(running.down)


async def readiness(hall):
    """What ``/readyz`` of each process that needs the database answers: its status and body."""
    found = {}
    for name in CONCERNED:
        async with hall.session.get(hall.stack.address(name) + "/readyz") as answer:
            found[name] = (answer.status, await answer.json(content_type=None))
    return found


def all_are(status):
    return lambda found: {code for code, _ in found.values()} == {status}


def is_told(table):
    return all(f"{name} is not ready: PostgreSQL at 127.0.0.1:" in table for name in CONCERNED)


def complaints(hall, name):
    """What a process warned of: each line without the time it was written at."""
    lines = map(json.loads, (hall.stack.home.run / f"{name}.log").read_text().splitlines())
    found = [line for line in lines if line["level"] in {"warning", "error"}]
    return [{key: line[key] for key in line if key != "timestamp"} for line in found]


async def test_everybody_says_that_the_database_is_away_and_goes_on_when_it_is_back(
    guests, foreign
):
    mia, tom = await guests.people("mia", "tom")
    room = await guests.room(mia, tom, book=FAST)
    bank = Bank(guests.ledger, NETWORK)
    packet = await bank.send(room, mia.id, total=60, shares=3)
    before = await until(lambda: readiness(guests), all_are(200))

    foreign.kill()
    away = await until(lambda: readiness(guests), all_are(503))
    await until(lambda: asyncio.to_thread(guests.stack.run, "status", codes=(0, 1)), is_told)
    insult = await tom.say(room, "you moron")
    async with asyncio.TaskGroup() as tasks:
        claimed = tasks.create_task(bank.claim(packet, tom.id))
        foreign.start()
    back = await until(lambda: readiness(guests), all_are(200))

    assert all(body["reasons"] == {} for _, body in before.values())
    for _, body in away.values():
        assert body["parts"]["database"] is False
        assert f"127.0.0.1:{foreign.port}" in body["reasons"]["database"]
        assert foreign.password not in body["reasons"]["database"]
    assert all(body["reasons"] == {} for _, body in back.values())
    await mia.see(room, lambda raw: is_redaction(raw, of=insult))
    assert claimed.result()["shares_left"] == 2
    await guests.case(member=tom.id)
    for name in CONCERNED:
        said = complaints(guests, name)
        assert [line["event"] for line in said].count("postgres.lost") == 1
        assert len({json.dumps(line, sort_keys=True) for line in said}) == len(said)
    status = await asyncio.to_thread(guests.stack.status)
    assert [row["restarts"] for row in status["processes"]] == [0] * len(status["processes"])
