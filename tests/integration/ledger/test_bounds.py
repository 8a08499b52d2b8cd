"""Bounds hold in the database, also where many reach for the last of it at once."""

import asyncio

import asyncpg
import pytest

from ledger.core.refusals import Code
from ledger.store.booking import Store
from tests.ledger_books import bound, fund, pay


async def at_once(pool, commands):
    """Book each of ``commands`` by one of four ledgers that know nothing of each other."""
    stores = [Store(pool=pool, partitions=8) for _ in range(4)]
    async with asyncio.TaskGroup() as tasks:
        booked = [
            tasks.create_task(stores[number % 4].book([command]))
            for number, command in enumerate(commands)
        ]
    return [task.result().verdicts[0].code for task in booked]


async def test_many_who_pay_in_at_once_stop_at_the_ceiling(store, pool, sound):
    await store.book([bound("group:g", 0, 50), *[fund(f"m{n}", 10) for n in range(20)]])

    codes = await at_once(pool, [pay(f"member:m{n}", "group:g", 10) for n in range(20)])

    assert sorted(codes) == [""] * 5 + [Code.CEILING_REACHED] * 15
    assert await pool.fetchval("SELECT balance FROM account WHERE path = 'group:g'") == 50
    await sound()


async def test_many_who_draw_at_once_stop_at_what_may_be_owed(store, pool, sound):
    await store.book([bound("treasury", -30), pay("issuer", "treasury", 20)])

    codes = await at_once(pool, [pay("treasury", f"member:m{n}", 10) for n in range(20)])

    assert sorted(codes) == [""] * 5 + [Code.INSUFFICIENT_FUNDS] * 15
    assert await pool.fetchval("SELECT balance FROM account WHERE path = 'treasury'") == -30
    await sound()


async def test_payments_and_a_freeze_at_once_are_proven_in_the_order_they_came(store, pool, sound):
    await store.book([fund("ann", 100)])
    paid = [pay("member:ann", "treasury", 1) for _ in range(12)]
    states = [bound("member:ann", state=state) for state in ("frozen", "open", "frozen")]

    codes = await at_once(pool, [*paid[:4], states[0], *paid[4:8], *states[1:], *paid[8:]])

    assert set(codes) <= {"", Code.ACCOUNT_FROZEN}
    await sound()


async def test_a_batch_that_lifts_a_bound_first_may_go_beyond_it(store, pool, sound):
    await store.book([bound("member:ann", 0, 10), fund("ann", 10)])

    batch = await store.book([fund("ann", 1), bound("member:ann", 0, 20), fund("ann", 10)])

    assert [verdict.code for verdict in batch.verdicts] == [Code.CEILING_REACHED, "", ""]
    assert await pool.fetchval("SELECT count(*) FROM account_bound") == 2
    await sound()


async def test_bounds_under_one_key_are_set_once(store, pool, sound):
    command = bound("member:ann", 0, 10, key="k")
    first = await store.book([command])
    await store.book([bound("member:ann", 0, 20)])

    again = await store.book([command, bound("member:ann", 0, 30, key="k")])

    assert again.verdicts[0] == first.verdicts[0]._replace(repeated=True)
    assert again.verdicts[1].code == Code.KEY_REUSED
    assert await pool.fetchval("SELECT ceiling FROM account WHERE path = 'member:ann'") == 20
    await sound()


@pytest.mark.parametrize(
    ("constraint", "statement"),
    [
        ("account_has_a_floor", "UPDATE account SET floor = NULL WHERE id = 2"),
        ("account_keeps_its_floor", "UPDATE account SET floor = 11 WHERE id = 2"),
        ("account_keeps_its_ceiling", "UPDATE account SET ceiling = 9 WHERE id = 2"),
        ("account_closed_is_empty", "UPDATE account SET state = 'closed' WHERE id = 2"),
    ],
)
async def test_the_database_itself_keeps_bounds(store, pool, constraint, statement):
    await store.book([fund("ann", 10)])

    with pytest.raises(asyncpg.CheckViolationError) as caught:
        await pool.execute(statement)

    assert caught.value.constraint_name == constraint
