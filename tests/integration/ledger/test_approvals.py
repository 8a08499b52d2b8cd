"""What waits for a second person, in the database and over REST, whoever comes at once."""

import asyncio
import json
import os
import sys
from collections import Counter

import asyncpg
import pytest

from ledger.request import look_through
from ledger.store.booking import Store
from tests.integration.ledger.conftest import COLON, READER
from tests.ledger_books import NETWORK, decide, hold, limit, pay, reverse, send

LIMIT = {"network": NETWORK, "account": "treasury", "above": 100, "why": "so"}
GIFT = {"network": NETWORK, "source": "treasury", "destination": "member:ann", "amount": 500}
YES = {"network": NETWORK, "approved": True, "why": "well earned"}


@pytest.fixture
async def rich(store):
    """A treasury with 1,000 points; above 100 a second person is asked."""
    await store.book([pay("issuer", "treasury", 1_000), limit("treasury", 100)])
    return store


async def ask(store, command):
    [verdict] = (await store.book([command])).verdicts
    assert verdict.code == "approval_needed"
    return verdict.detail.split()[1]


async def free(pool):
    return await pool.fetchval("SELECT balance - held FROM account WHERE path = 'treasury'")


@pytest.mark.parametrize(
    "asked",
    [
        pay("treasury", "member:cid", 500, key="rest:ann:1"),
        hold("treasury", "member:cid", 500, key="rest:ann:1"),
        send("", 500, 3, packet={"source": "treasury"}, key="rest:ann:1"),
        send(
            "", 500, 3, packet={"source": "treasury", "drops": 2, "every_ms": 1_000},
            key="rest:ann:1",
        ),
    ],
)  # fmt: skip
async def test_what_waits_is_booked_by_another_ledger_as_it_was_asked_for(rich, pool, sound, asked):
    request = await ask(rich, asked)
    await sound()

    another = Store(pool=pool, partitions=8)
    [verdict] = (await another.book([decide(request)])).verdicts

    assert (verdict.code, verdict.amount, await free(pool)) == ("", 500, 500)
    await sound()


async def test_of_many_who_approve_at_once_one_does(rich, pool, sound):
    request = await ask(rich, pay("treasury", "member:cid", 500, key="rest:ann:1"))
    stores = [Store(pool=pool, partitions=8) for _ in range(4)]

    async with asyncio.TaskGroup() as tasks:
        booked = [
            tasks.create_task(stores[n % 4].book([decide(request, by=f"p{n}", approved=n != 3)]))
            for n in range(8)
        ]

    answers = Counter(task.result().verdicts[0].code for task in booked)
    assert answers == {"": 1, "request_decided": 7}
    assert await free(pool) in {500, 1_000}
    await sound()


async def test_it_is_asked_for_and_decided_in_one_batch_too(rich, pool, sound):
    asked = pay("treasury", "member:cid", 500, key="rest:ann:1")
    request = await ask(rich, asked)
    await rich.book([reverse(asked)])
    both = [pay("treasury", "member:cid", 500, key="rest:ann:2"), decide(request)]

    batch = await rich.book(both)

    assert [verdict.code for verdict in batch.verdicts] == ["approval_needed", "request_decided"]
    rows = await pool.fetch("SELECT state FROM payout_request ORDER BY number")
    assert [row["state"] for row in rows] == ["withdrawn", "waiting"]
    await sound()


async def test_what_was_approved_is_taken_back_by_the_command_that_asked(rich, pool, sound):
    asked = pay("treasury", "member:cid", 500, key="action1")
    await rich.book([decide(await ask(rich, asked))])

    [taken] = (await rich.book([reverse(asked)])).verdicts

    assert (taken.code, await free(pool)) == ("", 1_000)
    await sound()


@pytest.mark.parametrize(
    "statement",
    [
        """
        UPDATE payout_request
        SET state = 'approved', decided_by = asked_by, decided_key = 'k', decided_at = asked_at
        """,
        """
        UPDATE payout_request
        SET state = 'approved', decided_by = 'bob', decided_key = 'k', decided_at = expires_at
        """,
        "UPDATE payout_request SET state = 'approved'",
        "UPDATE payout_request SET amount = 1",
        "DELETE FROM payout_request",
        "UPDATE approval_limit SET above = -1",
        "UPDATE approval_limit SET account = 'house'",
    ],
)
async def test_the_database_itself_lets_nobody_approve_their_own(rich, pool, statement):
    await ask(rich, pay("treasury", "member:cid", 500, key="rest:ann:1"))

    with pytest.raises(
        (asyncpg.IntegrityConstraintViolationError, asyncpg.InsufficientPrivilegeError)
    ):
        await pool.execute(statement)


async def test_the_database_itself_decides_once(rich, pool):
    request = await ask(rich, pay("treasury", "member:cid", 500, key="rest:ann:1"))
    await rich.book([decide(request, approved=False)])

    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="is decided"):
        await pool.execute("UPDATE payout_request SET state = 'approved'")


