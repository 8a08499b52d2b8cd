"""The database shows a request the rows of its networks alone, also where a statement asks more."""

import asyncpg
import pytest

from chassis.admission import seen
from ledger.store import queries
from ledger.store.queries import Queries
from ledger.store.seen import show
from tests.integration.ledger.conftest import READER
from tests.ledger_books import NETWORK, SCENE, fund, hold, merit, send

ELSEWHERE = SCENE.__class__(network="elsewhere", group=SCENE.group)
TABLES = """
    SELECT c.relname, c.relrowsecurity FROM pg_class AS c
    JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'r' AND a.attname = 'network'
"""


@pytest.fixture
async def books(store):
    """Rows of two networks in what is shown most."""
    for scene in (SCENE, ELSEWHERE):
        await store.book([fund("eve", 50, scene=scene)])
        await store.book(
            [
                hold("member:eve", "treasury", 1, scene=scene),
                send("eve", 10, 2, scene=scene),
                merit("eve", 1, scene=scene),
            ]
        )


async def test_every_table_with_a_network_is_under_the_policy(pool):
    tables = await pool.fetch(TABLES)

    assert len(tables) > 20
    assert [row["relname"] for row in tables if not row["relrowsecurity"]] == []


@pytest.mark.usefixtures("books")
async def test_a_route_that_forgets_its_filter_shows_nothing_of_others(rest, monkeypatch):
    bare = queries.ACCOUNTS.replace("network = $1", "$1::text IS NOT NULL")
    assert bare != queries.ACCOUNTS
    whole = await rest("GET", "/v1/accounts", network=NETWORK, token=READER)

    monkeypatch.setattr(queries, "ACCOUNTS", bare)
    found = await rest("GET", "/v1/accounts", network=NETWORK, token=READER)

    assert {one["network"] for one in found.body["items"]} == {NETWORK}
    assert found.body == whole.body


@pytest.mark.usefixtures("books")
async def test_who_is_let_see_a_network_sees_it_and_nothing_else_in_any_table(pool, shown):
    tables = [row["relname"] for row in await pool.fetch(TABLES)]
    filled = 0
    for table in tables:
        statement = f"SELECT DISTINCT network FROM {table} WHERE network <> ''"  # noqa: S608 -- a table of ours
        there = {row["network"] for row in await pool.fetch(statement)}
        filled += there == {NETWORK, "elsewhere"}
        for networks in (frozenset(), frozenset({NETWORK}), frozenset({NETWORK, "elsewhere"})):
            seen.set(networks)
            told = {row["network"] for row in await shown.fetch(statement)}
            assert told == there & networks, table
        seen.set(None)
        assert {row["network"] for row in await shown.fetch(statement)} == there, table
    assert filled > 8


@pytest.mark.usefixtures("books")
async def test_who_is_told_nothing_of_whom_to_show_shows_nothing(shown):
    assert await Queries(shown).account(1) is None
    assert await shown.fetchval("SELECT count(*) FROM posting") == 0


@pytest.mark.usefixtures("books")
async def test_what_one_request_may_see_the_next_on_its_connection_may_not(shown):
    async with shown.acquire() as connection:
        seen.set(None)
        await show(connection)
        assert await connection.fetchval("SELECT count(*) FROM account") > 0
        seen.set(frozenset({'{"elsewhere"}', "*", "a,b"}))
        await show(connection)
        assert await connection.fetchval("SELECT count(*) FROM account") == 0


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET balance = 0",
        "DELETE FROM posting",
        "INSERT INTO packet_bar SELECT * FROM packet_bar",
        "ALTER TABLE account DISABLE ROW LEVEL SECURITY",
    ],
)
async def test_who_shows_the_books_changes_nothing_in_them(shown, statement):
    seen.set(None)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await shown.execute(statement)
