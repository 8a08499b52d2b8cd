"""What becomes of members: tiers, announced to all."""

from policy.core.belonging import Move
from policy.core.effects import OWN
from policy.core.explain import NAME_MAX, plain
from policy.core.messages import say
from policy.core.scene import Scene


def tell_move(scene: Scene, move: Move, rule: str = OWN) -> None:
    """Tell all that a member rose or fell."""
    draft = scene.draft
    subject = draft.subject
    name = plain(subject.display_name or subject.id, NAME_MAX) if subject is not None else ""
    wording = move.after.announce if move.rises else None
    if wording is not None:
        told = wording.inside(scene.language).replace("{name}", name)
    else:
        key = "tier_up" if move.rises else "tier_down"
        told = say(scene.language, key, name=name, tier=move.after.name)
    draft.announce(told, effect=f"{scene.tag}tier", rule=rule)
