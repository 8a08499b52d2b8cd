"""Tell again what members said: what somebody kept, and stored answers."""

from contracts.values import Place
from policy.core.answered import asked
from policy.core.answers import told
from policy.core.consequences.harvest import Digest, GiveAnswer
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
    posted = [say(scene.language, "digest", n=len(fresh)), *lines(scene, chosen)]
    if len(fresh) > len(chosen):
        posted.append(say(scene.language, "digest_more", n=len(fresh) - len(chosen)))
    draft = scene.draft
    held = draft.place
    draft.place = Place(channel=effect.channel) if effect.channel else held
    draft.announce("\n".join(posted), effect=f"{scene.tag}digest", rule=rule)
    draft.place = held


def give_answer(scene: Scene, hit: Hit, effect: GiveAnswer) -> None:
    """Answer the author with what is stored, unless that was given a short while ago."""
    draft = scene.draft
    known = asked(scene.room.harvest, scene.seen) if scene.seen is not None else None
    given_lately = known is not None and known.told_ms > draft.at_ms - effect.every_ms
    if known is None or given_lately or draft.is_removed:
        return
    known.told_ms = draft.at_ms
    draft.reply(told(scene, known), effect=f"{scene.tag}answer", rule=hit.rule.rule.id)


ACTS = {Digest: digest, GiveAnswer: give_answer}
