"""Connections that see the rows of some networks alone, whatever a statement asks for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from chassis import postgres
from chassis.admission import seen

if TYPE_CHECKING:
    import asyncpg
    from asyncpg import Record
    from asyncpg.pool import PoolConnectionProxy

SHOW = "SELECT set_config('reeve.networks', $1, false)"
SHOW_SOME = "SELECT set_config('reeve.networks', $1::text[]::text, false)"
READER = """
    SELECT rolname FROM pg_roles
    WHERE rolname = current_user || '_reader' AND pg_has_role(oid, 'MEMBER')
"""
GRANTS = """
    SELECT format(
        'GRANT USAGE ON SCHEMA %1$I TO %2$I; GRANT SELECT ON ALL TABLES IN SCHEMA %1$I TO %2$I',
        current_schema(), $1::text
    )
"""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def showing(
    url: str, schema: str, owner: "asyncpg.Pool[Record]", *, max_size: int = 4
) -> AsyncIterator["asyncpg.Pool[Record]"]:
    """Yield a pool for what is shown to callers: of each, the networks that `seen` tells.

    It works as the role ``<owner>_reader``, which may read and no more. Where there is none, the
    statements alone keep networks apart, since the database shows the owner everything.
    """
    role = await owner.fetchval(READER)
    if role is None:
        log.warning("ledger.no_reader", help="see `Tenants` in docs/reference/ledger.md")
    else:
        await owner.execute(await owner.fetchval(GRANTS, role))
    async with postgres.connect(
        url,
        schema=schema,
        max_size=max_size,
        session={"role": role} if role else None,
        setup=show,
    ) as pool:
        yield pool


async def show(connection: "PoolConnectionProxy[Record]") -> None:
    """Let a connection see what the request at hand may; it is forgotten when it is given back."""
    networks = seen.get()
    if networks is None:
        await connection.execute(SHOW, "*")
    else:
        await connection.execute(SHOW_SOME, sorted(networks))
