"""Of each kind of event: whom it is about, what can be read of it, and what could be removed.

A rule may look at any of these; its consequences meet the subject. What somebody joins, leaves or
is called is about that person; a kick, ban, invitation, change of roles or of the group is about
whoever did it; a packet about its sender, a share about its taker, a payment and its refund about
who paid, a transfer about the member it came from; a report about who is reported, an incident
about who was seen here, silence about who is silent.
"""

from collections.abc import Callable
from typing import Any, Final

from contracts.codec import EventView, encode, view_event
from contracts.values import Actor, ActorKind, Event
from contracts.values.view import ActorView, ContentView
from policy.core.kinds import EventKind

NO_CONTENT: Final[ContentView] = view_event(encode(Event())).message_created.content
_OF_MEMBER = frozenset(("join", "leave", "profile", "report"))


def _member(account: str) -> str:
    return account.removeprefix("member:") if account.startswith("member:") else ""


_ID: Final[dict[EventKind, Callable[[Any], str]]] = {
    "packet": lambda payload: payload.packet.sender,
    "share": lambda payload: payload.member,
    "payment": lambda payload: payload.member,
    "refund": lambda payload: payload.member,
    "transfer": lambda payload: _member(payload.source),
}
_TEXT: Final[dict[EventKind, Callable[[Any], str]]] = {
    "join": lambda payload: payload.member.display_name,
    "profile": lambda payload: payload.member.display_name,
    "kick": lambda payload: payload.reason,
    "ban": lambda payload: payload.reason,
    "reaction": lambda payload: payload.key,
    "group": lambda payload: payload.value,
    "thread": lambda payload: payload.title,
    "packet": lambda payload: payload.packet.greeting,
    "payment": lambda payload: payload.purpose,
    "refund": lambda payload: payload.purpose,
    "report": lambda payload: payload.reason,
}
_REMOVABLE: Final[dict[EventKind, str]] = {
    "message": "message_id",
    "edit": "message_id",
    "command": "message_id",
    "reaction": "reaction_id",
    "report": "message_id",
    "incident": "message_id",
}


def subject(kind: EventKind, view: EventView) -> ActorView:
    """Return whom an event is about; somebody without an id where it is about nobody."""
    if kind in _OF_MEMBER:
        member: ActorView = view.payload.member
        return member
    if kind in _ID:
        return Actor(id=_ID[kind](view.payload), kind=ActorKind.USER)
    return view.actor


def subject_of(kind: EventKind, view: EventView, actor: Actor | None) -> Actor | None:
    """Return whom an event by this actor is about, as a value; None where it is about nobody."""
    if kind in _OF_MEMBER:
        payload: Any = view.value().payload
        member: Actor | None = payload.member
        return member
    if kind in _ID:
        return Actor(id=_ID[kind](view.payload), kind=ActorKind.USER)
    return actor


def text(kind: EventKind, view: EventView) -> str:
    """Return the text that conditions on words look at, where it is no speech."""
    read = _TEXT.get(kind)
    return read(view.payload) if read is not None else ""


def removable(kind: EventKind, view: EventView) -> str:
    """Return the id of what `delete` takes away; "" where there is nothing."""
    field = _REMOVABLE.get(kind)
    return getattr(view.payload, field) if field is not None else ""
