"""From the rules that hold to one ruling: outcomes merge by a fixed order, points climb the ladder.

The order is severity, then length, then the rule's place in the book; so it never matters in what
order conditions were looked at. Deleting the message stands beside what is done to the person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.values import Outcome
from policy.core.compile import Compiled, CompiledRule
from policy.core.consequences import Consequences, Sanction
from policy.core.counting import is_stale
from policy.core.seen import Clue, Seen
from policy.core.state import Room, Strikes


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that holds, and why. `exempt` says why it does not act, where it does not.

    `stale`: the rule counts, and has acted on most of what it counted here already; then it goes on
    deleting, and does not punish once more.
    """

    rule: CompiledRule
    then: Consequences
    clues: tuple[Clue, ...]
    exempt: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """What all hits together come to. `points` is the member's total afterwards."""

    sanction: Sanction | None
    sanctioned_by: Hit | None
    deleted_by: Hit | None
    added: int
    points: int

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
        clues = tuple(candidate.clues(seen))
        exempt = exemption(compiled, seen)
        hits.append(Hit(candidate, candidate.rule.then, clues, exempt, stale))
    return hits


def exemption(compiled: Compiled, seen: Seen) -> str:
    """Return why no rule acts on the author: `role moderator`, `power 100`, `member`, or ""."""
    exempt = compiled.rulebook.exempt
    if seen.member in exempt.members:
        return "member"
    if exempt.power is not None and seen.actor.power >= exempt.power:
        return f"power {seen.actor.power}"
    for role in exempt.roles:
        if role in seen.actor.roles:
            return f"role {role}"
    return ""


def rule_on(
    compiled: Compiled, room: Room, member: str, now_ms: int, hits: Sequence[Hit]
) -> Ruling:
    """Return what the hits come to; the member's points are added up."""
    acting = [hit for hit in hits if not hit.exempt]
    fresh = [hit for hit in acting if not hit.stale]
    added = sum(hit.then.points for hit in fresh)
    points = _points(compiled, room, member, now_ms, added)
    candidates = [(hit.then.sanction, hit) for hit in fresh if hit.then.sanction is not None]
    ladder = compiled.rulebook.ladder
    if added and ladder is not None:
        step = ladder.reached(points)
        weightiest = max(fresh, key=lambda hit: (hit.then.points, -hit.rule.place))
        candidates += [] if step is None else [(step.sanction, weightiest)]
    sanction, by = max(
        candidates, key=lambda found: (found[0].rank(), -found[1].rule.place), default=(None, None)
    )
    deleted_by = next((hit for hit in acting if hit.then.delete), None)
    return Ruling(sanction, by, deleted_by, added, points)


def _points(compiled: Compiled, room: Room, member: str, now_ms: int, added: int) -> int:
    strikes = room.strikes.get(member, now_ms)
    if strikes is None:
        if not added:
            return 0
        strikes = Strikes(0, now_ms)
        room.strikes.put(member, strikes, now_ms)
    ladder = compiled.rulebook.ladder
    if ladder is not None:
        strikes.faded(now_ms, ladder.decay_points, ladder.decay_every_ms)
    strikes.points += added
    if not strikes.points:
        room.strikes.drop(member)
    return strikes.points
