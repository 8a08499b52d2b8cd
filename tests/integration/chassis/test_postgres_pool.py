"""What a connection that was given back remembers, and what it never does."""

import pytest

from chassis import postgres


@pytest.mark.parametrize(("resets", "remembered"), [(True, None), (False, "yes")])
async def test_a_session_is_forgotten_unless_that_is_not_worth_a_trip(database, resets, remembered):
    url = await database("policy")

    async with postgres.connect(url, schema="policy", max_size=1, resets=resets) as pool:
        await pool.execute("SELECT set_config('reeve.said', 'yes', false)")
        said = await pool.fetchval("SELECT nullif(current_setting('reeve.said', true), '')")

    assert said == remembered


async def test_a_transaction_that_was_left_open_is_rolled_back_in_any_case(database):
    url = await database("policy")

    async with postgres.connect(url, schema="policy", max_size=1, resets=False) as pool:
        async with pool.acquire() as connection:
            await connection.execute("BEGIN; CREATE TABLE left_open (id int)")
        found = await pool.fetchval("SELECT to_regclass('left_open')")

    assert found is None
