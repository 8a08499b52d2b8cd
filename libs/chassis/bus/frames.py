"""Whole messages taken out of what a NATS server sent; compiled for the judge.

Source: its client protocol, https://docs.nats.io/reference/reference-protocols/nats-protocol.
"""

from collections.abc import Callable, Mapping
from typing import Final

import structlog

Listener = Callable[[str, str, bytes, bytes | None], None]
"""Takes subject, reply subject, data, and the header block as it came; never waits."""

_END: Final = b"\r\n"
_WITH_REPLY: Final = 5  # words of "MSG subject sid reply size"; one more for one with headers

log = structlog.get_logger(__name__)


def take(data: bytes, listeners: Mapping[int, Listener]) -> tuple[int, bool]:
    """Hand over the messages at the beginning of ``data``, each to the listener of its number.

    Returns where the rest begins, and whether it is only the first half of something.

    Raises:
        ValueError: a size or a number is none.
        IndexError: the first line of a message is too short.
    """
    at = 0
    while (line_end := data.find(_END, at)) >= 0:
        words = data[at:line_end].split()
        kind = words[0] if words else b""
        has_headers = kind == b"HMSG"
        if not has_headers and kind != b"MSG":
            return at, False
        listener = listeners.get(int(words[2]))
        begin = line_end + 2
        end = begin + int(words[-1])
        if listener is None:
            return at, False
        if len(data) < end + 2:
            return at, True
        reply = words[3].decode() if len(words) == _WITH_REPLY + has_headers else ""
        middle = begin + int(words[-2]) if has_headers else begin
        headers = data[begin:middle] if has_headers else None
        hand(listener, words[1], reply, data[middle:end], headers)
        at = end + 2
    return at, True


def hand(
    listener: Listener, subject: bytes, reply: str, data: bytes, headers: bytes | None
) -> None:
    """Hand one message to its listener, whose failure is its own."""
    try:
        listener(subject.decode(), reply, data, headers)
    except Exception:
        # An exception here would end the client's reader, and with it the connection.
        log.exception("bus.listener_failed", subject=subject.decode(errors="replace"))
