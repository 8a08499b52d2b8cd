"""Write-offs in the database and over REST, whoever comes at once."""

import asyncio
from collections import Counter

import asyncpg
import pytest

from ledger.check import check
from ledger.request import look_through
from ledger.store.booking import Store
from tests.integration.ledger.conftest import COLON, READER
from tests.ledger_books import NETWORK, ask, decide, note, pay, write_off

FORM = {
    "network": NETWORK, "account": "member:eve", "asset": "CNY", "bearer": "house",
    "why": "left for good",
}  # fmt: skip
YES = {"network": NETWORK, "approved": True, "why": "so it is"}
DEBTS = "SELECT path, balance FROM account WHERE kind IN ('receivable', 'house') AND asset = 'CNY'"


@pytest.fixture
async def owing(store):
    """A store where Eve owes 80 of paid credit, and the house has 100."""
    payment = (await store.book([ask("eve", 90)])).verdicts[0].detail
    await store.book(
        [
            note(payment, "captured", "pi_1", 90),
            pay("member:eve", "group:g", 80, asset="CNY"),
            note(payment, "dispute_lost", "dp_1", 90),
            pay("issuer", "house", 100, asset="CNY"),
        ]
    )
    return store


async def standing(pool):
    return {row["path"]: row["balance"] for row in await pool.fetch(DEBTS)}


@pytest.mark.usefixtures("owing")
async def test_a_debt_is_written_off_over_rest_by_two_persons(rest, pool, books_url, sound):
    asked = await rest("POST", "/v1/treasury/write-offs", FORM, key="w")
    where = f"/v1/treasury/requests/{asked.body['id']}"
    told = (await look_through(books_url, "ledger", NETWORK)).to_text()
    own = await rest("POST", f"{where}/decision", YES, key="d")
    given = await rest("POST", f"{where}/decision", YES, key="d", token=COLON)
    again = await rest("POST", "/v1/treasury/write-offs", FORM, key="w")

    assert (asked.status, asked.body["state"], asked.body["amount"]) == (202, "waiting", 80)
    assert (asked.body["what"], asked.body["said"]["why"]) == ("write_off", "left for good")
    assert "0.80 CNY  write_off  house -> receivable:member:eve  asked by operator" in told
    assert (own.status, own.body["code"]) == (409, "own_request")
    assert (given.body["state"], given.body["decided_by"]) == ("approved", "operator:b")
    assert again.body == given.body
    assert await standing(pool) == {"house": 20, "receivable:member:eve": 0}
    deed = await pool.fetchval("SELECT deed FROM audit_entry WHERE key = 'rest:operator%3Ab:d'")
    assert deed == "decide_request"
    report = await rest("GET", "/v1/treasury/report", network=NETWORK)
    lines = {(line["source"], line["purpose"]): line["cost"] for line in report.body["items"]}
    assert lines["write_off", "left for good"] == 80
    await sound()


@pytest.mark.usefixtures("owing")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 81}, (409, "debt_exceeded")),
        ({"account": "member:bob"}, (409, "debt_exceeded")),
        ({"bearer": "member:ann"}, (409, "bearer_invalid")),
        ({"why": ""}, (422, "invalid_request")),
        ({"amount": 0}, (422, "invalid_request")),
    ],
)
async def test_what_is_not_owed_is_not_written_off(rest, pool, change, code):
    answer = await rest("POST", "/v1/treasury/write-offs", {**FORM, **change}, key="w")

    assert (answer.status, answer.body["code"]) == code
    assert await standing(pool) == {"house": 100, "receivable:member:eve": -80}


async def test_only_who_may_write_the_treasury_asks(rest):
    answer = await rest("POST", "/v1/treasury/write-offs", FORM, key="w", token=READER)

    assert (answer.status, answer.body["code"]) == (403, "forbidden")


