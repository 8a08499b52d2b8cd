"""The accounts of one person in their rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from contracts.values import SetIdentity, TakeShare
from ledger.core.books import Batch, Books
from ledger.core.commands import Command

if TYPE_CHECKING:
    import asyncpg
    from asyncpg import Record

    from ledger.store.reading import Connection

PERSONS = """
    WITH own AS (
        SELECT p.network, p.identity
        FROM unnest($1::text[], $2::text[]) AS asked (network, member)
        JOIN person_account AS p USING (network, member)
        UNION
        SELECT * FROM unnest($3::text[], $4::text[])
    )
    SELECT p.network, p.member, p.identity
    FROM own JOIN person_account AS p USING (network, identity) WHERE p.identity <> ''
"""

SAY = """
    INSERT INTO person_account (network, member, identity, said_at)
    SELECT network, member, identity, $4
    FROM unnest($1::text[], $2::text[], $3::text[]) AS made (network, member, identity)
    ON CONFLICT (network, member) DO UPDATE SET identity = excluded.identity,
        said_at = excluded.said_at
"""

LIST = """
    SELECT number, network, member, identity, said_at FROM person_account
    WHERE network = $1 AND number < $2 AND identity <> ''
        AND ($3::text IS NULL OR member = $3) AND ($4::text IS NULL OR identity = $4)
    ORDER BY number DESC LIMIT $5
"""


async def read_persons(connection: "Connection", books: Books, commands: Sequence[Command]) -> None:
    """Read all accounts of each person who takes with ``commands``, or of whom they tell."""
    named = [
        (command.scene.network, command.body)
        for command in commands
        if isinstance(command.body, (TakeShare, SetIdentity))
    ]
    if not named:
        return
    members = {(network, body.member) for network, body in named}
    persons = {(network, body.identity) for network, body in named if body.identity}
    networks, called = zip(*persons, strict=True) if persons else ((), ())
    rows = await connection.fetch(PERSONS, *zip(*members, strict=True), networks, called)
    for network, member, identity in rows:
        books.know(network, member, identity)


def could_be(
    books: Books, network: str, body: TakeShare, told: Sequence[tuple[str, SetIdentity]]
) -> tuple[set[str], set[str]]:
    """Return the accounts, and the names, of whoever takes when all that is ``told`` holds."""
    names = {body.identity, books.persons.get((network, body.member), "")}
    made = [one for where, one in told if where == network]
    names |= {one.identity for one in made}
    names.discard("")
    members = {body.member, *(one.member for one in made)}
    for name in names:
        members |= books.kin.get((network, name), set())
    return members, names


async def write_persons(connection: "Connection", batch: Batch, at: datetime) -> None:
    """Write whose accounts are."""
    if batch.persons:
        said = [(*key, identity) for key, identity in batch.persons.items()]
        await connection.execute(SAY, *zip(*said, strict=True), at)


async def list_persons(
    pool: "asyncpg.Pool[Record]",
    network: str,
    *,
    before: int,
    member: str | None,
    identity: str | None,
    limit: int,
) -> "list[Record]":
    """Return accounts that are known to be somebody's, the last known first."""
    return await pool.fetch(LIST, network, before, member, identity, limit)
