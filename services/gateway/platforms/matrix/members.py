"""Who came, left, was removed or changed, in our words.

One Matrix event type says all of it: what happened follows from the membership before, the
membership after, and whether the sender speaks for themselves.
"""

from contracts.values import (
    EventPayload,
    Inviter,
    MemberBanned,
    MemberInvited,
    MemberJoined,
    MemberKicked,
    MemberLeft,
    MemberUnbanned,
    ProfileChanged,
)
from gateway.platforms.matrix.fields import TEXT_LIMIT, Fault, text
from gateway.platforms.matrix.rooms import Memory, Room
from gateway.platforms.matrix.source import Draft, Source

AUTHORISED_VIA_CONFIDENCE = 0.25
"""Of one who let a join to a restricted room pass: their homeserver did, maybe unknown to them."""
LIKELY_KICK = 0.5
"""Of a removal by another whose membership before is not told: it may have been an unban."""


def membership(source: Source, room: Room, _memory: Memory) -> list[Draft]:
    """What a member event tells; nothing if it changes nothing."""
    user = source.state_key
    if user is None or not user.startswith("@"):
        raise Fault("the state_key of a member event is not a user id")
    now = source.content.get("membership")
    before = text(source.previous, "membership")
    actor = room.actor(source.sender)
    if now == "join":
        payload = _joined(source, room, user, before)
    elif now == "invite":
        room.invited_by[user] = source.sender
        payload = MemberInvited(member=room.actor(user))
    elif now == "knock":
        payload = MemberJoined(member=room.actor(user), pending=True, previous=before)
    elif now == "leave":
        payload = _left(source, room, user, before)
    elif now == "ban":
        payload = MemberBanned(
            member=room.actor(user), reason=text(source.content, "reason", TEXT_LIMIT)
        )
    else:
        raise Fault("content.membership is none of the five")
    return [] if payload is None else [Draft(payload, actor=actor)]


def _joined(source: Source, room: Room, user: str, before: str) -> EventPayload | None:
    name = text(source.content, "displayname")
    room.rename(user, name)
    if before == "join":
        return _profile(source, room, user, name)
    return MemberJoined(
        member=room.actor(user),
        inviters=_inviters(source, room, user, before),
        previous=before,
        avatar=text(source.content, "avatar_url"),
    )


def _profile(source: Source, room: Room, user: str, name: str) -> ProfileChanged | None:
    name_before = text(source.previous, "displayname")
    avatar, avatar_before = text(source.content, "avatar_url"), text(source.previous, "avatar_url")
    if (name, avatar) == (name_before, avatar_before):
        return None
    return ProfileChanged(
        member=room.actor(user),
        previous_display_name=name_before,
        avatar=avatar,
        previous_avatar=avatar_before,
    )


def _inviters(source: Source, room: Room, user: str, before: str) -> tuple[Inviter, ...]:
    invited_by = room.invited_by.pop(user, "")
    if before == "invite":
        # The event that was replaced is the invitation, so its sender is the inviter for certain.
        told = text(source.unsigned, "prev_sender") or invited_by
        return (Inviter(actor=room.actor(told), confidence=1.0, via="invite"),) if told else ()
    via = text(source.content, "join_authorised_via_users_server")
    if not via:
        return ()
    confidence = AUTHORISED_VIA_CONFIDENCE
    return (Inviter(actor=room.actor(via), confidence=confidence, via="authorised-via"),)


def _left(source: Source, room: Room, user: str, before: str) -> EventPayload:
    room.invited_by.pop(user, None)
    member = room.actor(user)
    if source.sender == user or before in {"invite", "knock"}:
        # An invitation withdrawn or a knock refused has the other as the envelope's actor.
        return MemberLeft(member=member, previous=before)
    if before == "ban":
        return MemberUnbanned(member=member)
    return MemberKicked(
        member=member,
        reason=text(source.content, "reason", TEXT_LIMIT),
        kicked_by_confidence=1.0 if before == "join" else LIKELY_KICK,
    )
