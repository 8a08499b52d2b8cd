"""The embedded servers: they keep what they were given, and never outlive who started them."""

import asyncpg
import nats
import pytest

from reeve.stack.nats import NatsServer
from tests.waiting import PATIENCE_S


async def test_what_nats_acknowledged_is_there_after_a_kill(private_nats):
    server = private_nats()
    first = await nats.connect(server.url)
    await first.jetstream(timeout=PATIENCE_S).add_stream(name="S", subjects=["s.>"])
    await first.jetstream(timeout=PATIENCE_S).publish("s.1", b"kept")
    await first.close()

    server.kill()
    server.start()

    again = await nats.connect(server.url)
    message = await again.jetstream(timeout=PATIENCE_S).get_msg("S", 1)
    await again.close()
    assert message.data == b"kept"


async def test_a_folder_may_have_any_name(tmp_path):
    server = NatsServer(folder=tmp_path / '群 "Zoë\'s" \\ 家')
    server.start()

    connection = await nats.connect(server.url, connect_timeout=PATIENCE_S)
    await connection.jetstream(timeout=PATIENCE_S).add_stream(name="S", subjects=["s.>"])
    await connection.close()
    server.stop()

    assert (server.data / "jetstream").is_dir()


async def test_what_postgres_committed_is_there_after_a_kill(private_postgres):
    server = private_postgres()
    before = await asyncpg.connect(server.url())
    await before.execute("CREATE TABLE kept AS SELECT 7 AS n")

    server.kill()
    server.start()

    after = await asyncpg.connect(server.url())
    assert await after.fetchval("SELECT n FROM kept") == 7
    await after.close()
    before.terminate()


async def test_a_wrong_password_is_refused(postgres_server):
    url = postgres_server.url().replace(postgres_server.password, "guess")

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(url)


async def test_a_role_enters_its_own_schema_only(databases):
    url = await databases.make("policy", "ledger")
    policy = await asyncpg.connect(url)
    await policy.execute('CREATE TABLE "case" (id text)')
    ledger = await asyncpg.connect(databases.sibling(url, "ledger"))

    assert await policy.fetchval("SELECT count(*) FROM policy.case") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ledger.fetchval("SELECT count(*) FROM policy.case")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ledger.execute("CREATE TABLE public.mine (id text)")
    await policy.close()
    await ledger.close()


async def test_a_fresh_database_is_migrated(databases, tmp_path):
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE first (n int);")

    urls = [await databases.make("policy", migrations=tmp_path) for _ in range(2)]

    for url in urls:
        policy = await asyncpg.connect(url)
        assert await policy.fetchval("SELECT count(*) FROM first") == 0
        await policy.execute("INSERT INTO first VALUES (1)")
        await policy.close()


async def test_the_bus_has_its_streams_and_they_are_empty(bus):
    published = await bus.publish("ev.0.test.a.b", b"first", msg_id="one")

    assert (published.seq, published.duplicate) == (1, False)


async def test_the_bus_of_the_next_test_is_empty_again(bus):
    published = await bus.publish("ev.0.test.a.b", b"first", msg_id="one")

    assert (published.seq, published.duplicate) == (1, False)
