"""The people of the demo, each a real Matrix client, and the witness who sees what all see."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import nio

Seen = Mapping[str, Any]
Answer = TypeVar("Answer")

SYNC_WAIT_MS = 3_000
EVERYTHING = {"room": {"timeline": {"limit": 100}}}
"""Or a first sync has ten events a room, and who came before them was not seen to come."""


class Unexpected(Exception):
    """A homeserver did not do what the story needs; says what was wanted and what came."""


@dataclass(frozen=True, slots=True)
class Person:
    """One signed-in Matrix client.

    ``name`` is what the others see, ``member`` the full Matrix id.
    """

    client: nio.AsyncClient
    name: str
    member: str

    async def make_room(
        self, alias: str, name: str, topic: str, *, power: Mapping[str, int]
    ) -> str:
        """Create the public room ``#alias:server``; its id. ``power`` has levels by member."""
        answer = await self.client.room_create(
            alias=alias,
            name=name,
            topic=topic,
            preset=nio.RoomPreset.public_chat,
            power_level_override={"users": dict(power), "events_default": 0},
        )
        return str(_wanted(answer, nio.RoomCreateResponse).room_id)

    async def show_name(self) -> None:
        """Let the others see ``name`` instead of the account's local part."""
        _wanted(await self.client.set_displayname(self.name), nio.ProfileSetDisplayNameResponse)

    async def join(self, room: str) -> None:
        _wanted(await self.client.join(room), nio.JoinResponse)

    async def invite(self, room: str, member: str) -> None:
        _wanted(await self.client.room_invite(room, member), nio.RoomInviteResponse)

    async def private_words(self, sender: str, rooms: set[str]) -> list[str]:
        """Accept what ``sender`` invited this member to; return what is new there.

        ``rooms`` are those accepted so far; new ones are added.
        """
        answer = _wanted(await self.client.sync(timeout=0), nio.SyncResponse)
        for room, invitation in answer.rooms.invite.items():
            if _is_from(invitation, sender):
                await self.join(room)
                rooms.add(room)
        joined = [its for room, its in answer.rooms.join.items() if room in rooms]
        events = [event.source for its in joined for event in its.timeline.events]
        return [
            str(event["content"].get("body", ""))
            for event in events
            if event["sender"] == sender and event["type"] == "m.room.message"
        ]

    async def say(self, room: str, text: str) -> str:
        """Send ``text``; the event id. Raises ``Unexpected`` when the server refuses."""
        return str(_wanted(await self._send(room, text), nio.RoomSendResponse).event_id)

    async def try_to_say(self, room: str, text: str) -> str | None:
        """Send ``text``; the event id, or ``None`` where the server forbids this member to speak.

        Raises:
            Unexpected: The server refused for another reason.
        """
        answer = await self._send(room, text)
        if isinstance(answer, nio.RoomSendError) and answer.status_code == "M_FORBIDDEN":
            return None
        return str(_wanted(answer, nio.RoomSendResponse).event_id)

    async def _send(self, room: str, text: str) -> object:
        content = {"msgtype": "m.text", "body": text}
        return await self.client.room_send(room, "m.room.message", content)


@dataclass(slots=True)
class Witness:
    """A member of every room who does nothing but look.

    ``seen`` holds the raw events of all rooms in the order they came, each with its ``room_id``.
    """

    person: Person
    seen: list[Seen] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def watch(self) -> None:
        """Sync until cancelled."""
        while True:
            answer = await self.person.client.sync(timeout=SYNC_WAIT_MS, sync_filter=EVERYTHING)
            rooms = _wanted(answer, nio.SyncResponse).rooms.join
            async with self.news:
                for room, joined in rooms.items():
                    self.seen += [{**e.source, "room_id": room} for e in joined.timeline.events]
                self.news.notify_all()

    async def see(
        self, what: Callable[[Seen], bool], *, within_s: float, since: int = 0
    ) -> Seen | None:
        """The first event from position ``since`` on, past or to come, that is ``what``.

        ``None`` when none came within ``within_s`` seconds.
        """
        try:
            async with asyncio.timeout(within_s), self.news:
                while True:
                    for event in self.seen[since:]:
                        if what(event):
                            return event
                    await self.news.wait()
        except TimeoutError:
            return None


def is_text(event: Seen, *, room: str, sender: str, holds: str = "") -> bool:
    """Whether ``event`` is a message of ``sender`` in ``room`` that contains ``holds``."""
    return bool(
        event["type"] == "m.room.message"
        and event["room_id"] == room
        and event["sender"] == sender
        and holds in event["content"].get("body", "")
    )


def is_redaction(event: Seen, *, of: str) -> bool:
    """Whether ``event`` removes the message ``of``, wherever its room version says so."""
    target = event.get("redacts") or event.get("content", {}).get("redacts")
    return bool(event["type"] == "m.room.redaction" and target == of)


def is_arrival(event: Seen, *, room: str, member: str) -> bool:
    """Whether ``event`` brings ``member`` into ``room``."""
    return bool(
        event["type"] == "m.room.member"
        and event["room_id"] == room
        and event.get("state_key") == member
        and event["content"].get("membership") == "join"
    )


def is_departure(event: Seen, *, room: str, member: str) -> bool:
    """Whether ``event`` puts ``member`` out of ``room``."""
    return bool(
        event["type"] == "m.room.member"
        and event["room_id"] == room
        and event.get("state_key") == member
        and event["content"].get("membership") in {"leave", "ban"}
    )


def _is_from(invitation: nio.InviteInfo, sender: str) -> bool:
    return any(
        isinstance(event, nio.InviteMemberEvent)
        and event.membership == "invite"
        and event.sender == sender
        for event in invitation.invite_state
    )


def _wanted(answer: object, kind: type[Answer]) -> Answer:
    if not isinstance(answer, kind):
        raise Unexpected(f"wanted {kind.__name__}, the homeserver said: {answer}")
    return answer
