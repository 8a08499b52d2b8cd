"""What the driver raises when the database is out of reach: wait and try again."""

import asyncpg

LOST = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # how asyncpg finds a connection that the server has just cut
    asyncpg.OperatorInterventionError,  # shut down, or not up yet
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,  # deadlock or serialisation: the same again succeeds
)
