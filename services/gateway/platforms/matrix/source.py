"""One raw Matrix event whose envelope was checked, and what is made of it before it gets ours."""

from dataclasses import dataclass
from typing import Protocol

from contracts.values import Actor, Availability, EventPayload
from gateway.platforms.matrix.fields import NOTHING, Fault, Json, clean, integer, mapping, needed
from gateway.platforms.matrix.rooms import Memory, Room

_KEY_LIMIT = 1_024


@dataclass(slots=True)
class Source:
    """One event as the homeserver sent it. Raises ``Fault`` where its envelope is broken."""

    raw: Json
    id: str
    kind: str
    sender: str
    content: Json
    unsigned: Json
    at_ms: int
    state_key: str | None

    @classmethod
    def read(cls, raw: object) -> "Source":
        if not isinstance(raw, dict):
            raise Fault("the event is not an object")
        sender = needed(raw, "sender", "event")
        if sender[:1] != "@" or ":" not in sender:
            raise Fault("event.sender is not a user id")
        event_id = needed(raw, "event_id", "event")
        if not event_id:
            raise Fault("event.event_id is empty")
        content = raw.get("content")
        if not isinstance(content, dict):
            raise Fault("event.content is not an object")
        state_key = raw.get("state_key")
        if state_key is not None:
            if not isinstance(state_key, str):
                raise Fault("event.state_key is not a string")
            state_key = clean(state_key, _KEY_LIMIT)
        unsigned = raw.get("unsigned")
        return cls(
            raw,
            event_id,
            needed(raw, "type", "event"),
            sender,
            content,
            unsigned if isinstance(unsigned, dict) else NOTHING,
            integer(raw, "origin_server_ts"),
            state_key,
        )

    @property
    def previous(self) -> Json:
        """The content of the state event that this one replaced; empty if not told."""
        return mapping(self.unsigned, "prev_content")

    @property
    def redacted(self) -> bool:
        """Whether the content is gone because somebody removed it."""
        return "redacted_because" in self.unsigned


@dataclass(slots=True)
class Draft:
    """A payload that awaits its envelope. ``suffix`` tells several of one source event apart."""

    payload: EventPayload
    suffix: str = ""
    thread: str = ""
    availability: Availability = Availability.FULL
    actor: Actor | None = None
    """Who did it, if not the sender as of now."""


class Reader(Protocol):
    """Makes drafts of one type of event. Raises ``Fault`` where the event is malformed."""

    def __call__(self, source: Source, room: Room, memory: Memory, /) -> list[Draft]: ...
