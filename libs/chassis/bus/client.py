"""nats-py's client with a short way for messages that come by the hundred thousand.

nats-py gives every message two regular expressions, parsed headers, a queue and a coroutine: 10 µs.
A subscription of ``listen`` is called at once instead, with the bytes as they came. Everything
else, connecting and reconnecting above all, is nats-py's. This leans on names of nats-py that are
not public, its parser and its way of sending; the lock pins it, and tests read both ways.
"""

import asyncio

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import ProtocolError
from nats.protocol.parser import AWAITING_CONTROL_LINE, Parser

from chassis.bus.frames import Listener, hand, take


class ListeningClient(Client):
    """A client that can hand messages over without a detour."""

    def __init__(self) -> None:
        super().__init__()
        self.listeners: dict[int, Listener] = {}
        self._ps = _ListeningParser(self)

    async def listen(self, subject: str, listener: Listener) -> Subscription:
        """Call ``listener`` for every message, also after a reconnect."""
        subscription = await self.subscribe(subject, cb=_unused)
        self.listeners[subscription._id] = listener  # noqa: SLF001 - the number the server uses
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Drop the listener of a subscription that has ended."""
        self.listeners.pop(subscription._id, None)  # noqa: SLF001 - as in listen

    async def _process_msg(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes
    ) -> None:
        """Take what nats-py's parser read, because it came behind something else."""
        listener = self.listeners.get(sid)
        if listener is None:
            await super()._process_msg(sid, subject, reply, data, headers)
        else:
            hand(listener, subject, reply.decode(), data, headers)

    async def _send_ping(self, future: asyncio.Future[bool] | None = None) -> None:
        """Ping behind what waits to be sent: nats-py's own overtakes it, and its pong says nothing.

        ``flush`` and ``Subscription.drain`` return with that pong. When an UNSUB is still on its
        way then, the server sends on to a subscription whose listener is gone.
        """
        self.write()
        await super()._send_ping(future)

    def write(self) -> None:
        """Write what waits to be sent, rather than when all tasks that can run have run."""
        if self.is_connected and self._transport is not None and self._pending:
            self._transport.writelines(self._pending)
            self._pending = []
            self._pending_data_size = 0

    async def send_raw(self, frames: bytes) -> None:
        """Write protocol frames as they are, many at once; dropped without a connection."""
        if self.is_connected:
            await self._send_command(frames)
            await self._flush_pending()


class _ListeningParser(Parser):
    """Takes whole messages for listeners out of the stream, and leaves the rest to nats-py."""

    def __init__(self, client: ListeningClient) -> None:
        super().__init__(client)
        self._client = client

    async def parse(self, data: bytes = b"") -> None:
        buffer = self.buf
        if self.state == AWAITING_CONTROL_LINE:
            if buffer:
                data = bytes(buffer) + data
                buffer.clear()
            try:
                at, is_half = take(data, self._client.listeners)
            except (ValueError, IndexError) as fault:
                raise ProtocolError from fault
            data = data[at:]
            if is_half:
                buffer.extend(data)
                return
        await super().parse(data)


async def _unused(_: Msg) -> None:
    """Stand where nats-py wants a callback; what is listened to never gets here."""
