"""The real servers tests talk to: started from the installed wheels, ended with the tests."""

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import nats
from nats.js.errors import NotFoundError

from chassis.migrate import migrate
from reeve.stack.database import prepare
from reeve.stack.nats import NatsServer
from reeve.stack.postgres import PostgresServer
from tests.waiting import PATIENCE_S

MakeNats = Callable[..., NatsServer]
MakePostgres = Callable[..., PostgresServer]


async def forget_streams(url: str) -> None:
    """Delete every stream, bucket and consumer of a NATS server."""
    connection = await nats.connect(url, connect_timeout=PATIENCE_S)
    try:
        stream = connection.jetstream(timeout=PATIENCE_S)
        for found in await stream.streams_info():
            try:
                await stream.delete_stream(found.config.name)
            except NotFoundError:
                continue
    finally:
        await connection.close()


@dataclass(slots=True)
class Databases:
    """Fresh databases on one server; each schema is migrated once and copied for every test."""

    server: PostgresServer
    passwords: dict[str, str] = field(default_factory=dict)
    templates: dict[tuple[str, ...], str] = field(default_factory=dict)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def make(self, *schemas: str, migrations: Path | None = None) -> str:
        """Return the URL of a new database with ``schemas``, as the role of the first of them.

        With ``migrations``, the folder's migrations have run in the first schema.
        """
        for schema in schemas:
            self.passwords.setdefault(schema, secrets.token_urlsafe(16))
        key = (*schemas, str(migrations))
        if key not in self.templates:
            self.templates[key] = await self._make_template(schemas, migrations)
        name = f"test_{next(self.numbers)}"
        await self._run(f"CREATE DATABASE {name} TEMPLATE {self.templates[key]}")
        wanted = {schema: self.passwords[schema] for schema in schemas}
        await prepare(self.server.url(), name, wanted)
        return self.url(name, schemas[0])

    def url(self, database: str, role: str) -> str:
        """Return the URL of ``database`` for ``role``."""
        return f"postgresql://{role}:{self.passwords[role]}@127.0.0.1:{self.server.port}/{database}"

    def sibling(self, url: str, role: str) -> str:
        """Return the URL of the same database for another role."""
        return self.url(url.rpartition("/")[2], role)

    async def _make_template(self, schemas: tuple[str, ...], migrations: Path | None) -> str:
        name = f"template_{next(self.numbers)}"
        wanted = {schema: self.passwords[schema] for schema in schemas}
        await prepare(self.server.url(), name, wanted)
        if migrations is not None:
            await migrate(self.url(name, schemas[0]), schemas[0], migrations)
        return name

    async def _run(self, statement: str) -> None:
        admin = await asyncpg.connect(self.server.url())
        try:
            await admin.execute(statement)
        finally:
            await admin.close()
