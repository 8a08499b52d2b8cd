"""Migrations: numbered, forward only, run once each, and never changed afterwards."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import structlog

from chassis import postgres
from chassis.errors import Explained

log = structlog.get_logger(__name__)

NAME = re.compile(r"(\d{4})_[a-z0-9_]+(\.after)?\.sql")

CREATE_HISTORY = """
    CREATE TABLE IF NOT EXISTS migration (
        number   integer     PRIMARY KEY,
        name     text        NOT NULL,
        checksum text        NOT NULL,
        ran_at   timestamptz NOT NULL DEFAULT now()
    )
"""
HISTORY = "SELECT number, name, checksum FROM migration ORDER BY number"
RECORD = "INSERT INTO migration (number, name, checksum) VALUES ($1, $2, $3)"
# One lock for each schema of a database; held by the session, so a crash frees it.
LOCK_SOON = "SET LOCAL lock_timeout = '10s'"
LOCK = "SELECT pg_advisory_lock(hashtextextended($1, 0))"
UNLOCK = "SELECT pg_advisory_unlock(hashtextextended($1, 0))"


class MigrationRefused(Explained):
    """The files and what ran in the database do not agree; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of a migrations folder."""

    number: int
    name: str
    checksum: str
    sql: str


async def migrate(url: str, schema: str, folder: Path) -> list[str]:
    """Run the migrations of ``folder`` that have not run in ``schema``, and return their names.

    Each runs in one transaction with its entry in the table ``migration``, so a crash leaves
    either all of it or nothing. Others who migrate meanwhile wait. The schema is made if need be.

    Raises:
        MigrationRefused: A file that ran was changed, renamed or is missing, a new one comes before
            one that ran, a name is wrong, or PostgreSQL did not accept a file; the text says which.
        Unusable: As ``postgres.connect``.
    """
    migrations = read_folder(folder)
    async with (
        postgres.connect(url, schema=schema, max_size=1) as pool,
        pool.acquire() as connection,
    ):
        # Waiting for another migrator, or for an index to be built, may take long. Within a file,
        # a lock may not: who waits for a table makes everybody behind wait, too.
        await connection.execute("SET lock_timeout = 0")
        await connection.execute("SET statement_timeout = 0")
        await connection.execute(LOCK, f"reeve.{schema}", timeout=None)
        try:
            return await _catch_up(connection, schema, migrations)
        finally:
            if not connection.is_closed():
                await connection.execute(UNLOCK, f"reeve.{schema}")


def read_folder(folder: Path) -> list[Migration]:
    """Return the migrations in the order of their numbers.

    Raises:
        MigrationRefused: A name is not ``NNNN_what.sql``, or the numbers are not 1, 2, 3 ...
    """
    found = []
    for path in sorted(folder.glob("*.sql")):
        match = NAME.fullmatch(path.name)
        if match is None:
            raise MigrationRefused(f"{path.name} is not named like a migration, NNNN_what.sql")
        sql = path.read_text()
        checksum = hashlib.sha256(sql.encode()).hexdigest()
        found.append(Migration(int(match[1]), path.name, checksum, sql))
    for place, migration in enumerate(found, start=1):
        if migration.number != place:
            raise MigrationRefused(f"{migration.name} should have the number {place:04}")
    return found


async def _catch_up(
    connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]",
    schema: str,
    migrations: list[Migration],
) -> list[str]:
    exists = await connection.fetchval(
        "SELECT count(*) FROM pg_namespace WHERE nspname = $1", schema
    )
    if not exists:
        quoted = await connection.fetchval("SELECT quote_ident($1)", schema)
        try:
            await connection.execute(f"CREATE SCHEMA {quoted}")
        except asyncpg.InsufficientPrivilegeError as fault:
            raise MigrationRefused(
                f"there is no schema {schema}, and this role may not create it"
            ) from fault
    await connection.execute(CREATE_HISTORY)
    ran = await connection.fetch(HISTORY)
    _check(schema, migrations, ran)
    names = []
    for migration in migrations[len(ran) :]:
        try:
            async with connection.transaction():
                await connection.execute(LOCK_SOON)
                await connection.execute(migration.sql, timeout=None)
                await connection.execute(
                    RECORD, migration.number, migration.name, migration.checksum
                )
        except asyncpg.PostgresError as fault:
            raise MigrationRefused(f"{migration.name} failed: {fault}") from fault
        log.info("migrate.ran", schema=schema, migration=migration.name)
        names.append(migration.name)
    return names


def _check(schema: str, migrations: list[Migration], ran: "list[asyncpg.Record]") -> None:
    by_number = {migration.number: migration for migration in migrations}
    for row in ran:
        migration = by_number.get(row["number"])
        if migration is None:
            raise MigrationRefused(
                f"{row['name']} ran in schema {schema} and is missing here; "
                "this database belongs to a newer version"
            )
        if (migration.name, migration.checksum) != (row["name"], row["checksum"]):
            raise MigrationRefused(
                f"{row['name']} ran in schema {schema} and was changed afterwards; "
                "restore it and write a new migration instead"
            )
