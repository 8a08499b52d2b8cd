"""Rooms to test in: members who are signed in, Reeve among them, and a rulebook in force."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from reeve.homeserver import Account, Homeserver
from tests.matrix import PATIENCE_S, POLL_S, Member, sessions
from tests.rest import Rest
from tests.stack import Stack

NETWORK = "town"
BOT_LEVEL = 100  # what it takes to change power levels
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """A running stack seen from outside. ``bot`` is Reeve's own account."""

    stack: Stack
    homeserver: Homeserver
    bot: Account
    session: aiohttp.ClientSession
    books: dict[str, str] = field(default_factory=dict)

    @property
    def policy(self) -> Rest:
        """REST of the policy service."""
        return Rest(self.stack, self.session, "dispatch")

    @property
    def ledger(self) -> Rest:
        """REST of the ledger."""
        return Rest(self.stack, self.session, "ledger")

    @property
    def itself(self) -> Member:
        """Reeve's account as a client, to look into its rooms."""
        return self._member(self.bot)

    async def people(self, *names: str) -> list[Member]:
        """Sign in new members; their ids start with these names."""
        return [await self._register(name) for name in names]

    async def room(
        self, founder: Member, *others: Member, book: str, power: Mapping[str, int] | None = None
    ) -> str:
        """Make a room with Reeve in it and ``book`` in force; return its id.

        ``power`` are levels besides those of the founder, who stands above all, and Reeve.
        """
        levels = {self.bot.user_id: BOT_LEVEL, **(power or {})}
        room = await founder.make_room(power=levels)
        await founder.invite(room, self.bot.user_id)
        for other in others:
            await other.join(room)
        await self._seated(founder, room)
        await self.adopt(book, room)
        return room

    async def adopt(self, book: str, *rooms: str) -> dict[str, Any]:
        """Publish a rulebook and put it in force in rooms; the log has it when this returns."""
        body = {"source": book, "network": NETWORK, "groups": list(rooms), "reason": "a test"}
        return await self.policy.post("/v1/rulebooks", body)

    async def case(self, **wanted: str) -> dict[str, Any]:
        """Wait for a case that is over, and return it with its actions and decisions."""
        until_s = asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            page = await self.policy.get("/v1/cases", network=NETWORK, **wanted)
            for found in page["items"]:
                if found["state"] != "open":
                    return await self.policy.get(f"/v1/cases/{found['id']}")
            assert asyncio.get_running_loop().time() < until_s, page
            await asyncio.sleep(POLL_S)

    async def _seated(self, founder: Member, room: str) -> None:
        def is_seated(raw: dict[str, Any]) -> bool:
            joined = raw["content"].get("membership") == "join"
            return raw.get("state_key") == self.bot.user_id and joined

        await founder.see(room, is_seated)

    async def _register(self, name: str) -> Member:
        account = await asyncio.to_thread(self.homeserver.register, f"{name}.hall{next(_numbers)}")
        return self._member(account)

    def _member(self, account: Account) -> Member:
        return Member(self.session, self.homeserver.url, account.user_id, account.access_token)


@asynccontextmanager
async def open_hall(stack: Stack, homeserver: Homeserver, bot: Account) -> AsyncIterator[Hall]:
    """Open the doors of a running stack."""
    async with sessions() as session:
        yield Hall(stack=stack, homeserver=homeserver, bot=bot, session=session)
