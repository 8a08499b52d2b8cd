"""Appeals: a member asks once, somebody else decides, and what can be taken back is."""

from collections.abc import Sequence

from contracts.values import Resolution
from policy.core import explain
from policy.core.conduct import Filed
from policy.core.effects import OWN
from policy.core.explain import GREETING_MAX, NAME_MAX
from policy.core.filing import of_member
from policy.core.messages import say, sentences
from policy.core.scene import Scene
from policy.core.undoing import listed, take_back


def appeal(scene: Scene, member: str, prefix: str, reason: str) -> str:
    """Let a member appeal against a case of theirs; return what to tell them."""
    filed = of_member(scene, member, prefix)
    if filed is None:
        return say(scene.language, "appeal_none")
    if filed.appeal:
        return say(scene.language, "appeal_late" if filed.appeal == "undone" else "appeal_twice")
    filed.appeal = "open"
    short = explain.plain(reason, explain.REASON_MAX)
    scene.draft.resolution = Resolution(
        case_id=filed.case_id, state="appealed", by=member, reason=short
    )
    return say(scene.language, "appeal_noted", case=filed.case_id[:6])


def decide(scene: Scene, filed: Filed, *, upheld: bool, by: str, reason: str) -> None:
    """End an appeal: take back what can be, list what cannot, apologise; or say why not."""
    draft = scene.draft
    filed.appeal = "upheld" if upheld else "rejected"
    undone: Sequence[str] = ()
    kept: Sequence[str] = ()
    with scene.about(filed.author, scene.compiled, f"{filed.case_id} ", always=True) as then:
        name = explain.plain(filed.author.name or filed.author.member, NAME_MAX)
        if upheld:
            undone, kept = take_back(then, filed.case_id, [filed], filed.acts)
            head = say(scene.language, "appeal_upheld", name=name)
            told = sentences(scene.language, head, *listed(scene.language, undone, kept))
        else:
            short = explain.plain(reason, GREETING_MAX)
            told = say(scene.language, "appeal_rejected", name=name, reason=short, by=by)
        draft.announce(told, effect=f"{then.tag}appeal", rule=OWN)
    draft.resolution = Resolution(
        case_id=filed.case_id,
        state=filed.appeal,
        by=by,
        reason=reason,
        undone=tuple(undone),
        kept=tuple(kept),
    )
