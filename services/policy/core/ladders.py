"""Strike points: how they add up, fade, and climb the ladder of their kind of offence.

Points of a kind that has a ladder of its own climb that one; all others climb the default. A
further offence of one kind within the ladder's `repeat` adds more each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from policy.core.compile import Compiled
from policy.core.consequences import Ladder, Repeat
from policy.core.hits import Hit
from policy.core.state import Room, Strikes

OFFENCES_MAX = 32
_SEPARATOR = "\x1f"  # no id of a member or name of a ladder has one


@dataclass(frozen=True, slots=True)
class Score:
    """What was added on one ladder, the total after it, and the weightiest rule of all that added.

    `repeated` says for the how manieth time in a row this kind of offence counts; 0: the first.
    """

    ladder: Ladder
    name: str
    added: int
    points: int
    by: Hit
    repeated: int


def key_of(member: str, ladder: str) -> str:
    """Return what a member's points on a ladder are remembered by."""
    return f"{ladder}{_SEPARATOR}{member}" if ladder else member


def climb(
    compiled: Compiled, room: Room, member: str, now_ms: int, hits: Sequence[Hit]
) -> list[Score]:
    """Add the points of all hits; return a score for each ladder that rose, the default first."""
    rising: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.then.points:
            name, ladder = compiled.rulebook.ladder_of(hit.then.offence)
            if ladder is not None:
                rising.setdefault(name, []).append(hit)
    scores: list[Score] = []
    for name in sorted(rising):
        _, ladder = compiled.rulebook.ladder_of(name)
        assert ladder is not None, "only ladders that there are rise"
        scores.append(_climb(ladder, name, room, member, now_ms, rising[name]))
    return scores


def _climb(
    ladder: Ladder, name: str, room: Room, member: str, now_ms: int, hits: Sequence[Hit]
) -> Score:
    key = key_of(member, name)
    strikes = room.strikes.get(key, now_ms)
    if strikes is None:
        strikes = Strikes(0, now_ms)
        room.strikes.put(key, strikes, now_ms)
    strikes.faded(now_ms, ladder.decay_points, ladder.decay_every_ms)
    repeated = 0
    more = 0
    for offence in sorted({hit.then.offence for hit in hits}):
        times = _repetition(strikes, offence, ladder.repeat, now_ms)
        more += times * ladder.repeat.add
        repeated = max(repeated, times)
    added = sum(hit.then.points for hit in hits) + more
    strikes.points += added
    weightiest = max(hits, key=lambda hit: (hit.then.points, -hit.rule.place))
    return Score(ladder, name, added, strikes.points, weightiest, repeated)


def _repetition(strikes: Strikes, offence: str, repeat: Repeat, now_ms: int) -> int:
    """Return how often this kind was offended against before, and note that it was again."""
    if not repeat.add:
        return 0
    before, last_ms = strikes.offences.get(offence, (0, 0))
    if before and now_ms - last_ms >= repeat.within_ms:
        before = 0
    if offence in strikes.offences or len(strikes.offences) < OFFENCES_MAX:
        strikes.offences[offence] = (before + 1, now_ms)
    return min(before, repeat.most)


def standing(compiled: Compiled, room: Room, member: str, now_ms: int, ladder: str = "") -> int:
    """Return how many points a member has on a ladder now."""
    key = key_of(member, ladder)
    strikes = room.strikes.get(key, now_ms)
    if strikes is None:
        return 0
    _, climbed = compiled.rulebook.ladder_of(ladder)
    if climbed is not None:
        strikes.faded(now_ms, climbed.decay_points, climbed.decay_every_ms)
        if not strikes.points and not strikes.remembers(now_ms, climbed.repeat.within_ms):
            room.strikes.drop(key)
    return strikes.points
