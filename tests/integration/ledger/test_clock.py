"""The time of the books goes one way, whatever the server's clock does."""

from datetime import UTC, datetime, timedelta

import pytest

from ledger.check import check
from ledger.store.reports import Reports, Standing
from tests.ledger_books import NETWORK, close, fund, pay, send, take

CLOCK = (
    "CREATE OR REPLACE FUNCTION clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS"
    " 'SELECT timestamptz ''%s'''"
)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ELEVEN = NOON.replace(hour=11)
ONE = NOON.replace(hour=13)


@pytest.fixture
async def turn(superuser):
    """``await turn(at)`` sets the clock of the database."""

    async def to(at):
        await superuser.execute(CLOCK % at.isoformat())

    await to(NOON)
    return to


async def test_a_packet_closed_after_the_clock_stepped_back_leaves_the_books_sound(
    store, pool, turn, sound
):
    sent = await store.book([fund("ann", 10), send("ann", 10, 2), take("bob")])

    await turn(ELEVEN)
    await store.book([close(sent.verdicts[1].packet_id)])
    late = await store.book([fund("ann", 1)])

    assert late.verdicts[0].at_ms == NOON.timestamp() * 1_000
    assert await pool.fetchval("SELECT closed_at FROM packet") == NOON
    await sound()


async def test_what_was_booked_after_the_clock_stepped_back_is_told_of_as_booked_since(
    store, pool, turn
):
    reports = Reports(pool)
    await store.book([fund("ann", 10)])
    await turn(ELEVEN)
    await store.book([fund("ann", 5)])
    number = await pool.fetchval("SELECT id FROM account WHERE path = 'member:ann'")

    assert await reports.standings([number], ELEVEN) == {number: Standing(0, 0)}
    assert await reports.standings([number], NOON) == {number: Standing(2, 15)}
    lines = await reports.trial_balance(NETWORK, NOON)
    assert {line.kind: line.credit - line.debit for line in lines} == {"issuer": -15, "member": 15}

    await turn(ONE)
    await store.book([fund("ann", 1)])
    assert await reports.standings([number], NOON) == {number: Standing(2, 15)}
    assert await reports.standings([number], ONE) == {number: Standing(3, 16)}


async def test_money_that_passes_through_suspense_is_none_that_stays(store, turn, sound):
    await turn(NOON - timedelta(days=2))
    await store.book([pay("issuer", "suspense", 30)])
    await turn(NOON)
    await store.book([pay("suspense", "treasury", 30), pay("issuer", "suspense", 20)])

    await sound()


async def test_money_that_stays_in_suspense_is_found_whatever_comes_and_goes_since(
    store, turn, books_url
):
    await turn(NOON - timedelta(days=2))
    await store.book([pay("issuer", "suspense", 30)])
    await turn(NOON)
    await store.book([pay("suspense", "treasury", 10), pay("issuer", "suspense", 15)])

    [stale] = [found for found in (await check(books_url)).findings if found.faults]

    assert stale.name == "I14"
    assert "suspense: 35, of it 20 for more than a day" in stale.examples[0]
