"""Logs: one line when something a person might act on happens, values as fields.

What members of a chat wrote is never logged. Should a field be named as if it held such text, its
value is withheld.
"""

import logging
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, Literal

import structlog
from opentelemetry import trace

from chassis import clock

WITHHELD = frozenset({"text", "body", "content", "message", "payload", "password", "token", "seed"})
NOISY = {
    "nats": logging.WARNING,
    "uvicorn": logging.WARNING,
    "asyncio": logging.WARNING,
    "asyncpg.pool": logging.ERROR,  # every attempt to connect; that it is away is told once
}
REPEATS_S = 60.0
REPEATS_KNOWN = 512


class Repeats:
    """Leaves out a warning that was just written, word for word, for ``REPEATS_S``.

    Many wait for the same thing and try again every second. The first line says what is wrong; the
    next of the same has the number of those that were left out, ``repeated``.
    """

    def __init__(self, now_s: Callable[[], float] = clock.monotonic_s) -> None:
        self._now_s = now_s
        self._written: dict[tuple[str, str], tuple[float, int]] = {}

    def __call__(
        self, logger: logging.Logger, level: str, fields: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """Return the fields, or drop the line."""
        if level not in {"warning", "error"} or "exc_info" in fields:
            return fields
        now_s = self._now_s()
        key = (logger.name, repr(sorted(fields.items())))
        at_s, left_out = self._written.get(key, (now_s - REPEATS_S, 0))
        if now_s - at_s < REPEATS_S:
            self._written[key] = (at_s, left_out + 1)
            raise structlog.DropEvent
        if len(self._written) >= REPEATS_KNOWN:
            self._written.clear()
        self._written[key] = (now_s, 0)
        if left_out:
            fields["repeated"] = left_out
        return fields


def configure(
    service: str, *, level: str = "info", form: Literal["json", "console"] = "json"
) -> None:
    """Write everything, also what libraries say through ``logging``, to stdout in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        _withhold,
        _add_trace,
    ]
    console = form == "console"
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(),
            # The pretty ones show local variables, and with them what people wrote.
            exception_formatter=structlog.dev.plain_traceback,
        )
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    last: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        *([] if console else [structlog.processors.format_exc_info]),
        renderer,
    ]
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last)
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy, from_level in NOISY.items():
        logging.getLogger(noisy).setLevel(from_level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            Repeats(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(service=service)


def _withhold(_: object, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in WITHHELD & fields.keys():
        fields[name] = "(withheld)"
    return fields


def _add_trace(_: object, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        fields["trace_id"] = f"{context.trace_id:032x}"
        fields["span_id"] = f"{context.span_id:016x}"
    return fields
