"""The books of a network over HTTP, as files."""

import asyncio
import csv
import io
import sys
from contextlib import AsyncExitStack

import aiohttp
import pytest
from arro3.io import read_parquet
from starlette.requests import ClientDisconnect

from chassis.auth import Key, Keys, hash_key
from chassis.web import serving
from ledger.api import exports
from ledger.api.app import make_api
from ledger.api.desk import EXPORTS_LIMIT, Desk
from ledger.door import Door
from ledger.store.assets import Assets
from ledger.store.queries import Queries
from ledger.store.reports import Reports
from ledger.store.tables import CHUNK
from tests.ledger_books import NETWORK, SCENE, fund

READER, NOBODY = "rv_reader", "rv_nobody"
KEYS = Keys([Key("viewer", hash_key(READER, "pepper"), frozenset({"read"}))], "pepper")


@pytest.fixture
async def ask(store, pool):
    """``await ask(table, **query)`` returns status, headers and body of an export."""
    desk = Desk(Door(store=store), Queries(pool), Assets(pool), Reports(pool))
    async with (
        serving(make_api(desk, KEYS), "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):

        async def get(table, token=READER, **query):
            headers = {"Authorization": f"Bearer {token}"}
            params = {"network": NETWORK, **query}
            async with session.get(f"/v1/exports/{table}", headers=headers, params=params) as told:
                return told.status, told.headers, await told.read()

        yield get


async def test_a_network_takes_its_books_home_as_csv_and_as_parquet(ask, store, tmp_path):
    gifts = [fund(f"m{number}", 7, purpose="=x") for number in range(CHUNK)]
    await store.book([*gifts, fund("eve", 5, scene=SCENE.__class__(network="elsewhere"))])

    status, headers, text = await ask("transactions")
    _, _, parquet = await ask("transactions", format="parquet")

    rows = list(csv.DictReader(io.StringIO(text.decode(), newline="")))
    (tmp_path / "t.parquet").write_bytes(parquet)
    table = read_parquet(tmp_path / "t.parquet").read_all()
    assert (status, headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert headers["Content-Disposition"] == 'attachment; filename="transactions.csv"'
    assert len(rows) == CHUNK
    assert {row["purpose"] for row in rows} == {"'=x"}
    assert [str(number) for number in table["id"].to_pylist()] == [row["id"] for row in rows]


async def test_a_network_without_books_gets_a_table_without_rows(ask):
    _, _, text = await ask("holds")

    assert text.decode().startswith("id,account,destination,asset,")
    assert text.count(b"\n") == 1


async def test_an_export_that_cannot_be_is_a_problem(ask, monkeypatch):
    monkeypatch.setitem(sys.modules, "ledger.parquet", None)

    status, _, told = await ask("accounts", format="parquet")

    assert (status, b'"format_not_installed"' in told) == (406, True)
    assert (await ask("inbox"))[0] == 422
    assert (await ask("accounts", token=NOBODY))[0] == 401


async def test_exports_that_nobody_reads_leave_connections_to_others(store, pool):
    desk = Desk(Door(store=store), Queries(pool), Assets(pool), Reports(pool))
    await store.book([fund(f"m{number}", 7, purpose="x" * 200) for number in range(CHUNK)])
    async with (
        serving(make_api(desk, KEYS), "127.0.0.1", 0) as port,
        aiohttp.ClientSession(
            f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {READER}"}
        ) as session,
        AsyncExitStack() as taken,
    ):
        where = f"/v1/exports/transactions?network={NETWORK}"
        for _ in range(EXPORTS_LIMIT):
            await taken.enter_async_context(desk.exports)

        async with session.get(where) as refused:
            told = await refused.json()
        async with session.get(f"/v1/accounts?network={NETWORK}") as other:
            assert other.status == 200
        await taken.aclose()
        async with session.get(where) as answer:
            rows = (await answer.read()).count(b"\n")

    assert (refused.status, told["code"]) == (429, "too_many_exports")
    assert int(refused.headers["Retry-After"]) > 0
    assert (answer.status, rows) == (200, CHUNK + 1)


@pytest.mark.parametrize("is_slow", [True, False])
async def test_who_does_not_go_on_reading_loses_the_place(monkeypatch, is_slow):
    monkeypatch.setattr(exports, "STALLED_S", 0.05)
    places = asyncio.Semaphore(1)
    held, closed = [], []

    async def portions():
        try:
            yield b"first"
            yield b"second"
        finally:
            closed.append(places.locked())

    async def receive():
        await asyncio.Event().wait()

    async def send(message):
        held.append(places.locked())
        if is_slow and message.get("body") == b"first":
            await asyncio.Event().wait()

    export = exports._Export(portions(), places, "t.csv", "text/csv")  # noqa: SLF001 - its promise
    scope = {"type": "http", "method": "GET", "asgi": {"spec_version": "2.4"}}
    try:
        await export(scope, receive, send)
    except ClientDisconnect:
        assert is_slow

    assert closed == [True]
    assert set(held) == {True}
    assert len(held) == (2 if is_slow else 4)
    assert not places.locked()
