"""A key that is taken out of the file is shut out of every process that reads it."""

import os

import aiohttp

from chassis.auth import make_key
from reeve.stack.home import write_privately
from tests.integration.ledger.test_crashes import Ledger
from tests.ledger_books import NETWORK
from tests.waiting import until

STARTING = 503


async def test_two_processes_see_that_a_key_was_revoked(bus, nats_server, databases, tmp_path):
    assert bus.is_up  # and its streams are there
    url = await databases.make("ledger")
    token, line = make_key("festival", [f"viewer@{NETWORK}"], "pepper")
    other, staying = make_key("staying", [f"viewer@{NETWORK}"], "pepper")
    keys = tmp_path / "keys"
    keys.write_text(f"{line}\n{staying}\n")
    ledgers = [
        Ledger(
            {
                **os.environ,
                "NATS_URL": nats_server.url,
                "DATABASE_URL": url,
                "PARTITIONS": "8",
                "API_KEYS_FILE": str(keys),
                "API_PEPPER": "pepper",
                "REEVE_PORT_FILE": str(tmp_path / name),
            },
            tmp_path / name,
        )
        for name in ("one", "two")
    ]

    async def ask(key):
        headers = {"Authorization": f"Bearer {key}"}
        async with aiohttp.ClientSession(headers=headers) as session:

            async def statuses():
                found = []
                for ledger in ledgers:
                    where = f"{await ledger.url()}/v1/accounts"
                    async with session.get(where, params={"network": NETWORK}) as answer:
                        found.append(answer.status)
                return None if STARTING in found else found

            return await until(statuses)

    try:
        for ledger in ledgers:
            ledger.start()
        assert await ask(token) == [200, 200]

        write_privately(keys, f"{staying}\n")

        assert await ask(token) == [401, 401]
        assert await ask(other) == [200, 200]
    finally:
        for ledger in ledgers:
            ledger.kill()
