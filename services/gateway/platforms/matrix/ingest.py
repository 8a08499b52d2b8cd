"""Reading a homeserver: everything a sync says is stored before the next is asked for."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import structlog

from chassis import clock
from chassis.stopping import Stopping
from contracts.values import Event, GroupChanged, Origin
from gateway.core.limits import backoff_s
from gateway.cursors import LINE_LIMIT, Cursor, Cursors, RoomRecord
from gateway.errors import Refused, ShutOut, Throttled, Transient, Unreachable
from gateway.journal import Journal
from gateway.platforms.matrix import asides, sync
from gateway.platforms.matrix.client import Homeserver
from gateway.platforms.matrix.fields import Fault, Json, text
from gateway.platforms.matrix.fill import Filler, filled
from gateway.platforms.matrix.normalise import Normaliser, Reading, skipped
from gateway.platforms.matrix.power import creation
from gateway.platforms.matrix.rooms import Room
from gateway.waiting import pause, unless

log = structlog.get_logger(__name__)

PUBLISH_EVENTS = 500
"""Events published at once: enough to hide the way to the server, few enough to fit in memory."""
LONGEST_PAUSE_S = 30.0
JOIN_PAUSE_S = 1.0
PATIENCE = 3
"""Failures in a row after which a room that cannot be completed is read with a gap."""


@dataclass(slots=True, kw_only=True)
class _Step:
    """One answer of the homeserver on its way into the log."""

    since: str
    received_ms: int
    origin: Origin
    gap: str
    parts: list[sync.Part]
    before: dict[str, int] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    """Rooms that were upgraded, by the room in which they go on."""

    def reading(self, origin: Origin) -> Reading:
        return Reading(received_ms=self.received_ms, cursor=self.since, origin=origin)


class Ingest:
    """The loop from one Matrix account into EVENTS.

    The order is fixed: all events of an answer are acknowledged by JetStream, then the rooms'
    records are kept, then the cursor moves. Whatever dies in between, the same answer is read
    again, and its events have the same ids and numbers.
    """

    def __init__(
        self,
        *,
        homeserver: Homeserver,
        normaliser: Normaliser,
        filler: Filler,
        journal: Journal,
        cursors: Cursors,
        stopping: Stopping,
        ready: Callable[[bool, str], None],
        auto_join: bool,
    ) -> None:
        self._homeserver = homeserver
        self._normaliser = normaliser
        self._memory = normaliser.memory
        self._filler = filler
        self._journal = journal
        self._cursors = cursors
        self._stopping = stopping
        self._ready = ready
        self._auto_join = auto_join
        self._cursor = Cursor(account=homeserver.user_id, since="")
        self._gap = ""
        self._behind = True
        self._failures = 0
        self._invited = asyncio.Event()

    async def read(self) -> None:
        """Read until told to stop; pause where the homeserver does not answer.

        Raises:
            Overtaken: Another process reads for the same connection.
        """
        await self._resume()
        while not self._stopping.is_set():
            reason = ""
            try:
                await self._step()
                self._failures = 0
            except (Transient, Fault) as fault:
                reason = str(fault)
                self._failures += 1
                self._behind = True
                asked_s = fault.retry_after_s if isinstance(fault, Transient) else 0.0
                wait_s = asked_s or backoff_s(self._failures, most_s=LONGEST_PAUSE_S)
                tries = self._failures
                if not isinstance(fault, ShutOut):  # which is told where it is noticed
                    log.warning("matrix.sync_failed", reason=reason, tries=tries, wait_s=wait_s)
                await pause(wait_s, self._stopping)
            self._ready(self._failures == 0, reason)

    async def follow_invitations(self) -> None:
        """Join the rooms the bot was invited to, again and again until the answer is final."""
        while not self._stopping.is_set():
            for room_id in self._cursor.joins:
                await self._join(room_id)
            if self._cursor.joins:
                await pause(JOIN_PAUSE_S, self._stopping)
            else:
                self._invited.clear()
                await unless(self._stopping, self._invited.wait())

    async def _resume(self) -> None:
        found, self._gap = await self._cursors.load(self._homeserver.user_id)
        if found is None:
            log.info("matrix.first_sync", reason=self._gap)
        else:
            self._cursor = found
            self._invited.set()

    async def _join(self, room_id: str) -> None:
        try:
            await self._homeserver.join(room_id)
        except Refused as refusal:
            log.warning("matrix.join_refused", room=room_id, reason=str(refusal))
        except Transient as fault:
            log.warning("matrix.join_failed", room=room_id, reason=str(fault))
            await pause(fault.retry_after_s, self._stopping)
            return
        left = tuple(each for each in self._cursor.joins if each != room_id)
        self._cursor = replace(self._cursor, joins=left)

    async def _step(self) -> None:
        since = self._cursor.since
        wanted = sync.filter_json(first=not since)
        wait_s = 0.0 if self._behind else sync.POLL_S
        answer = await unless(self._stopping, self._homeserver.sync(since, wanted, wait_s))
        if answer is None:
            return
        until = sync.next_batch(answer)
        late = Origin.BACKFILLED if not since else Origin.RESUMED
        step = _Step(
            since=since,
            received_ms=clock.now_ms(),
            origin=late if self._behind else Origin.LIVE,
            gap=self._gap,
            parts=sync.parts(answer),
        )
        await self._prepare(step)
        await self._publish(self._events(step, until))
        joins = await self._invitations(answer, step)
        await self._keep_rooms(step)
        await self._keep_heirs(step)
        if (until, joins) != (since, self._cursor.joins):
            self._cursor = replace(self._cursor, since=until, joins=joins)
            await self._cursors.store(self._cursor)
        if joins:
            self._invited.set()
        self._gap, self._behind = "", False

    async def _prepare(self, step: _Step) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for part in step.parts:
                    group.create_task(self._prepare_part(part, step))
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from faults

    async def _prepare_part(self, part: sync.Part, step: _Step) -> None:
        room = self._memory.room(part.room_id)
        await self._restore(room, step.since, part)
        try:
            await self._filler.complete(part, room, step.since)
            for room_id in sorted(set(room.told.values())):
                meant = self._memory.room(room_id)
                await self._restore(meant, step.since)
                await self._filler.load(meant)
        except (Throttled, Unreachable):
            raise
        except Transient as fault:
            # One room whose answers always fail must not keep us from reading the others.
            if self._failures < PATIENCE:
                raise
            log.warning("matrix.gap", room=part.room_id, reason=str(fault))
            room.loaded = True
            part.pages.clear()
            part.lost_since = step.since

    async def _restore(
        self,
        room: Room,
        since: str,
        part: sync.Part | None = None,
        heirs: tuple[str, ...] = (),
    ) -> None:
        if room.restored and not room.may_follow:
            return
        record = await self._cursors.load_room(room.id)
        if record is not None:
            if record.group:
                room.inherit(record.group)
            elif record.follows and record.since != since:
                await self._follow(room, record, part, heirs)
                room.may_follow = False
        if record is not None and not room.restored:
            room.heir = room.heir or record.heir
            room.sequence = record.sequence(since)
            room.joined_members = record.members
            room.belong(record.parent)
            room.told.update(record.told)
        room.restored = True

    async def _follow(
        self, room: Room, record: RoomRecord, part: sync.Part | None, heirs: tuple[str, ...]
    ) -> None:
        """Let a room take the place of the one that goes on in it, if it says so as well.

        That is kept before any event of it is: read again, they are of the same group. ``heirs``
        wait for it to do so: where they are a ring, or no end of them, it does not.
        """
        made = sync.creation(part) if part is not None else None
        try:
            made = made or await self._homeserver.state_event(room.id, "m.room.create")
        except (Throttled, Unreachable):
            raise
        except Transient:
            if self._failures < PATIENCE:
                raise
        except Refused:
            pass
        says_so = creation(room.id, made).predecessor == record.follows
        if not says_so or record.follows in heirs or len(heirs) >= LINE_LIMIT:
            log.warning("matrix.room_not_followed", room=room.id, from_room=record.follows)
            return
        before = self._memory.room(record.follows)
        await self._restore(before, self._cursor.since, heirs=(*heirs, room.id))
        room.inherit(before.group)
        await self._cursors.store_room(room.id, replace(record, group=room.group))
        before.heir = room.id
        kept = await self._cursors.load_room(before.id) or RoomRecord()
        await self._cursors.store_room(before.id, replace(kept, heir=before.heir))
        log.info("matrix.room_followed", room=room.id, group=room.group)

    def _events(self, step: _Step, until: str) -> Iterator[Event]:
        for part in step.parts:
            room = self._memory.room(part.room_id)
            step.before[room.id] = room.sequence
            heir = "" if part.left or room.direct else sync.replacement(part.state)
            step.moved |= {heir: room.id} if heir else {}
            for event in self._part_events(part, room, step, until):
                if room.direct and event.group == room.group:  # a gap in what nobody judges
                    skipped("direct")
                else:
                    step.moved |= _moved_to(event, room)
                    yield event
            if part.joined_members >= 0:
                room.joined_members = part.joined_members
            if part.left:
                room.loaded = False  # Levels may change while we are out.

    def _part_events(self, part: sync.Part, room: Room, step: _Step, until: str) -> Iterator[Event]:
        normaliser, reading = self._normaliser, step.reading(step.origin)
        asides.forget(room, part.timeline)
        history = step.reading(Origin.BACKFILLED)
        if step.gap:
            yield normaliser.gap(room, history, step.gap, since="", until=until)
        elif part.lost_since:
            reason = "too much to fetch"
            yield normaliser.gap(room, history, reason, since=step.since, until=part.prev_batch)
        for state, chunk in filled(part, room.own):
            for raw in state:
                normaliser.observe(room, raw)
            for raw in chunk:
                yield from normaliser.events(room, raw, history)
        for raw in part.state:
            normaliser.observe(room, raw)
        came_in = sync.own_join(part.timeline, room.own)
        before_us = replace(history, before_us=True)
        for at, raw in enumerate(part.timeline):
            ours = at >= came_in and bool(step.since)
            yield from normaliser.events(room, raw, reading if ours else before_us)
        if part.left and sync.was_removed(part.timeline, room.own):
            reason = "we are not in the room any more"
            yield normaliser.gap(room, reading, reason, since=until, until="")

    async def _publish(self, events: Iterator[Event]) -> None:
        chunk: list[Event] = []
        for event in events:
            chunk.append(event)
            if len(chunk) == PUBLISH_EVENTS:
                await self._journal.append(chunk)
                chunk.clear()
        await self._journal.append(chunk)

    async def _invitations(self, answer: Json, step: _Step) -> tuple[str, ...]:
        """Tell of the bot's invitations; return the rooms that are to be joined."""
        joins = dict.fromkeys(self._cursor.joins)
        joins |= dict.fromkeys(sorted(step.moved) if self._auto_join else ())
        for room_id, stripped in sync.invitations(answer).items():
            room = self._memory.room(text({"id": room_id}, "id"))
            event = self._normaliser.invited(room, stripped, step.reading(step.origin))
            await self._journal.append([] if event is None else [event])
            if self._auto_join:
                joins[room_id] = None
        return tuple(joins)

    async def _keep_rooms(self, step: _Step) -> None:
        """Keep the records of the rooms in which something happened."""
        async with asyncio.TaskGroup() as group:
            for part in step.parts:
                room = self._memory.room(part.room_id)
                before = step.before[room.id]
                if room.sequence != before or part.joined_members >= 0:
                    record = RoomRecord(
                        since=step.since,
                        before=before,
                        after=room.sequence,
                        members=room.joined_members,
                        parent=room.parent,
                        told=tuple(room.told.items()),
                        group=room.inherited,
                        heir=room.heir,
                    )
                    group.create_task(self._cursors.store_room(room.id, record))

    async def _keep_heirs(self, step: _Step) -> None:
        """Keep where rooms go on, for when that is told from there too.

        A room that we are in already is asked at the next step only: what was read of it in this
        one would be of another group if it had to be read again.
        """
        for heir, before in step.moved.items():
            room = self._memory.room(heir)
            known = await self._cursors.load_room(heir) or RoomRecord(since=step.since)
            if known.group:
                continue
            if room.assigned or known.follows not in {"", before}:
                log.warning("matrix.room_not_followed", room=heir, from_room=before)
                continue
            log.info("matrix.room_upgraded", room=before, replacement=heir)
            if known.since != step.since:
                known = replace(known, since=step.since, before=known.after)
            await self._cursors.store_room(heir, replace(known, follows=before))
            room.may_follow = True


def _moved_to(event: Event, room: Room) -> dict[str, str]:
    """The room that takes the place of this one, if the event says that one does."""
    change = event.payload
    if isinstance(change, GroupChanged) and change.key == "upgraded" and change.value:
        return {change.value: room.id}
    return {}
