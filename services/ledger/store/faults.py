"""What PostgreSQL and the way to it can do to us, sorted by what helps."""

import asyncpg

AGAIN = (
    asyncpg.UniqueViolationError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
)
"""Another writer was there first, or the server chose us to break a ring: the same batch again."""

AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # how asyncpg finds a connection that the server has just cut
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)
"""The server is away. Whether a commit came through is unknown; the keys make that harmless."""

FAULTS = (*AWAY, asyncpg.PostgresError)
"""Anything at all; a loop that only looks tries again later."""
