"""How a room is set up, in our words: settings, power levels, policy rules."""

from orjson import OPT_SORT_KEYS, dumps

from contracts.values import GroupChanged, InviteChanged, PolicyListed, RoleChanged
from gateway.platforms.matrix import power
from gateway.platforms.matrix.fields import ID_LIMIT, TEXT_LIMIT, Fault, Json, clean, text
from gateway.platforms.matrix.rooms import Memory, Room
from gateway.platforms.matrix.source import Draft, Source

TEXTS = {
    "m.room.name": ("name", "name"),
    "m.room.topic": ("topic", "topic"),
    "m.room.avatar": ("avatar", "url"),
    "m.room.join_rules": ("join_rule", "join_rule"),
    "m.room.history_visibility": ("history", "history_visibility"),
    "m.room.guest_access": ("guest_access", "guest_access"),
    "m.room.encryption": ("encryption", "algorithm"),
    "m.room.canonical_alias": ("alias", "alias"),
    "m.room.tombstone": ("upgraded", "replacement_room"),
}
"""Settings that are one text: type of the event, our key, field of its content."""

DOCUMENTS = {
    "m.room.server_acl": "acl",
    "m.room.pinned_events": "pinned",
    "m.room.policy": "policy_server",
    "org.matrix.msc4284.policy": "policy_server",
}
"""Settings that are a whole document, told as JSON."""

RELATIVES = {"m.space.child": "space_child", "m.space.parent": "space_parent"}
"""Settings that are a set of rooms: the value is the room that was added, or ``previous`` the one
that was taken out."""

POLICIES = {
    f"{prefix}.{kind}": kind
    for prefix in ("m.policy.rule", "m.room.rule", "org.matrix.mjolnir.rule")
    for kind in ("user", "server", "room")
}
ROLES_LIMIT = 5_000


def setting(source: Source, _room: Room, _memory: Memory) -> list[Draft]:
    """A setting that is one text; nothing if it is what it was."""
    key, field = TEXTS[source.kind]
    _of_the_room(source)
    now, before = (text(part, field, TEXT_LIMIT) for part in (source.content, source.previous))
    if now == before and source.previous:
        return []
    return [Draft(GroupChanged(key=key, value=now, previous=before))]


def document(source: Source, _room: Room, _memory: Memory) -> list[Draft]:
    """A setting that is a whole document; nothing if it is what it was."""
    _of_the_room(source)
    if source.content == source.previous:
        return []
    now, before = _json(source.content), _json(source.previous)
    return [Draft(GroupChanged(key=DOCUMENTS[source.kind], value=now, previous=before))]


def relative(source: Source, _room: Room, _memory: Memory) -> list[Draft]:
    """A room that was put into or taken out of a space."""
    if not source.state_key:
        raise Fault("the state_key of a space's event is not a room id")
    now = source.state_key if source.content.get("via") else ""
    before = source.state_key if source.previous.get("via") else ""
    if now == before:
        return []
    return [Draft(GroupChanged(key=RELATIVES[source.kind], value=now, previous=before))]


def power_levels(source: Source, room: Room, _memory: Memory) -> list[Draft]:
    """Everyone whose level changed, and one more event if anything else in the document did."""
    _of_the_room(source)
    told = source.unsigned.get("prev_content")
    now = power.levels(source.content, room.creation)
    before = power.levels(told, room.creation) if isinstance(told, dict) else room.power
    drafts = [
        Draft(_role(user, before, now, room), suffix=f"/role/{clean(user, ID_LIMIT)}")
        for user in sorted(now.users.keys() | before.users.keys())[:ROLES_LIMIT]
        if now.of(user) != before.of(user)
    ]
    rest, rest_before = _without_users(source.content), _without_users(source.previous)
    if rest != rest_before:
        changed = GroupChanged(key="power_levels", value=_json(rest), previous=_json(rest_before))
        drafts.append(Draft(changed, suffix="/levels"))
    return drafts


def policy(source: Source, room: Room, _memory: Memory) -> list[Draft]:
    """A rule of a policy list (Matrix specification, moderation policy lists), set or taken out."""
    if source.state_key is None:
        raise Fault("a policy rule without a state_key")
    removed = "entity" not in source.content
    rule = source.previous if removed else source.content
    if removed and not rule:
        return []
    listed = PolicyListed(
        list=room.id,
        entity=text(rule, "entity"),
        kind=POLICIES[source.kind],
        recommendation=text(rule, "recommendation"),
        reason=text(rule, "reason", TEXT_LIMIT),
        removed=removed,
    )
    return [Draft(listed)]


def third_party_invite(source: Source, _room: Room, _memory: Memory) -> list[Draft]:
    """An invitation to somebody who has no account yet."""
    if not source.state_key:
        raise Fault("an invitation without a state_key")
    return [Draft(InviteChanged(code=source.state_key, deleted=not source.content))]


def _role(user: str, before: power.PowerLevels, now: power.PowerLevels, room: Room) -> RoleChanged:
    had, has = before.roles(user), now.roles(user)
    return RoleChanged(
        member=power.actor(
            clean(user, ID_LIMIT), now, own=room.own, display_name=room.names.get(user, "")
        ),
        added=tuple(role for role in has if role not in had),
        removed=tuple(role for role in had if role not in has),
        previous_power=before.of(user),
    )


def _without_users(content: Json) -> Json:
    return {key: value for key, value in content.items() if key != "users"}


def _of_the_room(source: Source) -> None:
    if source.state_key != "":
        raise Fault(f"{source.kind} with a state_key that is not empty")


def _json(content: Json) -> str:
    return dumps(content, option=OPT_SORT_KEYS).decode()[:TEXT_LIMIT] if content else ""
