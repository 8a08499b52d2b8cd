"""The database itself cashes nothing out, and makes no packet of paid credit a lucky one."""

import asyncpg
import pytest

from chassis.errors import Explained
from ledger.core.books import Terms
from ledger.store.assets import Assets
from ledger.store.booking import Store
from ledger.store.writing import COLUMNS
from tests.ledger_books import ask, fund, note, send

REFUSED = (asyncpg.IntegrityConstraintViolationError, asyncpg.InsufficientPrivilegeError)


async def capture_payments(store):
    asked = await store.book([ask("ann", 60), ask("bob", 40)])
    first, second = [verdict.detail for verdict in asked.verdicts]
    captured = [note(first, "captured", "pi_1", 60), note(second, "captured", "pi_2", 40)]
    await store.book(captured)
    return first


async def post(connection, txn, amounts, *, key):
    """Post in raw SQL; each amount beside the path of its account."""
    at = await connection.fetchval("SELECT clock()")
    row = (txn, "harbour", key, bytes(16), "payment", "", None, 1, at)
    await connection.copy_records_to_table("txn", records=[row], columns=COLUMNS["txn"])
    postings = []
    for leg, (path, amount) in enumerate(amounts.items()):
        account = await connection.fetchrow(
            """
            UPDATE account SET balance = balance + $2, version = version + 1 WHERE path = $1
            RETURNING id, balance, version
            """,
            path, amount,
        )  # fmt: skip
        number, balance, version = account
        postings.append((txn, leg, "harbour", number, "CNY", amount, balance, version, at))
    await connection.copy_records_to_table("posting", records=postings, columns=COLUMNS["posting"])


async def test_the_database_itself_lets_nothing_be_cashed_out(store, pool, sound):
    await capture_payments(store)

    async with pool.acquire() as connection:
        with pytest.raises(REFUSED, match="for no payment"):
            async with connection.transaction():
                await post(
                    connection, 90, {"member:ann": -10, "provider:stripe": 10}, key="payment:x:9"
                )

    await sound()


async def test_the_database_itself_gives_a_provider_no_more_than_it_brought(store, pool, sound):
    await capture_payments(store)

    with pytest.raises(REFUSED, match="no_more_than_it_brought"):
        await pool.execute("UPDATE account SET balance = 1 WHERE kind = 'provider'")

    await sound()


async def test_a_refund_goes_back_to_where_it_came_from(store, pool, sound):
    payment = await capture_payments(store)

    await store.book([note(payment, "refunded", "re_1", 60)])

    assert await pool.fetchval("SELECT balance FROM account WHERE kind = 'provider'") == -40
    await sound()


async def test_the_database_itself_makes_no_packet_of_paid_credit_a_lucky_one(pool, sound):
    generous = Store(pool=pool, partitions=8, terms=Terms(paid_gifts=True))
    await generous.book([fund("ann", 10, asset="CNY"), send("ann", 10, 2, packet={"asset": "CNY"})])

    with pytest.raises(REFUSED):
        await pool.execute("UPDATE packet SET mode = 'lucky'")
    with pytest.raises(REFUSED):
        await pool.execute("UPDATE packet SET asset = 'points'")

    await sound()


async def test_what_names_no_asset_is_counted_in_points(pool):
    assets = Assets(pool)

    await assets.check_default("points")
    await assets.check_default("not-declared-yet")
    for paid in ("CNY", "reputation"):
        with pytest.raises(Explained, match="not points"):
            await assets.check_default(paid)
