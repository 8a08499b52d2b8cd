"""What is remembered of a group that is judged late, and what its rulebook calls late."""

from dataclasses import dataclass
from typing import Final

import msgspec

from policy.core.document import Node
from policy.core.kinds import EventKind
from policy.core.reading import UNITS_MS, Reader

LATE_KEYS: Final = ("after", "channel")
LATE_KINDS: Final[frozenset[EventKind]] = frozenset(("message",))
AFTER_MS: Final = 2 * UNITS_MS["m"]


class Strain(msgspec.Struct, array_like=True):
    """When something was last late, and when the group was last told; `timer` while it goes on."""

    timer: str = ""
    last_ms: int = 0
    told_ms: int = 0
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Late:
    """What is judged `after_ms` or more after it was received is late; told in the channel.

    "" is where the late thing happened.
    """

    after_ms: int = AFTER_MS
    channel: str = ""


def read_late(reader: Reader, node: Node) -> Late:
    """Return when a group is told that it is judged late, and where."""
    found = reader.mapping(node, "late", LATE_KEYS)
    after_ms, channel = AFTER_MS, ""
    if "after" in found:
        least, most = 10 * UNITS_MS["s"], UNITS_MS["d"]
        after_ms = reader.duration(found["after"], "late.after", least, most) or AFTER_MS
    if "channel" in found:
        channel = reader.text(found["channel"], "late.channel", "a channel") or ""
    return Late(after_ms, channel)
