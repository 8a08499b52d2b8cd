"""One batch, one transaction, on a real PostgreSQL."""

import asyncio

import asyncpg
import pytest

from contracts.codec import decode
from contracts.values import Event, PacketSent, SplitMode, Transferred
from ledger.core.books import Terms
from ledger.core.refusals import Code
from ledger.store.booking import Store
from tests.ledger_books import (
    GROUP,
    NOW_MS,
    bar,
    capture,
    close,
    fund,
    hold,
    pay,
    reverse,
    send,
    take,
)


async def balances(pool):
    rows = await pool.fetch("SELECT path, balance FROM account WHERE balance <> 0")
    return {row["path"]: row["balance"] for row in rows}


def codes(batch):
    return [verdict.code for verdict in batch.verdicts]


async def test_a_batch_books_what_it_can_and_refuses_the_rest(store, pool, sound):
    batch = await store.book(
        [fund("ann", 10), pay("member:ann", "member:bob", 11), pay("member:ann", "member:bob", 4)]
    )

    assert codes(batch) == ["", Code.INSUFFICIENT_FUNDS, ""]
    assert await balances(pool) == {"issuer": -10, "member:ann": 6, "member:bob": 4}
    await sound()


async def test_a_repeated_command_gets_the_stored_answer(store, pool, sound):
    command = fund("ann", 10)
    refused = pay("member:eve", "member:bob", 1)

    first = await store.book([command, refused])
    again = await store.book([refused, command])

    assert again.verdicts == [v._replace(repeated=True) for v in reversed(first.verdicts)]
    assert await balances(pool) == {"issuer": -10, "member:ann": 10}
    await sound()


async def test_a_key_used_for_another_request_is_refused_and_nothing_changes(store, pool, sound):
    await store.book([fund("ann", 10, key="k")])

    batch = await store.book([fund("ann", 11, key="k")])

    assert codes(batch) == [Code.KEY_REUSED]
    assert await balances(pool) == {"issuer": -10, "member:ann": 10}
    await sound()


async def test_facts_are_committed_with_what_they_tell_and_numbered_without_gaps(store, pool):
    await store.book([fund("ann", 10), send("ann", 10, 2)])
    await store.book([pay("member:ann", "member:bob", 1)])

    rows = await pool.fetch("SELECT seq, subject, msg_id, payload FROM outbox ORDER BY seq")
    assert [row["seq"] for row in rows] == [1, 2, 3]
    events = [decode(Event, row["payload"]) for row in rows]
    assert [type(event.payload) for event in events[:2]] == [Transferred, PacketSent]
    assert [event.id for event in events] == [row["msg_id"] for row in rows]
    assert all(event.group == GROUP for event in events)
    assert len({row["subject"] for row in rows}) == 1


async def test_the_state_of_a_packet_survives_between_batches(store, pool, sound):
    sent = await store.book([fund("ann", 100), send("ann", 100, 3, mode=SplitMode.LUCKY)])
    packet_id = sent.verdicts[1].packet_id

    taken = await store.book([take("bob"), take("cid", packet_id)])
    closing = await store.book([take("bob"), close(packet_id), take("dan")])

    assert codes(taken) == ["", ""]
    assert codes(closing) == [Code.ALREADY_TAKEN, "", Code.PACKET_CLOSED]
    paid = await balances(pool)
    assert sum(paid[f"member:{name}"] for name in ("ann", "bob", "cid")) == 100
    assert f"packet:{packet_id}" not in paid
    await sound()


async def test_packets_of_several_assets_can_be_sent_and_taken_in_one_batch(store, sound):
    await store.book([fund("ann", 9, asset="coins"), fund("bob", 9), fund("bob", 1, asset="coins")])

    batch = await store.book([send("ann", 9, 3, packet={"asset": "coins"}), take("bob")])
    await store.book([send("bob", 9, 3), take("cid"), take("cid")])

    assert codes(batch) == ["", ""]
    await sound()


async def test_the_opening_grant_is_paid_once(pool, sound):
    store = Store(pool=pool, partitions=8, terms=Terms(opening_grant=50))

    await store.book([fund("ann", 1)])
    await store.book([fund("ann", 1), pay("member:ann", "member:bob", 2)])

    assert await balances(pool) == {"issuer": -102, "member:ann": 50, "member:bob": 52}
    await sound()


