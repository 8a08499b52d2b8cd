"""The books as they were: every moment is told alike for all accounts, and adds up."""

import asyncio
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from ledger.store.booking import Store
from ledger.store.reports import Line, Reports, Standing
from tests.integration.ledger.test_model import STOPPED_CLOCK
from tests.ledger_books import NETWORK, fund, pay, send, take

START = datetime(2026, 1, 1, tzinfo=UTC)
MEMBERS = ["ann", "bob", "cid"]


@pytest.fixture
async def turn(superuser):
    """``await turn(at)`` sets the clock of the books, which stands still otherwise."""
    await superuser.execute(STOPPED_CLOCK)

    async def set_clock(at):
        await superuser.execute("UPDATE hands SET at = $1", at)

    return set_clock


@pytest.fixture
def reports(pool):
    return Reports(pool)


async def paths(pool):
    return {row["id"]: row["path"] for row in await pool.fetch("SELECT id, path FROM account")}


async def history(store, turn, rng, batches):
    """Book at random, some batches in one second; return each one's time and what all had then."""
    balances, at, told = defaultdict(int), START, []
    for _ in range(batches):
        at += timedelta(seconds=rng.choice([0, 1, 7]))
        await turn(at)
        commands = [fund(rng.choice(MEMBERS), rng.randint(1, 9)) for _ in range(2)]
        commands.append(pay(*[f"member:{name}" for name in rng.sample(MEMBERS, 2)], 5))
        batch = await store.book(commands)
        for command, verdict in zip(commands, batch.verdicts, strict=True):
            if not verdict.code:
                balances[command.body.source] -= command.body.amount
                balances[command.body.destination] += command.body.amount
        told.append((at, dict(balances)))
    return told


@pytest.mark.parametrize("seed", range(3))
async def test_balances_of_any_time_are_those_after_the_last_batch_by_then(
    store, pool, reports, turn, seed
):
    told = await history(store, turn, random.Random(seed), 25)
    named = await paths(pool)
    moments = {at + timedelta(seconds=shift) for at, _ in told for shift in (-1, 0, 1)}

    for moment in sorted(moments):
        expected = next((was for at, was in reversed(told) if at <= moment), {})
        standings = await reports.standings(list(named), moment)
        assert {named[number]: standing.balance for number, standing in standings.items()} == {
            path: expected.get(path, 0) for path in named.values()
        }
        [*lines] = await reports.trial_balance(NETWORK, moment)
        assert sum(line.credit for line in lines) == sum(max(n, 0) for n in expected.values())
        assert sum(line.debit for line in lines) == sum(max(-n, 0) for n in expected.values())


async def test_a_clock_that_ran_back_leaves_every_moment_one_answer_that_adds_up(
    store, pool, reports, turn
):
    for seconds in (10, 20, 5, 15):
        await turn(START + timedelta(seconds=seconds))
        await store.book([fund("ann", seconds), pay("member:ann", "member:bob", 1)])
    named = await paths(pool)

    for seconds in range(25):
        moment = START + timedelta(seconds=seconds)
        standings = await reports.standings(list(named), moment)
        assert sum(standing.balance for standing in standings.values()) == 0


async def test_the_trial_balance_is_of_one_network_by_asset_and_kind(store, reports):
    await store.book([fund("ann", 10), fund("bob", 5), fund("ann", 250, asset="CNY")])
    await store.book([send("ann", 6, 2), take("bob"), pay("member:ann", "treasury", 1)])

    assert await reports.trial_balance(NETWORK) == [
        Line("CNY", 2, "issuer", 1, 250, 0),
        Line("CNY", 2, "member", 1, 0, 250),
        Line("points", 0, "issuer", 1, 15, 0),
        Line("points", 0, "member", 2, 0, 11),
        Line("points", 0, "packet", 1, 0, 3),
        Line("points", 0, "treasury", 1, 0, 1),
    ]
    assert await reports.trial_balance("elsewhere") == []


async def test_what_is_told_while_others_book_always_adds_up(pool, reports, sound):
    stores = [Store(pool=pool, partitions=8) for _ in range(3)]
    await stores[0].book([fund(name, 1_000) for name in MEMBERS])
    rng = random.Random(3)
    totals = []

    async def write(store):
        for _ in range(25):
            payer, payee = rng.sample(MEMBERS, 2)
            await store.book([pay(f"member:{payer}", f"member:{payee}", rng.randint(1, 40))])

    async def read():
        for _ in range(25):
            at = await pool.fetchval("SELECT clock()")
            told = [await reports.trial_balance(NETWORK), await reports.trial_balance(NETWORK, at)]
            totals.extend(
                (sum(x.debit for x in lines), sum(x.credit for x in lines)) for lines in told
            )

    async with asyncio.TaskGroup() as tasks:
        for store in stores:
            tasks.create_task(write(store))
        tasks.create_task(read())

    assert set(totals) == {(3_000, 3_000)}
    await sound()


async def test_the_pages_of_a_statement_are_every_line_once(store, pool, reports, turn):
    told = await history(store, turn, random.Random(9), 30)
    number = await pool.fetchval("SELECT id FROM account WHERE path = 'member:ann'")
    middle = told[len(told) // 2][0]
    then = (await reports.standings([number], middle))[number]
    now = (await reports.standings([number], told[-1][0]))[number]
    nothing = Standing(0, 0)

    whole = [row async for row in reports.lines(number, nothing, now, page=3)]
    early = [row async for row in reports.lines(number, nothing, then, page=2)]
    late = [row async for row in reports.lines(number, then, now)]

    assert [row["version"] for row in whole] == list(range(now.version, 0, -1))
    assert late + early == whole
    assert then.balance == sum(row["amount"] for row in early)
    assert now.balance == whole[0]["balance_after"]
    assert whole[0]["counterparts"] in (["issuer"], ["member:bob"], ["member:cid"])
