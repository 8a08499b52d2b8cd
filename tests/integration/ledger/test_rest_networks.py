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
from tests.ledger_books import GROUP, NETWORK, SCENE, ask, fund, hold, limit, merit, pay, send

LIMITED, FOREIGN, WATCHING, UNLIMITED = "rv_limited", "rv_foreign", "rv_watching", "rv_all"
ALL = frozenset({"read", "write", "issue"})
KEYS = Keys(
    [
        Key("limited", hash_key(LIMITED, "pepper"), within={NETWORK: ALL}),
        Key("foreign", hash_key(FOREIGN, "pepper"), within={"elsewhere": ALL}),
        Key("watching", hash_key(WATCHING, "pepper"), within={NETWORK: frozenset({"read"})}),
        Key("unlimited", hash_key(UNLIMITED, "pepper"), ALL),
    ],
    "pepper",
)
GIFT = {"source": "issuer", "destination": "member:ann", "amount": 100}
ASSET = {"class": "points", "transferable": True}


@pytest.fixture
async def api(store, pool, shown):
    """``.ask(method, path, json, token=...)`` returns status and answer; ``.routes``: all paths."""
    door = Door(store=store)
    app = make_api(Desk(door, Queries(shown), Assets(pool), Reports(shown)), KEYS)
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


async def test_a_limited_key_finds_by_number_what_is_of_its_networks_alone(api, store):
    elsewhere = SCENE.__class__(network="elsewhere", group=GROUP)
    await store.book([fund("eve", 50, scene=elsewhere)])
    done = await store.book(
        [
            hold("member:eve", "treasury", 1, scene=elsewhere),
            send("eve", 10, 2, scene=elsewhere),
            merit("eve", 1, scene=elsewhere),
            ask("eve", 5, scene=elsewhere),
            limit("treasury", 0, scene=elsewhere),
            pay("treasury", "member:eve", 1, scene=elsewhere),
        ]
    )
    hold_id, packet_id = done.verdicts[0].hold_id, done.verdicts[1].packet_id
    named = [
        "accounts/2", "accounts/2/statement", "transfers/1", f"holds/{hold_id}",
        f"packets/{packet_id}", f"reputation/merits/{done.verdicts[2].txn_id}",
        f"payments/{done.verdicts[3].detail}",
        f"treasury/requests/{done.verdicts[5].detail.split()[1]}",
    ]  # fmt: skip

    for path in named:
        hidden = await api("GET", f"/v1/{path}")
        assert (hidden[0], "_unknown" in hidden[1]) == (404, True)
        shown = await api("GET", f"/v1/{path}", token=FOREIGN)
        assert shown == await api("GET", f"/v1/{path}", token=UNLIMITED)
        assert shown[0] == 200

    by_id = {where.split("/")[2] for where in api.paths if where.endswith("_id}")}
    assert by_id == {path.split("/")[0] for path in named}
    capture = await api("POST", f"/v1/holds/{hold_id}/captures", {"network": NETWORK})
    assert capture[0] == 404


async def test_a_limited_key_sees_the_assets_and_declares_none(api):
    assert (await api("GET", "/v1/assets"))[0] == 200
    assert (await api("PUT", "/v1/assets/gold", ASSET))[0] == 403


async def test_a_key_that_only_reads_in_a_network_writes_nothing_there(api, pool):
    gift = {**GIFT, "network": NETWORK}

    assert (await api("GET", "/v1/accounts", token=WATCHING, network=NETWORK))[0] == 200
    assert (await api("POST", "/v1/transfers", gift, token=WATCHING))[0] == 403
    assert await pool.fetchval("SELECT count(*) FROM txn") == 0


async def test_no_route_does_anything_for_a_limited_key_that_names_another_network_or_none(api):
    asked = 0
    for path, methods in api.paths.items():
        where = path.replace("{table}", "holds").replace("_id}", "}").replace("{code}", "gold")
        for part in ("{account}", "{transfer}", "{merit}"):
            where = where.replace(part, "1")
        for part in ("{hold}", "{packet}", "{payment}", "{request}"):
            where = where.replace(part, "a" * 26)
        where = where.replace("{provider}", "stripe")
        for method in methods:
            for network in ({}, {"network": "elsewhere"}):
                status, told = await api(method.upper(), where, network or None, **network)
                expected = {403, 422}
                if path == "/v1/assets":
                    expected = {422} if network else {200}
                elif method == "get" and "_id}" in path:
                    expected = {422} if network else {404}
                elif path == "/v1/webhooks/{provider}":
                    expected = {404}  # it takes no key, and nobody signs for a provider here
                assert status in expected, f"{method} {path} {network}: {told}"
                asked += 1

    assert asked > 30