async def test_the_opening_grant_comes_before_whatever_a_newcomer_does_first(pool, sound):
    store = Store(pool=pool, partitions=8, terms=Terms(opening_grant=50))

    placed = await store.book([hold("member:ann", "treasury", 50), send("bob", 50, 1)])
    await store.book([capture(placed.verdicts[0].hold_id, 20), take("cid")])

    assert codes(placed) == ["", ""]
    balances_now = {"member:ann": 30, "treasury": 20, "member:cid": 100, "issuer": -150}
    assert await balances(pool) == balances_now
    await sound()


async def test_two_ledgers_on_one_database_do_not_disturb_each_other(pool, sound):
    one, two = Store(pool=pool, partitions=8), Store(pool=pool, partitions=8)
    same = [fund("ann", 1) for _ in range(20)]

    async def run(store, mine):
        for command, other in zip(same, mine, strict=True):
            await store.book([command, other])

    async with asyncio.TaskGroup() as group:
        group.create_task(run(one, [fund("ann", 1) for _ in range(20)]))
        group.create_task(run(two, [fund("ann", 1) for _ in range(20)]))

    assert (await balances(pool))["member:ann"] == 60
    await sound()


async def test_balances_near_the_limit_of_64_bits_are_refused_not_wrapped(store, pool, sound):
    most = 2**63 - 1

    batch = await store.book(
        [fund("ann", most), fund("ann", 1), pay("issuer:b", "member:ann", 1), send("ann", most, 3)]
    )

    assert codes(batch) == ["", Code.BALANCE_OVERFLOW, Code.BALANCE_OVERFLOW, ""]
    assert await balances(pool) == {"issuer": -most, f"packet:{batch.verdicts[3].packet_id}": most}
    await sound()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE posting SET amount = 1",
        "DELETE FROM posting",
        "UPDATE txn SET purpose = ''",
        "DELETE FROM inbox",
        "DELETE FROM account",
        "TRUNCATE batch",
        "UPDATE packet_claim SET amount = 1",
        "DELETE FROM packet",
        "UPDATE asset SET scale = 3",
    ],
)
async def test_the_service_may_not_rewrite_the_books(pool, superuser, statement):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(statement)

    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await superuser.execute(statement)


async def test_the_database_itself_refuses_a_transaction_that_does_not_sum_to_zero(pool):
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="sum to zero"):
        await pool.execute(
            "INSERT INTO posting VALUES (1, 0, 'n', 1, 'points', 5, 5, 1, now()),"
            " (1, 1, 'n', 2, 'points', -4, -4, 1, now())"
        )


async def test_the_database_itself_lets_nothing_cross_between_networks(pool):
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="sum to zero"):
        await pool.execute(
            "INSERT INTO posting VALUES (1, 0, 'n', 1, 'points', 5, 5, 1, now()),"
            " (1, 1, 'm', 2, 'points', -5, -5, 1, now())"
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET balance = -1 WHERE path = 'member:ann'",
        "UPDATE account SET balance = 11, ceiling = 10 WHERE path = 'member:ann'",
        "UPDATE account SET held = 11 WHERE path = 'member:ann'",
        "UPDATE account SET held = -1 WHERE path = 'member:ann'",
        "UPDATE account SET state = 'lost' WHERE path = 'member:ann'",
    ],
)
async def test_the_database_itself_keeps_the_bounds_of_an_account(store, pool, statement):
    await store.book([fund("ann", 10)])

    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE packet SET taken = 3",
        "UPDATE packet SET amount_taken = 11",
        "UPDATE packet SET refunded = 10",
        "UPDATE packet SET state = 'closed'",
        "UPDATE packet SET seed = ''",
    ],
)
async def test_the_database_itself_keeps_a_packet_from_overpaying(store, superuser, statement):
    await store.book([fund("ann", 10), send("ann", 10, 2)])

    with pytest.raises(asyncpg.CheckViolationError):
        await superuser.execute(statement)


