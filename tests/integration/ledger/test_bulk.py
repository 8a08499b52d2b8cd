"""Many transfers in one request: each is booked or refused by itself, once."""

import pytest

from ledger.door import BATCH_LIMIT
from tests.integration.ledger.conftest import CLERK, READER
from tests.ledger_books import NETWORK, pay

BULK = "/v1/transfers/bulk"


def give(member, amount, **more):
    return {"source": "treasury", "destination": f"member:{member}", "amount": amount, **more}


def bulk(*transfers):
    return {"network": NETWORK, "transfers": list(transfers)}


@pytest.fixture(autouse=True)
async def treasury(store):
    await store.book([pay("issuer", "treasury", 100)])


async def balances(pool):
    rows = await pool.fetch("SELECT path, balance FROM account WHERE path <> 'issuer'")
    return {row["path"]: row["balance"] for row in rows}


async def test_each_is_booked_or_refused_whatever_becomes_of_the_others(rest, pool, sound):
    answer = await rest(
        "POST", BULK, bulk(give("ann", 60), give("bob", 50), give("cem", 40)), key="k"
    )

    assert answer.status == 200
    assert [one["code"] for one in answer.body["items"]] == ["", "insufficient_funds", ""]
    assert await balances(pool) == {"treasury": 0, "member:ann": 60, "member:cem": 40}
    booked, refused, _ = answer.body["items"]
    seen = await rest("GET", f"/v1/transfers/{booked['id']}", token=READER)
    assert (seen.body["destination"], seen.body["amount"]) == ("member:ann", 60)
    assert refused["id"] is None
    await sound()


async def test_a_repeat_answers_the_same_and_books_nothing(rest, pool, sound):
    form = bulk(give("ann", 60), give("bob", 50))
    first = await rest("POST", BULK, form, key="k")

    again = await rest("POST", BULK, form, key="k")

    assert [one["replayed"] for one in first.body["items"]] == [False, False]
    assert again.body["items"] == [{**one, "replayed": True} for one in first.body["items"]]
    assert await balances(pool) == {"treasury": 40, "member:ann": 60}
    await sound()


async def test_a_list_that_goes_on_books_what_is_new_and_refuses_what_changed(rest, pool):
    await rest("POST", BULK, bulk(give("ann", 10), give("bob", 10)), key="k")

    answer = await rest(
        "POST", BULK, bulk(give("ann", 10), give("bob", 11), give("cem", 10)), key="k"
    )

    assert [one["code"] for one in answer.body["items"]] == ["", "key_reused", ""]
    assert await balances(pool) == {
        "treasury": 70, "member:ann": 10, "member:bob": 10, "member:cem": 10,
    }  # fmt: skip


async def test_the_keys_of_a_list_meet_those_of_no_single_transfer(rest, pool):
    for number in range(3):
        single = {"network": NETWORK, **give("ann", 1)}
        assert (await rest("POST", "/v1/transfers", single, key=f"k{number}")).status == 201

    await rest("POST", BULK, bulk(give("ann", 1), give("ann", 1)), key="k")

    assert (await balances(pool))["member:ann"] == 5


async def test_each_leaves_an_entry_of_who_asked(rest):
    await rest("POST", BULK, bulk(give("ann", 60), give("bob", 50), give("cem", 40)), key="k")

    entries = await rest("GET", "/v1/audit", network=NETWORK)

    assert [(one["deed"], one["caller"]) for one in entries.body["items"]] == [
        ("transfer", "operator"),
        ("transfer", "operator"),
    ]


@pytest.mark.parametrize(
    ("form", "token", "status", "code"),
    [
        (bulk(give("ann", 1)), READER, 403, "forbidden"),
        (bulk(give("ann", 1), {**give("ann", 1), "source": "issuer"}), CLERK, 403, "may_not_issue"),
        (bulk(), CLERK, 422, "invalid_request"),
        (bulk(give("ann", 0)), CLERK, 422, "invalid_request"),
        (bulk(give("ann", 1, network="elsewhere")), CLERK, 422, "invalid_request"),
        (bulk(*[give("ann", 1)] * (BATCH_LIMIT + 1)), CLERK, 422, "invalid_request"),
    ],
)
async def test_what_is_no_list_that_the_caller_may_ask_for_books_nothing(
    rest, pool, form, token, status, code
):
    answer = await rest("POST", BULK, form, key="k", token=token)

    assert (answer.status, answer.body["code"]) == (status, code)
    assert await pool.fetchval("SELECT count(*) FROM inbox") == 1


async def test_what_the_tables_cannot_hold_is_said_of_itself_alone(rest, pool, superuser):
    await superuser.execute(
        "ALTER TABLE posting ADD CONSTRAINT unlucky CHECK (abs(amount) <> 13) NOT VALID"
    )

    answer = await rest("POST", BULK, bulk(give("ann", 12), give("bob", 13)), key="k")

    assert [one["code"] for one in answer.body["items"]] == ["", "unbookable"]
    assert await balances(pool) == {"treasury": 88, "member:ann": 12}
