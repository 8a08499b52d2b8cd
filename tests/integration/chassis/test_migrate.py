"""Migrations run once, in order, completely or not at all, and are never changed afterwards."""

import asyncio
import itertools
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import asyncpg
import pytest

from chassis import migrate, postgres
from chassis.migrate import MigrationRefused
from chassis.postgres import Unusable
from tests.waiting import until


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "migrations"
    folder.mkdir()
    write(folder, "0001_thing.sql", "CREATE TABLE thing (id integer PRIMARY KEY);")
    write(folder, "0002_colour.sql", "ALTER TABLE thing ADD COLUMN colour text;")
    return folder


@pytest.fixture
async def url(database):
    return await database("shop")


def write(folder, name, sql):
    (folder / name).write_text(sql)


async def columns(url):
    async with postgres.connect(url, schema="shop") as pool:
        rows = await pool.fetch(
            "SELECT table_name || '.' || column_name AS name FROM information_schema.columns "
            "WHERE table_schema = 'shop' ORDER BY 1"
        )
        return [row["name"] for row in rows]


async def test_they_run_in_order_and_once(url, folder):
    first = await migrate.migrate(url, "shop", folder)
    again = await migrate.migrate(url, "shop", folder)

    assert first == ["0001_thing.sql", "0002_colour.sql"]
    assert again == []


async def test_a_database_that_was_migrated_step_by_step_is_like_a_fresh_one(database, url, folder):
    third = folder / "0003_size.sql"
    await migrate.migrate(url, "shop", folder)
    third.write_text("ALTER TABLE thing ADD COLUMN size bigint;")
    later = await migrate.migrate(url, "shop", folder)
    fresh = await database("shop")

    await migrate.migrate(fresh, "shop", folder)

    assert later == ["0003_size.sql"]
    assert await columns(url) == await columns(fresh)


async def test_many_at_once_run_each_of_them_once(url, folder):
    async with asyncio.TaskGroup() as tasks:
        migrators = [tasks.create_task(migrate.migrate(url, "shop", folder)) for _ in range(8)]

    ran = [name for each in migrators for name in each.result()]
    assert sorted(ran) == ["0001_thing.sql", "0002_colour.sql"]


async def test_one_that_fails_leaves_nothing_of_itself(url, folder):
    write(folder, "0003_half.sql", "CREATE TABLE half (); SELECT 1 / 0;")

    with pytest.raises(MigrationRefused, match=r"0003_half\.sql failed: division by zero"):
        await migrate.migrate(url, "shop", folder)

    assert not [name for name in await columns(url) if name.startswith("half")]
    write(folder, "0003_half.sql", "CREATE TABLE half (id integer);")
    assert await migrate.migrate(url, "shop", folder) == ["0003_half.sql"]


async def test_a_crash_in_the_middle_leaves_nothing_and_no_lock(private_postgres, folder):
    server = private_postgres(durable=True)
    url = server.url()
    write(folder, "0003_slow.sql", "CREATE TABLE slow (id integer); SELECT pg_sleep(600);")

    async with asyncio.TaskGroup() as tasks:
        migrating = tasks.create_task(outcome(migrate.migrate(url, "shop", folder)))
        await until(lambda: is_in_the_middle(url))
        server.kill()
        fault = await migrating
    server.start()

    assert isinstance(fault, Exception)
    write(folder, "0003_slow.sql", "CREATE TABLE slow (id integer);")
    assert await migrate.migrate(url, "shop", folder) == ["0003_slow.sql"]


async def is_in_the_middle(url):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        )
    finally:
        await connection.close()


async def outcome(awaitable):
    try:
        return await awaitable
    except Exception as fault:  # noqa: BLE001 - whatever a dying server makes of it
        return fault


async def test_one_that_ran_and_was_changed_is_refused(url, folder):
    await migrate.migrate(url, "shop", folder)
    write(folder, "0002_colour.sql", "ALTER TABLE thing ADD COLUMN color text;")

    with pytest.raises(MigrationRefused, match=r"0002_colour\.sql ran in schema shop and was c"):
        await migrate.migrate(url, "shop", folder)


