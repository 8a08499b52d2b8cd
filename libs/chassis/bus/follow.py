"""Reading a subject strictly in order and without a gap, as the one reader of it.

JetStream delivers in order unless something is delivered again or lost on the way, so the consumer
never redelivers, and its own sequence, which each message carries, must count up by one. Whatever
breaks the count (a lost connection, silence, a restarted server, a deleted consumer) is repaired by
making the consumer anew after the last message handed out.

Whoever follows makes the consumer anew with a name of its own in the metadata. A follower that has
to repair and finds another name there has been deposed. This makes take-over fast; it does not make
it safe. What is built on the messages is safe because it is published with ``expected_seq``.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog

from chassis import telemetry
from chassis.bus.api import CONSUMER_EXISTS, Api, ApiFault
from chassis.bus.connection import Connection
from chassis.bus.delivery import Delivery, in_order
from chassis.bus.errors import Deposed
from chassis.bus.inbox import Inbox
from chassis.bus.publish import Publisher
from chassis.bus.pull import Pull

log = structlog.get_logger(__name__)

BATCH = 1000
OWNER = "reeve.owner"
# Never reached: with one delivery at most nothing would come again anyway.
ACK_WAIT_S = 3600
EPHEMERAL_S = 60
# A deleted consumer is usually being made anew by somebody else; let them.
TAKE_OVER_S = 0.3


class Follower(Inbox):
    """Reads everything after a place in a stream, in order, or says it was deposed."""

    def __init__(
        self,
        connection: Connection,
        publisher: Publisher,
        name: str,
        stream: str,
        consumer: str,
        *,
        filter_subject: str,
        after_seq: int,
        is_durable: bool = True,
    ) -> None:
        super().__init__(connection, publisher, name, stream, consumer)
        self._api = Api(connection)
        self._filter_subject = filter_subject
        self._is_durable = is_durable
        self._owner = secrets.token_hex(16)
        self._pull = Pull(connection, stream, BATCH)
        self._after_seq = after_seq
        """The last message handed out."""
        self._since_seq = after_seq
        """What was handed out before the present consumer was made."""
        self._expected = 1
        self._is_broken = False

    async def next(self, max_messages: int = 1000) -> list[Delivery]:
        """Return the messages that follow the last ones handed out; as ``Inbox.next``."""
        pull = self._pull
        while not self._connection.stopping.is_set():
            self._connection.raise_if_closed()
            if pull.is_lost or self._is_broken:
                if not self._connection.up.is_set():
                    await pull.wait()
                    continue
                await self._repair()
            await pull.refill()
            if pull.waiting:
                await asyncio.sleep(0)
                taken = self._in_order(pull.take(max_messages))
                if taken:
                    self._after_seq = taken[-1].seq
                    self.pending = taken[-1].pending
                    return taken
            else:
                await pull.wait()
                is_quiet = not (pull.waiting or pull.is_lost)
                if is_quiet and not self._connection.stopping.is_set():
                    # A request may wait at a consumer that has passed to somebody else, unheard.
                    found = await self._find_consumer()
                    self._is_broken = found is None or _owner(found) != self._owner
        return []

    async def has_all(self) -> bool:
        """Say whether everything there is to read, as far as the server knows, was handed out."""
        info = await self._find_consumer()
        if info is None or self._pull.waiting or self._pull.is_lost:
            return False
        delivered: int = info["delivered"]["consumer_seq"]
        return not info["num_pending"] and delivered < self._expected

    async def ack(self, deliveries: Sequence[Delivery]) -> None:
        """Say that all up to the last of ``deliveries`` is done; they are in order."""
        # The numbers of an earlier consumer of the same name mean something else to this one.
        if deliveries and deliveries[-1].seq > self._since_seq:
            await self._connection.send_all([(deliveries[-1].reply, b"+ACK")])

    @asynccontextmanager
    async def following(self) -> AsyncIterator["Follower"]:
        """Take the consumer over and read while the context lasts."""
        await self._take_over()
        self._connection.stopping.then(self._pull.arrived.set)
        try:
            yield self
        finally:
            self._connection.stopping.forget(self._pull.arrived.set)
            await self._pull.close()
            if not self._is_durable and self._connection.client.is_connected:
                await self._api.find(f"CONSUMER.DELETE.{self._stream}.{self._consumer}")

    def _in_order(self, taken: list[Delivery]) -> list[Delivery]:
        """Return the messages up to the first that does not follow the one before."""
        count = in_order(taken, self._expected, self._after_seq)
        self._expected += count
        if count < len(taken):
            log.warning(
                "bus.gap",
                consumer=self._consumer,
                seq=taken[count].seq,
                after_seq=taken[count - 1].seq if count else self._after_seq,
            )
            self._is_broken = True
            return taken[:count]
        return taken

    async def _repair(self) -> None:
        telemetry.counter("reeve_bus_follow_repairs_total").add(1, stream=self._stream)
        if self._pull.is_deleted:
            await asyncio.sleep(TAKE_OVER_S)
        await self._pull.close()
        info = await self._find_consumer()
        if info is not None and _owner(info) != self._owner:
            raise Deposed(self._stream, self._consumer)
        log.info("bus.follow_again", consumer=self._consumer, after_seq=self._after_seq)
        if info is not None:
            await self._delete()
        if not await self._create():
            raise Deposed(self._stream, self._consumer)

    async def _take_over(self) -> None:
        await self._delete()
        while not await self._create():
            await self._delete()

    async def _create(self) -> bool:
        """Make the consumer and begin to read it; ``False`` when somebody else was faster."""
        self._expected = 1
        self._is_broken = False
        self._since_seq = self._after_seq
        subject = f"CONSUMER.CREATE.{self._stream}.{self._consumer}"
        body = {"stream_name": self._stream, "config": self._config(), "action": "create"}
        try:
            info = await self._api.call(subject, body)
        except ApiFault as fault:
            if fault.code not in CONSUMER_EXISTS:
                raise
            found = await self._find_consumer()
            # Our own, when the answer to the first question was lost.
            if (
                found is None
                or _owner(found) != self._owner
                or _start(found) != self._after_seq + 1
            ):
                return False
            info = found
        self.pending = info["num_pending"]
        await self._pull.open(self._consumer)
        await self._pull.refill()
        # Who was faster may have taken over before that first request: it then waits at a consumer
        # that is not ours, and nobody would ever tell us. From here on a deletion is told.
        found = await self._find_consumer()
        self._is_broken = found is None or _owner(found) != self._owner
        return True

    def _config(self) -> dict[str, Any]:
        config: dict[str, Any] = {
            "name": self._consumer,
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": self._after_seq + 1,
            "filter_subject": self._filter_subject,
            "max_deliver": 1,
            "max_ack_pending": -1,
            "mem_storage": True,
            "metadata": {OWNER: self._owner},
        }
        if self._is_durable:
            waits = {"ack_policy": "all", "ack_wait": ACK_WAIT_S * 1_000_000_000}
            return {**config, **waits, "durable_name": self._consumer}
        return {
            **config,
            "ack_policy": "none",
            "inactive_threshold": EPHEMERAL_S * 1_000_000_000,
        }

    async def _find_consumer(self) -> dict[str, Any] | None:
        return await self._api.find(f"CONSUMER.INFO.{self._stream}.{self._consumer}")

    async def _delete(self) -> None:
        await self._api.find(f"CONSUMER.DELETE.{self._stream}.{self._consumer}")


def _owner(info: dict[str, Any]) -> str:
    metadata = info["config"].get("metadata") or {}
    owner: str = metadata.get(OWNER, "")
    return owner


def _start(info: dict[str, Any]) -> int:
    start: int = info["config"].get("opt_start_seq", 0)
    return start
