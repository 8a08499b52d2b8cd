"""Say what a rule has to say."""

from contracts.values import Actor, Place
from policy.core.conduct import NUDGED_MAX
from policy.core.consequences.speech import Announcement, Nudge, Say
from policy.core.explain import NAME_MAX, plain
from policy.core.hits import Hit
from policy.core.scene import Scene


def say(scene: Scene, hit: Hit, effect: Say) -> None:
    """Answer the author with the rule's own words."""
    said = effect.wording.inside(scene.language)
    scene.draft.reply(said, effect=f"{scene.tag}reply", rule=hit.rule.rule.id)


def announce(scene: Scene, hit: Hit, effect: Announcement) -> None:
    """Tell all in the rule's own words."""
    said = effect.wording.inside(scene.language).replace("{name}", name_of(scene))
    scene.draft.announce(said, effect=f"{scene.tag}announce", rule=hit.rule.rule.id)


def nudge(scene: Scene, hit: Hit, effect: Nudge) -> None:
    """Tell the hosts, unless they were told of this rule a short while ago."""
    draft, rule = scene.draft, hit.rule.rule.id
    if not is_due(scene, rule, effect.every_ms):
        return
    held = draft.place
    if effect.channel:
        draft.place = Place(channel=effect.channel)
    said = effect.wording.inside(scene.language).replace("{name}", name_of(scene))
    draft.announce(said, effect=f"{scene.tag}nudge", rule=rule)
    draft.place = held


def is_due(scene: Scene, what: str, every_ms: int) -> bool:
    """Return whether something that comes once in so long may come now, and note that it does."""
    nudged, now_ms = scene.room.conduct.nudged, scene.draft.at_ms
    last_ms = nudged.get(what)
    if last_ms is not None and now_ms - last_ms < every_ms:
        return False
    if last_ms is None and len(nudged) >= NUDGED_MAX:
        del nudged[min(nudged, key=lambda known: (nudged[known], known))]
    nudged[what] = now_ms
    return True


def name_of(scene: Scene) -> str:
    """Return what whom this is about is called, as far as anybody knows; "" where it is nobody."""
    subject = scene.draft.subject or Actor(id="")
    record = scene.room.members.find(subject.id, scene.draft.at_ms)
    known = record.profile.name if record is not None else ""
    return plain(subject.display_name or known or subject.id, NAME_MAX)


ACTS = {Say: say, Announcement: announce, Nudge: nudge}
