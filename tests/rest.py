"""The services' REST interface, asked as a program would: again and again until it answers."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.stack import Stack

Json = dict[str, Any]

PATIENCE_S = 120.0
AGAIN_S = 0.2
OVERLOADED = 503
_keys = itertools.count(1)


class Problem(Exception):
    """A service answered with an error; ``status`` and ``code`` as in its problem+json."""

    def __init__(self, status: int, answer: Json) -> None:
        super().__init__(f"{status} {json.dumps(answer)[:2000]}")
        self.status = status
        self.code = str(answer.get("code", ""))
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Rest:
    """One service of a stack; its address changes with every restart."""

    stack: Stack
    session: aiohttp.ClientSession
    service: str

    async def get(self, path: str, **query: str) -> Json:
        """Return the answer to a question."""
        return await self.call("GET", path, query=query)

    async def post(self, path: str, body: Json, *, key: str = "") -> Json:
        """Return the answer to an order; repeated with one idempotency key until it is known."""
        return await self.call("POST", path, body, key=key or f"test-{next(_keys)}")

    async def pages(self, path: str, *, by: str = "cursor", **query: str) -> AsyncIterator[Json]:
        """Yield every item of a list; ``by`` is what its cursor is called."""
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(path, limit="500", **query, **cursor)
            for item in page["items"]:
                yield item
            if not page["next"]:
                return
            cursor = {by: str(page["next"])}

    async def call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        query: dict[str, str] | None = None,
        key: str = "",
        token: str | None = None,
    ) -> Json:
        """Make a request; while the service is away it is made again.

        Raises:
            Problem: The service said no, or was away for ``PATIENCE_S`` seconds.
        """
        headers = {"Authorization": f"Bearer {self.stack.key if token is None else token}"}
        if key:
            headers["Idempotency-Key"] = key
        until_s = asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            try:
                url = self.stack.address(self.service) + path
                async with self.session.request(
                    method, url, json=body, params=query, headers=headers
                ) as response:
                    answer: Json = await response.json(content_type=None)
                    if response.status < 400:
                        return answer
                    problem = Problem(response.status, answer)
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as fault:
                problem = Problem(OVERLOADED, {"code": type(fault).__name__, "detail": str(fault)})
            late = asyncio.get_running_loop().time() > until_s
            if problem.status != OVERLOADED or late:
                raise problem
            await asyncio.sleep(AGAIN_S)
