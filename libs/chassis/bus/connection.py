"""One connection to NATS that comes back for ever, and the questions asked over it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import nats.errors
import structlog

from chassis import telemetry
from chassis.bus.client import ListeningClient
from chassis.bus.errors import BusError, Refused, TooLarge, Unavailable
from chassis.stopping import Stopping

log = structlog.get_logger(__name__)

CONNECT_S = 2
RECONNECT_S = 0.25
PING_S = 5
CLOSE_S = 2
NO_RESPONDERS = b"NATS/1.0 503"
# What the header block of a message may take beside its payload; the server counts both.
HEADER_ROOM = 512

# "nats: permissions violation for publish to "$js.api.stream.create.events"", in lower case.
_DENIED = re.compile(r'permissions violation for (publish|subscription) to "([^"]+)"')
_CREDENTIALS = ("authorization", "authentication", "nkeys")


class Answer(NamedTuple):
    """What came back for a question."""

    data: bytes
    header_block: bytes | None


Settle = Callable[[Answer | BusError | None], None]
"""Takes the answer, why there will be none, or ``None`` when the connection was lost."""


class Connection:
    """A client with its reconnects made visible, and one inbox for all answers."""

    def __init__(self, url: str, name: str, stopping: Stopping, patience_s: float | None) -> None:
        self.client = ListeningClient()
        self.url = url
        self.stopping = stopping
        self.patience_s = patience_s
        self.inbox_prefix = f"_INBOX.{name}"
        self.up = asyncio.Event()
        self.on_up: list[Callable[[], None]] = []
        self.on_down: list[Callable[[], None]] = []
        self._closed: BusError | None = None
        self._told_waiting = False
        self._last_trouble = ""
        self._connecting = True
        self._answers = ""
        self._token = 0
        self._asked: dict[int, tuple[str, Settle]] = {}

    async def open(self, name: str, seed_file: Path | None) -> None:
        """Wait for the server and connect.

        Raises:
            Refused: The server does not accept the credentials, or the seed file is no seed.
        """
        try:
            await self.client.connect(
                self.url.split(","),
                name=name,
                inbox_prefix=self.inbox_prefix,
                nkeys_seed_str=None if seed_file is None else _read_seed(seed_file),
                connect_timeout=CONNECT_S,
                reconnect_time_wait=RECONNECT_S,  # type: ignore[arg-type]  # any number will do
                max_reconnect_attempts=-1,
                ping_interval=PING_S,
                error_cb=self._failed,
                disconnected_cb=self._disconnected,
                reconnected_cb=self._reconnected,
                closed_cb=self._was_closed,
            )
        except nats.errors.Error as fault:
            await self.client.close()
            raise Unavailable(f"NATS at {shown(self.url)} cannot be used: {fault}") from fault
        self._connecting = False
        self._answers = self.client.new_inbox()
        await self.client.listen(f"{self._answers}.*", self._answered)
        self.up.set()

    async def close(self) -> None:
        """Send what is waiting to be sent, and hang up."""
        self._closed = Unavailable("the connection to NATS was closed")
        try:
            async with asyncio.timeout(CLOSE_S):
                if self.client.is_connected:
                    await self.client.flush(CLOSE_S)
        except (TimeoutError, nats.errors.Error):
            log.warning("bus.closed_unflushed")
        await self.client.close()

    def raise_if_closed(self) -> None:
        """Raise what ended the connection, if it has ended and will not come back.

        Raises:
            Unavailable: The server hung up, or we did.
            Refused: We may not read our own inbox, so no answer would ever reach us.
        """
        if self._closed is not None:
            raise self._closed

    async def wait_up(self, until_s: float | None = None) -> None:
        """Return as soon as there is a connection; ``until_s`` is an instant of the loop's clock.

        Raises:
            Unavailable: The instant passed, or the connection has ended for good.
        """
        self.raise_if_closed()
        if not self.up.is_set():
            try:
                async with asyncio.timeout_at(until_s):
                    await self.up.wait()
            except TimeoutError:
                raise Unavailable(f"NATS at {shown(self.url)} does not answer") from None
            self.raise_if_closed()

    async def send_all(self, messages: Iterable[tuple[str, bytes]]) -> None:
        """Send without answers, in one write; lost if the connection is, so it must not matter."""
        frames = [
            b"PUB %s %d\r\n%s\r\n" % (subject.encode(), len(data), data)
            for subject, data in messages
        ]
        if frames:
            await self.client.send_raw(b"".join(frames))

    async def ask(
        self, subject: str, data: bytes, headers: dict[str, str] | None, settle: Settle
    ) -> int:
        """Send a question; ``settle`` is called exactly once unless it is forgotten.

        Raises:
            TooLarge: The server would hang up on a message this large.
        """
        limit = self.client.max_payload
        room = 0 if headers is None else HEADER_ROOM
        if len(data) + room > limit:
            size = len(data) + sum(
                len(key) + len(text) + 4 for key, text in (headers or {}).items()
            )
            if size + 16 > limit:
                raise TooLarge(subject, size, limit)
        self._token += 1
        token = self._token
        self._asked[token] = (subject, settle)
        try:
            await self.client.publish(subject, data, f"{self._answers}.{token}", headers)
        except (nats.errors.OutboundBufferLimitError, nats.errors.ConnectionClosedError):
            self._settle(token, None)
        return token

    def forget(self, token: int) -> None:
        """Drop a question that was asked; its answer is ignored."""
        self._asked.pop(token, None)

    async def request(
        self, subject: str, data: bytes, headers: dict[str, str] | None, *, wait_s: float
    ) -> Answer | None:
        """Return the answer; ``None`` when it was lost or late, or nobody is there to give it.

        Raises:
            Refused: The server does not allow us the subject.
            TooLarge: The message does not fit.
        """
        future: asyncio.Future[Answer | BusError | None] = (
            asyncio.get_running_loop().create_future()
        )
        token = await self.ask(subject, data, headers, lambda answer: _resolve(future, answer))
        try:
            async with asyncio.timeout(wait_s):
                answer = await future
        except TimeoutError:
            return None
        finally:
            self.forget(token)
        if isinstance(answer, BusError):
            raise answer
        return None if answer is None or is_unanswered(answer) else answer

    def _settle(self, token: int, answer: Answer | BusError | None) -> None:
        asked = self._asked.pop(token, None)
        if asked is not None:
            asked[1](answer)

    def _answered(self, subject: str, _: str, data: bytes, header_block: bytes | None) -> None:
        self._settle(int(subject.rpartition(".")[2]), Answer(data, header_block))

    async def _failed(self, fault: Exception) -> None:
        text = str(fault) or type(fault).__name__
        if self._connecting:
            if any(word in text.lower() for word in _CREDENTIALS):
                await self.client.close()
                raise Refused(
                    f"NATS at {shown(self.url)} does not accept the credentials of this service"
                ) from fault
            if not self._told_waiting:
                log.warning("bus.waiting_for_server", url=shown(self.url), reason=text)
                self._told_waiting = True
            return
        denied = _DENIED.search(text.lower())
        if text != self._last_trouble:
            # The same words come again with every attempt to reconnect, four times a second.
            log.error("bus.denied" if denied else "bus.trouble", reason=text)
        self._last_trouble = text
        if denied and denied[1] == "publish":
            reason = Refused(f"NATS does not allow this service to publish to {denied[2]}")
            for token, (subject, _) in list(self._asked.items()):
                if subject.lower() == denied[2]:
                    self._settle(token, reason)
        elif denied:
            self._end(Refused(f"NATS does not allow this service to read {denied[2]}"))

    async def _disconnected(self) -> None:
        self.up.clear()
        if self._closed is None:
            log.warning("bus.disconnected", url=shown(self.url))
        self._lose_all()
        for callback in list(self.on_down):
            callback()

    async def _reconnected(self) -> None:
        log.info("bus.reconnected", url=shown(self.url))
        telemetry.counter("reeve_bus_reconnects_total").add(1)
        self._last_trouble = ""
        self.up.set()
        for callback in list(self.on_up):
            callback()

    async def _was_closed(self) -> None:
        reason = self.client.last_error or "the server hung up"
        self._end(Unavailable(f"the connection to NATS has ended: {reason}"))

    def _end(self, reason: BusError) -> None:
        if self._closed is None:
            self._closed = reason
            log.error("bus.closed", reason=str(reason))
        self._lose_all()
        self.up.set()
        for callback in list(self.on_up):
            callback()

    def _lose_all(self) -> None:
        for token in list(self._asked):
            self._settle(token, None)


@asynccontextmanager
async def open_connection(
    url: str, *, name: str, seed_file: Path | None, stopping: Stopping, patience_s: float | None
) -> AsyncIterator[Connection]:
    """Yield a connection and close it; errors as ``Connection.open``."""
    connection = Connection(url, name, stopping, patience_s)
    try:
        async with asyncio.timeout(patience_s):
            await connection.open(name, seed_file)
    except TimeoutError:
        await connection.client.close()
        raise Unavailable(f"NATS at {shown(url)} does not answer") from None
    try:
        yield connection
    finally:
        await connection.close()


def is_unanswered(answer: Answer) -> bool:
    """Say whether the server tells us that nobody listens to the subject."""
    return not answer.data and (answer.header_block or b"").startswith(NO_RESPONDERS)


def shown(url: str) -> str:
    """Return the addresses, separated by commas, without the credentials they may hold."""
    return ",".join(
        f"{scheme}{separator}{rest.rpartition('@')[2]}"
        for scheme, separator, rest in (each.rpartition("://") for each in url.split(","))
    )


def _resolve(
    future: "asyncio.Future[Answer | BusError | None]", answer: Answer | BusError | None
) -> None:
    if not future.done():
        future.set_result(answer)


def _read_seed(path: Path) -> str:
    try:
        seed = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused(f"the NKEY seed cannot be read from {path}: {fault}") from fault
    if not seed.startswith("SU"):
        raise Refused(f"{path} does not hold the NKEY seed of a user, which begins with SU")
    return seed
