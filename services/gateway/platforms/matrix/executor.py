"""Carrying actions out on a homeserver. Every act may be repeated: it is done once all the same.

Messages and redactions have the action's id as their transaction id, which homeservers remember.
State has no transactions: there the current state is read first, and our own events carry the
action's id in their content, so that a repetition knows its own work from somebody else's.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from contracts.values import (
    Action,
    AddRole,
    Announce,
    Ban,
    DeleteMessage,
    DirectNotice,
    Kick,
    Lockdown,
    Mute,
    OutcomeStatus,
    RemoveRole,
    Reply,
    SetGroup,
    SetNickname,
    Unban,
    Unlock,
    Unmute,
)
from gateway.errors import Gone, Refused
from gateway.outcome import DONE, Result, already
from gateway.platforms.matrix import speech
from gateway.platforms.matrix.client import Homeserver
from gateway.platforms.matrix.directs import Directs
from gateway.platforms.matrix.fields import NOTHING, Json, mapping, text
from gateway.platforms.matrix.furnishing import Furnishing
from gateway.platforms.matrix.silence import Silence
from gateway.platforms.matrix.target import room_of, user_of

MEMBER = "m.room.member"
PRESENT = frozenset({"join", "invite", "knock"})


class Executor:
    """One account's hands."""

    def __init__(self, homeserver: Homeserver, directs: Directs, silence: Silence) -> None:
        self._homeserver = homeserver
        self._directs = directs
        self._silence = silence
        furnishing = Furnishing(homeserver)
        self._acts: dict[type, Callable[[Action], Awaitable[Result]]] = {
            DeleteMessage: self._delete,
            Reply: self._say,
            Announce: self._say,
            DirectNotice: self._tell,
            Mute: self._silence.mute,
            Unmute: self._silence.unmute,
            Kick: self._kick,
            Ban: self._ban,
            Unban: self._unban,
            SetGroup: furnishing.set,
            Lockdown: furnishing.lock,
            Unlock: furnishing.unlock,
            **dict.fromkeys((AddRole, RemoveRole), _no_roles),
            SetNickname: _no_names,
        }

    async def look(self) -> None:
        """Make sure that the homeserver lets us in. Raises ``Transient`` while it does not."""
        await self._homeserver.who_am_i()

    async def follow_mute(self, action: Action, rooms: Sequence[str]) -> None:
        """Know of the mute that an action is about in the last of ``rooms``, where they went on."""
        if action.target is not None:
            await self._silence.follow(rooms, action.target.id)

    async def carry_out(self, action: Action) -> Result:
        """Do it, and return how it ended; a refusal is an end too.

        Raises:
            Transient: It may be tried again.
        """
        act = self._acts.get(type(action.body))
        if act is None:
            fault = f"{type(action.body).__name__} is nothing that can be done here"
            return Result(status=OutcomeStatus.FAILED, fault=fault)
        try:
            return await act(action)
        except Gone as refusal:
            return Result(status=OutcomeStatus.GONE, fault=str(refusal))
        except Refused as refusal:
            return Result(status=OutcomeStatus.DENIED, fault=str(refusal))

    async def _delete(self, action: Action) -> Result:
        body = action.body
        assert isinstance(body, DeleteMessage)
        found = await self._homeserver.event(room_of(action), body.message_id)
        because = mapping(mapping(found, "unsigned"), "redacted_because")
        if because:
            if mapping(because, "content").get(speech.ACTION_KEY) != action.id:
                return already("the message was redacted before")
            return Result(status=OutcomeStatus.DONE, effect_id=text(because, "event_id"))
        effect_id = await self._homeserver.redact(
            room_of(action), body.message_id, action.id, _signed(action)
        )
        return Result(status=OutcomeStatus.DONE, effect_id=effect_id)

    async def _say(self, action: Action) -> Result:
        said = speech.content(action)
        effect_id = await self._homeserver.send(room_of(action), action.id, said)
        for number, shown in enumerate(speech.files(action)):
            await self._homeserver.send(room_of(action), f"{action.id}.{number}", shown)
        if isinstance(action.body, Reply) and await self._is_silenced(action):
            with suppress(Refused):  # who wants no room with us has read it in the group
                await self._tell(speech.aside(action))
        return Result(status=OutcomeStatus.DONE, effect_id=effect_id)

    async def _is_silenced(self, action: Action) -> bool:
        user = action.target.id if action.target is not None else ""
        return bool(user) and await self._silence.holds(room_of(action), user)

    async def _tell(self, action: Action) -> Result:
        room = await self._directs.room(user_of(action))
        effect_id = await self._homeserver.send(room, action.id, speech.content(action))
        return Result(status=OutcomeStatus.DONE, effect_id=effect_id)

    async def _kick(self, action: Action) -> Result:
        return await self._set_membership(action, "leave", unless=lambda now: now not in PRESENT)

    async def _ban(self, action: Action) -> Result:
        return await self._set_membership(action, "ban", unless=lambda now: now == "ban")

    async def _unban(self, action: Action) -> Result:
        return await self._set_membership(action, "leave", unless=lambda now: now != "ban")

    async def _set_membership(
        self, action: Action, membership: str, *, unless: Callable[[str], bool]
    ) -> Result:
        room, user = room_of(action), user_of(action)
        found = await self._member(room, user)
        content = mapping(found, "content")
        if content.get(speech.ACTION_KEY) == action.id or await self._replaced(room, found, action):
            return DONE
        now = text(content, "membership")
        if unless(now):
            return already(f"the membership is {now or 'none'}")
        wanted = {"membership": membership, **_signed(action)}
        effect_id = await self._homeserver.put_state(room, MEMBER, user, wanted)
        return Result(status=OutcomeStatus.DONE, effect_id=effect_id)

    async def _replaced(self, room: str, found: Json, action: Action) -> bool:
        """Whether the action was done before and undone since, as by coming back into the room."""
        replaced = text(mapping(found, "unsigned"), "replaces_state")
        if not replaced:
            return False
        try:
            before = await self._homeserver.event(room, replaced)
        except Refused:
            return False
        return mapping(before, "content").get(speech.ACTION_KEY) == action.id

    async def _member(self, room: str, user: str) -> Json:
        try:
            return await self._homeserver.state_event(room, MEMBER, user)
        except Gone:
            return NOTHING


async def _no_roles(_action: Action) -> Result:
    raise Refused("not possible here", "a Matrix room has power levels and no roles")


async def _no_names(_action: Action) -> Result:
    raise Refused("not possible here", "in Matrix nobody sets the name of somebody else")


def _signed(action: Action) -> dict[str, Any]:
    signed = {speech.ACTION_KEY: action.id}
    return {**signed, "reason": action.reason} if action.reason else signed
