"""Where reading goes on after a restart: moved only after everything before it is stored.

Cursors are kept in the KV bucket ``cursors``. A homeserver accepts any text as a cursor and then
starts somewhere (proven with Synapse), so a damaged one would lose events without a word: hence
the checksum.
"""

from dataclasses import dataclass
from typing import Any

import orjson

from chassis.bus import Bucket, Taken
from chassis.errors import Explained
from contracts import ids, subjects

BUCKET = "cursors"
NEWER: tuple[Any, ...] = ((), "", "", "")
"""What a record does not say that an older version kept: all after its first five parts."""
LINE_LIMIT = 32
"""Rooms in a line of upgrades that are followed."""


class Overtaken(Explained):
    """Another process reads the same connection and has moved its cursor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far ``account`` was read, and the invitations it has yet to follow."""

    account: str
    since: str
    joins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRecord:
    """What has to outlive a restart about one room.

    The sequence is kept before and after the step that began at ``since``: if that step has to be
    done again, its events get the numbers they had. ``told`` is what the notices in a direct room
    were about. ``follows`` is a room that was said to go on here; ``group`` is the group of that,
    empty until this room has said so, too. ``heir`` is the room that has taken the place of this.
    """

    since: str = ""
    before: int = 0
    after: int = 0
    members: int = 0
    parent: str = ""
    told: tuple[tuple[str, str], ...] = ()
    follows: str = ""
    group: str = ""
    heir: str = ""

    def sequence(self, since: str) -> int:
        """The number of the last event of the room when reading goes on at ``since``."""
        return self.before if self.since == since else self.after


class Cursors:
    """The cursor of one connection and the records of its rooms."""

    def __init__(self, bucket: Bucket, connection: str) -> None:
        self._bucket = bucket
        self._name = subjects.name(connection)
        self._revision: int | None = None

    async def load(self, account: str) -> tuple[Cursor | None, str]:
        """The cursor, or ``None`` and the reason why there is none to go on from."""
        entry = await self._bucket.get(f"sync.{self._name}")
        if entry is None:
            return None, "first start"
        self._revision = entry.revision
        try:
            body = orjson.loads(entry.value)
            cursor = Cursor(
                account=body["account"], since=body["since"], joins=tuple(body["joins"])
            )
        except (ValueError, TypeError, KeyError):
            return None, "the cursor is damaged"
        if body.get("sum") != _checksum(cursor):
            return None, "the cursor is damaged"
        if cursor.account != account:
            return None, f"the cursor was {cursor.account}'s"
        return cursor, ""

    async def store(self, cursor: Cursor) -> None:
        """Move the cursor. Raises ``Overtaken`` if another process did meanwhile."""
        value = orjson.dumps(
            {
                "account": cursor.account,
                "since": cursor.since,
                "joins": cursor.joins,
                "sum": _checksum(cursor),
            }
        )
        key = f"sync.{self._name}"
        try:
            if self._revision is None:
                self._revision = await self._bucket.create(key, value)
            else:
                self._revision = await self._bucket.update(key, value, self._revision)
        except Taken as fault:
            raise Overtaken(
                f"Another process reads the connection {self._name} and has moved its cursor; "
                "one ingest is enough for each."
            ) from fault

    async def load_room(self, room_id: str) -> RoomRecord | None:
        """What is kept about a room; ``None`` if nothing is."""
        entry = await self._bucket.get(room_key(self._name, room_id))
        return None if entry is None else _record(entry.value)

    async def line(self, room_id: str) -> tuple[str, ...]:
        """A room, and after it those that took its place, one after the other."""
        found = [room_id]
        while len(found) < LINE_LIMIT:
            record = await self.load_room(found[-1])
            if record is None or not record.heir or record.heir in found:
                break
            found.append(record.heir)
        return tuple(found)

    async def store_room(self, room_id: str, record: RoomRecord) -> None:
        """Keep what has to be known about a room."""
        body: list[Any] = [record.since, record.before, record.after, record.members, record.parent]
        if record.told or record.follows or record.group or record.heir:
            body += [record.told, record.follows, record.group, record.heir]
        await self._bucket.put(room_key(self._name, room_id), orjson.dumps(body))


def room_key(connection: str, room_id: str) -> str:
    """Where the record of a room is kept."""
    return f"room.{connection}.{ids.token(room_id)}"


def _record(value: bytes) -> RoomRecord | None:
    try:
        body: list[Any] = orjson.loads(value)
        since, before, after, members, parent, told, follows, group, heir = [
            *body,
            *NEWER[len(body) - 5 :],
        ]
        pairs = tuple((notice, about) for notice, about in told)
    except ValueError:
        return None
    return RoomRecord(
        since=since,
        before=before,
        after=after,
        members=members,
        parent=parent,
        told=pairs,
        follows=follows,
        group=group,
        heir=heir,
    )


def _checksum(cursor: Cursor) -> str:
    parts: list[Any] = [cursor.account, cursor.since, *cursor.joins]
    return ids.digest(orjson.dumps(parts))
