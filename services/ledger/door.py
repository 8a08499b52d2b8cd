"""The one door: whoever wants something booked waits here, and all who wait are booked together.

There is no timer. The next batch is whatever arrived while the last one was being committed, so a
busy ledger batches by itself and an idle one adds no wait.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import asyncpg
import structlog

from chassis import clock
from contracts.codec import Malformed
from ledger.core.books import Batch
from ledger.core.commands import Command, Verdict
from ledger.store.faults import AGAIN, AWAY
from ledger.tally import count

if TYPE_CHECKING:
    from ledger.store.booking import Store

BATCH_LIMIT = 1_000
"""Commands of one commit: about 30 ms, which bounds how long the next ones wait."""

WAITING_LIMIT = 20_000
"""Commands that may wait; past it the door is shut until some have gone through."""

TRIES = 4
_PAUSE_S = 0.05

log = structlog.get_logger(__name__)


class DoorError(Exception):
    """A command got no answer.

    DoorError
    ├── Unavailable    ask again later with the same key; it may or may not be booked by now
    └── Unbookable     never ask again; says why the books cannot take it
    """


class Unavailable(DoorError):
    """The database is away, or too many are waiting."""


class Unbookable(DoorError):
    """The command is none that the tables can hold, for a reason the core did not see."""


@dataclass(slots=True)
class _Party:
    """Commands that came together, and who waits for their answers."""

    commands: Sequence[Command]
    answers: "asyncio.Future[list[Verdict]]"


@dataclass(slots=True, kw_only=True)
class Door:
    """Lets commands through to the store in batches. `serve` has to be running."""

    store: "Store"
    _parties: deque[_Party] = field(default_factory=deque)
    _waiting: int = 0
    _shut: bool = False
    _stirred: asyncio.Event = field(default_factory=asyncio.Event)

    async def book(self, commands: Sequence[Command]) -> list[Verdict]:
        """Return the answers to ``commands`` once they are durable, in the same order.

        Raises:
            Unavailable: try again with the same keys.
            Unbookable: one of them can never be booked. Whoever brings several asks one by one
                to learn which.
        """
        if not commands:
            return []
        if self._shut or self._waiting >= WAITING_LIMIT:
            raise Unavailable("the ledger is stopping" if self._shut else "too many are waiting")
        party = _Party(commands, asyncio.get_running_loop().create_future())
        self._parties.append(party)
        self._waiting += len(commands)
        self._stirred.set()
        return await party.answers

    async def serve(self) -> None:
        """Book what arrives until the door is shut, and then what is still waiting."""
        while self._parties or not self._shut:
            if self._parties:
                await self._let_through(self._next_parties())
            else:
                self._stirred.clear()
                await self._stirred.wait()

    def shut(self) -> None:
        """Let nobody in any more."""
        self._shut = True
        self._stirred.set()

    def _next_parties(self) -> list[_Party]:
        parties: list[_Party] = []
        size = 0
        while self._parties and (
            not parties or size + len(self._parties[0].commands) <= BATCH_LIMIT
        ):
            party = self._parties.popleft()
            parties.append(party)
            size += len(party.commands)
        self._waiting -= size
        return parties

    async def _let_through(self, parties: Sequence[_Party]) -> None:
        """Book ``parties`` together; if that cannot be, halve them until the culprit is alone."""
        commands = [command for party in parties for command in party.commands]
        try:
            verdicts = (await self._book(commands)).verdicts
        except Unbookable as fault:
            if len(parties) == 1:
                _refuse(parties[0], fault)
                return
            half = len(parties) // 2
            await self._let_through(parties[:half])
            await self._let_through(parties[half:])
            return
        except Unavailable as fault:
            for party in parties:
                _refuse(party, fault)
            return
        start = 0
        for party in parties:
            end = start + len(party.commands)
            if not party.answers.done():
                party.answers.set_result(verdicts[start:end])
            start = end

    async def _book(self, commands: Sequence[Command]) -> Batch:
        started_s = clock.monotonic_s()
        for turn in range(1, TRIES + 1):
            try:
                batch = await self.store.book(commands)
            except (*AGAIN, *AWAY) as fault:
                if turn < TRIES:
                    await asyncio.sleep(_PAUSE_S * turn)
                elif isinstance(fault, asyncpg.UniqueViolationError):
                    raise Unbookable(str(fault)) from fault
                else:
                    raise Unavailable(f"the books cannot be reached: {fault}") from fault
            except (asyncpg.PostgresError, Malformed, ValueError) as fault:
                raise Unbookable(str(fault)) from fault
            except Exception as fault:  # a command that ends the process would end it for ever
                if len(commands) == 1 and turn == TRIES:
                    log.exception("door.surprised", key=commands[0].key)
                if len(commands) > 1 or turn == TRIES:
                    raise Unbookable(f"{type(fault).__name__}: {fault}") from fault
                await asyncio.sleep(_PAUSE_S * turn)
            else:
                count(commands, batch, clock.monotonic_s() - started_s)
                return batch
        raise AssertionError("unreachable")


def _refuse(party: _Party, fault: DoorError) -> None:
    if not party.answers.done():
        party.answers.set_exception(fault)
