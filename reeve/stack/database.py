"""One role and one schema per service in a PostgreSQL database."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import TypeAlias
from urllib.parse import quote, urlencode, urlsplit

import asyncpg

from reeve.stack.errors import Unusable
from reeve.stack.postgres import FLOOR

CONNECT_S = 10.0
READ_APART = frozenset({"ledger"})

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def prepare(admin_url: str, database: str, passwords: Mapping[str, str]) -> None:
    """Make ``database`` ready for the services that ``passwords`` names, each in its own schema.

    A role owns its schema, enters no other, and may not create anything elsewhere. Safe to repeat:
    what exists is kept, passwords are set anew. ``admin_url`` leads to any database of a server
    that is ours alone, as a role that may do everything.

    Raises:
        Unusable: The server refused.
    """
    try:
        await _prepare(admin_url, database, passwords)
    except (OSError, asyncpg.PostgresError) as refusal:
        raise Unusable(f"PostgreSQL cannot be prepared: {refusal}.") from refusal


async def _prepare(admin_url: str, database: str, passwords: Mapping[str, str]) -> None:
    async with _connect(admin_url) as admin:
        for role, password in passwords.items():
            with contextlib.suppress(asyncpg.DuplicateObjectError):
                await _run(admin, "CREATE ROLE %I", role)
            await _run(admin, "ALTER ROLE %I LOGIN PASSWORD %L", role, password)
            await _add_reader(admin, role)
        with contextlib.suppress(asyncpg.DuplicateDatabaseError):
            await _run(admin, "CREATE DATABASE %I", database)
    async with _connect(admin_url, database=database) as inside:
        await inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        await _run(inside, "REVOKE ALL ON DATABASE %I FROM PUBLIC", database)
        for role in passwords:
            await _give_schema(inside, database, role)


async def adopt(url: str, passwords: Mapping[str, str]) -> dict[str, str]:
    """Return the URL each service uses in the database of somebody else's server.

    Each gets a role of its own if ``url``'s role may create one. Otherwise all share that role,
    each in its own schema. Nothing else in the database is touched.

    Raises:
        Unusable: The server cannot be reached, is older than 15, or lets us create nothing.
    """
    try:
        async with _connect(url) as connection:
            major = connection.get_server_version().major
            if major < FLOOR:
                raise Unusable(
                    f"The server of DATABASE_URL is PostgreSQL {major}; Reeve needs 15 or newer."
                )
            return {
                role: await _adopt_role(connection, url, role, password)
                for role, password in passwords.items()
            }
    except asyncpg.InsufficientPrivilegeError as refusal:
        raise Unusable(
            f"The role of DATABASE_URL may not create what Reeve needs: {refusal}; allow it, or "
            "create a schema for each service."
        ) from refusal
    except (
        OSError,
        TimeoutError,
        ValueError,
        asyncpg.InterfaceError,
        asyncpg.PostgresError,
    ) as refusal:
        raise Unusable(f"DATABASE_URL cannot be used: {str(refusal) or 'no answer'}.") from refusal


async def _adopt_role(connection: Connection, url: str, role: str, password: str) -> str:
    own = _url_as(url, role, password)
    database = str(await connection.fetchval("SELECT current_database()"))
    try:
        async with connection.transaction():
            await _run(connection, "CREATE ROLE %I LOGIN PASSWORD %L", role, password)
            await _run(connection, "GRANT %I TO CURRENT_USER", role)
            await _add_reader(connection, role)
            await _give_schema(connection, database, role)
    except asyncpg.DuplicateObjectError:
        try:
            async with _connect(own):
                return own
        except (asyncpg.PostgresError, OSError):  # somebody else's role of that name
            return await _share(connection, url, role)
    except asyncpg.InsufficientPrivilegeError:
        return await _share(connection, url, role)
    return own


async def _add_reader(connection: Connection, role: str) -> None:
    """Make the role as which a service reads what it shows, of those that tell readers apart."""
    if role not in READ_APART:
        return
    reader = f"{role}_reader"
    known = await connection.fetchval("SELECT to_regrole(quote_ident($1)) IS NOT NULL", reader)
    with contextlib.suppress(asyncpg.InsufficientPrivilegeError):  # it is somebody else's
        async with connection.transaction():
            if not known:
                await _run(connection, "CREATE ROLE %I", reader)
            await _run(connection, "GRANT %I TO %I", reader, role)


async def _share(connection: Connection, url: str, schema: str) -> str:
    if not await connection.fetchval("SELECT to_regnamespace($1) IS NOT NULL", schema):
        await _run(connection, "CREATE SCHEMA %I", schema)
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode({'search_path': schema})}"


def _url_as(url: str, role: str, password: str) -> str:
    parts = urlsplit(url)
    where = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{quote(role)}:{quote(password)}@{where}").geturl()


@contextlib.asynccontextmanager
async def _connect(url: str, *, database: str | None = None) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(url, timeout=CONNECT_S, database=database)
    try:
        yield connection
    finally:
        await connection.close()


async def _give_schema(inside: Connection, database: str, role: str) -> None:
    await _run(inside, "GRANT CONNECT ON DATABASE %I TO %I", database, role)
    await _run(inside, "CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I", role, role)
    await _run(inside, "ALTER ROLE %I IN DATABASE %I SET search_path = %I", role, database, role)


async def _run(connection: Connection, statement: str, *words: str) -> None:
    """Run a statement that takes no parameters, quoting ``words`` on the server."""
    places = ", ".join(f"${number}::text" for number in range(2, len(words) + 2))
    quoted = await connection.fetchval(f"SELECT format($1, {places})", statement, *words)
    await connection.execute(quoted)
