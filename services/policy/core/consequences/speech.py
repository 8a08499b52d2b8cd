"""What is said because of a rule: to the author, or to the whole place."""

from dataclasses import dataclass

from policy.core.consequences.kind import (
    DURATION_SCHEMA,
    WORDING_SCHEMA,
    About,
    Effect,
    Kind,
    Where,
    Wording,
    read_wording,
)
from policy.core.document import Mapping, Node
from policy.core.reading import UNITS_MS

NUDGED_MAX_MS = 30 * UNITS_MS["d"]


@dataclass(frozen=True, slots=True)
class Say(Effect):
    """A text is said to the author, in the place."""

    wording: Wording


@dataclass(frozen=True, slots=True)
class Announcement(Effect):
    """A text is said to the whole place; `{name}` stands for whom it is about."""

    wording: Wording


@dataclass(frozen=True, slots=True)
class Nudge(Effect):
    """Hosts are nudged, at most once in `every_ms`, in `channel` ("": where it happened)."""

    wording: Wording
    every_ms: int = UNITS_MS["h"]
    channel: str = ""


def _read_nudge(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
    assert value is not None, "a nudge has a value"
    reader = where.reader
    found: dict[str, Node] = {"say": value}
    if isinstance(value, Mapping) and not {key.value for key, _ in value.pairs} & {"en", "zh"}:
        found = reader.mapping(value, path, ("say", "every", "channel"), ("say",))
    wording = read_wording(reader, found["say"], f"{path}.say") if "say" in found else None
    every_ms: int | None = UNITS_MS["h"]
    if "every" in found:
        every_ms = reader.duration(found["every"], f"{path}.every", UNITS_MS["m"], NUDGED_MAX_MS)
    channel: str | None = ""
    if "channel" in found:
        channel = reader.text(found["channel"], f"{path}.channel", "a channel")
    if wording is None or every_ms is None or channel is None:
        return None
    return Nudge(wording, every_ms, channel)


def _read_reply(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
    assert value is not None, "a reply has a value"
    wording = read_wording(where.reader, value, path)
    return None if wording is None else Say(wording)


def _read_announce(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
    assert value is not None, "an announcement has a value"
    wording = read_wording(where.reader, value, path)
    return None if wording is None else Announcement(wording)


KINDS = (
    Kind(
        "reply",
        _read_reply,
        About("that text is said to the author; one text, or `{en: …, zh: …}`", "reply: Welcome!"),
        schema=WORDING_SCHEMA,
    ),
    Kind(
        "announce",
        _read_announce,
        About(
            "that text is said to all; `{name}` is whom it is about",
            "announce: Welcome, {name}!",
        ),
        schema=WORDING_SCHEMA,
    ),
    Kind(
        "nudge",
        _read_nudge,
        About(
            "the hosts are told, at most once in so long (an hour) and, with `channel`, there and "
            "not where it happened",
            "nudge: {say: Back to our topic?, every: 1h}",
        ),
        schema={
            "anyOf": [
                WORDING_SCHEMA,
                {
                    "type": "object",
                    "properties": {
                        "say": WORDING_SCHEMA,
                        "every": DURATION_SCHEMA,
                        "channel": {"type": "string"},
                    },
                    "required": ["say"],
                    "additionalProperties": False,
                },
            ]
        },
    ),
)
