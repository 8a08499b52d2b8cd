"""Shares in what the house earns, as they are kept in the database, told and proven."""

import asyncio
import json
import os
import sys
from collections import Counter

import asyncpg
import pytest

from ledger.income import report
from ledger.store.booking import Store
from tests.integration.ledger.conftest import READER
from tests.ledger_books import GROUP, NETWORK, ask, bound, note, pay, share

HALL = f"group:{GROUP}"
PARTS = [{"account": "network", "share": 6_000}, {"account": "member:bob", "share": 2_500}]
FORM = {"network": NETWORK, "purpose": "entry", "parts": PARTS, "why": "as agreed"}
RULE = {"network": 6_000, "member:bob": 2_500}


@pytest.fixture
def stores(pool):
    """Four ledgers that know nothing of each other."""
    return [Store(pool=pool, partitions=8) for _ in range(4)]


async def asked(store, number, amount=990):
    asks = [ask(f"m{n}", amount, destination=HALL) for n in range(number)]
    return [verdict.detail for verdict in (await store.book(asks)).verdicts]


async def standing(pool):
    rows = await pool.fetch(
        "SELECT path, balance FROM account WHERE asset = 'CNY' AND balance <> 0"
    )
    return {row["path"]: row["balance"] for row in rows}


async def test_a_payment_is_split_and_goes_back_as_it_was_split(store, pool, sound):
    await store.book([share(RULE)])
    one, two = await asked(store, 2)
    await store.book([note(one, "captured", "pi_1", 990), note(two, "captured", "pi_2", 990)])
    await store.book([share({"house": 10_000}), pay("member:bob", "treasury", 490, asset="CNY")])
    before = await standing(pool)

    await store.book([note(one, "refunded", "re_1", 101)])
    await store.book([note(two, "disputed", "dp_1", 990)])

    assert before == {
        "provider:stripe": -1_980, "network": 1_188, "member:bob": 6, "treasury": 490, HALL: 296,
    }  # fmt: skip
    assert await standing(pool) == {
        "provider:stripe": -889, "network": 534, "receivable:member:bob": -268, "treasury": 490,
        HALL: 133,
    }  # fmt: skip
    await sound()


async def test_what_came_in_before_there_were_rules_stays_the_destinations(store, pool, sound):
    one, two = await asked(store, 2)
    await store.book([note(one, "captured", "pi_1", 990)])
    await store.book([share(RULE)])

    await store.book([note(one, "refunded", "re_1", 90), note(two, "captured", "pi_2", 990)])

    assert await standing(pool) == {
        "provider:stripe": -1_890, "network": 594, "member:bob": 248, HALL: 1_048,
    }  # fmt: skip
    await sound()


async def test_a_rule_counts_for_what_comes_after_it_in_the_same_commit(store, pool, sound):
    await store.book([bound("member:bob", 0, 5, asset="CNY"), pay("issuer", "house", 1)])
    one, two = await asked(store, 2, 100)

    await store.book(
        [
            note(one, "captured", "pi_1", 100),
            share({"member:bob": 5_000, "house": 5_000}),
            note(two, "captured", "pi_2", 100),
        ]
    )

    assert await standing(pool) == {
        "provider:stripe": -200, HALL: 100, "house": 50, "suspense": 50,
    }  # fmt: skip
    await sound()


async def test_ledgers_that_race_split_every_payment_once(stores, pool, sound):
    await stores[0].book([share(RULE)])
    payments = await asked(stores[0], 12, 1_001)
    ways = [
        way
        for n, payment in enumerate(payments)
        for way in (
            note(payment, "captured", f"pi_{n}", 1_001),
            note(payment, "captured", f"pi_{n}", 1_001),
            note(payment, "refunded", f"re_{n}", 500),
            share({"house": 100 + n, "member:bob": 3_333}),
        )
    ]

    async with asyncio.TaskGroup() as tasks:
        booked = [
            tasks.create_task(stores[number % 4].book([command]))
            for number, command in enumerate(ways)
        ]

    assert Counter(task.result().verdicts[0].code for task in booked) == {"": 48}
    had = await standing(pool)
    assert had.pop("provider:stripe") == -12 * 501
    assert sum(had.values()) == 12 * 501
    assert await pool.fetchval("SELECT count(*) FROM payment_split") == 12
    versions = await pool.fetch("SELECT version FROM split_rule ORDER BY number")
    assert [row["version"] for row in versions] == list(range(1, 14))
    await sound()


@pytest.mark.parametrize(
    ("network", "known", "accounts", "shares"),
    [
        (NETWORK, True, ["a", "b"], [1, 2]),
        (NETWORK, True, ["a", "b"], [9_999, 2]),
        (NETWORK, True, ["a"], [9_999, 1]),
        (NETWORK, True, ["a", "b"], [10_001, -1]),
        (NETWORK, False, ["a"], [10_000]),
        ("other", True, ["a"], [10_000]),
    ],
)
async def test_the_database_itself_splits_a_payment_into_all_of_it(
    store, pool, network, known, accounts, shares
):
    rule = (await store.book([share(RULE)])).verdicts[0].detail
    [one] = await asked(store, 1)

    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await pool.execute(
            "INSERT INTO payment_split VALUES ($1, $2, $3, $4, $5, $4)",
            one, network, rule if known else "none", accounts, shares,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("version", "accounts", "shares"),
    [
        (1, ["a"], [5]),
        (0, ["a"], [5]),
        (2, ["a"], [0]),
        (2, ["a"], [5, 5]),
        (2, ["a", "b"], [5, 9_996]),
    ],
)
async def test_the_database_itself_takes_no_rule_of_more_than_all(
    store, pool, version, accounts, shares
):
    await store.book([share(RULE)])

    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await pool.execute(
            "INSERT INTO split_rule VALUES ('x', DEFAULT, $1, '', '', $2, $3, $4, now())",
            NETWORK, version, accounts, shares,
        )  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM split_rule",
        "UPDATE split_rule SET shares = shares",
        "DELETE FROM payment_split",
        "UPDATE payment_split SET payees = payees",
    ],
)
async def test_the_database_itself_forgets_no_split(pool, statement):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(statement)


