"""The bus as services see it: publish, pull, follow, read, and keep keys."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from chassis.bus import provision as provisioning
from chassis.bus.api import Api
from chassis.bus.bucket import Bucket, ensure_bucket
from chassis.bus.connection import Connection, open_connection
from chassis.bus.delivery import Delivery
from chassis.bus.follow import Follower
from chassis.bus.inbox import Inbox, PullInbox
from chassis.bus.publish import Outgoing, Published, Publisher, schedule_headers
from chassis.bus.store import Bounds, Store
from chassis.stopping import Stopping
from contracts.subjects import Stream


class Bus:
    """One connection to NATS JetStream; made by ``connect``."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._api = Api(connection)
        self._publisher = Publisher(connection)
        self._store = Store(connection, self._publisher, name)

    @property
    def is_up(self) -> bool:
        """Whether there is a connection right now."""
        return self._connection.client.is_connected

    async def publish(
        self,
        subject: str,
        data: bytes,
        *,
        msg_id: str = "",
        expected_seq: int | None = None,
        headers: Mapping[str, str] | None = None,
        at_ms: int | None = None,
        target: str = "",
    ) -> Published:
        """Store a message and return where; it is sent again until JetStream has acknowledged it.

        The same ``msg_id`` within the stream's window is stored once. ``expected_seq`` is the
        sequence that the subject's newest message must have, 0 for none at all. ``at_ms`` (Unix
        time) with ``target`` makes it a schedule: the server publishes the data to ``target`` then.

        Raises:
            Fenced: The subject's newest message is another one.
            TooLarge: The message exceeds the server's or the stream's limit.
            Refused: The server does not allow us the subject.
            Unavailable: The connection's patience, if it has any, is over.
            BusError: JetStream refused for a reason of its own.
        """
        scheduled = {} if at_ms is None else schedule_headers(at_ms, target)
        message = Outgoing(
            subject=subject,
            data=data,
            msg_id=msg_id,
            headers={**(headers or {}), **scheduled},
            expected_seq=expected_seq,
        )
        return (await self._publisher.send([message]))[0]

    async def publish_batch(self, messages: Sequence[Outgoing]) -> list[Published]:
        """Store messages many at a time and return where, in their order; errors as ``publish``.

        All are acknowledged when it returns. When it raises, any of them may have been stored, so
        every message should have a ``msg_id`` to make trying again harmless.
        """
        return await self._publisher.send(messages)

    def pull(
        self, stream: str, consumer: str, *, batch: int = 512
    ) -> AbstractAsyncContextManager[Inbox]:
        """Read a durable consumer made by ``ensure_consumer``; others may read it too.

        At most twice ``batch`` messages are waiting in this process.
        """
        inbox = PullInbox(
            self._connection, self._publisher, self._name, stream, consumer, batch=batch
        )
        return inbox.reading()

    def follow(
        self, stream: str, filter_subject: str, *, after_seq: int, consumer: str
    ) -> AbstractAsyncContextManager[Inbox]:
        """Read what follows ``after_seq``, in order and without a gap, as the one reader of it.

        Takes ``consumer`` over from whoever has it; their ``next`` raises ``Deposed``.
        """
        follower = Follower(
            self._connection,
            self._publisher,
            self._name,
            stream,
            consumer,
            filter_subject=filter_subject,
            after_seq=after_seq,
        )
        return follower.following()

    async def last(self, stream: str, subject: str) -> Delivery | None:
        """Return the newest message on a subject, from the leader; ``None`` when there is none."""
        return await self._store.last(stream, subject)

    async def get(self, stream: str, seq: int) -> Delivery | None:
        """Return the message at a sequence; ``None`` when it is gone or not there yet."""
        return await self._store.get(stream, seq)

    async def bounds(self, stream: str) -> Bounds:
        """Return where a stream begins and ends, and which stream it is."""
        return await self._store.bounds(stream)

    def read(
        self, stream: str, filter_subject: str, *, after_seq: int = 0, upto_seq: int | None = None
    ) -> AsyncIterator[list[Delivery]]:
        """Yield what is stored after ``after_seq`` up to ``upto_seq``, in order and without a gap.

        Without ``upto_seq`` it ends at what was the end when it began. It ends early when the
        service is stopping.
        """
        return self._store.read(stream, filter_subject, after_seq=after_seq, upto_seq=upto_seq)

    async def ensure_consumer(
        self,
        stream: str,
        name: str,
        *,
        filter_subjects: Sequence[str],
        ack_wait_s: float = 10,
        max_ack_pending: int = 10_000,
        max_deliver: int = -1,
    ) -> None:
        """Create a durable consumer with explicit acknowledgements, or bring it up to date.

        What is not acknowledged within ``ack_wait_s`` comes again, for ever unless ``max_deliver``
        says otherwise: whoever reads should give up by ``Delivery.deliveries``, so that nothing is
        dropped unseen.
        """
        await provisioning.ensure_consumer(
            self._api,
            stream,
            name,
            filter_subjects=filter_subjects,
            ack_wait_s=ack_wait_s,
            max_ack_pending=max_ack_pending,
            max_deliver=max_deliver,
        )

    async def provision(self, streams: Iterable[Stream], *, replicas: int = 1) -> None:
        """Create or update streams.

        Raises:
            Unavailable: The server is older than NATS 2.12.
        """
        await provisioning.provision(self._api, streams, replicas=replicas)

    async def bucket(self, name: str, *, ttl_s: float | None = None, replicas: int = 1) -> Bucket:
        """Return a bucket of keys, made if need be; ``ttl_s`` bounds the age of every entry."""
        await ensure_bucket(self._api, name, ttl_s, replicas=replicas)
        return Bucket(self._publisher, self._store, name)

    async def purge(self, stream: str, subject: str) -> int:
        """Delete every message of a subject, such as a timer's, and return how many there were."""
        answer = await self._api.call(f"STREAM.PURGE.{stream}", {"filter": subject})
        purged: int = answer["purged"]
        return purged

    async def pending(self, stream: str, consumer: str) -> int:
        """Return how many messages a consumer has neither been given nor acknowledged."""
        info = await self._api.call(f"CONSUMER.INFO.{stream}.{consumer}")
        waiting: int = info["num_pending"] + info["num_ack_pending"]
        return waiting


@asynccontextmanager
async def connect(
    url: str,
    *,
    name: str,
    seed_file: Path | None = None,
    stopping: Stopping | None = None,
    patience_s: float | None = None,
) -> AsyncIterator[Bus]:
    """Connect to NATS, waiting for the server, and reconnect for as long as the context lasts.

    Inboxes are below ``_INBOX.<name>``, so that a service can be allowed its own and no other.
    When ``stopping`` is set, inboxes hand out ``[]``. ``patience_s`` bounds how long anything is
    tried again; services leave it out and try until they are stopped, tools should not.

    Raises:
        Refused: The server does not accept the credentials.
        Unavailable: There was no server within ``patience_s``.
    """
    stop = Stopping() if stopping is None else stopping
    async with open_connection(
        url, name=name, seed_file=seed_file, stopping=stop, patience_s=patience_s
    ) as connection:
        yield Bus(connection, name)
