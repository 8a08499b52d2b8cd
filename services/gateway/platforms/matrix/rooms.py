"""What the gateway remembers about rooms, bounded everywhere."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from contracts.values import Actor, Place
from gateway.platforms.matrix.fields import ID_LIMIT, Json, mapping, text
from gateway.platforms.matrix.power import Creation, PowerLevels, actor, creation, levels

NAMES_LIMIT = 4_096
SEEN_LIMIT = 16_384
TOLD_LIMIT = 64

Key = TypeVar("Key")
Value = TypeVar("Value")


class Bounded(OrderedDict[Key, Value]):
    """A dictionary that forgets its oldest entry when it would hold more than ``limit``.

    Ordered, because a plain dictionary walks over all that was deleted to find its oldest entry.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def __setitem__(self, key: Key, value: Value) -> None:
        super().__setitem__(key, value)
        if len(self) > self.limit:
            self.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """An event that a later one may refer to. ``target`` and ``key`` are a reaction's."""

    sender: str
    reaction: bool = False
    target: str = ""
    key: str = ""


@dataclass(slots=True)
class Room:
    """One room as of the newest event that was read from it."""

    id: str
    group: str
    own: str
    """The bot's own user id."""
    creation: Creation = field(default_factory=Creation)
    power: PowerLevels = field(default_factory=PowerLevels)
    parent: str = ""
    inherited: str = ""
    """The group of the room whose place it took; empty if it took none."""
    assigned: bool = False
    """Whether the settings say which group it is of; then it takes no other's."""
    may_follow: bool = False
    """Whether another room was said to go on here, and this one is yet to be asked."""
    heir: str = ""
    """The room that has taken its place."""
    direct: bool = False
    """Made by Reeve to talk to one person: not a group, and nothing in it is judged."""
    told: Bounded[str, str] = field(default_factory=lambda: Bounded(TOLD_LIMIT))
    """Of a direct room: which room each of our newest notices in it was about."""
    joined_members: int = 0
    sequence: int = 0
    restored: bool = False
    """Whether what is kept about it was read."""
    loaded: bool = False
    """Whether creation and power levels were read, not assumed."""
    names: Bounded[str, str] = field(default_factory=lambda: Bounded(NAMES_LIMIT))
    invited_by: Bounded[str, str] = field(default_factory=lambda: Bounded(NAMES_LIMIT))
    _levels: Json | None = None
    _actors: Bounded[str, Actor] = field(default_factory=lambda: Bounded(NAMES_LIMIT))
    _places: Bounded[str, Place] = field(default_factory=lambda: Bounded(64))
    _capabilities: tuple[str, ...] | None = None

    def actor(self, user: str) -> Actor:
        """A person as of now."""
        known = self._actors.get(user)
        if known is None:
            name = self.names.get(user, "")
            known = actor(user, self.power, own=self.own, display_name=name)
            self._actors[user] = known
        return known

    def place(self, thread: str = "") -> Place:
        """The room, or a thread in it."""
        known = self._places.get(thread)
        if known is None:
            known = Place(channel=self.id, thread=thread, parent=self.parent)
            self._places[thread] = known
        return known

    def capabilities(self) -> tuple[str, ...]:
        """What the bot can do here."""
        if self._capabilities is None:
            self._capabilities = self.power.may(self.own)
        return self._capabilities

    def rename(self, user: str, name: str) -> None:
        """Note what a member is called."""
        if self.names.get(user) != name:
            self.names[user] = name
            self._actors.pop(user, None)

    def belong(self, parent: str) -> None:
        """Note which space the room is in."""
        self.parent = parent
        self._places.clear()

    def inherit(self, group: str) -> None:
        """Take the place of a room: the group goes on here, with its rules and its memory."""
        self.group = self.inherited = group

    def next(self) -> int:
        """The number of one event more."""
        self.sequence += 1
        return self.sequence

    def tell(self, notice: str, room_id: str) -> None:
        """Note what one of our notices in private is about, so that it can be answered there."""
        self.told.pop(notice, None)
        self.told[notice] = room_id
        self.next()

    def observe(self, kind: str, state_key: str, raw: Json) -> None:
        """Take over what a state event says about the room; never raises."""
        content = mapping(raw, "content")
        if kind == "m.room.member":
            self.rename(state_key, text(content, "displayname"))
            if content.get("membership") == "invite":
                self.invited_by[state_key] = text(raw, "sender")
        elif kind == "m.room.power_levels" and not state_key:
            self._levels = content
            self._recompute()
        elif kind == "m.room.create" and not state_key:
            self.creation = creation(self.id, raw)
            self.direct = content.get("dev.reeve.direct") is True
            # The levels may have been read before this, and mean something else now.
            self._recompute()
            self.loaded = True
        elif kind == "m.space.parent":
            self.belong(state_key[:ID_LIMIT] if content.get("via") else "")

    def _recompute(self) -> None:
        self.power = levels(self._levels, self.creation)
        self._actors.clear()
        self._capabilities = None


class Memory:
    """What was seen, so that later events can be understood: rooms by id, events by id."""

    def __init__(self, own: str, groups: dict[str, str]) -> None:
        self.own = own
        self.rooms: Bounded[str, Room] = Bounded(5_000)
        self.seen: Bounded[str, Seen] = Bounded(SEEN_LIMIT)
        self._groups = groups

    def room(self, room_id: str) -> Room:
        """The room, made up from defaults if it is new."""
        known = self.rooms.pop(room_id, None)
        if known is None:
            group = self._groups.get(room_id, "")
            known = Room(room_id, group or room_id, self.own, assigned=bool(group))
        self.rooms[room_id] = known
        return known

    def remember(self, raw: Json) -> None:
        """Note an event that was looked up because another refers to it; never raises."""
        relation = mapping(mapping(raw, "content"), "m.relates_to")
        self.seen[text(raw, "event_id")] = Seen(
            text(raw, "sender"),
            reaction=raw.get("type") == "m.reaction",
            target=text(relation, "event_id"),
            key=text(relation, "key"),
        )

    def unknown_targets(self, raws: Sequence[Json]) -> Iterator[str]:
        """The ids that edits and redactions refer to and that nobody remembers."""
        here = {raw.get("event_id") for raw in raws}
        for raw in raws:
            target = _target(raw)
            if target and target not in self.seen and target not in here:
                yield target


def _target(raw: Json) -> str:
    content = mapping(raw, "content")
    if raw.get("type") == "m.room.redaction":
        return text(content, "redacts") or text(raw, "redacts")
    relation = mapping(content, "m.relates_to")
    return text(relation, "event_id") if relation.get("rel_type") == "m.replace" else ""