async def test_two_people_pay_out_over_rest(rest, store, pool, books_url, sound):
    await store.book([pay("issuer", "treasury", 1_000)])
    said = await rest("POST", "/v1/treasury/limits", LIMIT, key="l")
    listed = await rest("GET", "/v1/treasury/limits", network=NETWORK, token=READER)
    refused = await rest("POST", "/v1/transfers", GIFT, key="g")
    waits = await rest("GET", "/v1/treasury/requests", network=NETWORK, state="waiting")
    told = (await look_through(books_url, "ledger", NETWORK)).to_text()
    [request] = waits.body["items"]
    where = f"/v1/treasury/requests/{request['id']}"
    own = await rest("POST", f"{where}/decision", YES, key="d")
    viewer = await rest("POST", f"{where}/decision", YES, key="d", token=READER)
    approved = await rest("POST", f"{where}/decision", YES, key="d", token=COLON)

    assert (said.body["above"], listed.body["items"]) == (100, [said.body | {"asset": "points"}])
    assert (refused.status, refused.body["code"]) == (409, "approval_needed")
    assert (request["asked_by"], request["said"]["destination"]) == ("operator", "member:ann")
    assert f"{request['id']}" in told
    assert "treasury -> member:ann  asked by operator" in told
    assert [(one.status, one.body["code"]) for one in (own, viewer)] == [
        (409, "own_request"), (403, "forbidden"),
    ]  # fmt: skip
    assert (approved.status, approved.body["state"], approved.body["decided_by"]) == (
        200, "approved", "operator:b",
    )  # fmt: skip
    transfer = await rest("GET", f"/v1/transfers/{approved.body['txn_id']}")
    assert (transfer.body["amount"], await free(pool)) == (500, 500)
    assert (await rest("GET", where)).body == approved.body
    deeds = await pool.fetch("SELECT deed, said FROM audit_entry ORDER BY id")
    assert [row["deed"] for row in deeds] == ["set_approval", "decide_request"]
    assert json.loads(deeds[1]["said"])["why"] == "well earned"
    await sound()


async def test_two_people_lift_a_limit_over_rest(rest, store, pool, sound):
    await store.book([pay("issuer", "treasury", 1_000), limit("treasury", 100)])
    lifted = await rest("POST", "/v1/treasury/limits", LIMIT | {"above": None}, key="l")
    refused = await rest("POST", "/v1/transfers", GIFT, key="g")
    waits = await rest("GET", "/v1/treasury/requests", network=NETWORK, state="waiting")
    ids = {one["what"]: one["id"] for one in waits.body["items"]}
    where = f"/v1/treasury/requests/{ids['set_approval']}/decision"
    own = await rest("POST", where, YES, key="d")
    approved = await rest("POST", where, YES, key="d", token=COLON)
    listed = await rest("GET", "/v1/treasury/limits", network=NETWORK)
    given = await rest("POST", "/v1/transfers", GIFT, key="again")

    assert (lifted.status, lifted.body["code"]) == (409, "approval_needed")
    assert (refused.body["code"], own.body["code"]) == ("approval_needed", "own_request")
    assert (approved.status, approved.body["state"], listed.body["items"]) == (200, "approved", [])
    assert (given.status, await free(pool)) == (201, 500)
    await sound()


@pytest.mark.parametrize("above", [150, 200, None])
async def test_in_one_batch_a_limit_is_raised_no_further_than_was_approved(
    rich, pool, sound, above
):
    request = await ask(rich, limit("treasury", above, key="rest:ann:1"))

    batch = await rich.book([decide(request), limit("treasury", 150, key="rest:ann:2")])

    kept = await pool.fetchval("SELECT above FROM approval_limit")
    assert [verdict.code for verdict in batch.verdicts] == ["", ""]
    assert kept == 150
    await sound()


@pytest.mark.parametrize("above", ["101", "NULL"])
@pytest.mark.usefixtures("rich")
async def test_the_database_itself_lets_nobody_lift_a_limit_alone(pool, above):
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="nobody approved"):
        await pool.execute(f"UPDATE approval_limit SET above = {above}, said_at = now()")  # noqa: S608 - a number


async def test_what_nobody_asked_for_is_not_found(rest):
    where = f"/v1/treasury/requests/{'a' * 26}"

    answers = [await rest("GET", where), await rest("POST", f"{where}/decision", YES, key="d")]

    assert [(one.status, one.body["code"]) for one in answers] == [(404, "request_unknown")] * 2


async def test_the_operator_sees_what_waits(rich, books_url):
    request = await ask(rich, pay("treasury", "member:cid", 500, key="rest:ann:1"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "reeve", "ledger", "requests", "--network", NETWORK, "--json",
        env={**os.environ, "DATABASE_URL": books_url}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip

    told, _ = await process.communicate()

    [waits] = json.loads(told)["items"]
    assert (waits["id"], waits["amount"], waits["asked_by"]) == (request, 500, "ann")
