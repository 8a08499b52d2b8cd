"""Each CHECK, unique index and trigger is needed: without it, what it refuses gets in.

What to try is read from the catalogue, so that a new one without a wrong row fails here.
"""

import json
from contextlib import asynccontextmanager

import asyncpg
import pytest

from tests.integration.ledger.wrong_rows import GOOD, IMPLIED, REFUSED, THEN, WRONG

CHECKS = """
    SELECT c.relname AS in_table, k.conname AS name
    FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
    WHERE k.contype = 'c' AND k.connamespace = 'ledger'::regnamespace ORDER BY 1, 2
"""
UNIQUE = """
    SELECT c.relname AS in_table, i.relname AS name, k.oid IS NOT NULL AS is_constraint, ARRAY(
        SELECT a.attname::text FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum = ANY (x.indkey)
    ) AS columns
    FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indrelid
    JOIN pg_class AS i ON i.oid = x.indexrelid
    LEFT JOIN pg_constraint AS k ON k.conindid = i.oid
    WHERE x.indisunique AND c.relnamespace = 'ledger'::regnamespace ORDER BY 1, 2
"""
APPEND_ONLY = """
    SELECT c.relname AS in_table, t.tgname AS name, t.tgtype AS events
    FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
    WHERE t.tgfoid = 'ledger.refuse_change'::regproc ORDER BY 1, 2
"""
TRIGGERS = """
    SELECT c.relname AS in_table, t.tgname AS name
    FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = 'ledger'::regnamespace
        AND t.tgfoid <> 'ledger.refuse_change'::regproc ORDER BY 1, 2
"""
COLUMNS = """
    SELECT attname AS name, format_type(atttypid, NULL) AS type, attnotnull AS is_needed,
        attidentity <> ''::"char" AS is_numbered
    FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped
    ORDER BY attnum
"""
PLAIN = {
    "text": "", "bigint": 1, "boolean": True, "bytea": "\\x", "jsonb": {}, "text[]": [],
    "bigint[]": [], "timestamp with time zone": THEN,
}  # fmt: skip
FIRST = {**PLAIN, "text": "x", "bigint": 7001, "integer": 7001, "bytea": "\\x01"}
SECOND = {**PLAIN, "text": "y", "bigint": 7002, "integer": 7002, "bytea": "\\x02"}


@pytest.fixture
async def books(superuser):
    """A connection on which nothing but CHECKs and unique indexes is in the way of a row."""
    await superuser.execute("SET session_replication_role = replica")
    return superuser


@asynccontextmanager
async def undone(connection):
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


async def insert(connection, table, row):
    async with connection.transaction():
        await connection.execute(
            f"INSERT INTO {table} OVERRIDING SYSTEM VALUE"  # noqa: S608 -- names from the catalogue
            f" SELECT * FROM jsonb_populate_record(NULL::{table}, $1::text::jsonb)",
            json.dumps(row),
        )


async def good_row(connection, table):
    columns = await connection.fetch(COLUMNS, table)
    plain = {column["name"]: PLAIN[column["type"]] for column in columns if column["is_needed"]}
    return plain | GOOD.get(table, {})


async def test_without_a_check_the_row_that_it_refuses_gets_in(books):
    checks = await books.fetch(CHECKS)

    assert {name for _, name in checks} == WRONG.keys() | IMPLIED.keys()
    for table, name in checks:
        if name in IMPLIED:
            continue
        row = await good_row(books, table)
        async with undone(books):
            await insert(books, table, row)
        async with undone(books):
            with pytest.raises(asyncpg.CheckViolationError) as refused:
                await insert(books, table, row | WRONG[name])
            assert refused.value.constraint_name == name
            await books.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            await insert(books, table, row | WRONG[name])


async def test_a_check_that_others_imply_is_said_to_be_so(books):
    for table, name in await books.fetch(CHECKS):
        if name not in IMPLIED:
            continue
        wrong, _ = IMPLIED[name]
        row = await good_row(books, table)
        async with undone(books):
            await books.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            with pytest.raises(asyncpg.CheckViolationError):
                await insert(books, table, row | wrong)


async def test_without_a_unique_index_the_row_that_it_refuses_gets_in(books):
    checks = await books.fetch(CHECKS)
    for table, name, is_constraint, within in await books.fetch(UNIQUE):
        columns = await books.fetch(COLUMNS, table)
        first = {column["name"]: FIRST[column["type"]] for column in columns}
        second = {column["name"]: SECOND[column["type"]] for column in columns}
        second |= {column: first[column] for column in within}
        async with undone(books):
            for _, check in [check for check in checks if check["in_table"] == table]:
                await books.execute(f"ALTER TABLE {table} DROP CONSTRAINT {check}")
            await insert(books, table, first)
            with pytest.raises(asyncpg.UniqueViolationError) as refused:
                await insert(books, table, second)
            assert refused.value.constraint_name == name
            await books.execute(
                f"ALTER TABLE {table} DROP CONSTRAINT {name}"
                if is_constraint
                else f"DROP INDEX {name}"
            )
            await insert(books, table, second)


async def test_without_its_trigger_a_table_that_only_grows_can_be_changed(superuser):
    triggers = await superuser.fetch(APPEND_ONLY)

    assert triggers
    for table, name, events in triggers:
        columns = await superuser.fetch(COLUMNS, table)
        column = next(column["name"] for column in columns if not column["is_numbered"])
        changes = {
            8: f"DELETE FROM {table}",  # noqa: S608 -- names from the catalogue
            16: f"UPDATE {table} SET {column} = {column}",  # noqa: S608 -- names from the catalogue
            32: f"TRUNCATE {table}",
        }
        for change in [change for bit, change in changes.items() if events & bit]:
            async with undone(superuser):
                with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="append-only"):
                    async with superuser.transaction():
                        await superuser.execute(change)
                await superuser.execute(f"DROP TRIGGER {name} ON {table}")
                await superuser.execute(change)


async def attempt(connection, what):
    async with connection.transaction():
        if isinstance(what, str):
            assert await connection.execute(what) not in ("UPDATE 0", "INSERT 0 0")
        else:
            table, row = what
            await insert(connection, table, await good_row(connection, table) | row)
        await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")


async def test_without_a_trigger_what_it_refuses_gets_in(books):
    triggers = await books.fetch(TRIGGERS)

    assert {name for _, name in triggers} == REFUSED.keys()
    for table, name in triggers:
        before, wrong = REFUSED[name]
        async with undone(books):
            for known, row in before:
                await insert(books, known, await good_row(books, known) | row)
            async with undone(books):
                await books.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
                with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
                    await attempt(books, wrong)
                assert type(refused.value) is asyncpg.IntegrityConstraintViolationError, name
            await attempt(books, wrong)
