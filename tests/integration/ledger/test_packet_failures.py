"""What others' packets and purses are publicly known to have lost, each as it would happen here.

Each failure was reported or read in the source of another project; the comment above a test names
the project. Where several ledgers race, they know nothing of each other but the database.
"""

import asyncio
from collections import Counter

import asyncpg

from contracts.codec import decode
from contracts.values import Event, PacketTerms, SplitMode
from ledger.door import Door
from ledger.expire import Stuck, end_expired
from ledger.store.booking import Store
from ledger.store.faults import AWAY
from ledger.store.queries import Queries
from tests.ledger_books import bound, capture, close, fund, hold, pay, reverse, send, take
from tests.waiting import until

LATER = (
    "CREATE OR REPLACE FUNCTION clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS"
    " 'SELECT date_trunc(''milliseconds'', clock_timestamp() + interval ''2 days'')'"
)
WAITS_FOR_A_LOCK = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = 'ledger' AND wait_event_type = 'Lock'"
)
LOCKED_ACCOUNT = "SELECT FROM account WHERE path = $1 FOR UPDATE"


async def codes(store, *commands):
    return [verdict.code for verdict in (await store.book(commands)).verdicts]


async def packet_of(store, sender, total, shares, **fields):
    """Give ``sender`` the total, let them send it as a packet, and return the packet's id."""
    sent = await store.book([fund(sender, total), send(sender, total, shares, **fields)])
    assert [verdict.code for verdict in sent.verdicts] == ["", ""]
    return sent.verdicts[1].packet_id


async def balances(pool):
    rows = await pool.fetch("SELECT path, balance FROM account WHERE balance <> 0")
    return {row["path"]: row["balance"] for row in rows if row["path"] != "issuer"}


async def at_once(pool, commands):
    """Book each of ``commands`` by one of four ledgers at once; count their codes."""
    stores = [Store(pool=pool, partitions=8) for _ in range(4)]
    async with asyncio.TaskGroup() as tasks:
        booked = [
            tasks.create_task(stores[number % 4].book([command]))
            for number, command in enumerate(commands)
        ]
    return Counter(task.result().verdicts[0].code for task in booked)


async def waiting(pool, *, sessions=1, unless=None):
    """Wait until so many of the ledger's sessions wait for a lock, unless a task is done."""

    async def enough():
        return (unless and unless.done()) or await pool.fetchval(WAITS_FOR_A_LOCK) >= sessions

    await until(enough)


# linux-do/credit #244: each share was rounded up, and the last to come was paid -0.02.
async def test_the_last_of_eighteen_shares_of_one_unit_money_is_not_negative(store, pool, sound):
    packet = await packet_of(store, "ann", 100, 18)

    assert set(await codes(store, *(take(f"m{n}", packet) for n in range(18)))) == {""}

    paid = await balances(pool)
    assert sorted(paid.values()) == [5] * 8 + [6] * 10
    await sound()


# zhenxun_bot #750: what was left of A's packet went to B, who had sent the next one.
async def test_the_rest_of_a_packet_goes_to_its_sender_and_not_to_who_sent_the_next(
    store, pool, sound
):
    first = await packet_of(store, "ann", 10, 2)
    await packet_of(store, "bob", 30, 2)

    await store.book([take("cid", first), close(first)])

    paid = await balances(pool)
    assert (paid["member:ann"], paid.get("member:bob", 0)) == (5, 0)
    await sound()


# XDbot2 #410, miaokeeper: packets in memory or in a cache of a day were lost with what they held.
async def test_a_packet_outlives_the_ledger_that_took_it_and_is_refunded_by_another(
    store, pool, superuser
):
    packet = await packet_of(store, "ann", 10, 5)
    await store.book([take("bob", packet)])
    await superuser.execute(LATER)

    another = Door(store=Store(pool=pool, partitions=8))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(another.serve())
        await end_expired(another, Queries(pool), Stuck())
        another.shut()

    assert await balances(pool) == {"member:ann": 8, "member:bob": 2}


# miaokeeper: a wrong answer used up the only try, shares could be 0, ids ended in five digits.
async def test_a_wrong_password_uses_up_no_try_and_no_share_is_nothing(store, pool, sound):
    locked = {"terms": PacketTerms(password="spring")}  # noqa: S106 - what a packet asks for
    packet = await packet_of(store, "ann", 6, 6, mode=SplitMode.LUCKY, packet=locked)

    tried = await codes(
        store,
        take("bob", packet, claim={"password": "summer"}),
        take("bob", packet, claim={"password": "spring"}),
    )

    assert tried == ["password_wrong", ""]
    assert await pool.fetchval("SELECT min(amount) FROM packet_share") == 1
    await sound()


async def test_no_two_packets_of_one_sender_meet_in_their_ids(store, pool):
    sent = await store.book([fund("ann", 500), *(send("ann", 1, 1) for _ in range(500))])

    ids = {verdict.packet_id for verdict in sent.verdicts[1:]}

    assert len(ids) == 500
    assert await pool.fetchval("SELECT count(*) FROM packet") == 500