async def test_one_that_ran_and_is_missing_is_refused(url, folder):
    await migrate.migrate(url, "shop", folder)
    (folder / "0002_colour.sql").unlink()

    with pytest.raises(
        MigrationRefused, match=r"0002_colour\.sql ran in schema shop and is missing"
    ):
        await migrate.migrate(url, "shop", folder)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("0004_gap.sql", r"0004_gap\.sql should have the number 0003"),
        ("0002_twice.sql", r"0002_twice\.sql should have the number 0003"),
        ("3_short.sql", "is not named like a migration"),
    ],
)
async def test_names_and_numbers_are_checked_before_anything_runs(folder, name, reason):
    write(folder, name, "SELECT 1;")

    with pytest.raises(MigrationRefused, match=reason):
        await migrate.migrate("postgresql://127.0.0.1:1/none", "shop", folder)


async def test_a_pool_works_in_its_schema_with_its_limits(url, folder):
    await migrate.migrate(url, "shop", folder)

    async with postgres.connect(url, schema="shop") as pool:
        await pool.execute("INSERT INTO thing (id) VALUES (1)")
        limit = await pool.fetchval("SHOW statement_timeout")
        zone = await pool.fetchval("SHOW timezone")

    assert (limit, zone) == ("1min", "UTC")


async def test_a_server_that_is_away_is_waited_for(private_postgres):
    server = private_postgres()
    url = server.url()
    server.stop()

    async def ask():
        async with postgres.connect(url, schema="public") as pool:
            return await pool.fetchval("SELECT 1")

    async with asyncio.TaskGroup() as tasks:
        asking = tasks.create_task(ask())
        await asyncio.sleep(0.7)
        server.start()

    assert asking.result() == 1


async def test_a_server_that_stalls_while_the_pool_is_opened_is_asked_again(url):
    async with (
        stalling(url, number=2) as address,
        postgres.connect(address, schema="shop") as pool,
    ):
        assert await pool.fetchval("SELECT 1") == 1


@asynccontextmanager
async def stalling(url, *, number):
    """Another address of the server, where the connection of that number is never answered."""
    place, numbers = urlsplit(url), itertools.count(1)

    async def pass_on(reader, writer):
        with suppress(OSError):
            while data := await reader.read(65_536):
                writer.write(data)
        writer.close()

    async def serve(reader, writer):
        if next(numbers) == number:
            await reader.read()
            writer.close()
            return
        from_server, to_server = await asyncio.open_connection(place.hostname, place.port)
        async with asyncio.TaskGroup() as ways:
            ways.create_task(pass_on(reader, to_server))
            ways.create_task(pass_on(from_server, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield url.replace(f":{place.port}/", f":{port}/")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda url: url.replace("//shop:", "//shop:wrong"), "does not accept the credentials"),
        (lambda url: url.rpartition("/")[0] + "/nowhere", "has no database .*/nowhere"),
        (lambda _: "", "DATABASE_URL is not set"),
        (lambda _: "mysql://x", "is no address of a database"),
    ],
)
async def test_what_cannot_be_used_is_one_sentence(url, change, reason):
    with pytest.raises(Unusable, match=reason):
        async with postgres.connect(change(url), schema="shop"):
            pass


async def test_a_server_that_does_not_come_is_named_without_the_password():
    nobody = "postgresql://u:hunter2@127.0.0.1:1/x"
    with pytest.raises(Unusable, match=r"127\.0\.0\.1:1/x does not answer") as refused:
        async with postgres.connect(nobody, schema="shop", patience_s=0.7):
            pass

    assert "hunter2" not in str(refused.value)


async def test_an_old_server_is_refused(url, monkeypatch):
    monkeypatch.setattr(postgres, "FLOOR", 99)

    with pytest.raises(Unusable, match=r"is version \d+; Reeve needs 15 or newer"):
        async with postgres.connect(url, schema="shop"):
            pass


async def test_a_role_sees_its_own_schema_only(database):
    url = await database("shop", "bank")

    async with postgres.connect(url, schema="bank") as pool:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute("CREATE TABLE bank.thing ()")
