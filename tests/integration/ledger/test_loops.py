"""Record, relay and expire against real NATS and PostgreSQL."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from chassis.bus import connect
from chassis.stopping import Stopping
from contracts import ids, subjects
from contracts.codec import decode, encode
from contracts.values import (
    Action,
    Event,
    LedgerCommand,
    LedgerRefused,
    PacketClosed,
    PacketSent,
    PacketShareTaken,
    Place,
    SendPacket,
    SplitMode,
    TakeShare,
    Transfer,
    Transferred,
)
from ledger.expire import Stuck, end_expired, expire
from ledger.record import record
from ledger.relay import relay
from ledger.store.queries import Queries
from tests.ledger_books import GROUP, NETWORK, fund, send, take
from tests.waiting import PATIENCE_S, until

EVERYTHING = "ev.>"


@pytest.fixture
def running(bus, nats_server, door, pool):
    """``async with running(...)`` runs the loops named, by default record and relay."""

    assert bus.is_up  # and its streams are there

    @asynccontextmanager
    async def run(*names):
        stopping = Stopping()
        async with (
            connect(nats_server.url, name="ledger", stopping=stopping) as own,
            asyncio.TaskGroup() as tasks,
        ):
            loops = {
                "record": lambda: record(own, door, stopping),
                "relay": lambda: relay(own, pool, 0, stopping),
                "expire": lambda: expire(door, Queries(pool), stopping),
            }
            for name in names or ("record", "relay"):
                tasks.create_task(loops[name]())
            try:
                yield
            finally:
                stopping.set()

    return run


async def ask(bus, body, *, name=None, **fields):
    action = make_action(body, name=name, **fields)
    await bus.publish(subjects.action("ledger", 2), encode(action))
    return action.id


def make_action(body, *, name=None, **fields):
    plain = {
        "id": ids.action_id(name or repr(body), "rule", "effect"),
        "executor": "ledger",
        "platform": "matrix",
        "network": NETWORK,
        "group": GROUP,
        "place": Place(channel=GROUP),
        "connection": "matrix",
        "body": LedgerCommand(body=body),
    }
    return Action(**{**plain, **fields})


async def facts(bus, count):
    """Return the first ``count`` facts on EVENTS, in their order."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            events = [
                decode(Event, delivery.data)
                async for batch in bus.read(subjects.EVENTS, EVERYTHING)
                for delivery in batch
            ]
            if len(events) >= count:
                return events
            await asyncio.sleep(0.02)


async def emptied(pool):
    await until(lambda: pool.fetchval("SELECT count(*) = 0 FROM outbox"))


async def drained(bus):
    async def nothing_waits():
        return not await bus.pending(subjects.ACTIONS, "ledger")

    await until(nothing_waits)


GIFT = Transfer(source="issuer", destination="member:ann", asset="points", amount=100)


async def test_a_chat_command_is_booked_and_its_fact_reaches_the_group(bus, sound, running):
    async with running():
        await ask(bus, GIFT)
        sent = await ask(bus, SendPacket(sender="ann", total=9, shares=1, mode=SplitMode.LUCKY))
        await ask(bus, TakeShare(member="bob"))
        await ask(bus, TakeShare(member="cid"))

        events = await facts(bus, 5)

    payloads = [event.payload for event in events]
    assert [type(p) for p in payloads] == [
        Transferred, PacketSent, PacketShareTaken, PacketClosed, LedgerRefused,
    ]  # fmt: skip
    assert payloads[1].command_id == sent
    assert (payloads[2].member, payloads[2].amount, payloads[2].best_luck_member) == (
        "bob",
        9,
        "bob",
    )
    assert (payloads[4].code, payloads[4].member) == ("packet_sold_out", "cid")
    for event in events:
        assert (event.platform, event.network, event.group) == ("matrix", NETWORK, GROUP)
        assert (event.place.channel, event.connection) == (GROUP, "matrix")
    await sound()


async def test_facts_are_published_where_the_partition_of_their_group_is_read(bus, running):
    async with running():
        await ask(bus, GIFT)
        await facts(bus, 1)

    partition = subjects.partition(NETWORK, GROUP, 8)
    batches = [b async for b in bus.read(subjects.EVENTS, subjects.event_filter(partition))]
    assert sum(map(len, batches)) == 1


