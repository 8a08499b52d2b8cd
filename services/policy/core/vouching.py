"""Commands by which members vouch for each other (E4)."""

from collections.abc import Sequence
from typing import Final

from policy.core import vouches
from policy.core.conditions.standing import is_good
from policy.core.explain import NAME_MAX, plain
from policy.core.messages import say
from policy.core.naming import named
from policy.core.scene import Scene

NAMES: Final = {
    "vouch": "vouch", "担保": "vouch",
    "unvouch": "unvouch", "撤回担保": "unvouch",
}  # fmt: skip


def vouch(scene: Scene, args: Sequence[str]) -> str:
    """Let whoever speaks vouch for a member; return what to answer."""
    members, now_ms = scene.room.members, scene.draft.at_ms
    own = scene.draft.person().member
    member, _, is_unclear = named(scene, args)
    if is_unclear or not member or member == own:
        return say(scene.language, "name_unclear" if is_unclear else "usage_vouch")
    record, giver = members.find(member, now_ms), members.find(own, now_ms)
    if record is None or (record.standing is not None and now_ms < record.standing.banned_ms):
        return say(scene.language, "vouch_unknown", name=plain(member, NAME_MAX))
    if giver is None or not is_good(giver.standing, 0, now_ms):
        return say(scene.language, "vouch_not_you")
    before = own in vouches.of(record).by
    if not before and not vouches.add(members, own, member, now_ms):
        return say(scene.language, "vouch_many")
    name, n = plain(record.profile.name or member, NAME_MAX), len(vouches.of(record).by)
    return say(scene.language, "vouched_before" if before else "vouched", name=name, n=n)


def unvouch(scene: Scene, args: Sequence[str]) -> str:
    """Let whoever speaks vouch for a member no longer; return what to answer."""
    own = scene.draft.person().member
    member, _, is_unclear = named(scene, args)
    if is_unclear:
        return say(scene.language, "name_unclear")
    if not vouches.take_back(scene.room.members, own, member, scene.draft.at_ms):
        return say(scene.language, "vouch_none")
    return say(scene.language, "unvouched", name=plain(member, NAME_MAX))
