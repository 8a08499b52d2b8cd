"""What a service reads from: messages that come again until they are acknowledged."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

import structlog

from chassis import telemetry
from chassis.bus.api import Api
from chassis.bus.connection import Connection
from chassis.bus.delivery import Delivery
from chassis.bus.errors import Unavailable
from chassis.bus.publish import Outgoing, Publisher
from chassis.bus.pull import Pull
from contracts import subjects

log = structlog.get_logger(__name__)

ORIGIN_SUBJECT = "Reeve-Origin-Subject"
ORIGIN_STREAM = "Reeve-Origin-Stream"
ORIGIN_SEQ = "Reeve-Origin-Seq"
REASON = "Reeve-Reason"
SERVICE = "Reeve-Service"
LONGEST_REASON = 1000


class Inbox:
    """Messages of a consumer, each to be acknowledged, retried or given up."""

    def __init__(
        self, connection: Connection, publisher: Publisher, name: str, stream: str, consumer: str
    ) -> None:
        self._connection = connection
        self._publisher = publisher
        self._name = name
        self._stream = stream
        self._consumer = consumer
        self.pending = 0
        """How many messages waited behind the newest one handed out, when it was delivered."""

    async def next(self, max_messages: int = 1000) -> list[Delivery]:
        """Return at least one message, whatever is waiting; ``[]`` when the service is stopping.

        Raises:
            Unavailable: The consumer was deleted, or the connection has ended for good.
            Deposed: Another follower has taken over; only an inbox of ``follow`` raises it.
        """
        raise NotImplementedError

    async def ack(self, deliveries: Sequence[Delivery]) -> None:
        """Say that ``deliveries`` are done; when the word gets lost they come again."""
        await self._connection.send_all((each.reply, b"+ACK") for each in deliveries)

    async def hold(self, deliveries: Iterable[Delivery]) -> None:
        """Say that ``deliveries`` are still being worked on, so that they do not come again yet."""
        await self._connection.send_all((each.reply, b"+WPI") for each in deliveries)

    async def retry(self, delivery: Delivery, *, delay_s: float) -> None:
        """Have the message come again after ``delay_s`` seconds."""
        word = b'-NAK {"delay": %d}' % int(delay_s * 1_000_000_000)
        await self._connection.send_all([(delivery.reply, word)])

    async def give_up(self, delivery: Delivery, *, reason: str) -> None:
        """Keep the message in the dead-letter stream with the reason, and never see it again here.

        Returns when it is stored there; repeating it stores nothing twice.

        Raises:
            BusError: As ``Bus.publish``; the message then comes again.
        """
        headers = {
            **delivery.headers,
            ORIGIN_SUBJECT: delivery.subject,
            ORIGIN_STREAM: self._stream,
            ORIGIN_SEQ: str(delivery.seq),
            REASON: reason[:LONGEST_REASON],
            SERVICE: self._name,
        }
        headers = {key: text for key, text in headers.items() if not key.startswith("Nats-")}
        outgoing = Outgoing(
            subject=subjects.dlq(self._stream),
            data=delivery.data,
            msg_id=f"dlq.{self._stream}.{self._consumer}.{delivery.seq}",
            headers=headers,
        )
        await self._publisher.send([outgoing])
        telemetry.counter("reeve_dlq_messages_total").add(1, stream=self._stream)
        log.error("bus.gave_up", stream=self._stream, seq=delivery.seq, reason=reason)
        await self._connection.send_all([(delivery.reply, b"+TERM")])


class PullInbox(Inbox):
    """Reads a durable consumer that others may read too; order is not promised."""

    def __init__(
        self,
        connection: Connection,
        publisher: Publisher,
        name: str,
        stream: str,
        consumer: str,
        *,
        batch: int,
    ) -> None:
        super().__init__(connection, publisher, name, stream, consumer)
        self._pull = Pull(connection, stream, batch)

    async def next(self, max_messages: int = 1000) -> list[Delivery]:
        """Return at least one message; as ``Inbox.next``."""
        pull = self._pull
        while not self._connection.stopping.is_set():
            self._connection.raise_if_closed()
            if pull.is_deleted:
                raise Unavailable(f"the consumer {self._consumer} of {self._stream} was deleted")
            await pull.refill()
            if pull.waiting:
                # One turn for the reader, or a loop that never waits would starve it.
                await asyncio.sleep(0)
                taken = pull.take(max_messages)
                self.pending = taken[-1].pending
                return taken
            await pull.wait()
        return []

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["PullInbox"]:
        """Read while the context lasts; what was not handed out then comes again at once."""
        await Api(self._connection).call(f"CONSUMER.INFO.{self._stream}.{self._consumer}")
        await self._pull.open(self._consumer)
        self._connection.stopping.then(self._pull.arrived.set)
        try:
            yield self
        finally:
            self._connection.stopping.forget(self._pull.arrived.set)
            left = await self._pull.close()
            await self._connection.send_all((each.reply, b"-NAK") for each in left)
