"""The header block of a message (ADR-4 of the NATS architecture records)."""

from collections.abc import Mapping
from types import MappingProxyType

NO_HEADERS: Mapping[str, str] = MappingProxyType({})
VERSION = b"NATS/1.0"
STATUS = "Status"
DESCRIPTION = "Description"


def parse_headers(block: bytes | None) -> Mapping[str, str]:
    """Return the headers; a status such as ``503`` is under ``Status``, its words beside it."""
    if not block:
        return NO_HEADERS
    first, *lines = block.decode(errors="replace").split("\r\n")
    found = {}
    status, _, description = first[len(VERSION) :].strip().partition(" ")
    if status:
        found[STATUS] = status
        found[DESCRIPTION] = description
    for line in lines:
        name, colon, text = line.partition(":")
        if colon:
            found[name.strip()] = text.strip()
    return found
