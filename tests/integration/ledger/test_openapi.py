"""Requests made up from the interface's own document: none of them breaks it or its promises."""

import asyncio

from chassis.auth import Key, Keys, hash_key
from chassis.web import serving
from ledger.api.app import make_api
from ledger.api.desk import Desk
from ledger.door import Door
from ledger.store.assets import Assets
from ledger.store.queries import Queries
from ledger.store.reports import Reports
from tests.fuzzing import fuzz
from tests.ledger_books import NETWORK, fund, send

WORD = "rv_fuzz"
KEYS = Keys(
    [Key("fuzz", hash_key(WORD, "pepper"), frozenset({"read", "write", "issue"}))], "pepper"
)


async def test_the_interface_keeps_what_its_document_says(store, pool, sound):
    door = Door(store=store)
    app = make_api(Desk(door, Queries(pool), Assets(pool), Reports(pool)), KEYS)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(door.serve())
        await door.book([fund("ann", 100), send("ann", 10, 2)])

        async with serving(app, "127.0.0.1", 0) as port:
            tried = await asyncio.to_thread(fuzz, f"http://127.0.0.1:{port}", WORD)
        door.shut()

    assert {"POST /v1/transfers", "POST /v1/packets", "GET /v1/accounts"} <= set(tried)
    assert await pool.fetchval("SELECT count(*) FROM account WHERE network = $1", NETWORK) == 3
    await sound()
