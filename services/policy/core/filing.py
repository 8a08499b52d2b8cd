"""What was done in a case is kept, so that it can be taken back: on appeal, or as one of many."""

from collections.abc import Iterator
from contextlib import contextmanager

from contracts import ids
from contracts.codec import body_name
from contracts.values import (
    Action,
    AddRole,
    Ban,
    BarMember,
    Decision,
    LedgerCommand,
    RemoveRole,
    SetGroup,
    Transfer,
    Unmute,
)
from policy.core.conduct import ACTS_MAX, FILED_EACH_MAX, Act, Filed
from policy.core.effects import OWN
from policy.core.members import Standing
from policy.core.sanctions import Ruling
from policy.core.scene import Scene

KEPT = ("delete_message", "kick")
"""Kinds of actions that nothing undoes."""

ACTIONS = frozenset(
    ("mute", "ban", "add_role", "remove_role", "set_group", "lockdown", "ledger", *KEPT)
)
VALUE_MAX = 2_000  # characters of a setting that can be put back
ADMITTED = "admit"
"""Kind of act that lets in who waits; its name is the action that had made them wait."""

QUEUED = "queued"
"""How an admission says that they also waited for a place."""

STANDING = ("label", "bar", "tier", "struck")
"""Kinds of changes to what a community has made of a member."""


def act_of(action: Action) -> Act | None:
    """Return what an action does, as a case keeps it; None for words, and what undoes others."""
    kind, body = body_name(action), action.body
    if kind not in ACTIONS or action.undoes:
        return None
    name = before = after = ""
    match body:
        case Ban():
            after = str(body.until_ms)
        case AddRole() | RemoveRole():
            name = body.role
        case SetGroup():
            if len(body.value) > VALUE_MAX or len(body.instead_of) > VALUE_MAX:
                return None
            name, before, after = body.key, body.instead_of, body.value
        case LedgerCommand(body=BarMember() as bar):
            kind, after = "barring", str(bar.until_ms)
            name = "everywhere" if bar.everywhere else ""
        case LedgerCommand() if not isinstance(body.body, Transfer):
            return None
    member = action.target.id if action.target is not None else ""
    return Act(kind, action.rule, action.id, member, name, before, after)


def admissions_of(decision: Decision) -> list[Act]:
    """Return whom a decision may have let in; what they had waited for is in the case alone."""
    return [
        Act(ADMITTED, action.rule, action.id, action.target.id)
        for action in decision.actions
        if isinstance(action.body, Unmute) and action.target is not None and not action.undoes
    ]


def points_of(rule: str, member: str, at_ms: int) -> Act:
    """Return that a rule gave points, and when, as a case keeps it."""
    return Act("points", rule, member=member, before=str(at_ms))


def file(scene: Scene, ruling: Ruling, since: int) -> None:
    """Keep what the actions from number `since` on, and the points, did to the subject."""
    draft = scene.draft
    if not draft.case_id:
        return
    own = [action for action in draft.actions[since:] if action.case_id == draft.case_id]
    acts = [act for act in map(act_of, own) if act is not None]
    member = draft.person().member
    gave = (score.by.rule.rule.id for score in ruling.scores)
    acts += [points_of(rule, member, draft.at_ms) for rule in gave]
    if not (acts or ruling.scores):
        return
    by = ruling.sanctioned_by or ruling.deleted_by
    filed = _opened(scene, by.rule.rule.id if by is not None else OWN)
    filed.by = scene.by
    _add(filed, acts)


def keep(scene: Scene, act: Act) -> None:
    """Keep what was done to the subject without an action, in the case if there is one."""
    _add(_opened(scene, act.rule), [act])


@contextmanager
def changing(scene: Scene, rule: str, kind: str, name: str = "") -> Iterator[None]:
    """Keep how something about the subject's standing changes while this lasts."""
    draft = scene.draft
    member = draft.person().member
    standing = scene.room.members.known(member, draft.at_ms).stand()
    before = value_of(standing, kind, name)
    yield
    after = value_of(standing, kind, name)
    if after != before:
        keep(scene, Act(kind, rule, "", member, name, before, after))


def value_of(standing: Standing, kind: str, name: str) -> str:
    """Return how something stands, as a case keeps it; "" where it does not."""
    match kind:
        case "tier":
            return f"{standing.tier_ms} {standing.tier}"
        case "struck":
            return str(standing.struck_ms)
    kept = standing.labels if kind == "label" else standing.bars
    return str(kept[name]) if name in kept else ""


def put_back(standing: Standing, kind: str, name: str, value: str) -> None:
    """Let something stand as it stood."""
    match kind:
        case "tier":
            at_ms, _, standing.tier = value.partition(" ")
            standing.tier_ms = int(at_ms)
        case "struck":
            standing.struck_ms = int(value)
        case _:
            kept = standing.labels if kind == "label" else standing.bars
            kept.pop(name, None)
            if value:
                kept[name] = int(value)


def _add(filed: Filed, acts: list[Act]) -> None:
    known = {act.action for act in filed.acts if act.action}
    filed.acts += [act for act in acts if act.action not in known]
    del filed.acts[ACTS_MAX:]


def _opened(scene: Scene, rule: str) -> Filed:
    draft, conduct = scene.draft, scene.room.conduct
    cases = conduct.filed if draft.case_id else conduct.quiet
    case_id = draft.case_id or ids.case_id(draft.view.id)
    person = draft.person()
    cases.advance(draft.at_ms)
    own = cases.get(person.member, draft.at_ms)
    if own is None:
        own = []
        cases.put(person.member, own, draft.at_ms)
    for known in own:
        if known.case_id == case_id:
            return known
    filed = Filed(case_id, person, rule, scene.compiled.digest, draft.at_ms)
    own.append(filed)
    del own[:-FILED_EACH_MAX]
    return filed


def every(scene: Scene, member: str) -> list[Filed]:
    """Return all that is kept of a member, with a case and without, oldest first."""
    conduct, now_ms = scene.room.conduct, scene.draft.at_ms
    found = [*(conduct.filed.get(member, now_ms) or ()), *(conduct.quiet.get(member, now_ms) or ())]
    return sorted(found, key=lambda one: (one.at_ms, one.case_id))


def of_member(scene: Scene, member: str, prefix: str = "") -> Filed | None:
    """Return a member's newest case whose id begins so."""
    own = scene.room.conduct.filed.get(member, scene.draft.at_ms) or []
    return next((one for one in reversed(own) if one.case_id.startswith(prefix)), None)


def under_appeal(scene: Scene, prefix: str) -> Filed | None:
    """Return the one case under appeal whose id begins so; None where it is none or not clear."""
    found = [
        one
        for own in scene.room.conduct.filed.values()
        for one in own
        if one.appeal == "open" and one.case_id.startswith(prefix)
    ]
    return found[0] if len(found) == 1 else None


def settle(scene: Scene, filed: Filed, how: str) -> None:
    """End an appeal, or forestall one."""
    filed.appeal = how
    if filed.timer:
        scene.draft.cancelled.append(filed.timer)
        filed.timer = ""
