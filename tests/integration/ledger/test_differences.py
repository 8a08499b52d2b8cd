"""Payments of another amount than was asked for, as they are kept, told and settled."""

import asyncio
from collections import Counter

import asyncpg
import pytest

from ledger.check import check
from ledger.request import look_through
from ledger.store.booking import Store
from tests.integration.ledger.conftest import COLON
from tests.ledger_books import GROUP, NETWORK, accept, ask, decide, note, share

HALL = f"group:{GROUP}"
FORM = {"network": NETWORK, "why": "close enough"}
YES = {"network": NETWORK, "approved": True, "why": "so it is"}


@pytest.fixture
def stores(pool):
    """Four ledgers that know nothing of each other."""
    return [Store(pool=pool, partitions=8) for _ in range(4)]


async def came(store, amount, name="pi_1"):
    payment = (await store.book([ask("ann", 990, destination=HALL)])).verdicts[0].detail
    await store.book([note(payment, "captured", name, amount)])
    return payment


async def requested(store, payment):
    [verdict] = (await store.book([accept(payment)])).verdicts
    assert verdict.code == "approval_needed"
    return verdict.detail.split()[1]


async def standing(pool):
    rows = await pool.fetch(
        "SELECT path, balance FROM account WHERE asset = 'CNY' AND balance <> 0"
    )
    return {row["path"]: row["balance"] for row in rows}


async def test_what_differs_is_shown_and_accepted_over_rest_by_two_persons(
    rest, store, pool, books_url, sound
):
    payment = await came(store, 800)
    await sound()
    listed = await rest("GET", "/v1/payments", network=NETWORK, state="differs")
    asked = await rest("POST", f"/v1/payments/{payment}/acceptance", FORM, key="a")
    told = (await look_through(books_url, "ledger", NETWORK)).to_text()
    where = f"/v1/treasury/requests/{asked.body['id']}/decision"
    own = await rest("POST", where, YES, key="d")
    given = await rest("POST", where, YES, key="d", token=COLON)
    again = await rest("POST", f"/v1/payments/{payment}/acceptance", FORM, key="a")
    after = await rest("GET", f"/v1/payments/{payment}")

    assert [(one["id"], one["captured"]) for one in listed.body["items"]] == [(payment, 800)]
    assert (asked.status, asked.body["amount"], asked.body["account"]) == (202, 800, "suspense")
    assert f"8.00 CNY  accept_payment  suspense -> payment {payment}  asked by operator" in told
    assert (own.status, own.body["code"]) == (409, "own_request")
    assert (given.body["state"], again.body) == ("approved", given.body)
    assert (after.body["state"], after.body["captured"]) == ("captured", 800)
    assert [step["what"] for step in after.body["steps"]] == ["asked", "captured", "accepted"]
    assert await standing(pool) == {"provider:stripe": -800, HALL: 800}
    await sound()


async def test_what_differs_is_split_when_it_is_accepted_and_goes_back_so(store, pool, sound):
    payment = await came(store, 1_100)
    await store.book([share({"network": 6_000})])
    request = await requested(store, payment)

    await store.book([decide(request)])
    await store.book([note(payment, "refunded", "re_1", 110)])

    assert await standing(pool) == {"provider:stripe": -990, "network": 594, HALL: 396}
    await sound()


async def test_a_refund_and_an_acceptance_that_race_move_the_money_once(stores, pool, sound):
    payments = [await came(stores[0], 1_090, f"pi_{n}") for n in range(6)]
    requests = [await requested(stores[0], payment) for payment in payments for _ in range(2)]
    ways = [decide(request) for request in requests] + [
        note(payment, "refunded", f"re_{n}", 1_090) for n, payment in enumerate(payments)
    ]

    async with asyncio.TaskGroup() as tasks:
        booked = [
            tasks.create_task(stores[number % 4].book([command]))
            for number, command in enumerate(ways)
        ]

    codes = Counter(task.result().verdicts[0].code for task in booked)
    assert set(codes) <= {"", "payment_settled"}
    assert await standing(pool) == {}
    assert await pool.fetchval("SELECT count(*) FROM payment WHERE state = 'refunded'") == 6
    await sound()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payment SET state = 'differs', captured = amount, payee = 'suspense'",
        "UPDATE payment SET state = 'differs', payee = 'house'",
        "UPDATE payment SET captured = captured - 1",
    ],
)
async def test_the_database_itself_keeps_where_it_waits(store, pool, statement):
    await came(store, 800)

    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await pool.execute(statement)


@pytest.mark.parametrize(
    "corruption",
    [
        "UPDATE payment SET captured = amount, state = 'captured', payee = destination",
        "UPDATE payment SET state = 'captured'",
    ],
)
async def test_what_was_accepted_by_nobody_is_found(store, superuser, books_url, corruption):
    await came(store, 800)
    await superuser.execute("SET session_replication_role = replica")

    await superuser.execute(corruption)

    report = await check(books_url)
    assert "I18" in {finding.name for finding in report.findings if finding.faults}
