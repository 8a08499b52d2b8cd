"""``/livez``, ``/readyz`` and ``/metrics`` as a bare ASGI application, with REST behind it."""

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from chassis import telemetry

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

JSON = "application/json"
PROBLEM = "application/problem+json"


class Health:
    """What the process can say about itself, before and beside any REST interface."""

    def __init__(self, render_metrics: Callable[[], bytes]) -> None:
        self._render_metrics = render_metrics
        self.parts: dict[str, bool] = {}
        self.reasons: dict[str, str] = {}
        """Why the parts that cannot do their work cannot, as far as they say."""
        self.helpless: set[str] = set()
        """Those of them that wait for a person to change something."""
        self.is_open = False
        """Whether everything the service needs has been opened; not while it is draining."""
        self.app: App | None = None

    def set_ready(
        self,
        name: str,
        ready: bool,  # noqa: FBT001 - it is what is said
        reason: str = "",
        *,
        needs_somebody: bool = False,
    ) -> None:
        """Note whether a part of the service can do its work, and if not, why."""
        self.parts[name] = ready
        self.reasons.pop(name, None)
        self.helpless.discard(name)
        if needs_somebody and not ready:
            self.helpless.add(name)
        if reason and not ready:
            self.reasons[name] = reason
        telemetry.gauge("reeve_ready").set(int(ready), part=name)

    @property
    def is_ready(self) -> bool:
        """Whether the service is open and all its parts can do their work."""
        return self.is_open and all(self.parts.values())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        path = scope["path"]
        if path == "/livez":
            await _answer(send, 200, JSON, _dump({"status": "alive"}))
        elif path == "/readyz":
            word = "ready" if self.is_ready else "not ready"
            told = {"status": word, "parts": self.parts, "reasons": self.reasons}
            body = _dump({**told, "needs_somebody": sorted(self.helpless)})
            await _answer(send, 200 if self.is_ready else 503, JSON, body)
        elif path == "/metrics":
            await _answer(send, 200, telemetry.CONTENT_TYPE, self._render_metrics())
        elif self.app is not None:
            await self.app(scope, receive, send)
        elif not self.is_open:
            # What is not there yet is not missing: a caller who comes back finds it.
            detail = "the service is starting"
            away = {"code": "unavailable", "title": "Unavailable", "status": 503, "detail": detail}
            await _answer(send, 503, PROBLEM, _dump(away))
        else:
            missing = {"code": "not_found", "title": "Not found", "status": 404, "detail": path}
            await _answer(send, 404, PROBLEM, _dump(missing))


async def _answer(send: Send, status: int, kind: str, body: bytes) -> None:
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _dump(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body).encode()
