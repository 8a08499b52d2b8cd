"""Say what a rule has to say."""

from policy.core.consequences.speech import Announcement, Say
from policy.core.explain import NAME_MAX, plain
from policy.core.hits import Hit
from policy.core.scene import Scene


def say(scene: Scene, hit: Hit, effect: Say) -> None:
    """Answer the author with the rule's own words."""
    said = effect.wording.inside(scene.language)
    scene.draft.reply(said, effect=f"{scene.tag}reply", rule=hit.rule.rule.id)


def announce(scene: Scene, hit: Hit, effect: Announcement) -> None:
    """Tell all in the rule's own words."""
    subject = scene.draft.subject
    name = plain(subject.display_name or subject.id, NAME_MAX) if subject is not None else ""
    said = effect.wording.inside(scene.language).replace("{name}", name)
    scene.draft.announce(said, effect=f"{scene.tag}announce", rule=hit.rule.rule.id)


ACTS = {Say: say, Announcement: announce}
