"""Rulebooks as the judge needs them: by digest, compiled, before the event that adopts them."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog

from chassis import telemetry
from policy.core.compile import Compiled, compile_rulebook
from policy.core.rulebook import InvalidRulebook, parse
from policy.store.reach import LOST
from policy.store.rulebooks import Rulebooks

RETRY_S = 1.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Library:
    """Every rulebook some partition of this process refers to."""

    rulebooks: Rulebooks
    books: dict[str, Compiled] = field(default_factory=dict)
    compiling: asyncio.Lock = field(default_factory=asyncio.Lock)  # a text is compiled once

    async def need(self, digests: Iterable[str]) -> None:
        """Return once every one of ``digests`` is in `books`.

        An event adopts a text only after it was stored, so a digest that is not there is a fault of
        the installation: judging without it would be wrong, so the partition waits and says so.
        """
        while missing := sorted(set(digests) - self.books.keys()):
            async with self.compiling:
                wanted = [digest for digest in missing if digest not in self.books]
                for digest, source in (await self._sources(wanted)).items():
                    await self._compile(digest, source)
            if still := [digest for digest in missing if digest not in self.books]:
                log.error("a rulebook in force cannot be had; its partition waits", digests=still)
                telemetry.counter("reeve_rulebook_waits_total").add(1)
                await asyncio.sleep(RETRY_S)

    async def _sources(self, digests: list[str]) -> dict[str, str]:
        try:
            return await self.rulebooks.sources(digests)
        except LOST as fault:
            log.warning("rulebooks cannot be read", fault=str(fault))
            return {}

    async def _compile(self, digest: str, source: str) -> None:
        try:
            # Thousands of words take most of a second: other partitions go on meanwhile.
            self.books[digest] = await asyncio.to_thread(_compiled, source)
        except InvalidRulebook:
            log.exception("a stored rulebook is no longer valid", digest=digest)


def _compiled(source: str) -> Compiled:
    return compile_rulebook(parse(source))
