"""The past, judged again: what was decided at a place in the log, and the memory of then."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

import asyncpg

from chassis.bus import Bus, Delivery
from contracts import subjects
from contracts.codec import Malformed, view_event
from contracts.values import Decision, DecisionBatch
from policy.core.compile import compile_rulebook
from policy.core.compiled import Compiled
from policy.core.rulebook import InvalidRulebook, Rulebook, stored
from policy.core.state import State, UnreadableSnapshot
from policy.recovery import NOTHING
from policy.seat import Seat, adopted, read_batch
from policy.store.memory import Memory, Snapshot
from reeve.bus import operator_bus
from reeve.rest import Rest
from reeve.stack.access import database_url
from reeve.stack.errors import Unusable
from reeve.stack.home import find_home

Found = TypeVar("Found")

SCHEMA = "policy"
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Made:
    """A decision as it was committed, and the batch that holds it."""

    decision: Decision
    batch: DecisionBatch


@dataclass(slots=True)
class Past:
    """Judges again what was judged; ``make`` compiles rulebooks."""

    bus: Bus
    rest: Rest
    make: Callable[[Rulebook], Compiled] = compile_rulebook
    snapshots: Memory | None = None
    books: dict[str, Compiled] = field(default_factory=dict)

    async def decision(self, beginning: str) -> Made:
        """Return the decision whose id begins so; raise `Unusable` unless there is just one."""
        found = {made.decision.id: made async for made in self._decisions(beginning)}
        return _only(list(found.values()), "decision", beginning, list(found))

    async def about(self, event_id: str, partition: int) -> Made | None:
        """Return the decision about an event; ``None`` where nothing was decided."""
        async for batch in self._batches(subjects.decisions(partition)):
            for decision in batch.decisions:
                if decision.event_id == event_id:
                    return Made(decision, batch)
        return None

    async def event(self, beginning: str) -> Delivery:
        """Return the event of this sequence, id or message id, or whose id begins so."""
        found: dict[str, Delivery] = {}
        if beginning.isdecimal() and len(beginning) < SHOWN * 2:
            delivery = await self.bus.get(subjects.EVENTS, int(beginning))
            found |= {} if delivery is None else {str(delivery.seq): delivery}
        async for page in self.bus.read(subjects.EVENTS, "ev.>"):
            for delivery in page:
                name = _matching(delivery, beginning)
                if name:
                    found.setdefault(name, delivery)
        return _only(list(found.values()), "event", beginning, list(found))

    async def seat(self, partition: int, before_seq: int) -> Seat:
        """Return the judge of a partition from the newest snapshot before a place in the log.

        Raises:
            Unusable: The log no longer reaches back to it, nor does a snapshot.
        """
        bounds = await self.bus.bounds(subjects.EVENTS)
        for snapshot in await self._kept(partition, bounds.created, before_seq):
            try:
                state = State.restore(snapshot.state) if snapshot.state else State()
            except UnreadableSnapshot:
                continue
            if snapshot.last_seq + 1 < bounds.first_seq:
                break
            await self._need(snapshot.rulebooks)
            return Seat(
                partition,
                state,
                self.books,
                last_seq=snapshot.last_seq,
                dec_seq=0,
                log=bounds.created,
                owner="again",
            )
        raise Unusable("The log no longer reaches back to it, so it cannot be judged again.")

    async def judge(self, seat: Seat, upto_seq: int) -> list[Decision]:
        """Judge up to a place in the log and return every decision on the way."""
        found: list[Decision] = []
        pages = self.bus.read(
            subjects.EVENTS,
            subjects.event_filter(seat.partition),
            after_seq=seat.last_seq,
            upto_seq=upto_seq,
        )
        async for page in pages:
            await self._need(adopted(page))
            run = page
            while run:
                batch = seat.judge(run).batch
                found += batch.decisions
                run = run[batch.events :]
        return found

    async def _kept(self, partition: int, created: str, before_seq: int) -> list[Snapshot]:
        kept: list[Snapshot] = []
        if self.snapshots is not None:
            with suppress(OSError, asyncpg.PostgresError):  # the log alone tells as much, later
                kept = await self.snapshots.newest_first(partition, created)
        return [one for one in kept if one.last_seq < before_seq] + [NOTHING]

    async def _need(self, digests: Iterable[str]) -> None:
        for digest in sorted(set(digests) - self.books.keys()):
            answer = await asyncio.to_thread(self.rest.call, "GET", f"/v1/rulebooks/{digest}")
            source = answer.checked(f"The rulebook {digest[:12]} cannot be had")["source"]
            try:
                self.books[digest] = self.make(stored(source))
            except InvalidRulebook as fault:
                raise Unusable(f"The rulebook {digest[:12]} is not valid today: {fault}") from fault

    async def _decisions(self, beginning: str) -> AsyncIterator[Made]:
        async for batch in self._batches(subjects.EVERY_DECISION):
            for decision in batch.decisions:
                if decision.id.startswith(beginning):
                    yield Made(decision, batch)

    async def _batches(self, subject: str) -> AsyncIterator[DecisionBatch]:
        async for page in self.bus.read(subjects.DECISIONS, subject):
            for delivery in page:
                try:
                    yield read_batch(delivery)
                except Malformed:
                    continue


@asynccontextmanager
async def the_past(
    rest: Rest, make: Callable[[Rulebook], Compiled] = compile_rulebook
) -> AsyncIterator[Past]:
    """Open the log, and the snapshots where the database can be reached."""
    async with AsyncExitStack() as stack:
        bus = await stack.enter_async_context(operator_bus(os.environ))
        past = Past(bus, rest, make)
        try:
            url = os.environ.get("DATABASE_URL") or database_url(find_home(os.environ), SCHEMA)
            pool = asyncpg.create_pool(
                url, min_size=1, max_size=1, server_settings={"search_path": SCHEMA}
            )
            past.snapshots = Memory(await stack.enter_async_context(pool))
        except (Unusable, OSError, asyncpg.PostgresError):
            past.snapshots = None  # from the beginning of the log, then
        yield past


def _matching(delivery: Delivery, beginning: str) -> str:
    try:
        view = view_event(delivery.data)
    except Malformed:
        return ""
    if view.id.startswith(beginning) or view.dedup_key == beginning:
        return view.id
    message_id = getattr(view.payload, "message_id", "") if view.kind else ""
    return view.id if message_id == beginning else ""


def _only(found: list[Found], what: str, beginning: str, names: list[str]) -> Found:
    if len(found) == 1:
        return found[0]
    if not found:
        raise Unusable(f"There is no {what} {beginning} in the log.")
    known = ", ".join(names[:SHOWN])
    raise Unusable(f"{len(found)} {what}s begin with {beginning}: {known}.")
