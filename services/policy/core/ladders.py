"""Strike points: how they add up, fade, and climb the ladder of their kind of offence.

Points of a kind that has a ladder of its own climb that one; all others climb the default. A
further offence of one kind within the ladder's `repeat` adds more each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from policy.core.compiled import Compiled
from policy.core.consequences import Ladder, Repeat
from policy.core.hits import Hit
from policy.core.state import Rise, Room, Strikes

OFFENCES_MAX = 32
RISES_MAX = 64  # of one member on one ladder, that can be taken back one by one
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
    compiled: Compiled,
    room: Room,
    member: str,
    now_ms: int,
    hits: Sequence[Hit],
    case_id: str,
) -> list[Score]:
    """Add the points of all hits; return a score for each ladder that rose, the default first."""
    rising: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.then.points:
            name, _ = compiled.rulebook.ladder_of(hit.then.offence)
            rising.setdefault(name, []).append(hit)
    scores: list[Score] = []
    for name in sorted(rising):
        _, ladder = compiled.rulebook.ladder_of(name)
        assert ladder is not None, "points without a ladder are refused"
        strikes = _strikes(room, key_of(member, name), now_ms)
        scores.append(_climb(ladder, name, strikes, now_ms, rising[name], case_id))
    return scores


def forgive(
    compiled: Compiled, room: Room, member: str, now_ms: int, case_id: str, rule: str = ""
) -> bool:
    """Take back a case's points, or one rule's of them, as if they had never been added.

    Whatever was added before and later fades and counts as repeated as it would have without them.
    """
    found = False
    for name in ("", *(name for name, _ in compiled.rulebook.ladders)):
        key = key_of(member, name)
        strikes = room.strikes.get(key, now_ms)
        _, ladder = compiled.rulebook.ladder_of(name)
        if strikes is None or ladder is None:
            continue
        left = [_without(rise, case_id, rule) for rise in strikes.rises]
        if left == strikes.rises:
            continue
        found = True
        anew = _copy(strikes.before) if strikes.before is not None else Strikes(0, now_ms)
        anew.before = strikes.before
        for rise in left:
            if rise.parts:
                anew.rises.append(rise)
                _add(ladder, anew, rise)
        room.strikes.put(key, anew, now_ms)
    return found


def owes(room: Room, member: str, now_ms: int, case_id: str, names: Sequence[str]) -> bool:
    """Return whether points of a case are left."""
    every = [room.strikes.get(key_of(member, name), now_ms) for name in ("", *names)]
    return any(rise.case_id == case_id for strikes in every if strikes for rise in strikes.rises)


def settled(compiled: Compiled, room: Room, member: str, now_ms: int, given_ms: int) -> bool:
    """Return whether points given then are among those that are for good, too many came since."""
    names = ("", *(name for name, _ in compiled.rulebook.ladders))
    every = [room.strikes.get(key_of(member, name), now_ms) for name in names]
    return any(
        strikes.before is not None and strikes.rises and given_ms < strikes.rises[0].at_ms
        for strikes in every
        if strikes is not None
    )


def _without(rise: Rise, case_id: str, rule: str) -> Rise:
    if rise.case_id != case_id:
        return rise
    parts = [part for part in rise.parts if rule not in ("", part[0])]
    return Rise(rise.at_ms, rise.case_id, parts)


def _copy(strikes: Strikes) -> Strikes:
    return Strikes(strikes.points, strikes.as_of_ms, dict(strikes.offences))


def _strikes(room: Room, key: str, now_ms: int) -> Strikes:
    strikes = room.strikes.get(key, now_ms)
    if strikes is None:
        strikes = Strikes(0, now_ms)
        room.strikes.put(key, strikes, now_ms)
    return strikes


def _climb(
    ladder: Ladder, name: str, strikes: Strikes, now_ms: int, hits: Sequence[Hit], case_id: str
) -> Score:
    parts = [(hit.rule.rule.id, hit.then.offence, hit.then.points) for hit in hits]
    rise = Rise(now_ms, case_id, parts)
    _remember(ladder, strikes, rise)
    added, repeated = _add(ladder, strikes, rise)
    weightiest = max(hits, key=lambda hit: (hit.then.points, -hit.rule.place))
    return Score(ladder, name, added, strikes.points, weightiest, repeated)


def _remember(ladder: Ladder, strikes: Strikes, rise: Rise) -> None:
    """Keep what points come of, as long as it matters; of too many, the oldest are for good."""
    now_ms = rise.at_ms
    left = strikes.faded(now_ms, ladder.decay_points, ladder.decay_every_ms)
    if not left and not strikes.remembers(now_ms, ladder.repeat.within_ms):
        strikes.rises, strikes.before = [], None
    elif len(strikes.rises) >= RISES_MAX:
        settled = strikes.before or Strikes(0, strikes.rises[0].at_ms)
        _add(ladder, settled, strikes.rises.pop(0))
        strikes.before = settled
    strikes.rises.append(rise)


def _add(ladder: Ladder, strikes: Strikes, rise: Rise) -> tuple[int, int]:
    """Add points; return how many, and for the how manieth time in a row one of them counts."""
    now_ms = rise.at_ms
    strikes.faded(now_ms, ladder.decay_points, ladder.decay_every_ms)
    repeated = more = 0
    for offence in sorted({offence for _, offence, _ in rise.parts}):
        times = _repetition(strikes, offence, ladder.repeat, now_ms)
        more += times * ladder.repeat.add
        repeated = max(repeated, times)
    added = sum(points for _, _, points in rise.parts) + more
    strikes.points += added
    return added, repeated


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
