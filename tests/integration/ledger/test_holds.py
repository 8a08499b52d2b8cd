"""Holds on a real PostgreSQL: whoever comes at once, the money is paid once or free again once."""

import asyncio
from collections import Counter

import asyncpg
import pytest

from chassis import telemetry
from ledger.core.refusals import Code
from ledger.door import Door
from ledger.expire import Stuck, end_expired
from ledger.store.booking import Store
from ledger.store.queries import Queries
from tests.ledger_books import capture, fund, hold, pay, release, reverse, send

CLOCK = (
    "CREATE OR REPLACE FUNCTION clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS"
    " 'SELECT date_trunc(''milliseconds'', clock_timestamp() + interval ''%s'')'"
)


@pytest.fixture
async def serving_door(store):
    door = Door(store=store)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(door.serve())
        yield door
        door.shut()


async def at_once(pool, commands):
    """Book each of ``commands`` by one of four ledgers that know nothing of each other."""
    stores = [Store(pool=pool, partitions=8) for _ in range(4)]
    async with asyncio.TaskGroup() as tasks:
        booked = [
            tasks.create_task(stores[number % 4].book([command]))
            for number, command in enumerate(commands)
        ]
    return Counter(task.result().verdicts[0].code for task in booked)


async def placed(store, amount, **fields):
    """Give ann 100, put an amount of it aside, and return the hold's id."""
    batch = await store.book([fund("ann", 100), hold("member:ann", "treasury", amount, **fields)])
    assert [verdict.code for verdict in batch.verdicts] == ["", ""]
    return batch.verdicts[1].hold_id


async def balance(pool, path):
    """Return what an account has, and how much of it is held."""
    row = await pool.fetchrow("SELECT balance, held FROM account WHERE path = $1", path)
    return tuple(row) if row else (0, 0)


async def test_many_captures_at_once_pay_what_was_held_and_no_more(store, pool, sound):
    hold_id = await placed(store, 50)

    codes = await at_once(pool, [capture(hold_id, 10) for _ in range(20)])

    assert codes == {"": 5, Code.HOLD_ENDED: 15}
    assert await balance(pool, "member:ann") == (50, 0)
    assert await balance(pool, "treasury") == (50, 0)
    await sound()


async def test_captures_and_releases_at_once_agree_on_one_end(store, pool, sound):
    hold_id = await placed(store, 50)

    codes = await at_once(pool, [make(hold_id) for _ in range(10) for make in (capture, release)])

    assert codes == {"": 1, Code.HOLD_ENDED: 19}
    paid, _ = await balance(pool, "treasury")
    assert paid in {0, 50}
    assert await balance(pool, "member:ann") == (100 - paid, 0)
    await sound()


async def test_spending_and_holding_at_once_never_promise_the_same_money_twice(store, pool, sound):
    await store.book([fund("ann", 100)])

    codes = await at_once(
        pool, [make("member:ann", "treasury", 10) for _ in range(10) for make in (hold, pay)]
    )

    assert codes == {"": 10, Code.INSUFFICIENT_FUNDS: 10}
    have, held = await balance(pool, "member:ann")
    assert have == held
    await sound()


async def test_a_hold_and_its_end_get_their_first_answers_again(store, sound):
    place = hold("member:ann", "treasury", 50, key="p")
    await store.book([fund("ann", 100)])
    first = (await store.book([place])).verdicts[0]
    pay_part = capture(first.hold_id, 20, key="c")
    paid = (await store.book([pay_part])).verdicts[0]
    await store.book([release(first.hold_id)])
    late = capture(first.hold_id, 1, key="late")
    refused = (await store.book([late])).verdicts[0]

    again = (await store.book([place, pay_part, late, fund("x", 1, key="p")])).verdicts

    assert again[:3] == [v._replace(repeated=True) for v in (first, paid, refused)]
    assert [v.code for v in again] == ["", "", Code.HOLD_ENDED, Code.KEY_REUSED]
    await sound()


async def test_a_capture_taken_back_returns_the_money_and_not_the_hold(store, pool, sound):
    hold_id = await placed(store, 50)
    paid = capture(hold_id)
    await store.book([paid])

    batch = await store.book([reverse(paid), reverse(paid), capture(hold_id, 1)])

    assert [v.code for v in batch.verdicts] == ["", Code.REVERSED_BEFORE, Code.HOLD_ENDED]
    assert await balance(pool, "member:ann") == (100, 0)
    await sound()


