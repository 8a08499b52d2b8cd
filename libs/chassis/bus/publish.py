"""Publishing into streams: sent again until JetStream has acknowledged, stored once."""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from chassis import telemetry
from chassis.bus.api import MESSAGE_TOO_LARGE, UNAVAILABLE, WRONG_LAST_SEQUENCE, Api, Backoff
from chassis.bus.connection import Answer, Connection, is_unanswered
from chassis.bus.delivery import stored_delivery
from chassis.bus.errors import BusError, Fenced, TooLarge, Unavailable

WINDOW = 1024
ACK_WAIT_S = 5.0
LAST_MS = 253_402_214_400_000  # the last day of the year 9999, which no date goes beyond

MSG_ID = "Nats-Msg-Id"
EXPECTED = "Nats-Expected-Last-Subject-Sequence"
SCHEDULE = "Nats-Schedule"
SCHEDULE_TARGET = "Nats-Schedule-Target"
TTL = "Nats-TTL"


@dataclass(slots=True, kw_only=True)
class Outgoing:
    """A message to publish; ``msg_id`` makes publishing it again harmless."""

    subject: str
    data: bytes
    msg_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    expected_seq: int | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """Where a message is stored; ``duplicate`` when it had been there before."""

    seq: int
    duplicate: bool = False


