"""The books as tables for others: every row of a network, in the order of booking."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from asyncpg import Record

    from ledger.store.audit import Connection
    from ledger.store.reading import Connection as Pooled

Kind = Literal["whole", "text", "instant"]
"""What a column holds: a 64-bit integer, text, or a time in UTC; each may be empty."""

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Table:
    """One file of an export; ``query`` takes the network and yields ``columns``."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    query: str


TABLES = (
    Table(
        "accounts",
        (
            ("id", "whole"), ("path", "text"), ("kind", "text"), ("asset", "text"),
            ("scale", "whole"), ("balance", "whole"), ("held", "whole"), ("floor", "whole"),
            ("ceiling", "whole"), ("state", "text"), ("version", "whole"),
        ),
        """
        SELECT a.id, a.path, a.kind, a.asset, s.scale, a.balance, a.held, a.floor, a.ceiling,
            a.state, a.version
        FROM account AS a JOIN asset AS s ON s.code = a.asset
        WHERE a.network = $1 ORDER BY a.id
        """,
    ),
    Table(
        "transactions",
        (
            ("id", "whole"), ("key", "text"), ("kind", "text"), ("purpose", "text"),
            ("reverses", "whole"), ("batch", "whole"), ("recorded_at", "instant"),
        ),
        """
        SELECT id, key, kind, purpose, reverses, batch_id, recorded_at
        FROM txn WHERE network = $1 ORDER BY id
        """,
    ),
    Table(
        "postings",
        (
            ("txn_id", "whole"), ("leg", "whole"), ("account_id", "whole"), ("path", "text"),
            ("asset", "text"), ("amount", "whole"), ("balance_after", "whole"),
            ("account_version", "whole"), ("recorded_at", "instant"),
        ),
        """
        SELECT p.txn_id, p.leg, p.account_id, a.path, p.asset, p.amount, p.balance_after,
            p.account_version, p.recorded_at
        FROM posting AS p JOIN account AS a ON a.id = p.account_id
        WHERE p.network = $1 ORDER BY p.txn_id, p.leg
        """,
    ),
    Table(
        "holds",
        (
            ("id", "text"), ("account", "text"), ("destination", "text"), ("asset", "text"),
            ("amount", "whole"), ("captured", "whole"), ("state", "text"), ("purpose", "text"),
            ("placed_at", "instant"), ("expires_at", "instant"), ("ended_at", "instant"),
        ),
        """
        SELECT id, account, destination, asset, amount, captured, state, purpose, placed_at,
            expires_at, ended_at
        FROM hold WHERE network = $1 ORDER BY number
        """,
    ),
)  # fmt: skip
"""Everything that is exported."""


async def read_table(
    connection: "Connection | Pooled", table: Table, network: str
) -> AsyncIterator[list["Record"]]:
    """Yield the rows of ``network`` in portions, whatever the size of the books."""
    cursor = await connection.cursor(table.query, network)
    while rows := await cursor.fetch(CHUNK):
        yield rows
