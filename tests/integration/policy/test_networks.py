"""A key that is limited to a network works on that network's rulebooks and cases and no others."""

import pytest

from policy.core.rulebook import digest
from policy.gate import Gate
from policy.store.outcomes import Outcomes
from tests.integration.policy.conftest import FOREIGN, LIMITED, WATCHING, WRITER
from tests.integration.policy.story import BOOK, NETWORK
from tests.integration.policy.test_dispatch import make_decision

OTHER = BOOK.replace("name: test", "name: other")


@pytest.fixture
async def elsewhere(rest, pool):
    """What there is in the network of another key, by what it is: the id of one of each."""

    async def done(method, path, body):
        answer = await rest(method, path, body, token=FOREIGN)
        assert answer.status == 201, answer.body
        return answer.body

    where = {"network": "elsewhere"}
    book = (await done("POST", "/v1/rulebooks", {"source": OTHER, **where}))["rulebook"]["digest"]
    trial = (await done("POST", f"/v1/rulebooks/{book}/shadow", where))["id"]
    await done("PUT", "/v1/undos/u1", {**where, "rulebook": book, "reason": "wrong"})
    await Outcomes(pool).record([(0, make_decision(1))], Gate())
    await pool.execute("UPDATE case_file SET network = 'elsewhere'")
    await pool.execute("UPDATE decision SET network = 'elsewhere', rulebook = $1", book)
    return {
        "rulebooks": book,
        "trials": trial,
        "undos": "u1",
        "cases": await pool.fetchval("SELECT id FROM case_file"),
        "decisions": await pool.fetchval("SELECT id FROM decision"),
    }


async def test_a_limited_key_works_in_its_network(rest):
    published = await rest(
        "POST", "/v1/rulebooks", {"source": BOOK, "network": NETWORK}, token=LIMITED
    )
    only = await rest("POST", "/v1/rulebooks", {"source": OTHER}, token=LIMITED)
    book = only.body["rulebook"]["digest"]
    tried = await rest(
        "POST", f"/v1/rulebooks/{book}/canary", {"network": NETWORK, "share": 0.5}, token=LIMITED
    )
    ended = await rest("POST", f"/v1/trials/{tried.body['id']}/promote", {}, token=LIMITED)
    listed = await rest("GET", "/v1/rulebooks", token=LIMITED)

    assert [one.status for one in (published, only, tried, ended)] == [201, 201, 201, 200]
    assert {one["name"] for one in listed.body["items"]} == {"test", "other"}
    for path in ("cases", "decisions", "trials", "undos", "brakes", "layers/drift"):
        seen = await rest("GET", f"/v1/{path}", network=NETWORK, token=WATCHING)
        assert seen.status == 200, f"{path}: {seen.body}"


async def test_a_limited_key_finds_by_id_what_is_of_its_networks_alone(rest, elsewhere):
    for part, name in elsewhere.items():
        hidden = await rest("GET", f"/v1/{part}/{name}", token=LIMITED)
        shown = await rest("GET", f"/v1/{part}/{name}", token=FOREIGN)
        whole = await rest("GET", f"/v1/{part}/{name}", token=WRITER)

        assert (hidden.status, hidden.body["code"]) == (404, "not_found")
        assert (shown.status, shown.body) == (200, whole.body)


async def test_what_is_of_another_network_is_changed_by_none_but_its_keys(rest, elsewhere, pool):
    book, trial, case = (elsewhere[part] for part in ("rulebooks", "trials", "cases"))
    asked = [
        ("GET", f"rulebooks/{book}/difference?to={book}", None),
        ("POST", f"rulebooks/{book}/shadow", {"network": NETWORK}),
        ("POST", f"rulebooks/{book}/canary", {"network": NETWORK, "share": 1}),
        ("GET", f"trials/{trial}/disagreements", None),
        *[("POST", f"trials/{trial}/{verb}", {}) for verb in ("stop", "promote", "rollback")],
        ("POST", f"cases/{case}/verdict", {"verdict": "approve"}),
        ("POST", f"cases/{case}/appeal", {"reason": "no"}),
        ("GET", f"decisions/{elsewhere['decisions']}/explanation", None),
        ("POST", "undos/u1/confirm", {}),
        ("POST", "undos/u1/withdraw", None),
    ]

    for method, path, body in asked:
        answer = await rest(method, f"/v1/{path}", body, token=LIMITED)
        assert (answer.status, answer.body["code"]) == (404, "not_found"), path

    assert await pool.fetchval("SELECT state FROM trial") == "running"


@pytest.mark.usefixtures("elsewhere")
async def test_lists_show_nothing_of_another_network(rest):
    books = await rest("GET", "/v1/rulebooks", token=LIMITED)
    networks = await rest("GET", "/v1/layers/networks", token=LIMITED)
    theirs = await rest("GET", "/v1/layers/networks", token=FOREIGN)

    assert (books.body["items"], networks.body["items"]) == ([], [])
    assert theirs.body["items"] == ["elsewhere"]


async def test_a_key_changes_nothing_where_it_may_only_read_or_nothing_at_all(rest, pool):
    form = {"source": BOOK, "network": NETWORK}

    answers = [
        await rest("POST", "/v1/rulebooks", form, token=WATCHING),
        await rest("PUT", "/v1/layers", form, token=WATCHING),
        await rest("POST", "/v1/rulebooks", {**form, "network": "elsewhere"}, token=LIMITED),
    ]

    assert [one.status for one in answers] == [403, 403, 403]
    assert await pool.fetchval("SELECT count(*) FROM rulebook") == 0


@pytest.mark.parametrize(
    ("name", "token"),
    [
        ("published:other", LIMITED),
        ("published:other", WRITER),
        (f"sha256:{digest(OTHER)}", LIMITED),
    ],
)
async def test_the_set_of_one_network_gets_into_no_rulebook_of_another(rest, name, token):
    assert (await rest("POST", "/v1/rulebooks", {"source": OTHER}, token=FOREIGN)).status == 201

    form = {"source": f"include: [{name}]\n{BOOK}", "network": NETWORK}
    answer = await rest("POST", "/v1/rulebooks", form, token=token)

    assert (answer.status, answer.body["code"]) == (422, "invalid_rulebook")
    assert any(name in fault["reason"] for fault in answer.body["errors"]), answer.body


async def test_no_route_does_anything_for_a_limited_key_that_names_another_network_or_none(rest):
    paths = (await rest("GET", "/openapi.json")).body["paths"]
    asked = 0
    for path, methods in paths.items():
        where = path.replace("{digest}", "0" * 64)
        for part in ("{case_id}", "{decision_id}", "{trial_id}", "{undo_id}"):
            where = where.replace(part, "none")
        for method in methods:
            for network in ({}, {"network": "elsewhere"}):
                query = network if method == "get" else {}
                body = None if method == "get" else network
                answer = await rest(method.upper(), where, body, token=LIMITED, **query)
                expected = {403, 404, 422}
                if path in {"/v1/rulebooks", "/v1/layers/networks"} and query == network == {}:
                    expected = {200} if method == "get" else expected
                assert answer.status in expected, f"{method} {path} {network}: {answer.body}"
                assert answer.status != 200 or answer.body["items"] == []
                asked += 1

    assert asked > 60