async def test_a_debt_is_borne_once_whoever_approves_what_at_once(owing, pool, sound):
    stores = [Store(pool=pool, partitions=8) for _ in range(4)]
    batch = await owing.book([write_off("member:eve", amount) for amount in [80, 50, 30] * 3])
    waiting = [verdict.detail.split()[1] for verdict in batch.verdicts]

    async with asyncio.TaskGroup() as tasks:
        booked = [
            tasks.create_task(stores[number % 4].book([decide(request)]))
            for number, request in enumerate(waiting * 2)
        ]

    answers = [task.result().verdicts[0] for task in booked]
    assert sum(verdict.amount for verdict in answers if not verdict.code) <= 80
    assert set(Counter(verdict.code for verdict in answers)) <= {
        "", "debt_exceeded", "request_decided",
    }  # fmt: skip
    had = await standing(pool)
    assert had["house"] == 20 - had["receivable:member:eve"]
    await sound()


async def test_a_write_off_that_is_asked_and_approved_in_one_commit_is_booked(owing, pool, sound):
    first = (await owing.book([write_off("member:eve", 10, key="a")])).verdicts[0]
    batch = await owing.book([decide(first.detail.split()[1]), write_off("member:eve", 5, key="b")])
    await owing.book([decide(batch.verdicts[1].detail.split()[1], approved=False)])

    assert await standing(pool) == {"house": 90, "receivable:member:eve": -70}
    await sound()


async def forgive(pool, how):
    """Post a write-off that nobody approved, and then do ``how``."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(
            "INSERT INTO txn SELECT id + 1000, network, 'write_off:x', body_hash, 'write_off', '',"
            " batch_id, NULL, recorded_at FROM txn WHERE id = 1"
        )
        await connection.execute(
            "INSERT INTO posting SELECT t.id, a.leg, a.network, a.id, 'CNY', a.amount,"
            " a.balance + a.amount, a.version + 1, t.recorded_at FROM txn AS t,"
            " (SELECT *, 0 AS leg, 80 AS amount FROM account WHERE kind = 'receivable'"
            "  UNION ALL SELECT *, 1, -80 FROM account"
            "  WHERE path = 'house' AND asset = 'CNY') AS a WHERE t.id > 1000"
        )
        await connection.execute(how)


@pytest.mark.usefixtures("owing")
@pytest.mark.parametrize(
    ("how", "constraint"),
    [
        ("SET CONSTRAINTS ALL DEFERRED", ""),
        (
            "UPDATE account SET balance = 0, version = version + 1 WHERE kind = 'receivable'",
            "account_debt_is_approved",
        ),
        ("UPDATE account SET balance = 1 WHERE kind = 'receivable'", "account_receivable_is_owed"),
    ],
)
async def test_the_database_itself_forgives_no_debt(pool, how, constraint):
    if not constraint:  # what is refused below is not refused for how it is written
        await forgive(pool, how)
        return

    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refusal:
        await forgive(pool, how)

    assert refusal.value.constraint_name == constraint


@pytest.mark.parametrize(
    "corruption",
    [
        "UPDATE payout_request SET state = 'rejected'",
        "UPDATE payout_request SET account = 'treasury'",
        "UPDATE txn SET kind = 'transfer' WHERE kind = 'write_off'",
        "UPDATE account SET kind = 'house' WHERE kind = 'receivable'",
    ],
)
async def test_a_debt_that_was_forgiven_in_silence_is_found(
    owing, superuser, books_url, corruption
):
    first = (await owing.book([write_off("member:eve")])).verdicts[0]
    await owing.book([decide(first.detail.split()[1])])
    await superuser.execute("SET session_replication_role = replica")
    for name in ("account_kind_is_in_path", "account_has_a_floor"):
        await superuser.execute(f"ALTER TABLE account DROP CONSTRAINT {name}")

    await superuser.execute(corruption)

    report = await check(books_url)
    assert "I26" in {finding.name for finding in report.findings if finding.faults}
