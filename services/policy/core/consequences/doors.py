"""What becomes of the group: its door, its settings, the queue for its places."""

from dataclasses import dataclass
from typing import Final

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
from policy.core.document import Node
from policy.core.reading import UNITS_MS

LOCKDOWN_MAX_MS = 7 * UNITS_MS["d"]
REVERTIBLE: Final = ("name", "topic", "avatar", "pinned", "join_rule")


@dataclass(frozen=True, slots=True)
class Shut(Effect):
    """Nobody new comes in for so long."""

    for_ms: int


@dataclass(frozen=True, slots=True)
class Open(Effect):
    """People come in again."""


@dataclass(frozen=True, slots=True)
class Revert(Effect):
    """What was changed of the group is put back."""


@dataclass(frozen=True, slots=True)
class Queue(Effect):
    """They wait for a place, and are told where else to go."""

    elsewhere: Wording


def _read_shut(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
    assert value is not None, "a lockdown has a value"
    for_ms = where.reader.duration(value, path, UNITS_MS["s"], LOCKDOWN_MAX_MS)
    return None if for_ms is None else Shut(for_ms)


def _read_open(_where: Where, _value: Node | None, _key: Node, _path: str) -> Effect | None:
    return Open()


def _read_revert(_where: Where, _value: Node | None, _key: Node, _path: str) -> Effect | None:
    return Revert()


def _read_queue(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
    assert value is not None, "a waiting list has a value"
    wording = read_wording(where.reader, value, path)
    return None if wording is None else Queue(wording)


KINDS: Final = (
    Kind(
        "lockdown",
        _read_shut,
        About(
            "nobody new comes in except by invitation, for that long; the door opens by itself",
            "lockdown: 10m",
        ),
        schema=DURATION_SCHEMA,
    ),
    Kind("unlock", _read_open, About("a lockdown ends", "unlock"), "none"),
    Kind(
        "revert",
        _read_revert,
        About(
            "the name, topic, picture, pinned messages or join rule that was changed is put back",
            "revert",
        ),
        "none",
    ),
    Kind(
        "waitlist",
        _read_queue,
        About(
            "waits, in order, for a place in a full group, and is told this: where else to go",
            "waitlist: There are places in our second group.",
        ),
        schema=WORDING_SCHEMA,
    ),
)
