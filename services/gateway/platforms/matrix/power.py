"""Who may do what in a Matrix room. Pure, total, and for every room version from 1 to 12.

Client libraries read the levels as the room document says them. That is wrong for the creators of a
version 12 room, who stand above every number and must not be in the document (Matrix specification
v1.16, room version 12), so the reading is our own. Malformed levels fall back to their defaults,
as the specification's authorisation rules do for absent ones.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.values import Actor, ActorKind

INFINITE = 9007199254740991
"""The power of a creator from version 12 on: the largest integer JSON carries exactly, 2^53 - 1."""

_CREATORS_INFINITE_FROM = 12
_CREATOR_IS_SENDER_FROM = 11
_INTEGERS_ONLY_FROM = 10
_NEWEST = 12
_MODERATOR = 50
_ADMIN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """What the create event says: the room version as a number, and who made the room."""

    version: int = 1
    creators: frozenset[str] = frozenset()
    predecessor: str = ""
    """The room whose place this one says to take."""

    @property
    def infinite(self) -> frozenset[str]:
        """Those who stand above all levels; nobody before version 12."""
        return self.creators if self.version >= _CREATORS_INFINITE_FROM else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLevels:
    """The power levels in force; every lookup has an answer."""

    users: Mapping[str, int] = field(default_factory=dict)
    users_default: int = 0
    events: Mapping[str, int] = field(default_factory=dict)
    events_default: int = 0
    state_default: int = 50
    ban: int = 50
    kick: int = 50
    redact: int = 50
    infinite: frozenset[str] = frozenset()

    def of(self, user: str) -> int:
        """The level of a user."""
        if user in self.infinite:
            return INFINITE
        return self.users.get(user, self.users_default)

    def to_send(self, event_type: str) -> int:
        """The level that a message event of this type needs."""
        return self.events.get(event_type, self.events_default)

    def to_set(self, event_type: str) -> int:
        """The level that a state event of this type needs."""
        return self.events.get(event_type, self.state_default)

    def roles(self, user: str) -> tuple[str, ...]:
        """The names of what the level amounts to, lowest first."""
        level = self.of(user)
        if level < self.to_send("m.room.message"):
            return ("muted",)
        if level < _MODERATOR:
            return ()
        needs = {"moderator": _MODERATOR, "admin": _ADMIN, "creator": INFINITE}
        return tuple(role for role, need in needs.items() if level >= need)

    def may(self, user: str) -> tuple[str, ...]:
        """What a user can do to others here, in the words of ``Event.capabilities``."""
        level = self.of(user)
        needs = {
            "delete": self.redact,
            "mute": self.to_set("m.room.power_levels"),
            "kick": self.kick,
            "ban": self.ban,
        }
        return tuple(what for what, need in needs.items() if level >= need)


def creation(room_id: str, event: object) -> Creation:
    """Read the create event, ``event`` being the whole of it; anything unreadable is left out."""
    source = event if isinstance(event, Mapping) else {}
    found = source.get("content")
    content = found if isinstance(found, Mapping) else {}
    version = _version(room_id, content.get("room_version", "1"))
    sender = source.get("sender")
    founders = [sender]
    if version < _CREATOR_IS_SENDER_FROM:
        founders = [content.get("creator", sender)]
    if version >= _CREATORS_INFINITE_FROM:
        more = content.get("additional_creators")
        founders += more if isinstance(more, list) else []
    before = content.get("predecessor")
    predecessor = before.get("room_id") if isinstance(before, Mapping) else ""
    return Creation(
        version=version,
        creators=frozenset(f for f in founders if isinstance(f, str)),
        predecessor=predecessor if isinstance(predecessor, str) else "",
    )


def levels(content: object, made: Creation) -> PowerLevels:
    """Read the content of the power levels event; ``None`` means the room has none.

    Without one the creator has 100, everybody else 0, and nothing needs more than 0 to be set.
    """
    if not isinstance(content, Mapping):
        founders = frozenset[str]() if made.infinite else made.creators
        users = dict.fromkeys(founders, _ADMIN)
        return PowerLevels(users=users, state_default=0, infinite=made.infinite)

    def level(key: str, default: int) -> int:
        return _integer(content.get(key), default, made.version)

    users_default = level("users_default", 0)
    events_default = level("events_default", 0)
    return PowerLevels(
        users=_numbers(content.get("users"), users_default, made.version),
        users_default=users_default,
        events=_numbers(content.get("events"), events_default, made.version),
        events_default=events_default,
        state_default=level("state_default", 50),
        ban=level("ban", 50),
        kick=level("kick", 50),
        redact=level("redact", 50),
        infinite=made.infinite,
    )


def actor(user: str, power: PowerLevels, *, own: str, display_name: str = "") -> Actor:
    """A person as of now, for the envelope."""
    return Actor(
        id=user,
        kind=ActorKind.BOT if user == own else ActorKind.USER,
        is_self=user == own,
        display_name=display_name,
        roles=power.roles(user),
        power=power.of(user),
    )


def _version(room_id: str, value: object) -> int:
    # Unstable versions have names; a room id without a server part tells those built on 12 apart.
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,3}", value):
        return int(value)
    return _NEWEST if ":" not in room_id else _NEWEST - 1


def _numbers(found: object, default: int, version: int) -> dict[str, int]:
    if not isinstance(found, Mapping):
        return {}
    return {key: _integer(value, default, version) for key, value in found.items()}


def _integer(value: object, default: int, version: int) -> int:
    """Read one level: up to room version 9 homeservers also took numbers written as text."""
    if isinstance(value, bool):
        return default
    if isinstance(value, str) and version < _INTEGERS_ONLY_FROM:
        try:
            value = int(value)
        except ValueError:
            return default
    if isinstance(value, float) and version < _INTEGERS_ONLY_FROM and value.is_integer():
        value = int(value)
    if not isinstance(value, int):
        return default
    return max(-INFINITE, min(INFINITE, value))
