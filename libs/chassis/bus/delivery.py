"""One message as JetStream delivered it, with what its reply subject says about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NO_HEADERS: Mapping[str, str] = MappingProxyType({})

# $JS.ACK.<stream>.<consumer>.<delivered>.<sseq>.<cseq>.<ts>.<pending>, and since ADR-15 also
# $JS.ACK.<domain>.<account>.<stream>.<consumer>.<delivered>.<sseq>.<cseq>.<ts>.<pending>[.<random>]
_SHORT = 9
_DOMAIN = 2


@dataclass(slots=True, kw_only=True)
class Delivery:
    """A message, where it is stored, and how far behind it its reader was.

    ``seq`` is its place in the stream and ``stored_ms`` when it was stored. ``deliveries`` counts
    how often it was delivered, this time included; ``pending`` how many more messages waited for
    this consumer when it was sent.
    """

    subject: str
    data: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS)
    seq: int = 0
    stored_ms: int = 0
    deliveries: int = 1
    pending: int = 0
    reply: str = ""
    consumer_seq: int = 0


def parse_delivery(
    subject: str, reply: str, data: bytes, headers: Mapping[str, str] | None
) -> Delivery:
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
        subject=subject,
        data=data,
        headers=NO_HEADERS if headers is None else headers,
        seq=int(tokens[first + 1]),
        stored_ms=int(tokens[first + 3]) // 1_000_000,
        deliveries=int(tokens[first]),
        pending=int(tokens[first + 4]),
        reply=reply,
        consumer_seq=int(tokens[first + 2]),
    )
