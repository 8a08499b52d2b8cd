"""REST: one factory for every service's interface, so that all of them answer alike.

Keys and tokens are sent as ``Authorization: Bearer ...``. Failures are problems (RFC 9457). Every
answer has an ``X-Request-Id``, the caller's own if it sent a fit one.
"""

import asyncio
import re
import secrets
from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from chassis import problem, telemetry
from chassis.admission import Changer, Finder, IdempotencyKey, Reader, Writer
from chassis.auth import Keys
from chassis.clock import monotonic_s
from chassis.health import App, Receive, Scope, Send
from chassis.oidc import load_tokens
from chassis.pace import Pace
from chassis.problem import ApiError
from chassis.settings import Common

__all__ = [
    "ApiError", "Changer", "Finder", "IdempotencyKey", "Reader", "Writer", "guard", "make_app",
]  # fmt: skip

log = structlog.get_logger(__name__)

MAX_BODY_BYTES = 1 << 20
DRAIN_BYTES = 1 << 25
DRAIN_S = 5.0
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
UNMATCHED = "(none)"


def make_app(
    title: str,
    version: str,
    keys: Keys,
    *,
    max_body_bytes: int = MAX_BODY_BYTES,
    by_network: bool = False,
) -> FastAPI:
    """Return an application to add routers to.

    With ``by_network``, a route that asks for a ``network``, in its query or its form, answers of
    that network only, so keys that are limited to it are let in there, and where a ``Finder`` or
    ``Changer`` asks; they are nowhere else.

    It knows the ``keys`` that `chassis.admission` lets in, and refuses bodies of more than
    ``max_body_bytes`` with status 413. Documentation is at ``/docs``, OpenAPI at ``/openapi.json``.
    """
    app = FastAPI(title=title, version=version, docs_url=None, redoc_url=None)
    app.state.keys = keys
    app.state.by_network = by_network
    app.state.tokens = None
    app.state.pace = Pace(0, 1)
    app.state.failures = Pace(0, 1)
    problem.install(app)
    _show_docs(app)
    app.add_middleware(_Edge, max_body_bytes=max_body_bytes)

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title=title, version=version, routes=app.routes)
            app.openapi_schema = problem.describe(schema)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend it
    return app


def guard(app: FastAPI, config: Common) -> None:
    """Take the tokens that the settings speak of, too, and keep callers and strangers to a pace.

    Raises:
        InvalidIssuer: Something of the issuer is missing or wrong.
    """
    app.state.tokens = load_tokens(config)
    app.state.pace = Pace(config.api_rate_per_s, config.api_burst)
    app.state.failures = Pace(config.api_failures_per_s, config.api_failures_burst)


def _show_docs(app: FastAPI) -> None:
    """Draw ``/docs`` with what is installed here: it works without the internet.

    Addresses are relative, so that it also works behind a proxy that adds a path.
    """
    page = get_swagger_ui_html(
        openapi_url="openapi.json",
        title=app.title,
        swagger_js_url="docs/files/swagger-ui-bundle.js",
        swagger_css_url="docs/files/swagger-ui.css",
        swagger_favicon_url="docs/files/favicon-32x32.png",
    )

    async def docs() -> HTMLResponse:
        return page

    app.mount("/docs/files", StaticFiles(packages=[("fastapi_swagger", "resources")]))
    app.add_api_route("/docs", docs, include_in_schema=False)


def come_again(app: FastAPI, faults: Sequence[type[Exception]]) -> None:
    """Answer any of ``faults`` with 503: the database is away, and whoever asks may come again."""
    for fault in faults:
        app.add_exception_handler(fault, _answer_away)


async def _answer_away(_: Request, fault: Exception) -> Response:
    log.warning("http.database_away", fault=str(fault))
    headers = {"Retry-After": "1"}
    return problem.respond(ApiError(503, "unavailable", "the database is away", headers=headers))


class _Edge:
    """What every request passes first: an id, a limit, a measure, and an answer to any failure."""

    def __init__(self, app: App, max_body_bytes: int) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        given = headers.get(b"x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        exchange = _Exchange(request_id, receive, send, self._max_body_bytes)
        began_s = monotonic_s()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                exchange.check_length(headers.get(b"content-length", "0"))
                await self._app(scope, exchange.receive, exchange.send)
            except ApiError as fault:
                if b"expect" not in headers:  # who expects our consent has not begun to send
                    await exchange.drain()
                await exchange.answer(scope, fault)
            except Exception:
                log.exception("http.failed", path=scope["path"], method=scope["method"])
                if exchange.status:
                    raise
                detail = "an internal error, logged under the request id"
                await exchange.answer(scope, ApiError(500, "internal_error", detail))
            if exchange.refusal is not None and not exchange.status:
                await exchange.drain()
                await exchange.answer(scope, exchange.refusal)
        _measure(scope, exchange.status, monotonic_s() - began_s)


class _Exchange:
    """One request and its answer."""

    def __init__(self, request_id: str, receive: Receive, send: Send, limit: int) -> None:
        self._request_id = request_id
        self._receive = receive
        self._send = send
        self._limit = limit
        self._received = 0
        self._answering = False
        self.status = 0
        self.refusal: ApiError | None = None

    def check_length(self, announced: str) -> None:
        if not announced.isdecimal() or int(announced) > self._limit:
            raise self._refuse()

    async def receive(self) -> Any:  # noqa: ANN401 - an ASGI message
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > self._limit:
            # FastAPI turns whatever happens here into a 400; ours is sent in its place.
            self.refusal = self._refuse()
            raise self.refusal
        return message

    async def drain(self) -> None:
        """Read the rest of a body that is refused, within reason.

        Closing a connection in the middle of a request resets it (RFC 9112, section 9.6), and
        whoever is still sending never sees why.
        """
        try:
            async with asyncio.timeout(DRAIN_S):
                while self._received < DRAIN_BYTES:
                    message = await self._receive()
                    self._received += len(message.get("body", b""))
                    if not message.get("more_body", False):
                        return
        except TimeoutError:
            return

    async def send(self, message: Any) -> None:  # noqa: ANN401 - an ASGI message
        if self.refusal is not None and not self._answering:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            name = (b"x-request-id", self._request_id.encode())
            message = {**message, "headers": [*message["headers"], name]}
        await self._send(message)

    async def answer(self, scope: Scope, fault: ApiError) -> None:
        self._answering = True
        await problem.respond(fault)(scope, self._receive, self.send)

    def _refuse(self) -> ApiError:
        return ApiError(413, "too_large", f"a body may have {self._limit} bytes at most")


def _measure(scope: Scope, status: int, took_s: float) -> None:
    route = getattr(scope.get("route"), "path", UNMATCHED)
    telemetry.counter("reeve_http_requests_total").add(
        1, method=scope["method"], route=route, status=str(status)
    )
    telemetry.histogram("reeve_http_request_seconds").record(took_s, route=route)
