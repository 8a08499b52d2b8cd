"""The client-server API of one homeserver, as far as the gateway needs it.

aiohttp and orjson directly: a client library's model layer reads 12,000 events a second, this the
20,000 and more that we promise, and importing one only to build addresses costs 10 MB of memory.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson
import structlog

from chassis import clock, telemetry
from gateway.errors import Gone, NotLetIn, Refused, ShutOut, Throttled, Transient, Unreachable
from gateway.platforms.matrix.fields import NOTHING, Json, integer, text

log = structlog.get_logger(__name__)

ANSWER_LIMIT_BYTES = 1 << 27
"""An answer longer than this is not read: 128 MiB, a first sync of some 20,000 rooms."""
REQUEST_S = 60.0
PAUSE_S = 1.0
"""Waited where a homeserver limits us without saying for how long."""

TALLY: ContextVar[list[int]] = ContextVar("requests")
"""Where the requests made for one piece of work are counted."""

AGAIN_S = 15.0
"""After how long an account that was shut out tries again."""

_WHO = "account/whoami"
_API = "/_matrix/client/v3/"
_TOO_MANY = 429
_UNAUTHORISED = 401
_NOT_FOUND = 404
_SERVER_ERROR = 500
_TOKEN_FAULTS = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who we are: a token, or a name and a password.

    A token got by password is kept in ``cache`` where one is given, since homeservers allow only a
    few logins an hour (Synapse: 5, then one in five minutes) and a restart must not wait for that.
    The device is always the same, because transaction ids count for one device.
    """

    user: str = ""
    password: str = ""
    token: str = ""
    device: str = ""
    cache: Path | None = None


