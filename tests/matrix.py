"""Members as plain Matrix clients: whatever they want to send is sent, however odd it is."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp

Raw = dict[str, Any]
Answer = TypeVar("Answer")

V3 = "/_matrix/client/v3"
PATIENCE_S = 120.0
POLL_S = 0.1
PAGE = 500
_numbers = itertools.count(1)


class Refused(Exception):
    """The homeserver said no; ``code`` is Matrix' own word for why."""

    def __init__(self, status: int, answer: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {answer}")
        self.status = status
        self.code = str(answer.get("errcode", ""))


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """Somebody who is signed in. ``said`` are the ids of what was acknowledged, by room."""

    session: aiohttp.ClientSession
    url: str
    id: str
    token: str
    said: dict[str, set[str]] = field(default_factory=dict)

    async def say(self, room: str, text: str) -> str:
        """Send a text message and return its event id."""
        return await self.send(room, {"msgtype": "m.text", "body": text})

    async def send(self, room: str, content: Raw | bytes, kind: str = "m.room.message") -> str:
        """Send an event of any kind and content and return its id."""
        number = next(_numbers)
        path = f"/rooms/{quote(room)}/send/{quote(kind)}/t{number}"
        event = str((await self.call("PUT", path, content))["event_id"])
        self.said.setdefault(room, set()).add(event)
        return event

    async def set_state(self, room: str, kind: str, content: Raw, key: str = "") -> str:
        """Set a piece of the room's state and return the event id."""
        path = f"/rooms/{quote(room)}/state/{quote(kind)}/{quote(key)}"
        return str((await self.call("PUT", path, content))["event_id"])

    async def state(self, room: str, kind: str, key: str = "") -> Raw:
        """Return the content of a piece of the room's state."""
        return await self.call("GET", f"/rooms/{quote(room)}/state/{quote(kind)}/{quote(key)}")

    async def make_room(self, *, power: Mapping[str, int], **more: Any) -> str:
        """Create a public room in which the members of ``power`` have those levels; its id."""
        wanted = {
            "preset": "public_chat",
            "power_level_content_override": {"users": dict(power)},
            **more,
        }
        return str((await self.call("POST", "/createRoom", wanted))["room_id"])

    async def invite(self, room: str, member: str) -> None:
        await self.call("POST", f"/rooms/{quote(room)}/invite", {"user_id": member})

    async def join(self, room: str) -> None:
        await self.call("POST", f"/join/{quote(room)}", {})

    async def rooms(self) -> list[str]:
        """Return the rooms in which they are."""
        return list((await self.call("GET", "/joined_rooms"))["joined_rooms"])

    async def timeline(self, room: str) -> list[Raw]:
        """Return all that ever happened in a room, oldest first."""
        found: list[Raw] = []
        since = ""
        while True:
            query = f"dir=f&limit={PAGE}" + (f"&from={quote(since)}" if since else "")
            page = await self.call("GET", f"/rooms/{quote(room)}/messages?{query}")
            found += page["chunk"]
            if "end" not in page or not page["chunk"]:
                return found
            since = page["end"]

    async def see(
        self, room: str, what: Callable[[Raw], object], *, within_s: float = PATIENCE_S
    ) -> Raw:
        """Return the first event of a room, past or to come, that is ``what``.

        Raises:
            AssertionError: There was none within ``within_s`` seconds; the text is what there was.
        """
        until_s = asyncio.get_running_loop().time() + within_s
        while True:
            timeline = await self.timeline(room)
            found = next((raw for raw in timeline if what(raw)), None)
            if found is not None:
                return found
            told = [f"{raw['sender']}: {str(raw['content'])[:300]}" for raw in timeline[-6:]]
            assert asyncio.get_running_loop().time() < until_s, "\n".join(told)
            await asyncio.sleep(POLL_S)

    async def call(self, method: str, path: str, body: Raw | bytes | None = None) -> Raw:
        """Make a request; ``bytes`` are sent as they are.

        Raises:
            Refused: The homeserver said no.
        """
        more: dict[str, Any] = {"data": body} if isinstance(body, bytes) else {"json": body}
        headers = {"Authorization": f"Bearer {self.token}"}
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/json"
        async with self.session.request(
            method, f"{self.url}{V3}{path}", headers=headers, **(more if body is not None else {})
        ) as response:
            answer: Raw = await response.json(content_type=None)
            if response.status != 200:
                raise Refused(response.status, answer)
            return answer


async def tried(call: Awaitable[object]) -> Refused | None:
    """Wait for a call that the homeserver may refuse, and return its refusal."""
    try:
        await call
    except Refused as refusal:
        return refusal
    return None


async def until(
    ask: Callable[[], Awaitable[Answer]],
    is_wanted: Callable[[Answer], bool],
    *,
    within_s: float = PATIENCE_S,
) -> Answer:
    """Ask until the answer is the wanted one, and return it.

    Raises:
        AssertionError: It was not within ``within_s`` seconds; the text is the last answer.
    """
    until_s = asyncio.get_running_loop().time() + within_s
    while True:
        answer = await ask()
        if is_wanted(answer):
            return answer
        assert asyncio.get_running_loop().time() < until_s, answer
        await asyncio.sleep(POLL_S)


@asynccontextmanager
async def sessions() -> AsyncIterator[aiohttp.ClientSession]:
    """Open what members send with."""
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield session
        await asyncio.sleep(0)


def is_text(raw: Raw, *, sender: str, holds: str = "") -> bool:
    """Whether ``raw`` is a message of ``sender`` that contains ``holds``."""
    return (
        raw["type"] == "m.room.message"
        and raw["sender"] == sender
        and holds in str(raw["content"].get("body", ""))
    )


def is_redaction(raw: Raw, *, of: str) -> bool:
    """Whether ``raw`` takes the event ``of`` away, wherever its room version says so."""
    target = raw.get("redacts") or raw["content"].get("redacts")
    return raw["type"] == "m.room.redaction" and target == of


def is_departure(raw: Raw, *, member: str) -> bool:
    """Whether ``raw`` puts ``member`` out of its room."""
    gone = raw["content"].get("membership") in {"leave", "ban"}
    return raw["type"] == "m.room.member" and raw.get("state_key") == member and gone
