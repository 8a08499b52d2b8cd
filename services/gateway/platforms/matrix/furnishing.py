"""Settings of a room put back or changed, and its door closed and opened again.

What is written carries the action's id, so that a repetition knows its own work. A lockdown keeps
the join rules of before in its own event: unlocking needs no memory and restores them exactly.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from contracts.values import Action, OutcomeStatus, SetGroup, Unlock
from gateway.errors import Gone, Refused
from gateway.outcome import DONE, Result, already
from gateway.platforms.matrix.client import Homeserver, loads
from gateway.platforms.matrix.fields import NOTHING, Json, mapping, text
from gateway.platforms.matrix.room_settings import DOCUMENTS, TEXTS
from gateway.platforms.matrix.speech import ACTION_KEY
from gateway.platforms.matrix.target import room_of

PRIOR_KEY = "dev.reeve.prior"
JOIN_RULES = "m.room.join_rules"
CLOSED = "invite"
SETTABLE = frozenset({"name", "topic", "avatar", "pinned", "join_rule"})
_SIMPLE_RULES = frozenset({"public", "invite", "knock", "private"})
_TEXT_OF = {key: (kind, field) for kind, (key, field) in TEXTS.items() if key in SETTABLE}
_DOCUMENT_OF = {key: kind for kind, key in DOCUMENTS.items() if key in SETTABLE}


class Furnishing:
    """The settings of rooms, as one account may set them."""

    def __init__(self, homeserver: Homeserver) -> None:
        self._homeserver = homeserver

    async def set(self, action: Action) -> Result:
        """Give a setting a value, unless it is no longer what the action wants to replace."""
        body = action.body
        assert isinstance(body, SetGroup)
        kind, wanted = _content(body)
        room = room_of(action)
        found = await self._state(room, kind)
        if found.get(ACTION_KEY) == action.id:
            return DONE
        now = _value(body.key, found)
        if now == body.value:
            return already("it is so already")
        if body.instead_of and now != body.instead_of:
            return already("somebody changed it again, and it is left as it is")
        return await self._put(action, kind, wanted, found)

    async def lock(self, action: Action) -> Result:
        """Let nobody in who is not invited."""
        found = await self._state(room_of(action), JOIN_RULES)
        if found.get(ACTION_KEY) == action.id:
            return DONE
        if text(found, "join_rule") in (CLOSED, "private"):
            return already("nobody could come in without an invitation before")
        return await self._put(action, JOIN_RULES, {"join_rule": CLOSED, PRIOR_KEY: found}, found)

    async def unlock(self, action: Action) -> Result:
        """Put the join rules back that a lockdown replaced."""
        body = action.body
        assert isinstance(body, Unlock)
        room = room_of(action)
        found = await self._state(room, JOIN_RULES)
        holder = found.get(ACTION_KEY)
        if PRIOR_KEY not in found or (body.lockdown_action_id not in ("", holder)):
            return already("the room is not locked, or was locked anew by somebody else")
        effect_id = await self._homeserver.put_state(
            room, JOIN_RULES, "", mapping(found, PRIOR_KEY)
        )
        return Result(status=OutcomeStatus.DONE, effect_id=effect_id)

    async def _put(
        self, action: Action, kind: str, wanted: Mapping[str, Any], prior: Json
    ) -> Result:
        signed = {**wanted, ACTION_KEY: action.id}
        effect_id = await self._homeserver.put_state(room_of(action), kind, "", signed)
        kept = {key: value for key, value in prior.items() if key != PRIOR_KEY}
        return Result(
            status=OutcomeStatus.DONE, effect_id=effect_id, prior=orjson.dumps(kept).decode()
        )

    async def _state(self, room: str, kind: str) -> Json:
        try:
            return await self._homeserver.state(room, kind)
        except Gone:
            return NOTHING


def _content(body: SetGroup) -> tuple[str, Mapping[str, Any]]:
    if body.key in _TEXT_OF:
        kind, field = _TEXT_OF[body.key]
        if body.key == "join_rule" and body.value not in _SIMPLE_RULES:
            raise Refused("join rule", f"{body.value or 'nothing'} is no join rule to be set here")
        return kind, {field: body.value} if body.value else {}
    if body.key not in _DOCUMENT_OF:
        raise Refused("not possible here", f"the setting {body.key} cannot be set here")
    try:
        found = loads(body.value.encode()) if body.value else {}
    except ValueError as fault:
        raise Refused("not JSON", f"the value of {body.key} is not JSON") from fault
    if not isinstance(found, dict):
        raise Refused("no document", f"the value of {body.key} is no document")
    return _DOCUMENT_OF[body.key], found


def _value(key: str, content: Json) -> str:
    """Return what a setting is now, as `GroupChanged` would tell it."""
    if key in _TEXT_OF:
        return text(content, _TEXT_OF[key][1], 65_536)
    own = {name: value for name, value in content.items() if name != ACTION_KEY}
    return orjson.dumps(own, option=orjson.OPT_SORT_KEYS).decode() if own else ""
