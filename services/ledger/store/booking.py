"""One batch of commands, one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contracts.values import (
    AskPayment,
    DecideRequest,
    PlaceHold,
    SendPacket,
    SetAccount,
    SetApproval,
    SetBudget,
    SetMaturity,
    SetStanding,
    Transfer,
    WriteOff,
)
from ledger.core.booking import book
from ledger.core.books import Batch, Terms
from ledger.core.commands import Command
from ledger.core.postings import Asset
from ledger.store.reading import lock_shard, read_assets, read_books
from ledger.store.writing import Writing

if TYPE_CHECKING:
    import asyncpg

PINNED = {
    "plan_cache_mode": "force_custom_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "lock_timeout": "2s",
    "statement_timeout": "5s",
}
"""Session settings of whoever books: each row by its index, planned for the arrays at hand.

Left to itself the planner changes its mind with the statistics, and the same batch takes forty
times as long from one minute to the next.
"""


_COUNTED = (
    AskPayment, SendPacket, Transfer, SetAccount, SetApproval, SetBudget, SetMaturity, SetStanding,
    PlaceHold, WriteOff,
)  # fmt: skip
"""Commands that name an asset."""


@dataclass(slots=True, kw_only=True)
class Store:
    """The books of one shard. The pool's connections have the settings of `PINNED`."""

    pool: "asyncpg.Pool[asyncpg.Record]"
    partitions: int
    terms: Terms = field(default_factory=Terms)
    shard: int = 0
    assets: dict[str, Asset] = field(default_factory=dict)

    async def book(self, commands: Sequence[Command]) -> Batch:
        """Answer ``commands`` in their order; return what was written, once it is durable.

        A command whose key was answered before gets that answer again. Nothing at all is booked if
        this raises, or everything is if only the commit's confirmation was lost: call again.
        """
        if not commands:
            return Batch()
        async with self.pool.acquire() as connection, connection.transaction():
            head = await lock_shard(connection, self.shard)
            decides = any(isinstance(command.body, DecideRequest) for command in commands)
            if decides or not self._named_assets(commands) <= self.assets.keys():
                self.assets = await read_assets(connection)
            books = await read_books(
                connection, head, commands, assets=self.assets, terms=self.terms
            )
            batch = book(books, commands)
            writing = Writing(
                connection=connection, shard=self.shard, head=head, partitions=self.partitions
            )
            await writing.write(books, batch)
        return batch

    def _named_assets(self, commands: Sequence[Command]) -> set[str]:
        bodies = (command.body for command in commands)
        named = {body.asset for body in bodies if isinstance(body, _COUNTED)}
        return (named - {""}) | {self.terms.default_asset}
