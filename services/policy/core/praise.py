"""How much of praise counts: caps by giver, by member, by pair, and none for praise in return."""

from policy.core.consequences.members import COUNT_MAX, Cap, Esteem
from policy.core.members import Members

_BY = "\x1f"  # between the parts of a key; no platform has it in an id
DAY_MS = 86_400_000
PAIR = Cap(1, DAY_MS)
"""What one gives to one counts once a day where a rule does not say."""


def allows(members: Members, effect: Esteem, giver: str, taker: str, now_ms: int) -> bool:
    """Return whether this praise counts, and remember it if it does.

    Without that, two who thank each other, or a ring of them, would make reputation of nothing:
    whoever was praised by somebody within the time of the pair gives nothing in return.
    """
    if effect.to != "author":
        return True
    members.praise.advance(now_ms)
    pair = effect.per_pair or PAIR
    if _recent(members, f"{taker}{_BY}{giver}", now_ms, pair.within_ms):
        return False
    keys = [(f"{giver}{_BY}{taker}", pair)]
    if effect.per_giver is not None:
        keys.append((f"{giver}{_BY}", effect.per_giver))
    if effect.per_member is not None:
        keys.append((f"{_BY}{taker}", effect.per_member))
    if any(_recent(members, key, now_ms, cap.within_ms) >= cap.n for key, cap in keys):
        return False
    for key, _ in keys:
        stamps = members.praise.get(key, now_ms) or []
        members.praise.put(key, [*stamps, now_ms][-COUNT_MAX:], now_ms)
    return True


def _recent(members: Members, key: str, now_ms: int, within_ms: int) -> int:
    stamps = members.praise.get(key, now_ms) or ()
    return sum(now_ms - at_ms < within_ms for at_ms in stamps)
