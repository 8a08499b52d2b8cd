"""Tell again what members said and somebody kept."""

from contracts.values import Place
from policy.core.consequences.harvest import Digest
from policy.core.harvest import DIGESTS_MAX
from policy.core.highlights import lines
from policy.core.hits import Hit
from policy.core.messages import say
from policy.core.scene import Scene


def digest(scene: Scene, hit: Hit, effect: Digest) -> None:
    """Post what was kept since the rule's last digest, what most wanted first."""
    harvest, rule = scene.room.harvest, hit.rule.rule.id
    since = harvest.told.pop(rule, 0)
    fresh = [one for one in harvest.highlights if one.number > since]
    if len(harvest.told) >= DIGESTS_MAX:
        del harvest.told[min(harvest.told, key=lambda known: (harvest.told[known], known))]
    harvest.told[rule] = harvest.number
    if not fresh:
        return
    chosen = sorted(fresh, key=lambda one: (-one.votes, one.number))[: effect.most]
    told = [say(scene.language, "digest", n=len(fresh)), *lines(scene, chosen)]
    if len(fresh) > len(chosen):
        told.append(say(scene.language, "digest_more", n=len(fresh) - len(chosen)))
    draft = scene.draft
    held = draft.place
    draft.place = Place(channel=effect.channel) if effect.channel else held
    draft.announce("\n".join(told), effect=f"{scene.tag}digest", rule=rule)
    draft.place = held


ACTS = {Digest: digest}
