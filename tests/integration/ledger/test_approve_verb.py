"""``reeve ledger approve`` and ``reject``, as two people run them."""

import asyncio
import os

import pytest

from chassis.web import serving
from ledger.api.app import make_api
from ledger.api.desk import Desk
from ledger.store.assets import Assets
from ledger.store.queries import Queries
from ledger.store.reports import Reports
from reeve.cli import main
from reeve.stack.access import api_key_file
from reeve.stack.home import Home, StackRecord, write_privately
from reeve.stack.processes import identify
from tests.integration.ledger.conftest import COLON, KEYS, WRITER
from tests.ledger_books import limit, pay

MISUSE = 2


@pytest.fixture
async def reeve(door, pool, tmp_path, monkeypatch, capsys):
    """``await reeve(*words)`` returns status, what was told, and the complaint."""
    app = make_api(Desk(door, Queries(pool), Assets(pool), Reports(pool)), KEYS)
    async with serving(app, "127.0.0.1", 0) as port:
        home = Home(tmp_path / "home")
        home.make()
        write_privately(api_key_file(home), WRITER)
        addresses = {"ledger REST": f"http://127.0.0.1:{port}/docs"}
        me = identify(os.getpid())
        record = StackRecord(pid=me.pid, born=me.born, state="ready", addresses=addresses)
        home.write_record(record)
        monkeypatch.setenv("REEVE_HOME", str(home.folder))

        async def run(*words):
            capsys.readouterr()
            status = await asyncio.to_thread(main, ["ledger", *words])
            told = capsys.readouterr()
            return status, told.out, told.err

        yield run


@pytest.mark.parametrize(
    ("above", "told"), [(None, "no limit in points"), (200, "a limit of 200 points")]
)
async def test_who_lets_a_limit_be_lifted_is_told_so(reeve, store, monkeypatch, above, told):
    asked = limit("treasury", above, key="rest:operator:1")
    waits = (await store.book([limit("treasury", 100), asked])).verdicts[1]
    monkeypatch.setenv("REEVE_API_KEY", COLON)

    approved = await reeve("approve", waits.detail.split()[1])

    assert approved[:2] == (0, f"approved: {told} of treasury\n")


async def test_nobody_approves_their_own_and_a_second_person_does(
    reeve, store, pool, monkeypatch, sound
):
    asked = pay("treasury", "member:cid", 500, key="rest:operator:1")
    other = pay("treasury", "member:cid", 400, key="rest:operator:2")
    await store.book([pay("issuer", "treasury", 1_000), limit("treasury", 100)])
    waits = (await store.book([asked, other])).verdicts
    first, second = [verdict.detail.split()[1] for verdict in waits]

    own = await reeve("approve", first)
    withdrawn = await reeve("reject", second, "--why", "not now")
    unknown = await reeve("approve", "a" * 26)
    monkeypatch.setenv("REEVE_API_KEY", COLON)
    approved = await reeve("approve", first, "--why", "well earned")
    again = await reeve("approve", first)

    assert (own[0], again[0], unknown[0]) == (MISUSE,) * 3
    assert "REEVE_API_KEY" in own[2]
    assert ("own_request" in own[2], "request_decided" in again[2]) == (True, True)
    assert withdrawn[:2] == (0, "rejected: 400 points of treasury\n")
    assert approved[:2] == (0, "approved: 500 points of treasury\n")
    assert await pool.fetchval("SELECT balance FROM account WHERE path = 'treasury'") == 500
    await sound()
