"""What is told again of what members said: the digest of highlights, stored answers."""

from dataclasses import dataclass
from typing import Final

from policy.core.consequences.kind import DURATION_SCHEMA, About, Effect, Kind, Where
from policy.core.document import Node
from policy.core.reading import UNITS_MS

MOST: Final = 10
MOST_MAX: Final = 20
EVERY_MS: Final = 10 * UNITS_MS["m"]
EVERY_MAX_MS: Final = 7 * UNITS_MS["d"]


@dataclass(frozen=True, slots=True)
class Digest(Effect):
    """What was kept since the rule's last digest is told, at most `most` of it, in a channel.

    "" is the channel where the clock was wound up.
    """

    most: int = MOST
    channel: str = ""


@dataclass(frozen=True, slots=True)
class GiveAnswer(Effect):
    """The stored answer to what is asked is given, each at most once in `every_ms`."""

    every_ms: int = EVERY_MS


def _read_answer(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
    if value is None:
        return GiveAnswer()
    found = where.reader.mapping(value, path, ("every",), ("every",))
    if "every" not in found:
        return None
    every_ms = where.reader.duration(found["every"], f"{path}.every", UNITS_MS["s"], EVERY_MAX_MS)
    return None if every_ms is None else GiveAnswer(every_ms)


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
        "answer",
        _read_answer,
        About(
            "the stored answer to what is asked is given with its source, each at most once in "
            "so long (10 minutes)",
            "answer: {every: 1h}",
        ),
        value="optional",
        schema={
            "type": "object",
            "required": ["every"],
            "properties": {"every": DURATION_SCHEMA},
            "additionalProperties": False,
        },
    ),
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