class Publisher:
    """Sends batches within a window, and sends again whatever got lost on the way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # Ids of our own, for messages that have none: they fence a repetition, not a repeat.
        self._nonce = secrets.token_hex(8)
        self._count = 0
        self._streams: dict[str, str] = {}
        """Where fenced subjects are stored, as acknowledgements told."""

    async def send(self, messages: Sequence[Outgoing]) -> list[Published]:
        """Store every message; within one server's life they are stored in their order.

        Raises:
            Fenced: A message's subject has moved on from its ``expected_seq``.
            TooLarge: A message does not fit; others of the batch may have been stored.
            Refused: The server does not allow us a subject.
            Unavailable: Nothing was acknowledged for the connection's patience.
            BusError: JetStream refused for a reason of its own.
        """
        headers = [self._headers(each) for each in messages]
        flight = _Flight(self._connection, headers, messages, self._streams)
        try:
            return await flight.land()
        finally:
            flight.abandon()

    def _headers(self, message: Outgoing) -> dict[str, str]:
        headers = dict(message.headers)
        if message.msg_id and message.expected_seq is None:
            headers[MSG_ID] = message.msg_id
            return headers
        # With an expected sequence the id must not be shared: of two writers with the same batch
        # one has to be fenced, while our own repetition after a lost answer has to succeed.
        self._count += 1
        headers[MSG_ID] = f"{message.msg_id}.{self._nonce}.{self._count}"
        if message.expected_seq is not None:
            headers[EXPECTED] = str(message.expected_seq)
        return headers


class _Flight:
    """The messages of one call that are on their way."""

    def __init__(
        self,
        connection: Connection,
        headers: list[dict[str, str]],
        messages: Sequence[Outgoing],
        streams: dict[str, str],
    ) -> None:
        self._connection = connection
        self._headers = headers
        self._messages = messages
        self._todo = deque(range(len(messages)))
        self._tokens: dict[int, int] = {}
        self._landed: list[Published | None] = [None] * len(messages)
        self._left = len(messages)
        self._streams = streams
        self._again: set[int] = set()
        self._fault: BusError | None = None
        self._fenced = -1
        self._lost: list[int] = []
        self._reason = "no acknowledgement"
        self._wake = asyncio.Event()

    async def land(self) -> list[Published]:
        loop = asyncio.get_running_loop()
        patience_s = self._connection.patience_s
        until_s = None if patience_s is None else loop.time() + patience_s
        backoff = Backoff(self._messages[0].subject if self._messages else "")
        while self._left:
            await self._connection.wait_up(until_s)
            await self._fill_window()
            self._connection.client.write()
            if not await self._progress():
                telemetry.counter("reeve_bus_publish_retries_total").add(1)
                if until_s is not None and loop.time() > until_s:
                    raise Unavailable(f"NATS did not acknowledge {backoff.subject}: {self._reason}")
                self._requeue()
                await backoff.pause(self._reason)
            if self._fault is not None and not await self._was_ours():
                raise self._fault
        return [each for each in self._landed if each is not None]

    def abandon(self) -> None:
        for token in self._tokens.values():
            self._connection.forget(token)

    async def _fill_window(self) -> None:
        while self._todo and len(self._tokens) < WINDOW and not self._lost:
            index = self._todo.popleft()
            message = self._messages[index]
            self._tokens[index] = 0
            token = await self._connection.ask(
                message.subject,
                message.data,
                self._headers[index],
                partial(self._settle, index),
            )
            if index in self._tokens:
                self._tokens[index] = token

    async def _progress(self) -> bool:
        """Wait for acknowledgements; ``False`` when some have to be asked for again."""
        before = self._left
        try:
            async with asyncio.timeout(ACK_WAIT_S):
                while not (self._is_due() or self._lost or self._fault):
                    self._wake.clear()
                    await self._wake.wait()
        except TimeoutError:
            return self._left < before
        return not self._lost

    def _is_due(self) -> bool:
        return not self._left or (bool(self._todo) and len(self._tokens) <= WINDOW // 2)

    async def _was_ours(self) -> bool:
        """Whether what fenced a message is its own first copy, whose answer was lost.

        A server that was killed between storing and answering has been seen to forget the
        message's id; the newest message on the subject still has it.
        """
        index, self._fenced = self._fenced, -1
        stream = self._streams.get(self._messages[index].subject)
        if index not in self._again or stream is None:
            return False
        wanted = {"last_by_subj": self._messages[index].subject}
        found = await Api(self._connection).find(f"STREAM.MSG.GET.{stream}", wanted)
        newest = None if found is None else stored_delivery(found["message"])
        if newest is None or newest.headers.get(MSG_ID) != self._headers[index][MSG_ID]:
            return False
        self._landed[index] = Published(newest.seq, duplicate=True)
        self._left -= 1
        self._fault = None
        return True

    def _requeue(self) -> None:
        """Put everything unacknowledged back to the front, in its order."""
        self.abandon()
        again = sorted({*self._lost, *self._tokens})
        self._again.update(again)
        self._lost.clear()
        self._tokens.clear()
        self._todo.extendleft(reversed(again))

    def _settle(self, index: int, answer: Answer | BusError | None) -> None:
        self._tokens.pop(index, None)
        if isinstance(answer, BusError):
            self._fault = answer
        elif answer is None or is_unanswered(answer):
            self._reason = "the connection was lost" if answer is None else "no stream listens"
            self._lost.append(index)
        else:
            self._read(index, answer.data)
        if not self._left or len(self._tokens) <= WINDOW // 2 or self._lost or self._fault:
            self._wake.set()

    def _read(self, index: int, data: bytes) -> None:
        reply = json.loads(data)
        error = reply.get("error")
        if error is None:
            self._landed[index] = Published(reply["seq"], reply.get("duplicate", False))
            self._left -= 1
            if self._messages[index].expected_seq is not None:
                self._streams[self._messages[index].subject] = reply["stream"]
        elif error["code"] == UNAVAILABLE:
            self._reason = error.get("description", "unavailable")
            self._lost.append(index)
        else:
            self._fault = _to_fault(self._messages[index], error)
            self._fenced = index if isinstance(self._fault, Fenced) else -1


def _to_fault(message: Outgoing, error: Mapping[str, object]) -> BusError:
    code = error.get("err_code", 0)
    if message.expected_seq is not None and code in WRONG_LAST_SEQUENCE:
        return Fenced(message.subject, message.expected_seq)
    if code == MESSAGE_TOO_LARGE:
        return TooLarge(message.subject, len(message.data), None)
    return BusError(f"NATS refused a message to {message.subject}: {error.get('description')}")


def schedule_headers(at_ms: int, target: str) -> dict[str, str]:
    """Return the headers that make the server publish to ``target`` at a time (ADR-51 of NATS)."""
    at_ms = min(at_ms, LAST_MS)
    at = datetime.fromtimestamp(at_ms / 1000, tz=UTC).isoformat(timespec="milliseconds")
    return {SCHEDULE: f"@at {at.replace('+00:00', 'Z')}", SCHEDULE_TARGET: target}
