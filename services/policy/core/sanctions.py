"""From the rules that hold to one ruling: outcomes merge by a fixed order, points climb the ladder.

The order is severity, then length, then the rule's place in the book; so it never matters in what
order conditions were looked at. Deleting the message stands beside what is done to the person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts import ids
from contracts.values import Outcome
from policy.core.compiled import Compiled, CompiledRule
from policy.core.conduct import Permit
from policy.core.consequences import Consequences, Sanction
from policy.core.consequences.review import FAILED
from policy.core.consequences.speech import Nudge
from policy.core.counting import is_stale
from policy.core.effects import Draft
from policy.core.hits import Hit
from policy.core.ladders import Score, climb, standing
from policy.core.permits import permitted
from policy.core.rulebook import Exempt
from policy.core.seen import Clue, Seen
from policy.core.state import Room


@dataclass(frozen=True, slots=True)
class Ruling:
    """What all hits together come to. `points` is the member's total afterwards.

    `score` is what was added on the ladder that decided, or, if none did, on the first that rose;
    `scores` are all of them.
    """

    sanction: Sanction | None
    sanctioned_by: Hit | None
    deleted_by: Hit | None
    score: Score | None
    points: int
    scores: Sequence[Score] = ()

    @property
    def outcome(self) -> Outcome:
        """The strongest of all that follows."""
        deletes = Outcome.DELETE if self.deleted_by is not None else Outcome.ALLOW
        return max(deletes, self.sanction.outcome if self.sanction is not None else deletes)


def judge(compiled: Compiled, seen: Seen) -> list[Hit]:
    """Return the rules that hold, in the order of the book."""
    hits: list[Hit] = []
    for candidate in compiled.holding(seen):
        stale = bool(candidate.counts) and is_stale(candidate.counts, candidate.rule.id, seen)
        if stale and not candidate.rule.then.delete:
            continue
        if calls_lately(candidate.rule.id, candidate.rule.then, seen):
            continue
        clues = tuple(candidate.clues(seen))
        exempt, permit = _spared(compiled, candidate, seen)
        hits.append(Hit(candidate, candidate.rule.then, clues, exempt, stale, permit))
    return hits


def calls_lately(rule: str, then: Consequences, seen: Seen) -> bool:
    """Return whether a rule that only nudges has just done so: it is told once while it holds."""
    nudges = [effect for effect in then.effects if isinstance(effect, Nudge)]
    if seen.room is None or not nudges or len(nudges) < len(then.effects):
        return False
    last_ms = seen.room.conduct.nudged.get(rule)
    acts = then.delete or then.points or then.sanction is not None
    return not acts and last_ms is not None and seen.now_ms - last_ms < nudges[0].every_ms


def failures(compiled: Compiled, seen: Seen, hits: list[Hit]) -> list[Hit]:
    """Return the hits, and those rules that do not stay open where they cannot look at everything.

    One that fails closed acts as if it held; one that asks to hold lets a person look.
    """
    found = {hit.rule.place: hit for hit in hits}
    for rule in compiled.wary:
        if rule.place in found or seen.kind not in rule.rule.kinds:
            continue
        exempt, permit = _spared(compiled, rule, seen)
        then = rule.rule.then
        if rule.rule.failure == "hold":
            then = Consequences(effects=(FAILED,))
        clue = Clue("unreadable", measure="characters", count=seen.look.length)
        found[rule.place] = Hit(rule, then, (clue,), exempt, permit=permit)
    return [found[place] for place in sorted(found)]


def _spared(compiled: Compiled, rule: CompiledRule, seen: Seen) -> tuple[str, Permit | None]:
    """Return why a rule does not act on the author, "" where it does, and what permits it."""
    own = rule.rule.exempt
    exempt = exemption(compiled.rulebook.exempt if own is None else own, seen)
    permit = None if exempt else permitted(rule.rule.permit, seen)
    return exempt if permit is None else f"permit {permit.thing}: {permit.by}", permit


def exemption(exempt: Exempt, seen: Seen) -> str:
    """Return why a rule does not act on the author: `role admin`, `power 100`, `member` or ""."""
    if seen.member in exempt.members:
        return "member"
    if exempt.power is not None and seen.actor.power >= exempt.power:
        return f"power {seen.actor.power}"
    for role in exempt.roles:
        if role in seen.actor.roles:
            return f"role {role}"
    return ""


def rule_on(compiled: Compiled, room: Room, draft: Draft, hits: Sequence[Hit]) -> Ruling:
    """Return what the hits come to for the draft's subject.

    The member's points are added up, each kind on its ladder, under the case of the event.
    """
    assert draft.subject is not None, "nothing follows for nobody"
    member, now_ms = draft.subject.id, draft.at_ms
    acting = [hit for hit in hits if not hit.exempt]
    fresh = [hit for hit in acting if not hit.stale]
    candidates = [(hit.then.sanction, hit) for hit in fresh if hit.then.sanction is not None]
    scores = climb(compiled, room, member, now_ms, fresh, ids.case_id(draft.view.id))
    for score in scores:
        step = score.ladder.reached(score.points)
        candidates += [] if step is None else [(step.sanction, score.by)]
    sanction, by = max(
        candidates, key=lambda found: (found[0].rank(), -found[1].rule.place), default=(None, None)
    )
    deleted_by = next((hit for hit in acting if hit.then.delete and draft.message_id), None)
    told = next((score for score in scores if score.by is by), scores[0] if scores else None)
    points = told.points if told is not None else standing(compiled, room, member, now_ms)
    return Ruling(sanction, by, deleted_by, told, points, scores)