@pytest.mark.parametrize(
    ("constraint", "table", "changed"),
    [
        ("txn_key_once", "txn", {"id": "id + 1000"}),
        ("inbox_pkey", "inbox", {}),
        ("posting_version_once", "posting", {"txn_id": "txn_id + 1000"}),
        ("batch_follows_once", "batch", {"id": "id + 1000"}),
        ("account_path_once", "account", {"id": "id + 1000"}),
        ("packet_number_once", "packet", {"id": "id || 'x'"}),
        ("packet_claim_pkey", "packet_claim", {"slot": "slot + 1"}),
        ("packet_claim_slot_once", "packet_claim", {"member": "'cid'"}),
        ("packet_share_pkey", "packet_share", {}),
    ],
)
async def test_the_database_itself_keeps_everything_once(
    store, superuser, constraint, table, changed
):
    await store.book([fund("ann", 10), send("ann", 10, 2), take("bob")])
    columns = await superuser.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0"
        " AND NOT attisdropped ORDER BY attnum",
        table,
    )
    copied = ", ".join(changed.get(name, name) for (name,) in columns)

    with pytest.raises(asyncpg.UniqueViolationError, match=constraint):
        await superuser.execute(f"INSERT INTO {table} SELECT {copied} FROM {table}")  # noqa: S608 -- names from this file


async def test_a_transfer_is_taken_back_once_however_many_ask_for_it_at_once(pool, sound):
    stores = [Store(pool=pool, partitions=8) for _ in range(4)]
    paid = [pay("member:ann", "treasury", 3) for _ in range(10)]
    late = [pay("member:ann", "treasury", 1) for _ in range(10)]
    await stores[0].book([fund("ann", 100), *paid])

    async with asyncio.TaskGroup() as group:
        asked = [
            group.create_task(store.book([reverse(command) for command in [*paid, *late]]))
            for store in stores
        ]
        tasks = [group.create_task(stores[0].book([command])) for command in late]

    codes_of = [codes(task.result()) for task in asked]
    booked = [sum(code[number] == "" for code in codes_of) for number in range(20)]
    reached = [codes(task.result()) for task in tasks]
    assert booked[:10] == [1] * 10
    assert all(
        (how == [""] and count == 1) or (how == [Code.WITHDRAWN] and count == 0)
        for how, count in zip(reached, booked[10:], strict=True)
    )
    assert await balances(pool) == {"issuer": -100, "member:ann": 100}
    rows = await pool.fetch("SELECT reverses FROM txn WHERE kind = 'reversal'")
    assert len({row["reverses"] for row in rows}) == len(rows) == sum(booked)
    await sound()


async def test_what_is_taken_back_before_it_came_is_never_booked(store, pool, sound):
    late = fund("ann", 5)

    asked = await store.book([reverse(late)])
    came = await store.book([late])
    again = await store.book([late, reverse(late)])

    assert codes(asked) == [Code.NOTHING_BOOKED]
    assert codes(came) == [Code.WITHDRAWN]
    assert codes(again) == [Code.WITHDRAWN, Code.NOTHING_BOOKED]
    assert await balances(pool) == {}
    await sound()


async def test_a_bar_outlives_its_batch_and_the_later_one_counts(store, pool, sound):
    far_ms = 4 * NOW_MS
    await store.book([fund("ann", 10), send("ann", 10, 5)])
    command = bar("bob", far_ms, everywhere=True)
    await store.book([command])
    await store.book([command, bar("bob", since_ms=1, everywhere=True)])

    barred = await store.book([take("bob"), take("cat")])
    await store.book([bar("bob", NOW_MS, since_ms=NOW_MS + 1, everywhere=True)])
    free = await store.book([take("bob")])

    assert codes(barred) == [Code.BARRED, ""]
    assert barred.verdicts[0].detail == "2191-10-27 12:26 UTC"
    assert codes(free) == [""]
    assert await pool.fetchval("SELECT count(*) FROM packet_bar") == 1
    await sound()


async def test_the_treasury_sends_a_packet_within_its_means_and_gets_the_rest_back(
    store, pool, sound
):
    await store.book([pay("issuer", "treasury", 10)])
    from_house = {"source": "treasury"}

    sent = await store.book([send("", 8, 2, packet=from_house), send("", 8, 2, packet=from_house)])
    packet_id = sent.verdicts[0].packet_id
    await store.book([take("ann", packet_id)])
    await store.book([close(packet_id)])

    assert codes(sent) == ["", Code.INSUFFICIENT_FUNDS]
    assert await balances(pool) == {"issuer": -10, "member:ann": 4, "treasury": 6}
    await sound()
