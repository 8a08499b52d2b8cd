"""Who is silenced in a room, how, and how it was before. Pure.

Matrix has no mute: a member whose power level is below what a message needs cannot send one. The
level before is kept, so that lifting the mute leaves the document as if nothing had been: a member
who was not in it is not in it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from gateway.platforms.matrix.fields import Json, mapping
from gateway.platforms.matrix.power import PowerLevels

SPEECH = ("m.room.message", "m.room.encrypted", "m.sticker", "m.reaction", "m.poll.start")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """A mute in force, or (``lifted_by`` is set) one that was.

    ``holders`` are the actions it is in force for: it ends with the last of them. ``prior`` is the
    level in the document before, exactly as it was there; ``None``: none was.
    """

    level: int
    prior: Any = None
    alone: bool = False
    """Whether the document had no levels of users at all."""
    holders: tuple[str, ...] = ()
    lifted_by: str = ""

    def to_json(self) -> bytes:
        """The form it is kept in."""
        return orjson.dumps([self.level, self.prior, self.alone, self.holders, self.lifted_by])

    @classmethod
    def from_json(cls, data: bytes) -> "Mute":
        """What ``to_json`` wrote."""
        level, prior, alone, holders, lifted_by = orjson.loads(data)
        return cls(
            level=level, prior=prior, alone=alone, holders=tuple(holders), lifted_by=lifted_by
        )

    def held_by(self, action_id: str) -> "Mute":
        """The mute, in force for one more action."""
        return replace(self, holders=(*self.holders, action_id), lifted_by="")

    def released_by(self, action_id: str) -> "Mute":
        """The mute without one of its actions; an empty id stands for all of them."""
        left = tuple(holder for holder in self.holders if action_id and holder != action_id)
        return replace(self, holders=left)

    def lifting(self, action_id: str) -> "Mute":
        """The mute, still in force while an action lifts it."""
        return replace(self, lifted_by=action_id)

    def lifted(self, action_id: str) -> "Mute":
        """The mute, ended by an action."""
        return replace(self, holders=(), lifted_by=action_id)


def silent_level(power: PowerLevels) -> int:
    """The level at which a member can say nothing at all: -1, or lower where that may speak."""
    return min(-1, *(power.to_send(kind) - 1 for kind in SPEECH))


def level_in(content: Json, user: str) -> object:
    """The level that the document has for a user, as it stands there; ``None``: none."""
    return mapping(content, "users").get(user)


def silenced(content: Json, user: str, mute: Mute) -> Mapping[str, Any]:
    """The document with the mute in force."""
    return {**content, "users": {**mapping(content, "users"), user: mute.level}}


def restored(content: Json, user: str, mute: Mute) -> Mapping[str, Any]:
    """The document as if the mute had never been."""
    users = dict(mapping(content, "users"))
    if mute.prior is None:
        users.pop(user, None)
    else:
        users[user] = mute.prior
    if not users and mute.alone:
        return {key: there for key, there in content.items() if key != "users"}
    return {**content, "users": users}
