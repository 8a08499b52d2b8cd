"""What a sync leaves out: the middle of a limited timeline, and what its events refer to."""

import asyncio
from collections.abc import Iterator
from typing import Any

import orjson
import structlog

from gateway.errors import Refused
from gateway.platforms.matrix import sync
from gateway.platforms.matrix.client import Homeserver
from gateway.platforms.matrix.fields import items, text
from gateway.platforms.matrix.rooms import Memory, Room

log = structlog.get_logger(__name__)

PAGE_EVENTS = 100
LOOKUPS_LIMIT = 64
"""Events looked up for one part; purging thousands of old messages is not worth a request each."""


class Filler:
    """Fetches what is missing, so that a part can be read like any other."""

    def __init__(self, homeserver: Homeserver, memory: Memory, *, pages_limit: int) -> None:
        self._homeserver = homeserver
        self._memory = memory
        self._pages_limit = pages_limit
        self._at_once = asyncio.Semaphore(4)

    async def complete(self, part: sync.Part, room: Room, since: str) -> None:
        """Fill the part's gap and the room's memory. Raises ``Transient`` if it cannot now."""
        async with self._at_once:
            if sync.creation(part) is None:
                await self.load(room)
            if since and part.limited and sync.own_join(part.timeline, room.own) < 0:
                await self._fill(part, room, since)
            timeline = [raw for raw in part.timeline if isinstance(raw, dict)]
            targets = dict.fromkeys(self._memory.unknown_targets(timeline))
            for target in list(targets)[:LOOKUPS_LIMIT]:
                await self._look_up(room, target)

    async def load(self, room: Room) -> None:
        """Read what a restart made us forget. Of a room we are not in any more, nothing is told."""
        if room.loaded:
            return
        for kind in ("m.room.create", "m.room.power_levels"):
            try:
                found = await self._homeserver.state_event(room.id, kind)
            except Refused:
                continue
            room.observe(kind, "", found)
        room.loaded = True

    async def _fill(self, part: sync.Part, room: Room, since: str) -> None:
        """Page backwards from where the timeline begins to where the last sync ended."""
        before = part.prev_batch
        for _ in range(self._pages_limit):
            try:
                page = await self._homeserver.messages(
                    part.room_id, since=since, before=before, limit=PAGE_EVENTS
                )
            except Refused as refusal:
                log.warning("matrix.gap", room=part.room_id, reason=str(refusal))
                part.lost_since = since
                return
            chunk = items(page, "chunk", sync.ENTRIES)
            kept = {"chunk": chunk, "state": page.get("state")}
            part.pages.append(orjson.dumps(kept))
            before = text(page, "end", 4_096)
            if sync.own_join(chunk, room.own) >= 0:
                # What lies behind was before our time, unless this was not the first time.
                part.lost_since = since if room.sequence else ""
                return
            if not before or not chunk:
                return
        part.lost_since = since

    async def _look_up(self, room: Room, event_id: str) -> None:
        try:
            found = await self._homeserver.event(room.id, event_id)
        except Refused:
            return  # Nobody can tell; the reader then believes what the event itself says.
        if found.get("event_id") == event_id:
            self._memory.remember(found)


def filled(part: sync.Part, own: str) -> Iterator[tuple[list[Any], list[Any]]]:
    """The fetched pages from the oldest on: what they say of members, and their events in order."""
    for at in range(len(part.pages) - 1, -1, -1):
        page = orjson.loads(part.pages[at])
        chunk = page["chunk"]
        chunk.reverse()
        came_in = sync.own_join(chunk, own)
        yield items(page, "state", sync.ENTRIES), chunk[max(0, came_in) :]
