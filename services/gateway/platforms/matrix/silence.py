"""Mute and unmute: one document for a whole room, read, changed and written back.

There must be one writer for each room, or one change undoes another: the plan gives all mutes of a
room the same lane. Power levels do not carry the action's id, because an unmute has to leave the
document exactly as it was.
"""

from collections.abc import Sequence

import orjson

from chassis import clock
from chassis.bus import Bucket
from contracts import ids
from contracts.values import Action, Mute, OutcomeStatus, Unmute
from gateway.errors import Gone, Refused
from gateway.outcome import DONE, Result, already
from gateway.platforms.matrix import mutes, power
from gateway.platforms.matrix.client import Homeserver
from gateway.platforms.matrix.fields import Json
from gateway.platforms.matrix.rooms import Bounded
from gateway.platforms.matrix.target import room_of, user_of

BUCKET = "mutes"
KEPT_LIFTED_S = 30 * 86_400.0
"""How long the memory of a lifted mute is kept, for an action that comes again."""
LEVELS = "m.room.power_levels"


class Silence:
    """The mutes of one account."""

    def __init__(self, homeserver: Homeserver, bucket: Bucket) -> None:
        self._homeserver = homeserver
        self._bucket = bucket
        self._creations: Bounded[str, power.Creation] = Bounded(5_000)

    async def holds(self, room: str, user: str) -> bool:
        """Whether we keep a member from speaking."""
        mute = await self._kept(_key(room, user))
        return mute is not None and bool(mute.holders)

    async def follow(self, rooms: Sequence[str], user: str) -> None:
        """Take a mute over to the last of ``rooms``, which took the others' place one by one.

        Whoever upgrades a room copies its power levels, and so everybody who was silenced.
        """
        here = _key(rooms[-1], user)
        if await self._kept(here) is not None:
            return
        for room in reversed(rooms[:-1]):
            mute = await self._kept(_key(room, user))
            if mute is not None:
                await self._bucket.put(here, mute.to_json())
                await self._bucket.delete(_key(room, user))
                return

    async def mute(self, action: Action) -> Result:
        """Take a member's voice; the state before is kept until ``unmute``."""
        room, user = room_of(action), user_of(action)
        key = _key(room, user)
        content, levels = await self._levels(room)
        if user in levels.infinite:
            raise Refused("creator", "a creator of the room stands above all levels")
        there = mutes.level_in(content, user)
        mute = await self._kept(key)
        if mute is not None and mute.holders and there == mute.level:
            if action.id in mute.holders:
                return _done(mute)
            if _is_over(action):
                return already("its time is over")
            await self._bucket.put(key, mute.held_by(action.id).to_json())
            return already("another action muted the member before")
        silent = mutes.silent_level(levels)
        if mute is None or action.id not in mute.holders:
            if _is_over(action):
                return already("its time is over")
            if levels.of(user) <= silent:
                return already("the member could not speak before")
            mute = mutes.Mute(
                level=silent, prior=there, alone="users" not in content, holders=(action.id,)
            )
            await self._bucket.put(key, mute.to_json())
        wanted = mutes.silenced(content, user, mute)
        try:
            effect_id = await self._homeserver.put_state(room, LEVELS, "", wanted)
        except Refused:
            await self._bucket.delete(key)
            raise
        return _done(mute, effect_id)

    async def unmute(self, action: Action) -> Result:
        """Give the voice back, unless somebody changed the level by hand meanwhile."""
        room, user = room_of(action), user_of(action)
        key = _key(room, user)
        body = action.body
        assert isinstance(body, Unmute)
        mute = await self._kept(key)
        if mute is not None and mute.lifted_by == action.id and not mute.holders:
            return DONE
        if mute is None or not mute.holders:
            return already("no mute of ours is in force")
        left = mute.released_by(body.mute_action_id)
        if left.holders == mute.holders:
            return already("that mute was lifted before")
        if left.holders:
            await self._bucket.put(key, left.to_json())
            return already("another action keeps the member muted")
        return await self._lift(action, room, user, mute)

    async def _lift(self, action: Action, room: str, user: str, mute: mutes.Mute) -> Result:
        key = _key(room, user)
        content, _ = await self._levels(room)
        there = mutes.level_in(content, user)
        lifted = mute.lifted(action.id)
        effect_id = ""
        if there == mute.level:
            # Kept before it is done: a repetition then finds the old level and knows why.
            await self._bucket.put(key, mute.lifting(action.id).to_json())
            wanted = mutes.restored(content, user, mute)
            effect_id = await self._homeserver.put_state(room, LEVELS, "", wanted)
        elif mute.lifted_by != action.id or there != mute.prior:
            await self._bucket.put(key, lifted.to_json(), ttl_s=KEPT_LIFTED_S)
            return already(f"the level was changed by hand to {there}, and is left as it is")
        await self._bucket.put(key, lifted.to_json(), ttl_s=KEPT_LIFTED_S)
        return Result(status=OutcomeStatus.DONE, effect_id=effect_id)

    async def _levels(self, room: str) -> tuple[Json, power.PowerLevels]:
        made = self._creations.get(room)
        if made is None:
            created = await self._homeserver.state_event(room, "m.room.create")
            made = power.creation(room, created)
            self._creations[room] = made
        try:
            content = await self._homeserver.state(room, LEVELS)
        except Gone as fault:
            # To write the first one would take the creator's power, which was only implied.
            raise Refused("no levels", "the room has no power levels to change") from fault
        return content, power.levels(content, made)

    async def _kept(self, key: str) -> mutes.Mute | None:
        entry = await self._bucket.get(key)
        return None if entry is None else mutes.Mute.from_json(entry.value)


def _is_over(action: Action) -> bool:
    """Whether nobody would lift the mute any more, since that was done before it."""
    body = action.body
    return isinstance(body, Mute) and 0 < body.until_ms <= clock.now_ms()


def _key(room: str, user: str) -> str:
    return f"{ids.token(room)}.{ids.token(user)}"


def _done(mute: mutes.Mute, effect_id: str = "") -> Result:
    prior = orjson.dumps({"level": mute.prior}).decode()
    return Result(status=OutcomeStatus.DONE, effect_id=effect_id, prior=prior)
