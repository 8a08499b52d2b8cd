"""The books of a network over HTTP, as files."""

import csv
import io
import sys

import aiohttp
import pytest
from arro3.io import read_parquet

from chassis.auth import Key, Keys, hash_key
from chassis.web import serving
from ledger.api.app import make_api
from ledger.api.desk import Desk
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
