"""What the services find when they start: streams and buckets, roles and schemas.

Laid once. Later starts recognise their own work by a mark inside each server's data and need not
ask the servers, nor import what it takes to ask, which would be most of the time they need. The
mark lies among the data, so that it is lost with them.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from contracts.subjects import BUCKETS, STREAMS
from reeve.stack import access
from reeve.stack.home import Home, write_privately
from reeve.stack.nats import NatsServer
from reeve.stack.postgres import PostgresServer

DATABASE = "reeve"
SCHEMAS = ("policy", "ledger")
READERS = ("ledger_reader",)
"""Roles that no service is, and that one reads as; made with the role that is its owner."""
MARK = "groundwork"


@dataclass(frozen=True, slots=True, kw_only=True)
class Groundwork:
    """The servers of one run: ours, or the URLs of somebody else's."""

    home: Home
    nats: NatsServer | None
    nats_url: str
    postgres: PostgresServer | None
    database_url: str

    async def lay(self) -> None:
        """Make sure that all is there, and write down where.

        Raises:
            Unusable: A server cannot be reached, is too old, or refuses.
        """
        passwords = {schema: self.home.secret(f"{schema}.password") for schema in SCHEMAS}
        wanted = _digest(STREAMS, BUCKETS, SCHEMAS, READERS, passwords)
        if not self._is_laid(wanted):
            await self._lay(passwords)
            for server in (self.nats, self.postgres):
                if server is not None:
                    write_privately(server.data / MARK, wanted)
        if self.postgres is not None:
            access.write_database_urls(self.home, _own_urls(self.postgres, passwords))
        access.write_nats_url(self.home, self.nats.url if self.nats else self.nats_url)
        access.make_api_key(self.home)

    def _is_laid(self, wanted: str) -> bool:
        if self.nats is None or self.postgres is None:
            return False
        marks = [server.data / MARK for server in (self.nats, self.postgres)]
        return all(mark.exists() and mark.read_text() == wanted for mark in marks)

    async def _lay(self, passwords: Mapping[str, str]) -> None:
        from reeve.stack import database  # noqa: PLC0415 - see the module's docstring
        from reeve.stack.bus import provision  # noqa: PLC0415 - see the module's docstring

        async with asyncio.TaskGroup() as tasks:
            if self.nats is not None:
                tasks.create_task(provision(self.nats.url, self.home))
            else:
                tasks.create_task(provision(self.nats_url, None))
            if self.postgres is not None:
                tasks.create_task(database.prepare(self.postgres.url(), DATABASE, passwords))
            else:
                urls = await database.adopt(self.database_url, passwords)
                access.write_database_urls(self.home, urls)


def _own_urls(server: PostgresServer, passwords: Mapping[str, str]) -> dict[str, str]:
    return {
        schema: f"postgresql://{schema}:{password}@127.0.0.1:{server.port}/{DATABASE}"
        for schema, password in passwords.items()
    }


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