# luckybot, redis scripts: the share was taken in one step and paid in another, or never.
async def test_a_claim_that_is_cut_before_its_commit_leaves_neither_share_nor_money(
    store, pool, superuser, sound
):
    packet = await packet_of(store, "ann", 10, 2)
    await store.book([fund("bob", 1)])

    claim = take("bob", packet)
    async with asyncio.TaskGroup() as tasks, superuser.transaction():
        await superuser.execute("LOCK TABLE outbox IN SHARE MODE")  # what is written last
        cut = tasks.create_task(_fails(store, claim))
        await waiting(pool)
        await superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        assert isinstance(await cut, AWAY)

    assert await pool.fetchval("SELECT count(*) FROM packet_claim") == 0
    assert (await balances(pool))["member:bob"] == 1
    assert await codes(store, claim, claim) == ["", ""]
    assert (await balances(pool))["member:bob"] == 6
    await sound()


async def _fails(store, command):
    """Return how booking fails."""
    try:
        await store.book([command])
    except (*AWAY, asyncpg.PostgresError) as fault:
        return fault
    return None


# TokenNotIncluded PR 350: deleting a packet raced a claim and removed what had been paid.
async def test_a_packet_that_is_closed_while_it_is_claimed_keeps_all_that_was_paid(
    store, pool, sound
):
    packet = await packet_of(store, "ann", 40, 40)

    commands = [take(f"m{number}", packet) for number in range(30)]
    commands.insert(10, close(packet))
    answers = await at_once(pool, commands)

    claims = await pool.fetchval("SELECT count(*) FROM packet_claim")
    paid = await balances(pool)
    assert answers == Counter({"": 1 + claims, "packet_closed": 30 - claims})
    assert sum(amount for path, amount in paid.items() if path != "member:ann") == claims
    assert paid["member:ann"] == 40 - claims
    await sound()


# elizaOS #11331: two refunds at once, with no check inside the transaction that writes.
async def test_a_packet_closed_by_many_at_once_is_refunded_once(store, pool, sound):
    packet = await packet_of(store, "ann", 40, 4)

    answers = await at_once(pool, [close(packet) for _ in range(8)])

    assert answers == Counter({"": 1, "packet_closed": 7})
    assert await balances(pool) == {"member:ann": 40}
    await sound()


# eventyay #1405: refunds at once came to more than the payment.
async def test_refunds_at_once_come_to_no_more_than_was_paid(store, pool, sound):
    payment = pay("member:ann", "treasury", 10)
    await store.book([fund("ann", 10), pay("issuer", "treasury", 90), payment])

    answers = await at_once(pool, [reverse(payment) for _ in range(8)])

    assert answers == Counter({"": 1, "reversed_before": 7})
    assert await balances(pool) == {"member:ann": 10, "treasury": 90}
    await sound()


# ExcellentEconomy #78: a balance was looked at, and then written; a server's money tripled.
async def test_the_same_money_is_spent_once_however_many_pay_with_it_at_once(store, pool, sound):
    await store.book([fund("ann", 10)])

    answers = await at_once(pool, [pay("member:ann", f"member:m{n}", 10) for n in range(8)])

    assert answers == Counter({"": 1, "insufficient_funds": 7})
    assert sum((await balances(pool)).values()) == 10
    await sound()


# BallsDex PR 843: give, add and set read a number, changed it in Python and wrote it back.
async def test_what_many_add_at_once_is_all_there_whoever_sets_a_bound_meanwhile(pool, sound):
    commands = [fund("ann", 3) for _ in range(24)]
    commands[8] = bound("member:ann", ceiling=1_000)

    assert await at_once(pool, commands) == Counter({"": 24})
    assert await balances(pool) == {"member:ann": 69}
    await sound()


# Blnk #181: what was promised already did not count against the balance.
async def test_money_put_aside_is_sent_in_no_packet(store, sound):
    assert await codes(
        store, fund("ann", 10), hold("member:ann", "treasury", 6), send("ann", 5, 1)
    ) == ["", "", "insufficient_funds"]
    assert await codes(store, send("ann", 4, 1)) == [""]
    await sound()


# Blnk #171: two captures of one hold at once both passed.
async def test_two_captures_of_all_that_is_held_pay_it_once(store, pool, sound):
    placed = await store.book([fund("ann", 20), hold("member:ann", "treasury", 10)])
    hold_id = placed.verdicts[1].hold_id

    answers = await at_once(pool, [capture(hold_id, 10) for _ in range(8)])

    assert answers == Counter({"": 1, "hold_ended": 7})
    assert await balances(pool) == {"member:ann": 10, "treasury": 10}
    await sound()


