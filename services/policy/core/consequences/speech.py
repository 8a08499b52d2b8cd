"""What is said because of a rule: to the author, or to the whole place."""

from dataclasses import dataclass

from policy.core.consequences.kind import (
    WORDING_SCHEMA,
    About,
    Effect,
    Kind,
    Where,
    Wording,
    read_wording,
)
from policy.core.document import Node


@dataclass(frozen=True, slots=True)
class Say(Effect):
    """A text is said to the author, in the place."""

    wording: Wording


@dataclass(frozen=True, slots=True)
class Announcement(Effect):
    """A text is said to the whole place; `{name}` stands for whom it is about."""

    wording: Wording


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
)
