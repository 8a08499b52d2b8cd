"""Fixtures for tests of the ledger on a real PostgreSQL."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import asyncpg
import pytest

from chassis.auth import Key, Keys, hash_key
from chassis.web import serving
from ledger.api.app import make_api
from ledger.api.desk import Desk
from ledger.check import check
from ledger.door import Door
from ledger.store.assets import Assets
from ledger.store.booking import PINNED, Store
from ledger.store.queries import Queries
from ledger.store.reports import Reports
from ledger.store.seen import showing

PATIENT = {"lock_timeout": "60s", "statement_timeout": "60s"}  # the machine may be busy
MIGRATIONS = Path(__file__).parents[3] / "services" / "ledger" / "migrations"

WRITER, READER, COLON, NOBODY = "rv_writer", "rv_reader", "rv_colon", "rv_nobody"
CLERK = "rv_clerk"
KEYS = Keys(
    [
        Key("operator", hash_key(WRITER, "pepper"), frozenset({"read", "write", "issue"})),
        Key("operator:b", hash_key(COLON, "pepper"), frozenset({"read", "write", "issue"})),
        Key("clerk", hash_key(CLERK, "pepper"), frozenset({"read", "write"})),
        Key("viewer", hash_key(READER, "pepper"), frozenset({"read"})),
    ],
    "pepper",
)


@pytest.fixture
async def books_url(database):
    """The URL of an empty ledger, as the ledger's own role."""
    return await database("ledger", migrations=MIGRATIONS)


@pytest.fixture
async def pool(books_url):
    settings = {**PINNED, **PATIENT, "search_path": "ledger"}
    async with asyncpg.create_pool(
        books_url, min_size=1, max_size=8, server_settings=settings
    ) as connected:
        yield connected


@pytest.fixture
async def shown(books_url, pool):
    """The pool of whoever shows the books: the database keeps networks apart there."""
    async with showing(books_url, "ledger", pool) as connected:
        yield connected


@pytest.fixture
async def store(pool):
    return Store(pool=pool, partitions=8)


@pytest.fixture
async def sound(books_url):
    """``await sound()`` checks every invariant of the books."""

    async def verify():
        report = await check(books_url)
        assert report.sound, report.to_text()

    return verify


@pytest.fixture
async def superuser(databases, books_url):
    """A connection to the ledger's database that may do anything."""
    database = books_url.rpartition("/")[2]
    admin = databases.server.url().rpartition("/")[0]
    connection = await asyncpg.connect(
        f"{admin}/{database}", server_settings={"search_path": "ledger"}
    )
    yield connection
    await connection.close()


@pytest.fixture
async def door(store):
    door = Door(store=store)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(door.serve())
        yield door
        door.shut()


@pytest.fixture
async def rest(door, pool, shown):
    """``await rest(method, path, json, key=...)`` returns status, answer and headers."""
    app = make_api(Desk(door, Queries(shown), Assets(pool), Reports(shown)), KEYS)
    async with (
        serving(app, "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):

        async def call(method, where, body=None, *, key=None, token=WRITER, data=None, **query):
            headers = {"Authorization": f"Bearer {token}"}
            if key:
                headers["Idempotency-Key"] = key
            async with session.request(
                method, where, json=body, data=data, headers=headers, params=query
            ) as response:
                is_drawn = response.content_type == "image/svg+xml"
                answer = await (response.text() if is_drawn else response.json(content_type=None))
                return SimpleNamespace(
                    status=response.status, body=answer, headers=response.headers
                )

        yield call