# latere-ai/pay 0.3.1: a second refund of the same amount was taken for a repeat of the first.
async def test_a_second_part_of_the_same_size_is_no_repeat_and_a_repeat_is_no_second_part(
    store, pool, sound
):
    placed = await store.book([fund("ann", 20), hold("member:ann", "treasury", 20)])
    first, second = (capture(placed.verdicts[1].hold_id, 5) for _ in range(2))

    batch = await store.book([first, second, first])

    assert [verdict.repeated for verdict in batch.verdicts] == [False, False, True]
    assert (await balances(pool))["treasury"] == 10
    await sound()


# Blnk, August 2026: to oneself, below zero, and one id twice within a batch.
async def test_a_batch_takes_neither_loops_nor_negative_amounts_nor_an_id_twice(store, pool, sound):
    once = pay("member:ann", "member:bob", 4)

    answers = await codes(
        store,
        fund("ann", 10),
        pay("member:ann", "member:ann", 1),
        pay("member:ann", "member:bob", -5),
        send("ann", -5, 1),
        once,
        once,
        pay("member:ann", "member:bob", 5, key=once.key),
    )

    refused = ["same_account", "amount_not_positive", "amount_not_positive"]
    assert answers == ["", *refused, "", "", "key_reused"]
    assert await balances(pool) == {"member:ann": 6, "member:bob": 4}
    await sound()


# GaloyMoney/cala #746: one advisory lock with a constant key, and all who read waited for it.
async def test_who_only_asks_waits_for_nobody_who_books(store, pool, superuser):
    packet = await packet_of(store, "ann", 10, 2)
    await store.book([fund("bob", 1)])

    async with asyncio.TaskGroup() as tasks, superuser.transaction():
        await superuser.execute(LOCKED_ACCOUNT, "member:bob")
        tasks.create_task(store.book([take("bob", packet)]))
        await waiting(pool)
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        assert await superuser.fetchval(held) == 0
        queries = Queries(pool)
        row, claims = await queries.packet(packet), await queries.claims(packet)
        assert (row["taken"], claims) == (0, [])


# Formance #565, #767: accounts locked in the order of the request, and rings of who waits for whom.
async def test_accounts_are_locked_in_one_order_whatever_the_commands_say(store, pool, superuser):
    names = [f"m{number}" for number in range(16)]
    await store.book([fund(name, 1) for name in names])
    backwards = [pay(f"member:{one}", "treasury", 1) for one in reversed(names)]
    free = "SELECT path FROM account WHERE kind = 'member' ORDER BY id FOR UPDATE SKIP LOCKED"

    async with asyncio.TaskGroup() as tasks, superuser.transaction():
        await superuser.execute(LOCKED_ACCOUNT, "member:m8")
        tasks.create_task(store.book(backwards))
        await waiting(pool)
        async with pool.acquire() as other, other.transaction():
            unlocked = [row["path"] for row in await other.fetch(free)]

    assert unlocked == [f"member:m{number}" for number in range(9, 16)]


# Several outboxes: `id > last` skipped rows that were committed later under a lower number.
async def test_whoever_reads_facts_by_their_number_misses_none_that_commits_late(
    store, pool, superuser
):
    await store.book([fund("ann", 1)])
    last = await pool.fetchval("SELECT max(seq) FROM outbox")
    other = Store(pool=pool, partitions=8)

    async with asyncio.TaskGroup() as tasks, superuser.transaction():
        await superuser.execute(LOCKED_ACCOUNT, "member:ann")
        slow = tasks.create_task(store.book([fund("ann", 2)]))
        await waiting(pool)
        quick = tasks.create_task(other.book([fund("bob", 1)]))
        await waiting(pool, sessions=2, unless=quick)
        assert await pool.fetchval("SELECT max(seq) FROM outbox") == last
    assert [slow.done(), quick.done()] == [True, True]

    rows = await pool.fetch("SELECT seq, payload FROM outbox WHERE seq > $1 ORDER BY seq", last)
    told = [decode(Event, row["payload"]).payload.destination for row in rows]
    assert [row["seq"] for row in rows] == [last + 1, last + 2]
    assert told == ["member:ann", "member:bob"]


# PlanetScale, April 2026: shares as a queue that is updated, slower with every dead row.
async def test_taking_a_share_writes_no_new_version_of_any_share(store, pool, sound):
    packet = await packet_of(store, "ann", 50, 50)
    versions = "SELECT ctid::text, xmin::text, xmax::text FROM packet_share ORDER BY slot"
    before = await pool.fetch(versions)

    await store.book([take(f"m{number}", packet) for number in range(40)])

    assert await pool.fetch(versions) == before
    await sound()


# Jepsen on NATS 2.12.1: messages that were acknowledged were gone after a loss of power.
async def test_orders_that_were_lost_with_their_stream_can_all_be_sent_again(store, pool, sound):
    packet = await packet_of(store, "ann", 10, 5)
    orders = [take(f"m{number}", packet) for number in range(5)]
    await store.book([orders[3], orders[0]])

    again = await store.book(orders)

    assert [verdict.repeated for verdict in again.verdicts] == [True, False, False, True, False]
    assert set((await balances(pool)).values()) == {2}
    await sound()
