"""Assets are declared once, and what one may not pass on stays where it is, whatever the door."""

import asyncio

import asyncpg
import pytest

from contracts.values import SplitMode
from ledger.core.refusals import Code
from ledger.store.assets import Assets, Contradiction, Declared
from ledger.store.writing import COLUMNS
from tests.ledger_books import fund, pay, reverse, send

MEDALS = Declared("medals", 0, "reputation", transferable=False, giftable=False)
TOKENS = Declared("tokens", 3, "points", transferable=True, giftable=True)


@pytest.fixture
def assets(pool):
    return Assets(pool)


async def test_an_asset_counts_from_the_moment_it_is_declared(assets, store, sound):
    early = await store.book([fund("ann", 5, asset="tokens")])
    is_new = await assets.declare(TOKENS, key="rest:ann:k")
    late = await store.book([fund("ann", 5, asset="tokens")])

    assert is_new
    assert [batch.verdicts[0].code for batch in (early, late)] == [Code.ASSET_UNKNOWN, ""]
    assert TOKENS in await assets.page()
    await sound()


async def test_of_many_who_declare_it_at_once_one_is_the_first_and_all_agree(assets):
    other = TOKENS._replace(scale=2)
    outcomes = []

    async def declare(asset):
        try:
            outcomes.append((asset.scale, await assets.declare(asset, key="rest:ann:k")))
        except Contradiction:
            outcomes.append((asset.scale, None))

    async with asyncio.TaskGroup() as tasks:
        for number in range(20):
            tasks.create_task(declare(TOKENS if number % 2 else other))

    [(winner, _)] = [outcome for outcome in outcomes if outcome[1]]
    assert sorted(outcomes, key=str) == sorted(
        [(winner, True)] + [(winner, False)] * 9 + [(5 - winner, None)] * 10, key=str
    )


@pytest.mark.parametrize(
    "asset",
    [
        MEDALS._replace(transferable=True),
        MEDALS._replace(giftable=True),
        TOKENS._replace(kind="quota"),
        TOKENS._replace(transferable=False),
        TOKENS._replace(scale=10),
        TOKENS._replace(code="points"),
    ],
)
async def test_an_asset_that_contradicts_itself_or_another_is_refused(assets, asset):
    before = await assets.page()

    with pytest.raises(Contradiction):
        await assets.declare(asset, key="rest:ann:k")

    assert await assets.page() == before


async def test_merit_is_given_and_withdrawn_and_never_passed_on(assets, store, sound):
    await assets.declare(MEDALS, key="rest:ann:k")
    given = fund("ann", 5, asset="medals")
    granted = await store.book([given, fund("bob", 2, asset="medals")])

    passed = await store.book(
        [
            pay("member:ann", "member:bob", 1, asset="medals"),
            pay("member:ann", "treasury", 1, asset="medals"),
            pay("group:g", "member:ann", 1, asset="medals"),
            pay("suspense", "member:ann", 1, asset="medals"),
            send("ann", 2, 2, packet={"asset": "medals"}),
        ]
    )
    back = await store.book([pay("member:bob", "issuer:court", 2, asset="medals"), reverse(given)])

    assert [verdict.code for verdict in granted.verdicts + back.verdicts] == [""] * 4
    assert [verdict.code for verdict in passed.verdicts] == [
        *[Code.ASSET_NOT_TRANSFERABLE] * 4,
        Code.ASSET_NOT_GIFTABLE,
    ]
    await sound()


@pytest.mark.parametrize("amounts", [(-1, 1, 0), (-2, 1, 1), (1, -1, 0)])
async def test_the_database_itself_lets_nobody_pass_on_merit(store, pool, amounts):
    await store.book([fund(name, 5, asset="reputation") for name in ("ann", "bob", "cid")])
    at = await pool.fetchval("SELECT clock()")
    rows = [
        (9, leg, "harbour", 2 + leg, "reputation", amount, 5 + amount, 2, at)
        for leg, amount in enumerate(amounts)
        if amount
    ]

    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="not transferable"):
        await pool.copy_records_to_table("posting", records=rows, columns=COLUMNS["posting"])


async def test_the_database_itself_gives_no_packet_of_what_is_no_gift(store, pool):
    await store.book([fund("ann", 10), send("ann", 10, 2, mode=SplitMode.LUCKY)])

    sent = dict(await pool.fetchrow("SELECT * FROM packet"))

    for asset in ("reputation", "CNY", "gold"):
        other = {**sent, "id": "another", "number": 99, "asset": asset}
        row = tuple(other[column] for column in COLUMNS["packet"])
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="may not be given"):
            await pool.copy_records_to_table("packet", records=[row], columns=COLUMNS["packet"])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET path = 'member:eve' WHERE path = 'member:ann'",
        "UPDATE account SET asset = 'coins' WHERE path = 'member:ann'",
        "UPDATE account SET kind = 'issuer', path = 'issuer:x' WHERE path = 'member:ann'",
        "UPDATE account SET network = 'other' WHERE path = 'member:ann'",
        "UPDATE asset SET transferable = true",
        "DELETE FROM asset",
    ],
)
async def test_an_account_stays_what_it_was_opened_as(store, pool, statement):
    await store.book([fund("ann", 5)])

    with pytest.raises(
        (asyncpg.IntegrityConstraintViolationError, asyncpg.InsufficientPrivilegeError)
    ):
        await pool.execute(statement)


async def test_the_database_itself_opens_no_account_in_what_nobody_declared(pool):
    row = {
        "id": 9, "network": "n", "path": "treasury", "asset": "gold", "kind": "treasury",
        "balance": 0, "floor": 0, "ceiling": None, "version": 0, "state": "open", "held": 0,
    }  # fmt: skip

    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="nobody has declared"):
        await pool.copy_records_to_table("account", records=[tuple(row.values())], columns=[*row])
