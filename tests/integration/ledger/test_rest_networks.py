"""A key that is limited to a network opens that network's books and no others."""

import asyncio

import aiohttp
import pytest

from chassis.auth import Key, Keys, hash_key
from chassis.web import serving
from ledger.api.app import make_api
from ledger.api.desk import Desk
from ledger.door import Door
from ledger.store.assets import Assets
from ledger.store.queries import Queries
from ledger.store.reports import Reports
from tests.ledger_books import NETWORK, SCENE, fund, hold

LIMITED, UNLIMITED = "rv_limited", "rv_unlimited"
BOTH = frozenset({"read", "write"})
KEYS = Keys(
    [
        Key("limited", hash_key(LIMITED, "pepper"), BOTH, frozenset({NETWORK})),
        Key("unlimited", hash_key(UNLIMITED, "pepper"), BOTH),
    ],
    "pepper",
)
GIFT = {"source": "issuer", "destination": "member:ann", "amount": 100}
ASSET = {"class": "points", "transferable": True}


@pytest.fixture
async def api(store, pool):
    """``.ask(method, path, json, token=...)`` returns status and answer; ``.routes``: all paths."""
    door = Door(store=store)
    app = make_api(Desk(door, Queries(pool), Assets(pool), Reports(pool)), KEYS)
    async with (
        asyncio.TaskGroup() as tasks,
        serving(app, "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        tasks.create_task(door.serve())

        async def ask(method, where, body=None, *, token=LIMITED, key="k", **query):
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
            async with session.request(
                method, where, json=body, headers=headers, params=query
            ) as answer:
                return answer.status, await answer.text()

        ask.paths = app.openapi()["paths"]
        yield ask
        door.shut()


async def test_a_limited_key_works_in_its_network(api):
    assert (await api("POST", "/v1/transfers", {**GIFT, "network": NETWORK}))[0] == 201
    assert (await api("GET", "/v1/accounts", network=NETWORK))[0] == 200
    assert (await api("GET", "/v1/exports/postings", network=NETWORK))[0] == 200


@pytest.mark.parametrize("body", [{"network": "elsewhere"}, {}, {"network": [NETWORK]}, []])
async def test_a_limited_key_books_nowhere_else(api, pool, body):
    form = {**GIFT, **body} if isinstance(body, dict) else body

    assert (await api("POST", "/v1/transfers", form))[0] == 403
    assert (await api("POST", "/v1/transfers", form, network=NETWORK))[0] == 403
    assert await pool.fetchval("SELECT count(*) FROM txn") == 0


async def test_a_limited_key_reads_nothing_by_number_whatever_network_it_names(api, store):
    elsewhere = SCENE.__class__(network="elsewhere")
    await store.book([fund("eve", 5, scene=elsewhere)])
    placed = await store.book([hold("member:eve", "treasury", 1, scene=elsewhere)])
    hold_id = placed.verdicts[0].hold_id

    for path in ("accounts/2", "accounts/2/statement", "transfers/1", f"holds/{hold_id}"):
        assert (await api("GET", f"/v1/{path}", network=NETWORK))[0] == 403
        assert (await api("GET", f"/v1/{path}", token=UNLIMITED))[0] == 200
    capture = await api("POST", f"/v1/holds/{hold_id}/captures", {"network": NETWORK})
    assert capture[0] == 404
    assert (await api("PUT", "/v1/assets/gold", ASSET, network=NETWORK))[0] == 403


async def test_no_route_lets_a_limited_key_in_without_naming_its_network(api):
    asked = 0
    for path, methods in api.paths.items():
        where = path.replace("{table}", "holds").replace("_id}", "}").replace("{code}", "gold")
        for part in ("{account}", "{transfer}"):
            where = where.replace(part, "1")
        where = where.replace("{hold}", "a" * 26).replace("{packet}", "a" * 26)
        for method in methods:
            for network in ({}, {"network": "elsewhere"}):
                status, told = await api(method.upper(), where, network or None, **network)
                assert status in {403, 422}, f"{method} {path}: {told}"
                asked += 1

    assert asked > 30