class Homeserver:
    """One account on one homeserver."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, who: Callable[[], Credentials]
    ) -> None:
        self.user_id = ""
        self._session = session
        self._url = url.rstrip("/")
        self._read = who
        self._who = who()
        self._token = self._who.token
        self._renewing = asyncio.Lock()
        self._refusal = ""
        self._again_at_s = 0.0

    async def log_in(self) -> None:
        """Get in, with the token that is there by now or else the password.

        Raises:
            NotLetIn: The homeserver does not accept either, or is none.
            Transient: It may later.
        """
        self._who = self._read()
        self._token = self._who.token or self._cached()
        try:
            if self._token:
                await self._log_in_by_token()
                return
        except NotLetIn:
            if not self._who.password:
                raise
        await self._log_in_by_password()

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, str] | None = None,
    ) -> Json:
        """The homeserver's answer to one request.

        Raises:
            Throttled, Unreachable, ShutOut, Transient, Refused, Gone: As ``gateway.errors`` says.
        """
        token = self._token
        try:
            return await self._send(method, path, body=body, query=query)
        except NotLetIn:
            pass
        try:
            async with self._renewing:
                if token == self._token:  # nobody renewed it meanwhile
                    await self._renew_sometimes()
            return await self._send(method, path, body=body, query=query)
        except NotLetIn as refusal:
            raise ShutOut(str(refusal), retry_after_s=AGAIN_S) from refusal

    async def who_am_i(self) -> str:
        """The account that the homeserver takes us for."""
        return text(await self.call("GET", _WHO), "user_id")

    async def sync(self, since: str, filter_json: str, wait_s: float) -> Json:
        """What happened after ``since``, or will within ``wait_s``; empty: how everything is."""
        query = {"filter": filter_json, "timeout": str(int(wait_s * 1000))}
        if since:
            query["since"] = since
        return await self.call("GET", "sync", query=query)

    async def messages(self, room: str, *, since: str, before: str, limit: int) -> Json:
        """A page of what happened in a room before ``before``, newest first, down to ``since``."""
        query = {
            "dir": "b",
            "from": before,
            "to": since,
            "limit": str(limit),
            "filter": '{"lazy_load_members":true}',
        }
        return await self.call("GET", path("rooms", room, "messages"), query=query)

    async def event(self, room: str, event_id: str) -> Json:
        """One event."""
        return await self.call("GET", path("rooms", room, "event", event_id))

    async def state(self, room: str, kind: str, key: str = "") -> Json:
        """The content of one state event. Raises ``Gone`` if there is none."""
        return await self.call("GET", path("rooms", room, "state", kind, key))

    async def state_event(self, room: str, kind: str, key: str = "") -> Json:
        """One whole state event. Raises ``Gone`` if there is none.

        Homeservers older than specification v1.16 give only the content, whatever is asked.
        """
        found = await self.call(
            "GET", path("rooms", room, "state", kind, key), query={"format": "event"}
        )
        return found if isinstance(found.get("content"), dict) else {"content": found}

    async def put_state(self, room: str, kind: str, key: str, content: Json) -> str:
        """Set a state event; the same content again changes nothing. Returns the event's id."""
        answer = await self.call("PUT", path("rooms", room, "state", kind, key), body=content)
        return text(answer, "event_id")

    async def send(self, room: str, transaction: str, content: Json) -> str:
        """Say something once for a transaction. Returns the event's id, the same every time."""
        where = path("rooms", room, "send", "m.room.message", transaction)
        return text(await self.call("PUT", where, body=content), "event_id")

    async def redact(self, room: str, event_id: str, transaction: str, content: Json) -> str:
        """Redact an event once for a transaction. Returns the redaction's id."""
        where = path("rooms", room, "redact", event_id, transaction)
        return text(await self.call("PUT", where, body=content), "event_id")

    async def join(self, room: str) -> None:
        """Join a room."""
        await self.call("POST", path("join", room), body={})

    async def _renew_sometimes(self) -> None:
        """Renew the token unless that was just refused: logins are few, and many may ask."""
        if clock.monotonic_s() < self._again_at_s:
            raise NotLetIn(self._refusal)
        try:
            await self._renew()
        except NotLetIn as refusal:
            log.error("matrix.shut_out", reason=str(refusal))  # noqa: TRY400 -- it says it all
            self._refusal = str(refusal)
            self._again_at_s = clock.monotonic_s() + AGAIN_S
            raise

    async def _renew(self) -> None:
        """Get in again, with what the operator has put in place by now."""
        self._who = self._read()
        if self._who.password:
            await self._log_in_by_password()
        elif self._who.token != self._token:
            refused, self._token = self._token, self._who.token
            try:
                found = text(await self._send("GET", _WHO), "user_id")
            except NotLetIn:
                self._token = refused
                raise
            if found != self.user_id:
                self._token = refused
                raise NotLetIn(
                    f"The new access token at {self._url} is that of {found}, and this connection "
                    f"is {self.user_id}; look at GATEWAY_MATRIX_TOKEN_FILE."
                )
        else:
            raise NotLetIn(
                f"The homeserver at {self._url} has ended the session of {self.user_id}: put a new "
                "access token into the file of GATEWAY_MATRIX_TOKEN_FILE, which is read again."
            )
        log.info("matrix.let_in_again", account=self.user_id)

    async def _log_in_by_token(self) -> None:
        try:
            found = text(await self._send("GET", _WHO), "user_id")
        except Refused as refusal:
            raise self._stranger(str(refusal)) from refusal
        except NotLetIn as refusal:
            raise NotLetIn(
                f"{refusal} Put a new one into the file of GATEWAY_MATRIX_TOKEN_FILE, which is "
                "read again."
            ) from refusal
        if not found:
            raise self._stranger("no user_id")
        if self._who.user not in {"", found, found[1:].partition(":")[0]}:
            raise NotLetIn(
                f"The access token at {self._url} is that of {found}, and GATEWAY_MATRIX_USER is "
                f"{self._who.user}: change one of them."
            )
        self.user_id = found

    def _stranger(self, reason: str) -> NotLetIn:
        return NotLetIn(
            f"{self._url} does not answer as a Matrix homeserver ({reason}); look at "
            "GATEWAY_MATRIX_URL."
        )

    async def _log_in_by_password(self) -> None:
        body = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": self._who.user},
            "password": self._who.password,
            "device_id": self._who.device,
            "initial_device_display_name": "Reeve",
        }
        try:
            answer = await self._send("POST", "login", body=body, authorised=False)
        except (Refused, NotLetIn) as refusal:
            if isinstance(refusal, Refused) and not refusal.code.startswith("M_"):
                raise self._stranger(str(refusal)) from refusal
            raise NotLetIn(
                f"The homeserver at {self._url} does not let {self._who.user} in ({refusal}); "
                "look at GATEWAY_MATRIX_USER and GATEWAY_MATRIX_PASSWORD_FILE."
            ) from refusal
        if not text(answer, "user_id"):
            raise self._stranger("no user_id")
        self._token = text(answer, "access_token", 65_536)
        self.user_id = text(answer, "user_id")
        self._keep()

    def _cached(self) -> str:
        if self._who.cache is None:
            return ""
        try:
            return self._who.cache.read_text().strip()
        except OSError:
            return ""

    def _keep(self) -> None:
        if self._who.cache is not None:
            self._who.cache.touch(mode=0o600)
            self._who.cache.write_text(self._token)

    async def _send(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, str] | None = None,
        authorised: bool = True,
    ) -> Json:
        tally = TALLY.get(None)
        if tally is not None:
            tally[0] += 1
        headers = {"Authorization": f"Bearer {self._token}"} if authorised else {}
        try:
            async with self._session.request(
                method,
                f"{self._url}{_API}{path}",
                data=None if body is None else orjson.dumps(body),
                params=query,
                headers=headers,
            ) as response:
                data = await _limited(response)
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            reason = str(fault) or type(fault).__name__
            raise Unreachable(f"{self._url} does not answer: {reason}") from fault
        telemetry.counter("reeve_platform_requests_total").add(
            1, platform="matrix", operation=_operation(path), status=str(status)
        )
        answer = _parsed(data, status)
        if status == 200:  # noqa: PLR2004 -- HTTP's "OK"
            return answer
        raise _fault(status, answer, self._url)