async def test_who_shares_is_said_over_rest_and_shown(rest, store, pool, sound):
    said = await rest("POST", "/v1/treasury/splits", FORM, key="s")
    again = await rest("POST", "/v1/treasury/splits", FORM, key="s")
    await rest("POST", "/v1/treasury/splits", {**FORM, "parts": PARTS[:1]}, key="t")
    listed = await rest("GET", "/v1/treasury/splits", network=NETWORK, token=READER)
    past = await rest("GET", "/v1/treasury/splits", network=NETWORK, past="true", limit="1")
    more = await rest(
        "GET", "/v1/treasury/splits", network=NETWORK, past="true", cursor=past.body["next"]
    )
    other = await rest("GET", "/v1/treasury/splits", network="other")

    assert said.status == 200
    assert (said.body["parts"], said.body["version"], said.body["holds"]) == (PARTS, 1, True)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert [(one["version"], one["parts"]) for one in listed.body["items"]] == [(2, PARTS[:1])]
    assert [one["version"] for one in past.body["items"]] == [2]
    assert [(one["version"], one["holds"]) for one in more.body["items"]] == [(1, False)]
    assert other.body == {"items": [], "next": None}
    deeds = await pool.fetch("SELECT deed, said FROM audit_entry ORDER BY recorded_at")
    assert [(row["deed"], json.loads(row["said"])["why"]) for row in deeds] == [
        ("set_split", "as agreed"), ("set_split", "as agreed"),
    ]  # fmt: skip
    [one] = await asked(store, 1)
    await store.book([note(one, "captured", "pi_1", 990), note(one, "refunded", "re_1", 90)])
    shown = await rest("GET", f"/v1/payments/{one}", token=READER)
    assert shown.body["parts"] == [
        {"account": "network", "share": 6_000, "amount": 540},
        {"account": HALL, "share": 4_000, "amount": 360},
    ]
    await sound()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"parts": [{"account": "issuer", "share": 5}]}, (409, "split_invalid")),
        ({"parts": [*PARTS, {"account": "house", "share": 1_501}]}, (409, "split_invalid")),
        ({"parts": [{"account": "house", "share": 0}]}, (422, "invalid_request")),
        ({"purpose": "topup"}, (422, "invalid_request")),
    ],
)
async def test_what_cannot_be_shared_is_refused(rest, change, code):
    answer = await rest("POST", "/v1/treasury/splits", {**FORM, **change}, key="s")

    assert (answer.status, answer.body["code"]) == code


async def test_only_who_may_write_the_treasury_says_who_shares(rest):
    answer = await rest("POST", "/v1/treasury/splits", FORM, key="s", token=READER)

    assert (answer.status, answer.body["code"]) == (403, "forbidden")


async def test_the_report_and_the_statement_tell_who_got_what(store, rest, books_url):
    await store.book([share(RULE), share({"network": 10_000}, purpose="ad")])
    one, two = await asked(store, 2, 1_000)
    await store.book([note(one, "captured", "pi_1", 1_000), note(two, "captured", "pi_2", 1_000)])
    await store.book([note(two, "refunded", "re_1", 400)])

    told = await report(books_url, "ledger", NETWORK, None, None)
    accounts = await rest("GET", "/v1/accounts", network=NETWORK, path="member:bob")
    number = accounts.body["items"][0]["id"]
    statement = await rest("GET", f"/v1/accounts/{number}/statement")

    lines = [(line.account, line.source, line.purpose, line.income) for line in told.lines]
    assert lines == [
        (HALL, "payment", "entry", 240),
        ("member:bob", "share", "entry", 400),
        ("network", "payment", "entry", 960),
    ]
    assert [(total.asset, total.income) for total in told.totals] == [("CNY", 1_200)]
    items = statement.body["items"]
    assert [(item["amount"], item["balance_after"]) for item in items] == [
        (-100, 400), (250, 500), (250, 250),
    ]  # fmt: skip
    assert (await reeve(books_url, "--json"))["items"][0]["parts"] == [
        {"account": "network", "share": 10_000}
    ]
    assert (await reeve(books_url)).splitlines()[1].split("  since")[0] == (
        "any purpose in any group: 60.00% network, 25.00% member:bob"
    )


async def reeve(books_url, *words):
    """Return what ``reeve ledger splits`` says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "reeve", "ledger", "splits", "--network", NETWORK, *words,
        env={**os.environ, "DATABASE_URL": books_url}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, _ = await process.communicate()
    assert process.returncode == 0
    return json.loads(told) if words else told.decode()
