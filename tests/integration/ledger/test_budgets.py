"""Budgets as they are kept in the database and told, whoever comes at once."""

import asyncio
import json
from collections import Counter

import asyncpg
import pytest

from ledger.budget import look_over
from ledger.core.postings import MAX_AMOUNT
from ledger.store.booking import Store
from tests.integration.ledger.conftest import READER
from tests.ledger_books import NETWORK, budget, hold, pay, send

FORM = {"network": NETWORK, "account": "treasury", "period": "month", "amount": 100, "why": "so"}
GIFT = {"network": NETWORK, "source": "treasury", "destination": "member:ann", "amount": 60}


@pytest.fixture
def stores(pool):
    """Four ledgers that know nothing of each other."""
    return [Store(pool=pool, partitions=8) for _ in range(4)]


async def test_ledgers_that_race_never_pass_a_budget(stores, pool, sound):
    await stores[0].book(
        [pay("issuer", "treasury", 1_000), budget("treasury", 50, "week"), budget("treasury", 70)]
    )
    ways = [
        way
        for n in range(8)
        for way in (
            pay("treasury", f"member:m{n}", 10),
            hold("treasury", f"member:m{n}", 10),
            send("", 10, 2, packet={"source": "treasury"}),
        )
    ]

    async with asyncio.TaskGroup() as tasks:
        booked = [
            tasks.create_task(stores[number % 4].book([command]))
            for number, command in enumerate(ways)
        ]

    answers = Counter(task.result().verdicts[0].code for task in booked)
    assert answers == {"": 5, "budget_exceeded": 19}
    kept = await pool.fetch("SELECT period, spent FROM budget ORDER BY period")
    assert [tuple(row) for row in kept] == [("day", 50), ("week", 50)]
    free = await pool.fetchval("SELECT balance - held FROM account WHERE path = 'treasury'")
    assert free == 950
    await sound()


async def test_a_renewed_budget_begins_again_and_one_that_was_ended_is_none(store, pool, sound):
    await store.book([pay("issuer", "treasury", 500), budget("treasury", 60)])
    await store.book([pay("treasury", "member:ann", 60)])
    await pool.execute(
        "UPDATE budget SET spent = 0, since_at = since_at - interval '2 days',"
        " renews_at = renews_at - interval '2 days', said_at = clock()"
    )

    again = await store.book([pay("treasury", "member:ann", 50), pay("treasury", "member:ann", 11)])
    await store.book([budget("treasury", 0)])
    ended = await store.book([pay("treasury", "member:ann", 300)])

    assert [verdict.code for verdict in again.verdicts] == ["", "budget_exceeded"]
    assert ended.verdicts[0].code == ""
    await sound()


async def test_the_largest_budget_is_one(store, pool):
    await store.book([budget("treasury", MAX_AMOUNT), pay("issuer", "treasury", MAX_AMOUNT)])

    spent = await store.book(
        [pay("treasury", "member:ann", MAX_AMOUNT), pay("treasury", "house", 1)]
    )

    assert [verdict.code for verdict in spent.verdicts] == ["", "budget_exceeded"]
    assert await pool.fetchval("SELECT spent FROM budget") == MAX_AMOUNT


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE budget SET spent = 101",
        "UPDATE budget SET spent = -1",
        "UPDATE budget SET amount = -1",
        "UPDATE budget SET renews_at = since_at",
    ],
)
async def test_the_database_itself_overspends_no_budget(store, pool, statement):
    await store.book([budget("treasury", 100)])

    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await pool.execute(statement)


async def test_the_database_itself_keeps_whose_a_budget_is(store, pool):
    await store.book([budget("treasury", 100)])

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("UPDATE budget SET account = 'house'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("DELETE FROM budget")


async def test_a_budget_is_said_over_rest_spent_of_and_shown(rest, store, pool, books_url):
    await store.book([pay("issuer", "treasury", 500)])
    said = await rest("POST", "/v1/treasury/budgets", FORM, key="b")
    again = await rest("POST", "/v1/treasury/budgets", FORM, key="b")
    given = await rest("POST", "/v1/transfers", GIFT, key="g1")
    refused = await rest("POST", "/v1/transfers", GIFT, key="g2")

    assert (said.status, said.body) == (
        200, {"network": NETWORK, "account": "treasury", "asset": "", "period": "month",
              "amount": 100},
    )  # fmt: skip
    assert (again.body, again.headers["Idempotency-Replayed"]) == (said.body, "true")
    assert (given.status, refused.status) == (201, 409)
    assert refused.body["code"] == "budget_exceeded"
    assert refused.body["detail"].startswith("40 points left this month, renewed at ")
    [shown] = (await rest("GET", "/v1/treasury/budgets", network=NETWORK, token=READER)).body[
        "items"
    ]
    assert (shown["amount"], shown["spent"], shown["left"]) == (100, 60, 40)
    entry = await pool.fetchrow("SELECT deed, said FROM audit_entry")
    assert (entry["deed"], json.loads(entry["said"])["why"]) == ("set_budget", "so")
    told = (await look_over(books_url, "ledger", NETWORK)).to_text()
    assert told.split("  renewed at ")[0].split() == [
        "40", "of", "100", "points", "a", "month", "treasury",
    ]  # fmt: skip


async def test_only_who_may_write_the_treasury_says_a_budget(rest):
    answer = await rest("POST", "/v1/treasury/budgets", FORM, key="b", token=READER)

    assert (answer.status, answer.body["code"]) == (403, "forbidden")
