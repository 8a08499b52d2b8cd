"""REST answers alike everywhere: keys, problems, ids, limits."""

import asyncio
import http.client
import json as jsons
import re
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from typing import Annotated

import aiohttp
import pytest
from fastapi import Depends, Query
from pydantic import BaseModel, Field

from chassis import auth, telemetry
from chassis.http import ApiError, IdempotencyKey, Reader, Writer, guard, make_app
from chassis.settings import Common
from chassis.web import serving
from tests.issuer import AUDIENCE, issuing
from tests.waiting import PATIENCE_S, until

PEPPER = "a pepper"


class Order(BaseModel):
    amount: int = Field(gt=0)
    note: str


@dataclass
class Page:
    after: str = ""
    limit: int = 10


class PageForm(BaseModel):
    after: str = ""
    limit: int = 10


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self):
        return jsons.loads(self.text)


@dataclass
class Client:
    session: aiohttp.ClientSession
    reader: dict[str, str]
    writer: dict[str, str]
    port: int

    async def ask(self, method, path, **fields):
        async with self.session.request(method, path, **fields) as response:
            headers = {name.lower(): text for name, text in response.headers.items()}
            return Answer(response.status, headers, await response.text(errors="replace"))


def make_shop(keys, **fields):
    app = make_app("Shop", "1", keys, **fields)

    @app.get("/v1/orders/{number}")
    async def read(number: int, key: Reader) -> dict[str, str]:
        if number == 13:
            raise ApiError(409, "unlucky", "not this one", errors=[("path.number", "is 13")])
        if number == 14:
            raise RuntimeError("the secret of the house")
        return {"who": key.name}

    @app.get("/v1/orders")
    async def listed(key: Reader, page: Annotated[Page, Depends()]) -> dict[str, str]:
        return {"who": key.name, "after": page.after}

    @app.get("/v1/pages")
    async def paged(key: Reader, page: Annotated[PageForm, Query()]) -> dict[str, str]:
        return {"who": key.name, "after": page.after}

    @app.post("/v1/orders")
    async def write(order: Order, key: Writer, once: IdempotencyKey) -> dict[str, str]:
        return {"who": key.name, "once": once, "note": order.note}

    return app


@asynccontextmanager
async def make_client(**fields):
    reader, first = auth.make_key("reader", ["read"], PEPPER)
    writer, second = auth.make_key("writer", ["read,write"], PEPPER)
    keys = [auth.Key(n, d, frozenset(s.split(","))) for n, d, s in (first.split(), second.split())]
    app = make_shop(auth.Keys(keys, PEPPER), **fields)
    async with (
        serving(app, "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        yield Client(
            session,
            {"Authorization": f"Bearer {reader}"},
            {"Authorization": f"Bearer {writer}"},
            port,
        )


@pytest.fixture
async def client():
    async with make_client() as made:
        yield made


async def test_a_key_that_may_read_is_let_in(client):
    answer = await client.ask("GET", "/v1/orders/1", headers=client.reader)

    assert (answer.status, answer.json) == (200, {"who": "reader"})


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer rv_guess"}, {"Authorization": "x"}]
)
async def test_without_a_valid_key_nobody_is_let_in(client, header):
    answer = await client.ask("GET", "/v1/orders/1", headers=header)

    assert answer.status == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json["code"] == "unauthenticated"


async def test_a_key_that_may_only_read_does_not_write(client):
    answer = await client.ask(
        "POST",
        "/v1/orders",
        headers={**client.reader, "Idempotency-Key": "a"},
        json={"amount": 1, "note": "n"},
    )

    assert (answer.status, answer.json["code"]) == (403, "forbidden")


async def test_every_fault_of_a_request_is_named_at_once(client):
    answer = await client.ask("POST", "/v1/orders", headers=client.writer, json={"amount": 0})

    problem = answer.json
    assert (answer.status, problem["code"], problem["status"]) == (422, "invalid_request", 422)
    places = {fault["where"] for fault in problem["errors"]}
    assert places == {"body.amount", "body.note", "header.Idempotency-Key"}


