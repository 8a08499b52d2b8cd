"""One message as JetStream delivered it, with what its reply subject says about it."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.bus.headers import parse_headers

# $JS.ACK.<stream>.<consumer>.<delivered>.<sseq>.<cseq>.<ts>.<pending>, and since ADR-15 also
# $JS.ACK.<domain>.<account>.<stream>.<consumer>.<delivered>.<sseq>.<cseq>.<ts>.<pending>[.<random>]
_SHORT = 9
_DOMAIN = 2
_EPOCH = datetime.fromtimestamp(0, tz=UTC)


@dataclass(slots=True)
class Delivery:
    """A message, where it is stored, and how far behind it its reader was.

    ``seq`` is its place in the stream and ``stored_ms`` when it was stored. ``deliveries`` counts
    how often it was delivered, this time included; ``pending`` how many more messages waited for
    this consumer when it was sent.
    """

    subject: str
    data: bytes
    seq: int = 0
    stored_ms: int = 0
    deliveries: int = 1
    pending: int = 0
    reply: str = ""
    consumer_seq: int = 0
    header_block: bytes | None = None

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, read anew each time, since most readers never look."""
        return parse_headers(self.header_block)


def parse_delivery(subject: str, reply: str, data: bytes, header_block: bytes | None) -> Delivery:
    """Return the message with the metadata that its acknowledgement subject carries.

    Raises:
        ValueError: The reply subject is not one of JetStream's; see ADR-15 of the NATS
            architecture records for both forms.
    """
    tokens = reply.split(".")
    first = 4 if len(tokens) == _SHORT else 4 + _DOMAIN
    if len(tokens) < first + 5 or tokens[1] != "ACK":
        raise ValueError(f"{reply!r} is not an acknowledgement subject")
    return Delivery(
        subject,
        data,
        int(tokens[first + 1]),
        int(tokens[first + 3]) // 1_000_000,
        int(tokens[first]),
        int(tokens[first + 4]),
        reply,
        int(tokens[first + 2]),
        header_block,
    )


def in_order(taken: Sequence[Delivery], expected: int, before: int) -> int:
    """Return how many messages follow one another, each delivered once.

    The first is to be the consumer's message `expected`, stored after `before`.
    """
    for place, delivery in enumerate(taken):
        is_next = delivery.consumer_seq == expected + place and delivery.seq > before
        if not is_next or delivery.deliveries != 1:
            return place
        before = delivery.seq
    return len(taken)


def stored_delivery(message: dict[str, Any]) -> Delivery:
    """Return a message as the answer to ``STREAM.MSG.GET`` shows it."""
    return Delivery(
        subject=message["subject"],
        data=base64.b64decode(message.get("data", "")),
        seq=message["seq"],
        header_block=base64.b64decode(message.get("hdrs", "")),
        stored_ms=(datetime.fromisoformat(message["time"]) - _EPOCH) // timedelta(milliseconds=1),
    )
