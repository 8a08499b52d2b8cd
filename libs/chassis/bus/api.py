"""Requests to JetStream itself: JSON questions to ``$JS.API`` subjects, asked until answered."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import structlog

from chassis.bus.connection import Connection
from chassis.bus.errors import BusError, Unavailable

log = structlog.get_logger(__name__)

WAIT_S = 4.0
PAUSE_S = 0.1
LONGEST_PAUSE_S = 2.0
LOUD_AFTER = 5

# Codes of the server's errors.json.
NOT_FOUND = 404
UNAVAILABLE = 503
CONSUMER_NOT_FOUND = 10014
MESSAGE_NOT_FOUND = 10037
MESSAGE_TOO_LARGE = 10054
STREAM_EXISTS = 10058
STREAM_NOT_FOUND = 10059
WRONG_LAST_SEQUENCE = frozenset({10071, 10164})
CONSUMER_EXISTS = frozenset({10013, 10105, 10148})


class ApiFault(BusError):
    """JetStream said no; ``code`` is its own error code, ``status`` like one of HTTP."""

    def __init__(self, subject: str, status: int, code: int, description: str) -> None:
        super().__init__(f"NATS refused {subject}: {description}")
        self.status = status
        self.code = code
        self.description = description


class Backoff:
    """Pauses that grow, and one line in the log when it takes long."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.tries = 0

    async def pause(self, reason: str) -> None:
        """Wait a little longer than the last time."""
        self.tries += 1
        if self.tries % LOUD_AFTER == 0:
            log.warning("bus.still_trying", subject=self.subject, tries=self.tries, reason=reason)
        await asyncio.sleep(min(PAUSE_S * 2 ** min(self.tries - 1, 8), LONGEST_PAUSE_S))


class Api:
    """JetStream's own interface, repeated across reconnects and changes of leader."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    async def call(self, subject: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the answer to a question that may safely be asked twice.

        Raises:
            ApiFault: JetStream answered with an error that time will not heal.
            Refused: The server does not allow us the subject.
            Unavailable: Nobody answered for the connection's patience.
        """
        subject = f"$JS.API.{subject}"
        data = b"" if body is None else json.dumps(body).encode()
        loop = asyncio.get_running_loop()
        patience_s = self.connection.patience_s
        until_s = None if patience_s is None else loop.time() + patience_s
        backoff = Backoff(subject)
        while True:
            await self.connection.wait_up(until_s)
            answer = await self.connection.request(subject, data, None, wait_s=WAIT_S)
            reason = "no answer"
            if answer is not None:
                reply: dict[str, Any] = json.loads(answer.data)
                error = reply.get("error")
                if error is None:
                    return reply
                reason = error.get("description", "")
                if error["code"] != UNAVAILABLE:
                    raise ApiFault(subject, error["code"], error.get("err_code", 0), reason)
            if until_s is not None and loop.time() > until_s:
                raise Unavailable(f"NATS does not answer {subject}: {reason}")
            await backoff.pause(reason)

    async def find(
        self, subject: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any] | None:
        """Return the answer as ``call``; ``None`` when there is no such thing."""
        try:
            return await self.call(subject, body)
        except ApiFault as fault:
            if fault.status == NOT_FOUND:
                return None
            raise
