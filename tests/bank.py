"""The ledger as a program uses it: packets sent and taken over REST, each order with its key."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from tests.rest import Problem, Rest

_orders = itertools.count(1)


@dataclass(slots=True)
class Bank:
    """Orders to the ledger of one network. ``sent`` are the packets made here, oldest first."""

    ledger: Rest
    network: str
    sent: list[str] = field(default_factory=list)
    refused: int = 0

    async def send(
        self,
        group: str,
        sender: str,
        *,
        total: int,
        shares: int,
        mode: str = "lucky",
        greeting: str = "",
    ) -> str:
        """Send a red packet into a group and return its id; empty when the ledger refused."""
        body = {
            "network": self.network,
            "group": group,
            "platform": "matrix",
            "connection": "matrix",
            "channel": group,
            "sender": sender,
            "total": total,
            "shares": shares,
            "mode": mode,
            "greeting": greeting,
        }
        made = await self._order("/v1/packets", body)
        packet = str(made.get("id", ""))
        if packet:
            self.sent.append(packet)
        return packet

    async def claim(self, packet: str, member: str) -> dict[str, Any]:
        """Take a share; the answer, empty when the ledger refused."""
        body = {"network": self.network, "member": member}
        return await self._order(f"/v1/packets/{packet}/claims", body)

    async def balances(self) -> dict[str, int]:
        """Return what each member holds, in points."""
        found = {}
        pages = self.ledger.pages("/v1/accounts", by="after", network=self.network, asset="points")
        async for account in pages:
            found[account["path"]] = int(account["balance"])
        return found

    async def _order(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Give an order twice, as a caller does who lost the first answer; both must be the same.

        A refusal of the ledger is an answer too, and as final.
        """
        key = f"order-{next(_orders)}"
        first = await self._answer(path, body, key)
        again = await self._answer(path, body, key)
        assert again == first, f"the same order was answered {first} and then {again}"
        return first

    async def _answer(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        try:
            return await self.ledger.post(path, body, key=key)
        except Problem as problem:
            if problem.status not in {404, 409, 422}:
                raise
            self.refused += 1
            return {"code": problem.code}