def path(*parts: str) -> str:
    """The parts of an address, whatever characters are in them."""
    return "/".join([quote(part, safe="") for part in parts])


@contextlib.asynccontextmanager
async def connect(url: str, who: Callable[[], Credentials]) -> AsyncIterator[Homeserver]:
    """An account that is not logged in yet; ``who`` is asked again when it was shut out."""
    timeout = aiohttp.ClientTimeout(total=2 * REQUEST_S, connect=REQUEST_S)
    connector = aiohttp.TCPConnector(limit=16)
    headers = {"Content-Type": "application/json", "User-Agent": "Reeve"}
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
    ) as session:
        yield Homeserver(session, url, who)


def loads(data: bytes) -> Any:  # noqa: ANN401 -- JSON is anything
    """JSON as orjson reads it, and where that is too strict as Python does.

    Lone surrogates are legal JSON and no Unicode: they become question marks.

    Raises:
        ValueError: It is no JSON at all.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        lax = json.dumps(json.loads(data), ensure_ascii=False)
        return orjson.loads(lax.encode("utf-8", "replace"))


def _operation(path: str) -> str:
    """What a request is about, in one of a few words."""
    parts = path.split("/")
    return parts[2] if parts[0] == "rooms" else parts[0]


async def _limited(response: aiohttp.ClientResponse) -> bytes:
    if (response.content_length or 0) > ANSWER_LIMIT_BYTES:
        raise Transient(f"an answer of {response.content_length} bytes is not read")
    chunks, length = [], 0
    async for chunk in response.content.iter_any():
        length += len(chunk)
        if length > ANSWER_LIMIT_BYTES:
            raise Transient(f"an answer of more than {ANSWER_LIMIT_BYTES} bytes is not read")
        chunks.append(chunk)
    return b"".join(chunks)


def _parsed(data: bytes, status: int) -> Json:
    try:
        answer = loads(data)
    except (ValueError, RecursionError) as fault:
        if status >= _SERVER_ERROR:
            return NOTHING
        raise Unreachable(f"status {status} without JSON: not a homeserver's answer") from fault
    return answer if isinstance(answer, dict) else NOTHING


def _fault(status: int, answer: Json, url: str) -> Exception:
    code, reason = text(answer, "errcode") or f"HTTP {status}", text(answer, "error")
    if status == _TOO_MANY:
        wait_s = integer(answer, "retry_after_ms") / 1000 or PAUSE_S
        return Throttled(f"{code}: {reason}", retry_after_s=wait_s)
    if status >= _SERVER_ERROR:
        if "errcode" in answer:
            return Transient(f"{code}: {reason}")
        return Unreachable(f"{url}: {code}")
    if status == _UNAUTHORISED or code in _TOKEN_FAULTS:
        return NotLetIn(f"The homeserver at {url} does not accept the access token ({code}).")
    if status == _NOT_FOUND and code != "M_UNRECOGNIZED":
        return Gone(code, reason)
    return Refused(code, reason)