@pytest.mark.parametrize("path", ["/v1/orders", "/v1/pages"])
async def test_a_parameter_that_a_route_does_not_ask_for_is_refused(client, path):
    fine = await client.ask("GET", f"{path}?after=z&limit=2", headers=client.reader)
    wrong = await client.ask("GET", f"{path}?aftre=z&limit=2&size=1", headers=client.reader)
    none = await client.ask("GET", "/v1/orders/12?after=z", headers=client.reader)

    assert (fine.status, fine.json["after"]) == (200, "z")
    assert (wrong.status, wrong.json["code"]) == (422, "invalid_request")
    assert [(fault["where"], fault["reason"]) for fault in wrong.json["errors"]] == [
        ("query.aftre", "no such parameter; there are after, limit"),
        ("query.size", "no such parameter; there are after, limit"),
    ]
    assert none.json["errors"][0]["reason"] == "no such parameter; there are none"


async def test_our_own_error_is_a_problem_with_its_code(client):
    answer = await client.ask("GET", "/v1/orders/13", headers=client.reader)

    assert answer.status == 409
    assert answer.json == {
        "code": "unlucky",
        "title": "Conflict",
        "status": 409,
        "detail": "not this one",
        "errors": [{"where": "path.number", "reason": "is 13"}],
    }


async def test_an_internal_error_tells_nothing_of_the_inside(client):
    answer = await client.ask(
        "GET", "/v1/orders/14", headers={**client.reader, "X-Request-Id": "mine"}
    )

    assert (answer.status, answer.json["code"]) == (500, "internal_error")
    assert answer.headers["x-request-id"] == "mine"
    assert "secret" not in answer.text


async def test_unknown_paths_and_methods_are_problems_too(client):
    missing = await client.ask("GET", "/nowhere")
    wrong = await client.ask("DELETE", "/v1/orders")

    assert (missing.status, missing.json["code"]) == (404, "not_found")
    assert (wrong.status, wrong.json["code"]) == (405, "method_not_allowed")


async def test_a_body_over_the_limit_is_refused_also_without_a_length():
    async def chunks():
        for _ in range(10):
            yield b"x" * 20

    async with make_client(max_body_bytes=100) as client:
        announced = await client.ask("POST", "/v1/orders", headers=client.writer, data=b"x" * 101)
        streamed = await client.ask("POST", "/v1/orders", headers=client.writer, data=chunks())

    assert [announced.status, streamed.status] == [413, 413]
    assert streamed.json["code"] == "too_large"


@pytest.mark.parametrize("length", ["announced", "streamed"])
async def test_who_sends_far_too_much_is_told_so_and_not_cut_off(client, length):
    def send_all():
        # As many programs do: everything is sent before anything is read.
        chunked = length == "streamed"
        headers = client.writer if chunked else {**client.writer, "Content-Length": "10000000"}
        body = [b"x" * 100_000] * 100
        sender = http.client.HTTPConnection("127.0.0.1", client.port, timeout=PATIENCE_S)
        with closing(sender):
            sender.request("POST", "/v1/orders", body, headers, encode_chunked=chunked)
            return sender.getresponse().status

    assert await asyncio.to_thread(send_all) == 413


async def test_a_request_id_that_is_not_fit_is_replaced(client):
    answer = await client.ask(
        "GET", "/v1/orders/1", headers={**client.reader, "X-Request-Id": "a b"}
    )

    assert len(answer.headers["x-request-id"]) == 16


async def test_requests_are_counted_by_route_and_not_by_path(client):
    counter = telemetry.counter("reeve_http_requests_total")
    before = counter.value(route="/v1/orders/{number}", status="200")

    for number in (1, 2, 3):
        await client.ask("GET", f"/v1/orders/{number}", headers=client.reader)

    await until(lambda: counter.value(route="/v1/orders/{number}", status="200") == before + 3)


async def test_the_page_of_docs_needs_nothing_from_elsewhere(client):
    page = await client.ask("GET", "/docs")

    parts = re.findall(r"""(?:src|href)="([^"]+)"|url: '([^']+)'""", page.text)
    addresses = ["".join(found) for found in parts]
    assert len(addresses) == 4
    for address in addresses:
        answer = await client.ask("GET", f"/{address}")
        assert (answer.status, "://" in address) == (200, False)