async def test_a_hold_expires_once_however_many_end_it_and_capture_from_it(
    store, pool, superuser, sound
):
    door, queries = Door(store=store), Queries(pool)
    hold_id = await placed(store, 100, lifetime_ms=60_000)
    await superuser.execute(CLOCK % "59900 milliseconds")
    codes = Counter()

    async def try_capture():
        [verdict] = await door.book([capture(hold_id, 1)])
        codes[verdict.code] += 1

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(door.serve())
        async with asyncio.TaskGroup() as callers:
            for number in range(60):
                callers.create_task(try_capture())
                if number % 3 == 0:
                    callers.create_task(end_expired(door, queries, Stuck()))
                await asyncio.sleep(0.005)
        await superuser.execute(CLOCK % "61 seconds")
        await end_expired(door, queries, Stuck())
        door.shut()

    steps = await pool.fetch("SELECT what, amount FROM hold_step ORDER BY step")
    assert [row["what"] for row in steps].count("expired") == 1
    assert steps[-1]["what"] == "expired"
    assert sum(row["amount"] for row in steps[1:]) == 100
    assert await balance(pool, "member:ann") == (100 - codes[""], 0)
    await sound()


async def test_a_packet_that_cannot_be_closed_keeps_nothing_else_from_ending(
    store, pool, superuser
):
    await placed(store, 10)
    batch = await store.book([fund("bob", 30), *[send("bob", 10, 2) for _ in range(3)]])
    stuck, *others = [verdict.packet_id for verdict in batch.verdicts[1:]]
    await superuser.execute(
        f"ALTER TABLE packet ADD CONSTRAINT stuck CHECK (id <> '{stuck}' OR state = 'open')"
    )
    await superuser.execute(CLOCK % "30 days")
    door = Door(store=store)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(door.serve())
        ended = await end_expired(door, Queries(pool), Stuck())
        door.shut()

    closed = await pool.fetch("SELECT id FROM packet WHERE state = 'closed'")
    assert {row["id"] for row in closed} == set(others)
    assert await pool.fetchval("SELECT state FROM hold") == "expired"
    assert ended == 3


async def test_however_many_cannot_be_ended_those_behind_them_end_in_their_turn(
    store, pool, superuser, serving_door
):
    asked = [send("ann", 1, 1, packet={"lifetime_ms": 60_000}) for _ in range(600)]
    await store.book([fund("ann", 1_000), fund("bob", 10), *asked])
    await superuser.execute("UPDATE account SET state = 'frozen' WHERE kind = 'packet'")
    behind = await store.book([send("bob", 10, 1, packet={"lifetime_ms": 61_000})])
    await superuser.execute(CLOCK % "1 day")
    stuck, queries = Stuck(), Queries(pool)

    ended = [await end_expired(serving_door, queries, stuck) for _ in range(3)]

    assert ended == [0, 1, 0]
    state = "SELECT closed_why FROM packet WHERE id = $1"
    assert await pool.fetchval(state, behind.verdicts[0].packet_id) == "expired"
    assert len(stuck.waits) == 600
    with telemetry.running("ledger") as shown:
        assert b"reeve_ledger_endings_stuck 600.0" in shown()


def test_what_is_stuck_waits_twice_as_long_each_time_and_an_hour_at_last():
    stuck, now_s, waits = Stuck(), 0.0, []
    for _ in range(8):
        stuck.put_off("h", now_s)
        until_s, wait_s = stuck.waits["h"]
        waits.append(wait_s)
        assert stuck.waiting(until_s - 1) == ["h"]
        assert stuck.waiting(until_s) == []
        now_s = until_s

    assert waits == [60, 120, 240, 480, 960, 1_920, 3_600, 3_600]
    assert stuck.waiting(now_s + 61) == []
    assert stuck.waits == {}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE hold SET captured = 51",
        "UPDATE hold SET state = 'captured', ended_at = now()",
        "UPDATE hold SET state = 'released'",
        "UPDATE hold SET state = 'expired', ended_at = now()",
        "UPDATE hold SET captured = 50",
        "UPDATE hold SET amount = 70",
        "UPDATE hold_step SET amount = 1",
        "DELETE FROM hold",
        "UPDATE account SET held = 101 WHERE path = 'member:ann'",
        "UPDATE account SET balance = 49 WHERE path = 'member:ann'",
    ],
)
async def test_the_database_itself_keeps_holds(store, pool, statement):
    await placed(store, 50)

    with pytest.raises(
        (asyncpg.IntegrityConstraintViolationError, asyncpg.InsufficientPrivilegeError)
    ):
        await pool.execute(statement)


async def test_the_database_itself_opens_no_hold_again(store, pool):
    hold_id = await placed(store, 50)
    await store.book([release(hold_id)])

    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="has ended"):
        await pool.execute("UPDATE hold SET state = 'open', ended_at = NULL")
