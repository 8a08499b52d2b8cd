"""One role and one schema per service in a PostgreSQL database."""

import contextlib
from collections.abc import Mapping

import asyncpg

SERVICES = ("policy", "ledger")


async def prepare_database(admin_url: str, database: str, passwords: Mapping[str, str]) -> None:
    """Make ``database`` ready for the services that ``passwords`` names, each in its own schema.

    A role owns its schema, enters no other, and may not create anything elsewhere. Safe to repeat:
    what exists is kept, passwords are set anew. ``admin_url`` leads to any database of the server
    as a role that may create roles and databases.

    Raises:
        asyncpg.PostgresError: The server refused.
    """
    admin = await asyncpg.connect(admin_url)
    try:
        for role, password in passwords.items():
            with contextlib.suppress(asyncpg.DuplicateObjectError):
                await _run(admin, "CREATE ROLE %I", role)
            await _run(admin, "ALTER ROLE %I LOGIN PASSWORD %L", role, password)
        with contextlib.suppress(asyncpg.DuplicateDatabaseError):
            await _run(admin, "CREATE DATABASE %I", database)
    finally:
        await admin.close()
    inside = await asyncpg.connect(admin_url, database=database)
    try:
        await _separate(inside, database, passwords)
    finally:
        await inside.close()


async def _separate(
    inside: "asyncpg.Connection[asyncpg.Record]", database: str, roles: Mapping[str, str]
) -> None:
    await inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    await _run(inside, "REVOKE ALL ON DATABASE %I FROM PUBLIC", database)
    for role in roles:
        await _run(inside, "GRANT CONNECT ON DATABASE %I TO %I", database, role)
        await _run(inside, "CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I", role, role)
        await _run(
            inside, "ALTER ROLE %I IN DATABASE %I SET search_path = %I", role, database, role
        )


async def _run(
    connection: "asyncpg.Connection[asyncpg.Record]", statement: str, *words: str
) -> None:
    """Run a statement that takes no parameters, quoting ``words`` on the server."""
    places = ", ".join(f"${number}::text" for number in range(2, len(words) + 2))
    quoted = await connection.fetchval(f"SELECT format($1, {places})", statement, *words)
    await connection.execute(quoted)
