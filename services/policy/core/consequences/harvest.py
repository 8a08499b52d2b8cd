"""What is told again of what members said: the digest of highlights."""

from dataclasses import dataclass
from typing import Final

from policy.core.consequences.kind import About, Effect, Kind, Where
from policy.core.document import Node

MOST: Final = 10
MOST_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Digest(Effect):
    """What was kept since the rule's last digest is told, at most `most` of it, in a channel.

    "" is the channel where the clock was wound up.
    """

    most: int = MOST
    channel: str = ""


def _read_digest(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
    if value is None:
        return Digest()
    reader = where.reader
    found = reader.mapping(value, path, ("most", "channel"))
    most: int | None = MOST
    if "most" in found:
        most = reader.integer(found["most"], f"{path}.most", 1, MOST_MAX)
    channel: str | None = ""
    if "channel" in found:
        channel = reader.text(found["channel"], f"{path}.channel", "a channel")
    return None if most is None or channel is None else Digest(most, channel)


KINDS = (
    Kind(
        "digest",
        _read_digest,
        About(
            "what was kept since this rule's last digest is told to all, most wanted first, at "
            "most `most` (10) of it, in `channel` or where somebody spoke first; nothing kept, "
            "nothing told",
            "digest: {most: 5, channel: '!news:example.org'}",
        ),
        value="optional",
        schema={
            "type": "object",
            "properties": {
                "most": {"type": "integer", "minimum": 1, "maximum": MOST_MAX},
                "channel": {"type": "string"},
            },
            "additionalProperties": False,
        },
    ),
)
