"""The rooms in which Reeve talks to one person alone."""

from typing import Any

from chassis.bus import Bucket
from contracts import ids
from gateway.errors import Gone, Refused
from gateway.platforms.matrix.client import Homeserver, path
from gateway.platforms.matrix.fields import text

BUCKET = "directs"
PREFIX = "reeve-direct-"


class Directs:
    """One room for each person, found again after whatever happened.

    Creating a room has no transaction id. Its alias makes it idempotent: the second attempt is told
    that the alias is taken, and looks the room up.
    """

    def __init__(self, homeserver: Homeserver, bucket: Bucket) -> None:
        self._homeserver = homeserver
        self._bucket = bucket

    async def room(self, user: str) -> str:
        """The room for ``user``, who is in it or invited to it. Raises as ``Homeserver.call``."""
        key = ids.token(f"{self._homeserver.user_id} {user}")
        entry = await self._bucket.get(key)
        room = entry.value.decode() if entry is not None else ""
        if not room:
            room = await self._make(user, PREFIX + key)
            await self._bucket.put(key, room.encode())
        if not await self._is_there(room, user):
            where = path("rooms", room, "invite")
            await self._homeserver.call("POST", where, body={"user_id": user})
        return room

    async def _make(self, user: str, alias: str) -> str:
        wanted: dict[str, Any] = {
            "preset": "private_chat",
            "is_direct": True,
            "invite": [user],
            "room_alias_name": alias,
            "creation_content": {"dev.reeve.direct": True},
        }
        try:
            made = await self._homeserver.call("POST", "createRoom", body=wanted)
        except Refused as refusal:
            if refusal.code != "M_ROOM_IN_USE":
                raise
            server = self._homeserver.user_id.partition(":")[2]
            where = path("directory", "room", f"#{alias}:{server}")
            made = await self._homeserver.call("GET", where)
            await self._check_is_ours(text(made, "room_id"))
        return text(made, "room_id")

    async def _check_is_ours(self, room: str) -> None:
        """Raise ``Refused`` where somebody else took the alias first, to read what we tell."""
        created = await self._homeserver.state_event(room, "m.room.create")
        if text(created, "sender") != self._homeserver.user_id:
            raise Refused("taken", "somebody else holds the alias of the room with this person")

    async def _is_there(self, room: str, user: str) -> bool:
        try:
            member = await self._homeserver.state(room, "m.room.member", user)
        except Gone:
            return False
        return member.get("membership") in {"join", "invite"}