async def test_the_description_has_the_problem_and_the_security_scheme(client):
    document = (await client.ask("GET", "/openapi.json")).json

    answers = document["paths"]["/v1/orders"]["post"]["responses"]
    assert document["components"]["securitySchemes"]["ApiKey"]["scheme"] == "bearer"
    assert list(answers["default"]["content"]) == ["application/problem+json"]
    assert "422" not in answers
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert document["paths"]["/v1/orders"]["post"]["security"] == [{"ApiKey": []}]


@pytest.mark.parametrize("by_network", [False, True])
async def test_a_key_limited_to_networks_is_not_let_in_where_none_is_asked_for(by_network):
    token, line = auth.make_key("limited", ["owner@harbour"], PEPPER)
    app = make_shop(auth.Keys([auth.parse_line(line)], PEPPER), by_network=by_network)
    headers = {"Authorization": f"Bearer {token}"}

    async with (
        serving(app, "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
        session.get("/v1/orders/7?network=harbour", headers=headers) as response,
    ):
        assert response.status == 403


@pytest.mark.parametrize(
    ("grant", "reads", "writes"),
    [
        ("orders:write", 403, 200),
        ("orders:read", 200, 403),
        ("pages:read,pages:write", 403, 403),
        ("viewer", 200, 403),
        ("cashier", 200, 403),
        ("owner", 200, 200),
        ("", 403, 403),
    ],
)
async def test_a_key_does_what_its_scopes_say_and_nothing_else(grant, reads, writes):
    token, line = auth.make_key("one", [grant] if grant else [], PEPPER)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}

    async with (
        serving(make_shop(auth.Keys([auth.parse_line(line)], PEPPER)), "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=headers) as session,
    ):
        async with session.get("/v1/orders/7") as response:
            assert response.status == reads
        async with session.post("/v1/orders", json={"amount": 1, "note": "n"}) as response:
            assert response.status == writes


@asynccontextmanager
async def guarded(**settings):
    token, line = auth.make_key("one", ["owner"], PEPPER)
    other, second = auth.make_key("other", ["owner"], PEPPER)
    app = make_shop(auth.Keys([auth.parse_line(line), auth.parse_line(second)], PEPPER))
    guard(app, Common(nats_url="nats://none", **settings))
    async with (
        serving(app, "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):

        async def ask(token):
            headers = {"Authorization": f"Bearer {token}"}
            async with session.get("/v1/orders/7", headers=headers) as answer:
                return answer.status, await answer.json(), answer.headers

        yield ask, token, other


async def test_who_asks_too_often_is_told_when_to_come_again_and_nobody_else_is():
    async with guarded(api_rate_per_s=0.001, api_burst=2) as (ask, token, other):
        answers = [await ask(token) for _ in range(3)]
        theirs = await ask(other)

    assert [status for status, _, _ in answers] == [200, 200, 429]
    _, told, headers = answers[2]
    assert told["code"] == "too_many_requests"
    assert headers["Content-Type"] == "application/problem+json"
    assert 990 <= int(headers["Retry-After"]) <= 1_000
    assert theirs[0] == 200


async def test_a_token_of_the_issuer_is_let_in_beside_keys():
    with issuing() as issuer:
        issuer.add("one")
        settings = {
            "oidc_issuer": issuer.url,
            "oidc_audience": AUDIENCE,
            "oidc_grants": ("staff=viewer",),
        }
        async with guarded(**settings) as (ask, key, _):
            good = await ask(issuer.sign("one"))
            bare = await ask(issuer.sign("one", roles=[]))
            old = await ask(issuer.sign("one", exp=1))
            keyed = await ask(key)

    assert (good[0], good[1]) == (200, {"who": "oidc:ann"})
    assert (bare[0], bare[1]["code"]) == (403, "forbidden")
    assert (old[0], old[1]["code"]) == (401, "unauthenticated")
    assert keyed[1] == {"who": "one"}


async def test_while_the_issuer_is_away_tokens_wait_and_keys_do_not():
    with issuing() as issuer:
        issuer.add("one")
        issuer.is_away = True
        settings = {"oidc_issuer": issuer.url, "oidc_audience": AUDIENCE}
        async with guarded(**settings) as (ask, key, _):
            refused = await ask(issuer.sign("one"))
            keyed = await ask(key)

    assert (refused[0], refused[1]["code"], keyed[0]) == (503, "issuer_away", 200)
    assert int(refused[2]["Retry-After"]) > 0
