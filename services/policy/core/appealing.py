"""What a rulebook says of appeals: in what time they are decided, and where the staff hears."""

from dataclasses import dataclass
from typing import Final

from policy.core.document import Node
from policy.core.reading import UNITS_MS, Reader

APPEALS_KEYS: Final = ("within", "channel")
WITHIN_MS: Final = 2 * UNITS_MS["d"]


@dataclass(frozen=True, slots=True)
class Appeals:
    """An appeal is to be decided on within `within_ms`; then the staff is reminded in the channel.

    "" is where the case was.
    """

    within_ms: int = WITHIN_MS
    channel: str = ""


ORDINARY_APPEALS: Final = Appeals()


def read_appeals(reader: Reader, node: Node) -> Appeals:
    """Return in what time appeals are to be decided on."""
    found = reader.mapping(node, "appeals", APPEALS_KEYS)
    within_ms, channel = WITHIN_MS, ""
    if "within" in found:
        least, most = 10 * UNITS_MS["m"], 30 * UNITS_MS["d"]
        within_ms = reader.duration(found["within"], "appeals.within", least, most) or WITHIN_MS
    if "channel" in found:
        channel = reader.text(found["channel"], "appeals.channel", "a channel") or ""
    return Appeals(within_ms, channel)
