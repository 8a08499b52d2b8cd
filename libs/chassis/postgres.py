"""A pool of connections to PostgreSQL, in the schema of one service."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

import asyncpg
import structlog

from chassis import telemetry
from chassis.errors import Explained

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

log = structlog.get_logger(__name__)
Answer = TypeVar("Answer")
Setup: TypeAlias = (
    "Callable[[PoolConnectionProxy[asyncpg.Record]], Coroutine[Any, Any, None]] | None"
)

FLOOR = 15
CONNECT_S = 5.0
COMMAND_S = 60.0
RETRY_S = 0.5
CLOSE_S = 3.0
LOOK_S = 1.0
ANSWER_S = 3.0
# Set on the server, so that even a process that froze holds nothing for long; in ms there.
SESSION = {
    "statement_timeout": "60000",
    "lock_timeout": "10000",
    "idle_in_transaction_session_timeout": "60000",
    "timezone": "UTC",
}
# Not up yet, going down, or full: worth trying again.
_PASSING = (
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.ConnectionDoesNotExistError,
)
# Whatever it is, the database is of no use meanwhile.
_AWAY = (
    *_PASSING,
    ValueError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # how asyncpg finds a connection that the server has just cut
)
PART = "database"


class Unusable(Explained):
    """The database cannot be used as it is; the text says what to change."""


@asynccontextmanager
async def connect(
    url: str,
    *,
    schema: str,
    min_size: int = 1,
    max_size: int = 8,
    patience_s: float | None = None,
    session: Mapping[str, str] | None = None,
    resets: bool = True,
    setup: Setup = None,
) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """Yield a pool whose connections work in ``schema``; waits for the server.

    Statements end after 60 s, waits for a lock after 10 s; ``session`` has other settings of the
    server for every connection. ``patience_s`` bounds the wait for the
    server; services leave it out and wait until they are stopped.

    Without ``resets`` a connection that is given back is not asked to forget its session, which is
    a trip to the server: for those who only ever use it within transactions. ``setup`` is called
    with each that is about to be used.

    Raises:
        Unusable: There is no such database, the credentials are wrong, the server is older than 15,
            or it did not come up within ``patience_s``.
    """
    version = await _patiently(url, patience_s, lambda: _major_version(url))
    if version < FLOOR:
        raise Unusable(f"PostgreSQL at {shown(url)} is version {version}; Reeve needs 15 or newer")
    settings = _settings(schema, session or {})
    pool = await _patiently(
        url,
        patience_s,
        lambda: _open_pool(url, min_size, max_size, settings, resets=resets, setup=setup),
    )
    connections = telemetry.gauge("reeve_db_pool_connections")
    connections.watch(pool.get_idle_size, state="idle")
    connections.watch(lambda: pool.get_size() - pool.get_idle_size(), state="busy")
    try:
        yield pool
    finally:
        connections.forget(state="idle")
        connections.forget(state="busy")
        try:
            async with asyncio.timeout(CLOSE_S):
                await pool.close()
        except TimeoutError:
            pool.terminate()


@asynccontextmanager
async def watched(url: str, ready: Callable[[str, bool, str], None]) -> AsyncIterator[None]:
    """Tell ``ready`` whether the database answers, whenever that changes, until the block ends.

    What needs the database waits for it and goes on by itself, so nothing else would say that it is
    away. One that takes no writes, as a standby does, is no better. It is asked through a
    connection of its own: a pool that is busy is no outage.
    """
    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(_watch(url, ready), name="database watch")
        try:
            yield
        finally:
            watching.cancel()


async def _watch(url: str, ready: Callable[[str, bool, str], None]) -> None:
    was_there = False
    while True:
        try:
            async for _ in _answers(url):
                if not was_there:
                    ready(PART, True, "")  # noqa: FBT003 - as Service.ready has it
                    log.info("postgres.there", address=shown(url))
                was_there = True
            reason = "it ended the connection"
        except _AWAY as fault:
            reason = str(fault) or "it does not answer"
        ready(PART, False, f"PostgreSQL at {shown(url)} is away: {reason}")  # noqa: FBT003 - as above
        if was_there:
            log.error("postgres.lost", address=shown(url), reason=reason)
        was_there = False
        await asyncio.sleep(RETRY_S)


async def _answers(url: str) -> AsyncIterator[None]:
    """Yield after each answer of the server, every ``LOOK_S``, until it ends the connection."""
    connection = await asyncpg.connect(url, timeout=CONNECT_S)
    gone = asyncio.Event()
    connection.add_termination_listener(lambda _: gone.set())
    try:
        while not gone.is_set():
            if await connection.fetchval("SHOW transaction_read_only", timeout=ANSWER_S) == "on":
                raise asyncpg.ReadOnlySQLTransactionError("it takes no writes; is it a standby?")
            yield
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await gone.wait()
    finally:
        connection.terminate()


def shown(url: str) -> str:
    """Return the address of a database without the credentials in its URL."""
    parts = urlsplit(url)
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.hostname or 'localhost'}{port}{parts.path}"


async def _patiently(
    url: str, patience_s: float | None, ask: Callable[[], Awaitable[Answer]]
) -> Answer:
    """Return what the server answers to ``ask``, which is asked again until it does."""
    if not url:
        raise Unusable("DATABASE_URL is not set, and this needs a database")
    told = False
    try:
        async with asyncio.timeout(patience_s):
            while True:
                try:
                    return await ask()
                except _PASSING as fault:
                    if not told:
                        log.warning(
                            "postgres.waiting_for_server", address=shown(url), reason=str(fault)
                        )
                        told = True
                await asyncio.sleep(RETRY_S)
    except TimeoutError:
        raise Unusable(f"PostgreSQL at {shown(url)} does not answer") from None


def _settings(schema: str, session: Mapping[str, str]) -> dict[str, str]:
    name = f"reeve {schema}"
    return {**SESSION, **session, "search_path": schema, "application_name": name}


async def _open_pool(
    url: str,
    min_size: int,
    max_size: int,
    settings: dict[str, str],
    *,
    resets: bool,
    setup: Setup,
) -> "asyncpg.Pool[asyncpg.Record]":
    return await asyncpg.create_pool(
        url,
        min_size=min_size,
        max_size=max_size,
        timeout=CONNECT_S,
        command_timeout=COMMAND_S,
        server_settings=settings,
        setup=setup,
        reset=None if resets else _keep,
    )


async def _keep(_: object) -> None:
    """Leave the session as it is; what was left open in it, asyncpg has rolled back by then."""


async def _major_version(url: str) -> int:
    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_S)
    except asyncpg.InvalidAuthorizationSpecificationError as fault:
        raise Unusable(
            f"PostgreSQL at {shown(url)} does not accept the credentials of this service"
        ) from fault
    except asyncpg.InvalidCatalogNameError as fault:
        raise Unusable(f"PostgreSQL has no database {shown(url)}") from fault
    except ValueError as fault:
        raise Unusable(f"DATABASE_URL is no address of a database: {fault}") from fault
    try:
        return connection.get_server_version().major
    finally:
        await connection.close(timeout=CLOSE_S)
