"""Fixtures for tests of the ledger on a real PostgreSQL."""

from pathlib import Path

import asyncpg
import pytest

from ledger.check import check
from ledger.store.booking import PINNED, Store

PATIENT = {"lock_timeout": "60s", "statement_timeout": "60s"}  # the machine may be busy
MIGRATIONS = Path(__file__).parents[3] / "services" / "ledger" / "migrations"


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
