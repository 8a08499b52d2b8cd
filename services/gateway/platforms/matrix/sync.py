"""Reading a /sync answer: total, since the answer is the homeserver's and may be anything."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from gateway.platforms.matrix.fields import Fault, Json, integer, items, mapping, text

FIRST_EVENTS = 10
"""Events a room may show in the very first sync, when everything is history."""
EVENTS = 100
"""Events a room may show in a later sync; more make its timeline limited, and we fill it."""
ENTRIES = 1_000_000
POLL_S = 30.0
"""How long a sync may wait for news."""


@dataclass(slots=True, kw_only=True)
class Part:
    """What one sync says about one room we are in, or were in (``left``)."""

    room_id: str
    left: bool
    state: list[Any]
    timeline: list[Any]
    limited: bool
    prev_batch: str
    joined_members: int = -1
    """How many are in the room; -1: not told, as where it did not change."""
    pages: list[bytes] = field(default_factory=list)
    """What was fetched to fill a limited timeline, newest page first, each a /messages answer."""
    lost_since: str = ""
    """Where the part begins that could not be filled; empty: nothing is missing."""


def filter_json(*, first: bool) -> str:
    """The filter we sync with: no presence, receipts, typing or account data, and lazy members.

    Members are sent again with every answer that needs them, because we forget them at a restart
    and the homeserver does not know that.
    """
    none: dict[str, list[str]] = {"types": []}
    limit = FIRST_EVENTS if first else EVENTS
    return orjson.dumps(
        {
            "presence": none,
            "account_data": none,
            "room": {
                "account_data": none,
                "ephemeral": none,
                "timeline": {"limit": limit, "lazy_load_members": True},
                "state": {"lazy_load_members": True, "include_redundant_members": True},
            },
        }
    ).decode()


def next_batch(response: Json) -> str:
    """Where to go on from. Raises ``Fault`` if the answer does not say."""
    token = response.get("next_batch")
    if not isinstance(token, str) or not token:
        raise Fault("the homeserver's answer has no next_batch")
    return token


def parts(response: Json) -> list[Part]:
    """The rooms that the answer speaks of, those we left included."""
    rooms = mapping(response, "rooms")
    return [
        _part(room_id, body, left=section == "leave")
        for section in ("join", "leave")
        for room_id, body in mapping(rooms, section).items()
    ]


def invitations(response: Json) -> dict[str, list[Any]]:
    """The rooms we are invited to, each with its stripped state."""
    return {
        room_id: items(mapping(body, "invite_state"), "events", ENTRIES)
        for room_id, body in mapping(mapping(response, "rooms"), "invite").items()
        if isinstance(body, dict)
    }


def creation(part: Part) -> Json | None:
    """The event that made the room; ``None`` where it is not told."""
    for raw in (*part.state, *part.timeline):
        if isinstance(raw, dict) and raw.get("type") == "m.room.create":
            return raw
    return None


def replacement(state: list[Any]) -> str:
    """The room in which this one goes on, where its state says so; empty if it does not."""
    for raw in state:
        if isinstance(raw, dict) and raw.get("type") == "m.room.tombstone":
            return text(mapping(raw, "content"), "replacement_room")
    return ""


def own_join(events: list[Any], own: str) -> int:
    """Where in ``events`` the bot itself came in, the last time; -1: nowhere."""
    for at in range(len(events) - 1, -1, -1):
        raw = events[at]
        if _is_own(raw, own) and mapping(raw, "content").get("membership") == "join":
            unsigned = mapping(raw, "unsigned")
            before = mapping(unsigned, "prev_content").get("membership")
            # Where something was replaced and not told, it may have been a change of our name only.
            if before != "join" and not (before is None and "replaces_state" in unsigned):
                return at
    return -1


def was_removed(events: list[Any], own: str) -> bool:
    """Whether the bot was in the room and is not any more."""
    for raw in reversed(events):
        if _is_own(raw, own):
            before = mapping(mapping(raw, "unsigned"), "prev_content").get("membership")
            return before == "join"
    return False


def _is_own(raw: object, own: str) -> bool:
    return (
        isinstance(raw, dict) and raw.get("type") == "m.room.member" and raw.get("state_key") == own
    )


def _part(room_id: str, body: object, *, left: bool) -> Part:
    source: Json = body if isinstance(body, dict) else {"timeline": {"events": [body]}}
    timeline = mapping(source, "timeline")
    summary = mapping(source, "summary")
    known = "m.joined_member_count" in summary
    return Part(
        room_id=room_id,
        left=left,
        state=items(mapping(source, "state"), "events", ENTRIES),
        timeline=items(timeline, "events", ENTRIES),
        limited=timeline.get("limited") is True,
        prev_batch=text(timeline, "prev_batch", 4_096),
        joined_members=integer(summary, "m.joined_member_count") if known else -1,
    )
