"""A service says whether its database can be worked with, and why not."""

import asyncio

import asyncpg

from chassis import postgres
from tests.waiting import PATIENCE_S


async def test_a_database_that_takes_no_writes_is_not_ready_until_it_does(database, monkeypatch):
    monkeypatch.setattr(postgres, "RETRY_S", 0.05)
    url = await database("policy")
    owner = await asyncpg.connect(url)
    name = await owner.fetchval("SELECT quote_ident(current_database())")
    change = f"ALTER ROLE policy IN DATABASE {name}"
    await owner.execute(f"{change} SET default_transaction_read_only = on")
    told = asyncio.Queue()

    async with (
        asyncio.timeout(PATIENCE_S),
        postgres.watched(url, lambda *said: told.put_nowait(said)),
    ):
        part, is_ready, reason = await told.get()
        await owner.execute(f"{change} RESET default_transaction_read_only")
        while not (later := await told.get())[1]:
            pass
    await owner.close()

    assert (part, is_ready) == ("database", False)
    assert reason.endswith("is away: it takes no writes; is it a standby?")
    assert later == ("database", True, "")
