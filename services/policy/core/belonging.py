"""What taking part makes of a member: contributions are counted, tiers are climbed and lost."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.values import Outcome
from policy.core.compiled import Compiled
from policy.core.conditions.tenure import CONTRIBUTIONS
from policy.core.consequences.members import AUTHORS
from policy.core.harvest import SAYINGS
from policy.core.highlights import remember
from policy.core.hits import Hit
from policy.core.members import Member, Members
from policy.core.seen import Seen
from policy.core.state import Room
from policy.core.tiers import Tier


@dataclass(frozen=True, slots=True)
class Move:
    """A member goes from one tier to another; `rises` says in which direction."""

    before: Tier
    after: Tier
    rises: bool


def begin(compiled: Compiled, members: Members, now_ms: int) -> None:
    """Note since when contributions are counted: only what came later is known to be few."""
    if CONTRIBUTIONS in compiled.wants:
        members.counted_ms = members.counted_ms or now_ms
    else:
        members.counted_ms = 0


def take_part(compiled: Compiled, room: Room, seen: Seen, hits: Sequence[Hit]) -> Move | None:
    """Count what was just said, if no rule takes it away, and return the tier that follows."""
    begin(compiled, room.members, seen.now_ms)
    record = seen.record
    if record is None:
        return None
    if AUTHORS in compiled.wants and seen.kind == "message" and seen.event is not None:
        room.members.authors.advance(seen.now_ms)
        message = seen.event.message_created.message_id
        room.members.authors.put(message, seen.member, seen.now_ms)
    if SAYINGS in compiled.wants and seen.kind in ("message", "edit") and not _is_refused(hits):
        remember(room.harvest, seen)
    counts = seen.kind == "message" and CONTRIBUTIONS in compiled.wants
    if counts and _is_substance(compiled, seen) and not _is_refused(hits):
        record.contributions += 1
        record.contributed_ms = seen.now_ms
    return move(compiled, record, seen) if compiled.tiers else None


def _is_substance(compiled: Compiled, seen: Seen) -> bool:
    return seen.own_words >= compiled.rulebook.membership.contribution or seen.has_media


def _is_refused(hits: Sequence[Hit]) -> bool:
    """Whether a rule takes the message away or holds something against its author."""
    for hit in hits:
        then = hit.then
        sanctioned = then.sanction is not None and then.sanction.outcome > Outcome.NOTICE
        if not hit.exempt and (then.delete or then.points or sanctioned):
            return True
    return False


def place_of(tiers: Sequence[Tier], name: str) -> int:
    """Return the place of a tier; that of whom a book knows no tier is the first."""
    return next((place for place, tier in enumerate(tiers) if tier.name == name), 0)


def move(compiled: Compiled, record: Member, seen: Seen) -> Move | None:
    """Return where a member goes by the requirements of the tiers; None: they stay.

    First they fall as far as what they are in is not kept, then they rise as far as they may.
    """
    tiers = compiled.rulebook.tiers
    standing = record.standing
    here = at = place_of(tiers, standing.tier if standing is not None else "")
    while at and not compiled.keeps(at, seen):
        at -= 1
    while at + 1 < len(tiers) and compiled.rises(at + 1, seen) and compiled.keeps(at + 1, seen):
        at += 1
    if at == here:
        return None
    settle(record, tiers[at], seen.now_ms)
    return Move(tiers[here], tiers[at], at > here)


def settle(record: Member, tier: Tier, now_ms: int) -> None:
    """Put a member into a tier."""
    standing = record.stand()
    standing.tier, standing.tier_ms = tier.name, now_ms
