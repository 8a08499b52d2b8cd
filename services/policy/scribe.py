"""A process beside the judge that reads rulebooks for it, so that judging goes on meanwhile.

Reading a large one takes seconds, in which nothing else of a process runs undisturbed; so does
making what finds its words. What was read comes back in pieces small enough that taking them up is
no pause either. The process ends when its input does, which is when the judge is gone, however it
went.

A question is the pickle of a text and of what the judge has that finds words, an answer are pickles
and an end; before each is its length, 0 at the end.
"""

import asyncio
import gc
import pickle
import resource
import sys
from collections.abc import AsyncIterator, Collection, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import structlog

from policy.core.compile import terms_of
from policy.core.databases import Dumped, dumped
from policy.core.document import Fault
from policy.core.layout import lay_out
from policy.core.rulebook import InvalidRulebook, Rule, Rulebook, stored
from policy.core.steps import Steps, at_once
from policy.pace import gently

RULES_AT_ONCE = 100
ASKED_MAX = 2  # processes
RETAINED_MAX_KB = 256 * 1024  # past that the process ends, and the next text has a new one
LENGTH_BYTES = 4

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Read:
    """A rulebook that was read, and what finds its terms."""

    book: Rulebook
    dump: Dumped


@dataclass(slots=True)
class Scribe:
    """The judge's side; one text is read at a time.

    A process that has become large ends, and another takes its place before it is asked for.
    """

    _process: asyncio.subprocess.Process | None = None
    _successor: asyncio.Task[None] | None = None
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self, source: str, known: Collection[bytes] = ()) -> Read:
        """Return the rulebook that a text is; of what finds its terms, what is not known here.

        The process may have ended since it was last asked, and another is asked then. Without one,
        whatever became of it, the text is read here: slowly, but it is.

        Raises:
            InvalidRulebook: It is none.
        """
        question = pickle.dumps((source, tuple(known)))
        for _ in range(ASKED_MAX):
            try:
                return await gently(joined(await self._ask(question)))
            except (OSError, asyncio.IncompleteReadError) as fault:
                log.warning("the reading process is gone", fault=str(fault))
        return await read_here(source, known)

    async def start(self) -> asyncio.subprocess.Process:
        """Return the process, started unless it runs."""
        async with self._starting:
            if self._process is None or self._process.returncode is not None:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "policy.scribe",
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    start_new_session=True,  # a signal to the judge's group is not for it
                )
                self._follow(self._succeed(self._process))
            return self._process

    def _follow(self, succession: Coroutine[Any, Any, None]) -> None:
        self._successor = asyncio.create_task(succession)  # noqa: TID251 -- whoever ends waits for it

    async def _succeed(self, process: asyncio.subprocess.Process) -> None:
        """Start another process where this one ends by itself: what it imports takes a while."""
        if await process.wait() == 0 and process is self._process:
            await self.start()

    async def end(self) -> None:
        """End the process and wait until it has."""
        process, self._process = self._process, None
        if self._successor is not None:
            self._successor.cancel()
            await asyncio.wait([self._successor])
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def _ask(self, question: bytes) -> list[bytes]:
        process = await self.start()
        assert process.stdin is not None, "it is a pipe"
        assert process.stdout is not None, "it is a pipe"
        pieces: list[bytes] = []
        answered = False
        try:
            process.stdin.write(len(question).to_bytes(LENGTH_BYTES) + question)
            await process.stdin.drain()
            while size := int.from_bytes(await process.stdout.readexactly(LENGTH_BYTES)):
                pieces.append(await process.stdout.readexactly(size))
            answered = True
        finally:
            if not answered:  # what it says from now on answers nobody
                await self.end()
        return pieces


@asynccontextmanager
async def scribing() -> AsyncIterator[Scribe]:
    """Yield a scribe whose process runs, and ends with the block."""
    scribe = Scribe()
    await scribe.start()
    try:
        yield scribe
    finally:
        await scribe.end()


async def read_here(source: str, known: Collection[bytes] = ()) -> Read:
    """Return the rulebook that a text is, read in a thread of this process.

    Raises:
        InvalidRulebook: It is none.
    """
    return await gently(joined(await asyncio.to_thread(lambda: [*answer(source, known)])))


def joined(pieces: Sequence[bytes]) -> Steps[Read]:
    """Put together what an answer is, piece by piece.

    Raises:
        InvalidRulebook: The text that was asked about is none.
    """
    head = pickle.loads(pieces[0])  # noqa: S301 -- our own process wrote it
    if not isinstance(head, Rulebook):
        faults: list[Fault] = head
        raise InvalidRulebook(faults, source="rulebook.yaml")
    rules: list[Rule] = []
    for piece in pieces[1:-1]:
        rules += pickle.loads(piece)  # noqa: S301 -- as above
        yield
    dump: Dumped = pickle.loads(pieces[-1])  # noqa: S301 -- as above
    return Read(replace(head, rules=tuple(rules)), dump)


def answer(source: str, known: Collection[bytes] = ()) -> Iterator[bytes]:
    """Yield the rulebook that a text is, without its rules, then these; or else its faults.

    What finds its terms comes last, but for what is known.
    """
    try:
        book = stored(source)
    except InvalidRulebook as fault:
        yield pickle.dumps([*fault.faults])
        return
    yield pickle.dumps(replace(book, rules=()))
    rules = iter(book.rules)
    while some := tuple(islice(rules, RULES_AT_ONCE)):
        yield pickle.dumps(some)
    yield pickle.dumps(dumped(at_once(lay_out(terms_of(book))), frozenset(known)))


def main() -> None:
    """Answer questions until there are no more."""
    gc.disable()  # what is read has no cycles, and is looked through in vain
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while size := int.from_bytes(questions.read(LENGTH_BYTES)):
        for piece in answer(*pickle.loads(questions.read(size))):  # noqa: S301 -- the judge wrote it
            answers.write(len(piece).to_bytes(LENGTH_BYTES) + piece)
        answers.write(bytes(LENGTH_BYTES))
        answers.flush()
        gc.collect()
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > RETAINED_MAX_KB:
            return


if __name__ == "__main__":
    main()