async def test_an_action_delivered_twice_is_booked_once(bus, pool, sound, running):
    async with running():
        for _ in range(3):
            await ask(bus, GIFT)
        await ask(bus, TakeShare(member="bob"))
        events = await facts(bus, 2)
        await drained(bus)

    assert len(events) == 2
    assert await pool.fetchval("SELECT balance FROM account WHERE path = 'member:ann'") == 100
    await sound()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xff", "Action"),
        (encode(Action(id="a", executor="ledger", network="n")), "no command for the ledger"),
        (encode(make_action(GIFT, network="")), "no id or no network"),
        (encode(make_action(GIFT, network="n\0n")), "cannot be booked"),
    ],
)
async def test_what_can_never_be_booked_goes_to_the_dead_letters(bus, data, reason, running):
    async with running():
        await bus.publish(subjects.action("ledger", 2), data)
        await ask(bus, GIFT)
        await facts(bus, 1)
        await drained(bus)

    [letters] = [batch async for batch in bus.read(subjects.DLQ, "dlq.>")]
    [letter] = letters
    assert letter.data == data
    assert reason in letter.headers["Reeve-Reason"]


async def test_an_action_id_used_for_something_else_goes_to_the_dead_letters(bus, running):
    async with running():
        await ask(bus, GIFT, name="one")
        await facts(bus, 1)
        await ask(bus, TakeShare(member="bob"), name="one")
        await drained(bus)
        await asyncio.sleep(0.1)

    [letters] = [batch async for batch in bus.read(subjects.DLQ, "dlq.>")]
    assert "something else before" in letters[0].headers["Reeve-Reason"]


async def test_facts_wait_for_the_relay_and_leave_in_their_order(bus, store, pool, sound, running):
    for number in range(30):
        await store.book([fund("ann", 1 + number), fund("bob", 1)])

    async with running("relay"):
        events = await facts(bus, 60)
        await emptied(pool)

    assert [int(event.payload.transfer_id) for event in events] == list(range(1, 61))
    await sound()


async def test_two_relays_do_not_mix_the_order(bus, store, running):
    async with running("relay", "relay"):
        for number in range(40):
            await store.book([fund("ann", 1 + number) for _ in range(5)])
        events = await facts(bus, 200)

    assert [int(event.payload.transfer_id) for event in events] == list(range(1, 201))


async def test_a_fact_published_again_is_kept_once(bus, store, pool, running):
    await store.book([fund("ann", 1)])
    row = await pool.fetchrow("SELECT * FROM outbox")
    async with running("relay"):
        await emptied(pool)

    # As if the relay had died between the acknowledgement and its own commit.
    await pool.execute("UPDATE relay SET relayed_seq = 0")
    await pool.execute("INSERT INTO outbox VALUES ($1, $2, $3, $4, $5, $6, $7)", *row)
    async with running("relay"):
        await emptied(pool)

    assert len(await facts(bus, 1)) == 1


async def test_the_rest_of_an_expired_packet_goes_back_by_itself(bus, door, pool, sound, running):
    async with running("relay", "expire"):
        await door.book(
            [fund("ann", 10), send("ann", 10, 2, packet={"lifetime_ms": 1_000}), take("bob")]
        )
        events = await facts(bus, 4)

    closed = events[-1].payload
    assert (closed.why, closed.refunded, closed.packet.amount_taken) == ("expired", 5, 5)
    assert await pool.fetchval("SELECT balance FROM account WHERE path = 'member:ann'") == 5
    await sound()


async def test_a_packet_is_refunded_once_however_many_expire_it_and_claim_it(
    door, pool, superuser, sound
):
    queries = Queries(pool)
    await door.book([fund("ann", 100), send("ann", 100, 50, packet={"lifetime_ms": 60_000})])
    await superuser.execute(
        "CREATE OR REPLACE FUNCTION clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS"
        " 'SELECT clock_timestamp() + interval ''59990 milliseconds'''"
    )

    async with asyncio.TaskGroup() as tasks:
        for number in range(60):
            tasks.create_task(door.book([take(f"m{number}")]))
            if number % 3 == 0:
                tasks.create_task(end_expired(door, queries, Stuck()))
            await asyncio.sleep(0.001)
    await end_expired(door, queries, Stuck())

    refunds = await pool.fetchval("SELECT count(*) FROM txn WHERE kind = 'packet_close'")
    claims = await pool.fetchval("SELECT count(*) FROM packet_claim")
    balance = await pool.fetchval("SELECT balance FROM account WHERE path = 'member:ann'")
    assert (refunds, balance) == (1, 100 - 2 * claims)
    await superuser.execute(
        "CREATE OR REPLACE FUNCTION clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS"
        " 'SELECT clock_timestamp()'"
    )
    await sound()
