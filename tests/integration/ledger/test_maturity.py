"""Maturity as the database tells it: of what came in of late, and whoever gives at once."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import asyncpg
import pytest

from ledger.check import check
from ledger.core.booking import book
from ledger.core.books import Terms
from ledger.store.booking import Store
from tests.integration.ledger.conftest import READER
from tests.integration.ledger.test_clock import CLOCK
from tests.ledger_books import (
    ASSETS,
    NETWORK,
    ask,
    fund,
    hold,
    make_books,
    matures,
    note,
    pay,
    send,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TERMS = Terms(paid_gifts=True, maturity_days=3)
FORM = {"network": NETWORK, "asset": "CNY", "days": 7, "why": "disputes"}


@pytest.fixture
def stores(pool):
    """Four ledgers that know nothing of each other, and let paid credit be given."""
    return [Store(pool=pool, partitions=8, terms=TERMS) for _ in range(4)]


@pytest.fixture
async def turn(superuser):
    """``await turn(at)`` sets the clock of the database."""

    async def to(at):
        await superuser.execute(CLOCK % at.isoformat())

    await to(NOON)
    return to


def gift(amount):
    return pay("member:ann", "member:bob", amount, asset="CNY")


async def topped_up(store, amount, name="pi_1"):
    payment = (await store.book([ask("ann", amount)])).verdicts[0].detail
    await store.book([note(payment, "captured", name, amount)])
    return payment


async def test_what_came_in_is_given_when_it_has_matured(stores, turn, sound):
    store = stores[0]
    await store.book([fund("ann", 10, asset="CNY"), matures(3)])
    await topped_up(store, 100)
    early = await store.book([gift(11), gift(10)])
    await turn(NOON + timedelta(days=3, milliseconds=-1))
    almost = await store.book([gift(1)])
    await turn(NOON + timedelta(days=3))
    then = await store.book([gift(100)])

    told = [verdict.code for batch in (early, almost, then) for verdict in batch.verdicts]
    assert told == ["not_mature", "", "not_mature", ""]
    assert early.verdicts[0].detail == ("10 CNY can be given now, 100 more at 2026-11-26T12:00:00Z")
    await sound()


async def test_givers_that_race_leave_what_is_young(stores, pool, sound):
    await stores[0].book([matures(5), fund("ann", 50, asset="CNY")])
    await topped_up(stores[0], 100)
    ways = [
        way
        for n in range(8)
        for way in (
            pay("member:ann", f"member:m{n}", 10, asset="CNY"),
            hold("member:ann", f"member:m{n}", 10, asset="CNY"),
            send("ann", 10, 2, packet={"asset": "CNY"}),
        )
    ]

    async with asyncio.TaskGroup() as tasks:
        booked = [
            tasks.create_task(stores[number % 4].book([command]))
            for number, command in enumerate(ways)
        ]

    assert Counter(task.result().verdicts[0].code for task in booked) == {"": 5, "not_mature": 19}
    free = await pool.fetchval(
        "SELECT balance - held FROM account WHERE path = 'member:ann' AND asset = 'CNY'"
    )
    assert free == 100
    await sound()


@pytest.mark.parametrize("seed", range(3))
async def test_the_database_tells_the_same_as_books_that_forget_nothing(stores, turn, seed, sound):
    """One by one and in batches, over days, with what the tables say read anew each time."""
    chance, at = Random(seed), NOON
    books = make_books(terms=TERMS, assets=ASSETS, now_ms=int(NOON.timestamp() * 1_000))
    payments, codes, wanted = [], [], []
    said = [matures(3), fund("ann", 40, asset="CNY")]
    for number in range(40):
        ways = [
            gift(chance.randint(1, 60)),
            pay("member:ann", "house", chance.randint(1, 30), asset="CNY"),
            fund("ann", chance.randint(1, 9), asset="CNY"),
            ask("ann", chance.randint(20, 90), key=f"ask{number}"),
            matures(chance.randint(0, 4)),
        ]
        said.append(chance.choice(ways[:4] * 3 + ways[4:]))
        for payment, amount in payments:
            what = chance.choice(
                ["captured"] * 6 + ["refunded", "disputed", "dispute_won"] + [""] * 9
            )
            if what:
                said.append(note(payment, what, f"{what[:6]}{payment}", amount))
        if chance.random() < 0.5:
            batch = await stores[number % 4].book(said)
            codes += [verdict.code for verdict in batch.verdicts]
            expected = book(books, said)
            wanted += [verdict.code for verdict in expected.verdicts]
            payments += [(payment.id, payment.amount) for payment in expected.asked]
            said = [matures(chance.randint(0, 4))]
            at += timedelta(hours=chance.randint(1, 40))
            await turn(at)
            books.now_ms = int(at.timestamp() * 1_000)

    assert codes == wanted
    assert {"", "not_mature"} <= set(codes)
    await sound()


async def test_a_gift_that_was_made_too_early_is_found(stores, superuser, books_url):
    await stores[0].book([matures(0)])
    await topped_up(stores[0], 100)
    await stores[0].book([gift(1)])
    await superuser.execute("SET session_replication_role = replica")
    await superuser.execute("UPDATE maturity_rule SET days = 1")

    report = await check(books_url)

    assert [finding.name for finding in report.findings if finding.faults] == ["I25", "I27"]


async def test_maturity_is_said_over_rest_and_shown(rest, pool):
    said = await rest("POST", "/v1/treasury/maturities", FORM, key="m")
    again = await rest("POST", "/v1/treasury/maturities", FORM, key="m")
    await rest("POST", "/v1/treasury/maturities", {**FORM, "days": 9}, key="n")
    points = await rest("POST", "/v1/treasury/maturities", {**FORM, "asset": "points"}, key="o")
    years = await rest("POST", "/v1/treasury/maturities", {**FORM, "days": 366}, key="p")
    reader = await rest("POST", "/v1/treasury/maturities", FORM, key="q", token=READER)
    listed = await rest("GET", "/v1/treasury/maturities", network=NETWORK, token=READER)

    assert (said.status, said.body) == (200, {"network": NETWORK, "asset": "CNY", "days": 7})
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (points.status, points.body["code"]) == (409, "maturity_invalid")
    assert (years.status, reader.status) == (422, 403)
    assert [(one["asset"], one["days"]) for one in listed.body["items"]] == [("CNY", 9)]
    assert await pool.fetchval("SELECT count(*) FROM audit_entry WHERE deed = 'set_maturity'") == 2


async def test_the_database_itself_keeps_what_was_said(store, pool):
    await store.book([matures(3)])

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("UPDATE maturity_rule SET days = 0")
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await pool.execute("INSERT INTO maturity_rule VALUES ('a', 'CNY', 1, 366, now())")
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await pool.execute("INSERT INTO maturity_rule VALUES ('harbour', 'CNY', 1, 5, now())")
