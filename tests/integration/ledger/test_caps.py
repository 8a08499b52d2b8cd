"""Caps as they are kept in the database, whoever comes at once."""

import asyncio
from collections import Counter

import pytest

from contracts.values import PacketTerms
from ledger.core.books import Cap, Terms
from ledger.store.booking import Store
from tests.ledger_books import NETWORK, fund, send, take

CAPS = Terms(
    sender_cap=Cap(amount=60), receiver_cap=Cap(number=3), group_cap=Cap(number=9, amount=10_000)
)


@pytest.fixture
def stores(pool):
    """Four ledgers that know nothing of each other."""
    return [Store(pool=pool, partitions=8, terms=CAPS) for _ in range(4)]


async def at_once(stores, commands):
    async with asyncio.TaskGroup() as tasks:
        booked = [
            tasks.create_task(stores[number % 4].book([command]))
            for number, command in enumerate(commands)
        ]
    return Counter(task.result().verdicts[0].code for task in booked)


async def test_claims_at_once_do_not_pass_the_cap_of_who_takes(stores, pool, sound):
    sent = await stores[0].book([fund("ann", 60), *(send("ann", 10, 2) for _ in range(6))])
    packets = [verdict.packet_id for verdict in sent.verdicts[1:]]

    answers = await at_once(stores, [take("bob", packet) for packet in packets * 2])

    assert answers[""] == 3
    assert set(answers) <= {"", "receiver_cap_reached", "already_taken"}
    assert await pool.fetchval("SELECT sum(amount) FROM packet_claim") == 15
    await sound()


async def test_packets_sent_at_once_do_not_pass_the_cap_of_who_sends(stores, pool, sound):
    await stores[0].book([fund("ann", 500)])

    answers = await at_once(stores, [send("ann", 20, 2) for _ in range(8)])

    assert answers == {"": 3, "sender_cap_reached": 5}
    assert await pool.fetchval("SELECT sum(total) FROM packet") == 60
    await sound()


async def test_a_new_day_begins_the_count_of_its_own_row(stores, pool):
    await stores[0].book([fund("ann", 500), send("ann", 60, 2)])
    await pool.execute("UPDATE packet_tally SET since_ms = since_ms - 86400000")

    again = await stores[1].book([send("ann", 60, 2)])

    rows = await pool.fetch("SELECT network, what, number, amount FROM packet_tally ORDER BY what")
    assert again.verdicts[0].code == ""
    assert [tuple(row) for row in rows] == [
        (NETWORK, "group", 1, 60), (NETWORK, "sender", 1, 60),
    ]  # fmt: skip


async def test_guesses_at_once_are_no_more_than_one_after_the_other(stores, sound):
    locked = {"terms": PacketTerms(password="sesame")}  # noqa: S106 - what a packet asks for
    sent = await stores[0].book([fund("ann", 6), send("ann", 6, 6, packet=locked)])
    packet = sent.verdicts[1].packet_id

    guesses = [take("bob", packet, claim={"password": str(n)}) for n in range(12)]
    answers = await at_once(stores, guesses)
    late = await stores[0].book([take("bob", packet, claim={"password": "sesame"})])

    assert answers == {"password_wrong": 5, "tries_exhausted": 7}
    assert late.verdicts[0].code == "tries_exhausted"
    await sound()
