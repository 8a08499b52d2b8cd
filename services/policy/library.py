"""Rulebooks as the judge needs them: by digest, compiled, before the event that adopts them.

What is published is likely to be adopted soon, so it is compiled then: adopting it takes no time.
"""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from chassis import telemetry
from chassis.stopping import Stopping
from policy.core.automata import Automata
from policy.core.compile import compiling
from policy.core.compiled import Compiled
from policy.core.rulebook import InvalidRulebook
from policy.pace import gently
from policy.scribe import Read, read_here
from policy.store.reach import LOST
from policy.store.rulebooks import Rulebooks

RETRY_S = 1.0
LOOK_S = 2.0
AHEAD = timedelta(minutes=15)  # published longer ago, it waits until it is adopted
AHEAD_MAX = 8

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Library:
    """Every rulebook some partition of this process refers to, and those that it soon may."""

    rulebooks: Rulebooks
    read: Callable[[str, Collection[bytes]], Awaitable[Read]] = read_here
    books: dict[str, Compiled] = field(default_factory=dict)
    compiling: asyncio.Lock = field(default_factory=asyncio.Lock)  # a text is compiled once
    _ahead: set[str] = field(default_factory=set)
    _automata: Automata = field(default_factory=Automata)

    async def need(self, digests: Iterable[str]) -> None:
        """Return once every one of ``digests`` is in `books`.

        An event adopts a text only after it was stored, so a digest that is not there is a fault of
        the installation: judging without it would be wrong, so the partition waits and says so.
        """
        wanted = set(digests)
        self._ahead.difference_update(wanted)
        while missing := sorted(wanted - self.books.keys()):
            await self._have(missing)
            if still := [digest for digest in missing if digest not in self.books]:
                log.error("a rulebook in force cannot be had; its partition waits", digests=still)
                telemetry.counter("reeve_rulebook_waits_total").add(1)
                await asyncio.sleep(RETRY_S)

    async def look_ahead(self, stopping: Stopping) -> None:
        """Compile what is published, until ``stopping``."""
        while not stopping.is_set():
            await self.prepare()
            await stopping.wait_at_most(LOOK_S)

    async def prepare(self) -> None:
        """Compile what was just published; forget what was, and was not adopted."""
        try:
            newest = await self.rulebooks.just_published(AHEAD, AHEAD_MAX)
        except LOST as fault:
            log.warning("what is published cannot be seen", fault=str(fault))
            return
        for digest in self._ahead.difference(newest):
            self._ahead.discard(digest)
            self.books.pop(digest, None)
        for digest in newest:
            if digest not in self.books and digest not in self._ahead:
                self._ahead.add(digest)
                await self._have([digest])

    async def _have(self, digests: list[str]) -> None:
        for digest in digests:
            async with self.compiling:
                if digest not in self.books:
                    await self._compile(digest)

    async def _compile(self, digest: str) -> None:
        try:
            source = (await self.rulebooks.sources([digest])).get(digest)
            if source is None:
                return
            gc.disable()  # looking through a million new objects would be a pause of its own
            kept = self._automata.in_use()  # until what is read was compiled with what they have
            known = {made for one in kept for made in one.databases}
            read = await self.read(source, known)
            self.books[digest] = await gently(compiling(read.book, self._automata, read.dump))
        except LOST as fault:
            log.warning("rulebooks cannot be read", fault=str(fault))
        except InvalidRulebook:
            log.exception("a stored rulebook is no longer valid", digest=digest)
        finally:
            gc.freeze()
            gc.enable()
