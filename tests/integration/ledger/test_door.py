"""The queue before the books: who waits together is booked together, and nobody pays for others."""

import asyncio

import asyncpg
import pytest

from ledger.door import BATCH_LIMIT, WAITING_LIMIT, Door, Unavailable, Unbookable
from tests.ledger_books import SCENE, fund, make_command, pay


@pytest.fixture
async def door(store):
    door = Door(store=store)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(door.serve())
        yield door
        door.shut()


async def booked(door, commands):
    """Book each of ``commands`` as a caller of its own; return verdicts or errors."""

    async def one(command):
        try:
            return (await door.book([command]))[0]
        except (Unavailable, Unbookable) as fault:
            return fault

    async with asyncio.TaskGroup() as tasks:
        answers = [tasks.create_task(one(command)) for command in commands]
    return [answer.result() for answer in answers]


async def test_whoever_waits_together_is_booked_in_one_transaction(door, pool):
    verdicts = await booked(door, [fund("ann", 1) for _ in range(300)])

    assert all(not verdict.code for verdict in verdicts)
    assert await pool.fetchval("SELECT count(*) FROM batch") <= 3


async def test_a_crowd_is_booked_in_bounded_batches(door, pool):
    await booked(door, [fund(f"m{number}", 1) for number in range(BATCH_LIMIT * 2 + 10)])

    assert await pool.fetchval("SELECT max(txns) FROM batch") <= BATCH_LIMIT


async def test_one_that_cannot_be_booked_stops_nobody_else(door, sound):
    commands = [fund("ann", 1 + number) for number in range(9)]
    commands[4] = pay("issuer", "member:a\0b", 5)
    commands[6] = make_command(None)
    commands[7] = make_command(commands[0].body, key="nul\0key")

    answers = await booked(door, commands)

    assert [type(answer) is Unbookable for answer in answers] == [
        number in {4, 6, 7} for number in range(9)
    ]
    await sound()


async def test_when_the_connection_dies_the_same_batch_goes_again(door, superuser, sound):
    await booked(door, [fund("ann", 1)])
    await superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE usename = 'ledger' AND datname = current_database()"
    )

    [verdict] = await booked(door, [fund("ann", 1)])

    assert verdict.code == ""
    await sound()


async def test_a_lock_that_is_held_too_long_asks_to_come_again(door, store, superuser):
    store.pool._connect_kwargs["server_settings"]["lock_timeout"] = "50ms"  # noqa: SLF001 - no other way to shorten it
    await store.pool.expire_connections()
    async with superuser.transaction():
        await superuser.execute("SELECT FROM shard FOR UPDATE")
        [answer] = await booked(door, [fund("ann", 1)])

    assert isinstance(answer, Unavailable)


async def test_too_many_waiting_are_turned_away(store):
    door = Door(store=store)
    crowd = [fund("ann", 1, scene=SCENE) for _ in range(WAITING_LIMIT)]

    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(door.book(crowd))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match="too many"):
            await door.book([fund("bob", 1)])
        waiting.cancel()


async def test_nothing_is_booked_for_nothing(door):
    assert await door.book([]) == []


async def test_the_books_refuse_what_only_a_fault_of_ours_could_write(pool):
    with pytest.raises(asyncpg.UniqueViolationError):
        await pool.execute("INSERT INTO packet_claim SELECT 'p', 'm', 1, 'n', 1, 1, now() FROM"
                           " generate_series(1, 2)")  # fmt: skip
