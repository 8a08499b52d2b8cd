"""The operator's desk: what the demo asks the REST interfaces, with the operator's key."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

Row = dict[str, Any]


class Refusal(Exception):
    """A REST interface did not do what was asked; says where, and the problem it told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One operator of ``network`` before both REST interfaces."""

    session: aiohttp.ClientSession
    policy: str
    ledger: str
    network: str

    async def publish(self, text: str, groups: Sequence[str], reason: str) -> None:
        """Put a rulebook in force in ``groups``; in all others of the network without any."""
        form = {
            "source": text,
            "network": self.network,
            "groups": list(groups),
            "reason": reason,
        }
        await self._ask("POST", f"{self.policy}/v1/rulebooks", json=form)

    async def decisions(self) -> list[Row]:
        """Every decision of the network in which something happened, newest first."""
        return await self._all(f"{self.policy}/v1/decisions")

    async def decisions_about(self, messages: Sequence[str]) -> list[Row]:
        """Those that are about one of ``messages``."""
        wanted = set(messages)
        found = await self.decisions()
        return [row for row in found if row["decision"].get("message_id") in wanted]

    async def cases(self) -> list[Row]:
        """Every case of the network, newest first."""
        return await self._all(f"{self.policy}/v1/cases")

    async def accounts(self) -> list[Row]:
        """Every account of the network."""
        return await self._all(f"{self.ledger}/v1/accounts")

    async def balance(self, member: str) -> int:
        """The points of a member."""
        found = await self.accounts()
        return sum(int(row["balance"]) for row in found if row["path"] == f"member:{member}")

    async def shares(self, group: str) -> dict[str, int]:
        """Who took how much of the newest red packet of ``group``."""
        packets = await self._all(f"{self.ledger}/v1/packets", group=group)
        packet = await self._ask("GET", f"{self.ledger}/v1/packets/{packets[0]['id']}")
        return {claim["member"]: int(claim["amount"]) for claim in packet["claims"]}

    async def _all(self, url: str, **params: str) -> list[Row]:
        rows: list[Row] = []
        asked = {"network": self.network, "limit": "200", **params}
        while True:
            page = await self._ask("GET", url, params=asked)
            rows += page["items"]
            if not page.get("next"):
                return rows
            asked["cursor"] = page["next"]

    async def _ask(self, method: str, url: str, **request: Any) -> Any:  # noqa: ANN401 - it is JSON
        async with self.session.request(method, url, **request) as answer:
            if not answer.ok:
                raise Refusal(f"{method} {url}: {answer.status} {await answer.text()}")
            return await answer.json()


@asynccontextmanager
async def open_desk(*, policy: str, ledger: str, network: str, key: str) -> AsyncIterator[Desk]:
    """Sit down at the desk with an API key; ``policy`` and ``ledger`` are base addresses."""
    headers = {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        yield Desk(session=session, policy=policy, ledger=ledger, network=network)
