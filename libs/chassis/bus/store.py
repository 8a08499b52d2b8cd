"""Reading what a stream holds: single messages, and finite ranges in order."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass

from chassis.bus.api import Api
from chassis.bus.connection import Connection
from chassis.bus.delivery import Delivery, stored_delivery
from chassis.bus.follow import Follower
from chassis.bus.publish import Publisher

IDLE_S = 1.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a stream holds, and ``created``, which tells it from one made anew with its name."""

    first_seq: int
    last_seq: int
    created: str


class Store:
    """What is stored in the streams, asked of their leaders."""

    def __init__(self, connection: Connection, publisher: Publisher, name: str) -> None:
        self._connection = connection
        self._publisher = publisher
        self._name = name
        self._api = Api(connection)

    async def last(self, stream: str, subject: str) -> Delivery | None:
        """Return the newest message of a subject; ``None`` when there is none."""
        found = await self._api.find(f"STREAM.MSG.GET.{stream}", {"last_by_subj": subject})
        return None if found is None else stored_delivery(found["message"])

    async def get(self, stream: str, seq: int) -> Delivery | None:
        """Return the message at a place; ``None`` when it is gone or not there yet."""
        found = await self._api.find(f"STREAM.MSG.GET.{stream}", {"seq": seq})
        return None if found is None else stored_delivery(found["message"])

    async def bounds(self, stream: str) -> Bounds:
        """Return the first and last sequence; an empty stream has its first after its last."""
        info = await self._api.call(f"STREAM.INFO.{stream}")
        state = info["state"]
        last_seq = state["last_seq"]
        first_seq = state["first_seq"] if state["messages"] else last_seq + 1
        return Bounds(first_seq, last_seq, info["created"])

    async def read(
        self, stream: str, filter_subject: str, *, after_seq: int = 0, upto_seq: int | None = None
    ) -> AsyncIterator[list[Delivery]]:
        """Yield what is stored after ``after_seq`` up to ``upto_seq``, in order and without a gap.

        Without ``upto_seq`` it ends at what was the end when it began.
        """
        if upto_seq is None:
            info = await self._api.call(f"STREAM.INFO.{stream}")
            upto_seq = info["state"]["last_seq"]
        follower = Follower(
            self._connection,
            self._publisher,
            self._name,
            stream,
            f"read-{secrets.token_hex(8)}",
            filter_subject=filter_subject,
            after_seq=after_seq,
            is_durable=False,
        )
        async with follower.following():
            if not follower.pending:
                return
            while batch := await _next(follower):
                fitting = [each for each in batch if each.seq <= upto_seq]
                if fitting:
                    yield fitting
                if len(fitting) < len(batch) or batch[-1].seq == upto_seq or not batch[-1].pending:
                    return


async def _next(follower: Follower) -> list[Delivery]:
    """Return the next messages; none when those that were still to come were deleted meanwhile."""
    while True:
        try:
            async with asyncio.timeout(IDLE_S):
                return await follower.next()
        except TimeoutError:
            if await follower.has_all():
                return []
