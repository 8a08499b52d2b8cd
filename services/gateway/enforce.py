"""Carrying out what was decided: each action once, the outcome told, in an order that protects.

The order of the last steps is fixed: the effect, then its outcome in EVENTS, then the action's id
in the bucket ``done``, then the acknowledgement. Whatever dies in between, the action comes again
and finds its own work.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import structlog

from chassis import clock, telemetry, trace
from chassis.bus import Bucket, Delivery, Inbox
from chassis.errors import Explained
from chassis.stopping import Stopping
from contracts import codec
from contracts.values import (
    Action,
    Announce,
    Ban,
    DirectNotice,
    Kick,
    Lockdown,
    Mute,
    OutcomeStatus,
    Place,
    Reply,
    SetGroup,
    Unban,
    Unlock,
    Unmute,
)
from gateway.core.limits import Budget, backoff_s
from gateway.core.plan import Item, Plan
from gateway.cursors import Cursors
from gateway.errors import Throttled, Transient, Unreachable
from gateway.journal import Journal
from gateway.outcome import Result, to_event
from gateway.platforms.matrix.client import TALLY
from gateway.platforms.matrix.executor import Executor
from gateway.platforms.matrix.rooms import Bounded
from gateway.waiting import pause, unless

log = structlog.get_logger(__name__)

DONE_BUCKET = "done"
TRIES = 8
"""Refusals to answer one request before it is given up; an unreachable platform is none."""
ACK_WAIT_S = 10.0
LOOK_S = 15.0
SIZE_KEPT_S = 60.0
LONGEST_PAUSE_S = 15.0
PLANNED_LIMIT = 512
"""Actions of one priority that are in the plan at once; the rest wait in the stream."""
OF_THE_ROOM = Announce | Kick | Ban | Unban | Mute | Unmute | SetGroup | Lockdown | Unlock
"""What is about a room, and not about a message in it: it is done where the room goes on."""


@dataclass(slots=True)
class Work:
    """An action, where it came from, and what has been spent on it."""

    action: Action
    inbox: Inbox
    delivery: Delivery
    begun_s: float
    headers: Mapping[str, str] = field(default_factory=dict)
    """The trace to go on with."""
    tally: list[int] = field(default_factory=lambda: [0])
    """Requests made for it."""


class Enforce:
    """One connection's actions."""

    def __init__(
        self,
        *,
        executor: Executor,
        own: str,
        journal: Journal,
        done: Bucket,
        cursors: Cursors,
        budget: Budget,
        stopping: Stopping,
        ready: Callable[[bool, str], None],
    ) -> None:
        self._executor = executor
        self._own = own
        self._journal = journal
        self._done = done
        self._cursors = cursors
        self._budget = budget
        self._stopping = stopping
        self._ready = ready
        self._plan: Plan[Work] = Plan()
        self._out: set[str] = set()
        self._news = asyncio.Event()
        self._unreachable = 0
        self._sizes: Bounded[str, tuple[float, int]] = Bounded(5_000)

    @property
    def in_flight(self) -> int:
        """How many actions are on their way to the platform."""
        return len(self._out)

    async def take_in(self, inbox: Inbox) -> None:
        """Plan what is decided, as it comes."""
        while deliveries := await inbox.next(PLANNED_LIMIT):
            for delivery in deliveries:
                await self._take_in(inbox, delivery)
            self._news.set()

    async def work(self) -> None:
        """Carry out one action after the other; several of these run side by side."""
        while not self._stopping.is_set():
            now_s = clock.monotonic_s()
            wait_s = self._budget.wait_s(now_s)
            item = self._plan.take(now_s) if wait_s <= 0 else None
            if item is None:
                await self._wait(now_s, wait_s)
                continue
            self._budget.take(now_s)
            self._out.add(item.id)
            try:
                await self._carry_out(item)
            finally:
                self._out.discard(item.id)
                self._news.set()

    async def hold(self) -> None:
        """Keep what is planned from coming again, and hand it back at the end."""
        while not self._stopping.is_set():
            await pause(ACK_WAIT_S / 3, self._stopping)
            for item in self._plan.items():
                await item.work.inbox.hold([item.work.delivery])
        for item in self._plan.items():
            if item.id not in self._out:  # those that are out will be finished and acknowledged
                await item.work.inbox.retry(item.work.delivery, delay_s=0)

    async def look(self) -> None:
        """Find out whether the platform lets us in while there is nothing to carry out."""
        while not self._stopping.is_set():
            try:
                await self._executor.look()
            except Throttled:
                pass  # it answers
            except Transient as fault:
                self._ready(False, str(fault))  # noqa: FBT003 - as above
            else:
                self._reached()
            await pause(LOOK_S, self._stopping)

    def _reached(self) -> None:
        self._unreachable = 0
        self._ready(True, "")  # noqa: FBT003 - as above

    async def _take_in(self, inbox: Inbox, delivery: Delivery) -> None:
        try:
            action = codec.decode(Action, delivery.data)
        except codec.Malformed as fault:
            log.warning("enforce.malformed_action", seq=delivery.seq, reason=str(fault))
            await inbox.give_up(delivery, reason=str(fault))
            return
        action = await self._as_of_now(action)
        room = action.place.channel if action.place is not None else ""
        size = await self._size(room) if room else 0
        work = Work(action, inbox, delivery, begun_s=clock.monotonic_s())
        known = self._plan.get(action.id)
        if known is not None:
            # It comes again while it is planned: only the newest delivery can be acknowledged.
            known.work.delivery = delivery
            return
        self._plan.add(action.id, work, priority=action.priority, size=size, lane=lane(action))

    async def _as_of_now(self, action: Action) -> Action:
        """The action, in the room that took the place of its own: what was decided may be old."""
        place = action.place
        if place is None or not place.channel or not isinstance(action.body, OF_THE_ROOM):
            return action
        rooms = await self._cursors.line(place.channel)
        if len(rooms) == 1:
            return action
        if isinstance(action.body, Mute | Unmute):
            await self._executor.follow_mute(action, rooms)
        return replace(action, place=Place(channel=rooms[-1]))

    async def _carry_out(self, item: Item[Work]) -> None:
        work, action = item.work, item.work.action
        TALLY.set(work.tally)
        if await self._done.get(action.id) is not None:
            await work.inbox.ack([work.delivery])
            self._plan.done(item)
            return
        try:
            with trace.span("reeve.enforce", work.delivery.headers) as headers:
                work.headers = headers
                result = await self._result(action)
        except Transient as fault:
            if item.tries + 1 < TRIES or not _counts(fault):
                self._postpone(item, fault)
                return
            result = Result(status=OutcomeStatus.FAILED, fault=str(fault))
        except Explained:
            raise
        except Exception as fault:  # noqa: BLE001 -- one strange action must not stop the others
            reason = f"{type(fault).__name__}: {fault}"
            result = Result(status=OutcomeStatus.FAILED, fault=reason)
        else:
            self._reached()
        await self._finish(item, result)

    async def _result(self, action: Action) -> Result:
        if action.deadline_ms and clock.now_ms() > action.deadline_ms:
            return Result(status=OutcomeStatus.FAILED, fault="the deadline has passed")
        return await self._executor.carry_out(action)

    async def _finish(self, item: Item[Work], result: Result) -> None:
        work, action = item.work, item.work.action
        kind, status = codec.body_name(action), result.status.name.lower()
        took_s = clock.monotonic_s() - work.begun_s
        outcome = to_event(
            action,
            result,
            own=self._own,
            at_ms=clock.now_ms(),
            requests=work.tally[0],
            latency_ms=int(took_s * 1000),
        )
        await self._journal.append([outcome], headers=work.headers)
        await self._done.put(action.id, status.encode())
        if result.status is OutcomeStatus.FAILED:
            log.warning("enforce.given_up", action=action.id, kind=kind, reason=result.fault)
            await work.inbox.give_up(work.delivery, reason=result.fault)
        else:
            await work.inbox.ack([work.delivery])
        self._plan.done(item)
        telemetry.counter("reeve_actions_total").add(1, kind=kind, status=status)
        telemetry.histogram("reeve_enforce_seconds").record(took_s, kind=kind)

    def _postpone(self, item: Item[Work], fault: Transient) -> None:
        now_s = clock.monotonic_s()
        wait_s = fault.retry_after_s or backoff_s(item.tries + 1)
        if isinstance(fault, Unreachable):
            if self._budget.paused_until_s <= now_s:  # and not eight times for one outage
                self._unreachable += 1
            wait_s = backoff_s(self._unreachable, most_s=LONGEST_PAUSE_S)
            self._ready(False, str(fault))  # noqa: FBT003 - it is what is said
        if not _counts(fault):
            self._budget.pause(now_s, wait_s)
        self._plan.postpone(item, now_s + wait_s, counts=_counts(fault))
        log.warning(
            "enforce.postponed", action=item.id, reason=str(fault), wait_s=wait_s, tries=item.tries
        )

    async def _wait(self, now_s: float, wait_s: float) -> None:
        """Sleep until something may have become possible."""
        next_s = self._plan.next_at_s()
        until_s = [wait_s] if wait_s > 0 else []
        until_s += [next_s - now_s] if next_s is not None else []
        self._news.clear()
        try:
            async with asyncio.timeout(min(until_s, default=None)):
                await unless(self._stopping, self._news.wait())
        except TimeoutError:
            return

    async def _size(self, room: str) -> int:
        """How many are in a room, as ingest last heard; 0: not known."""
        known = self._sizes.get(room)
        now_s = clock.monotonic_s()
        if known is None or known[0] < now_s:
            record = await self._cursors.load_room(room)
            known = (now_s + SIZE_KEPT_S, record.members if record is not None else 0)
            self._sizes[room] = known
        return known[1]


def lane(action: Action) -> str:
    """What an action must not share with another that is being carried out."""
    room = action.place.channel if action.place is not None else ""
    user = action.target.id if action.target is not None else ""
    if isinstance(action.body, Mute | Unmute):
        return f"levels {room}"  # one document for the whole room
    if isinstance(action.body, Kick | Ban | Unban):
        return f"member {room} {user}"
    if isinstance(action.body, SetGroup | Lockdown | Unlock):
        return f"settings {room}"  # or what was put back would be put back again
    if isinstance(action.body, Reply | Announce):
        return f"speech {room}"  # or answers would stand in any order
    if isinstance(action.body, DirectNotice):
        return f"direct {user}"
    return ""


def _counts(fault: Transient) -> bool:
    """Whether the platform refused this very request, and not every one."""
    return not isinstance(fault, Throttled | Unreachable)
