"""Who is barred from what in a whole network: decided in one group, known to every judge.

A bar of one group stands in the member's record. One of the network is told to every partition,
since nobody knows in which groups the member will turn up; the ledger refuses them all the same.
"""

from typing import TYPE_CHECKING, Final

from contracts import ids
from contracts.values import Event, MemberBarred, Origin
from contracts.values.view import MemberBarredView
from policy.core.windows import Generations

if TYPE_CHECKING:
    from policy.core.effects import Draft
    from policy.core.seen import Seen

PLATFORM: Final = "reeve"
BARS_MAX: Final = 20_000  # of one network in one partition, in each of two generations
Bars = Generations[int]


def told_everywhere(draft: "Draft", fact: MemberBarred) -> Event:
    """Return the event by which every judge of the network hears of a bar."""
    event = draft.event
    dedup_key = f"bar:{event.id}:{fact.rule}:{fact.thing}:{fact.member}"
    return Event(
        id=ids.event_id(PLATFORM, event.network, "", dedup_key),
        schema=1,
        platform=PLATFORM,
        network=event.network,
        occurred_ms=draft.at_ms,
        received_ms=draft.at_ms,
        dedup_key=dedup_key,
        origin=Origin.LIVE,
        payload=fact,
    )


def hear(bars: dict[str, Bars], network: str, fact: MemberBarredView, now_ms: int) -> None:
    """Note a bar of the network, wherever in it that was decided."""
    known = bars.setdefault(network, Generations(0, BARS_MAX))
    known.put(f"{fact.thing} {fact.member}", fact.until_ms, now_ms)


def until(bars: Bars | None, thing: str, member: str, now_ms: int) -> int | None:
    """Return until when somebody is barred everywhere, 0 without an end; None: they are not."""
    if bars is None:
        return None
    key = f"{thing} {member}"
    until_ms = bars.young.get(key, bars.old.get(key))
    return until_ms if until_ms is not None and (not until_ms or now_ms < until_ms) else None


def own_until(seen: "Seen", thing: str) -> tuple[int, bool] | None:
    """Return until when the member is barred, and whether everywhere; None: they are not."""
    everywhere = until(seen.bars, thing, seen.member, seen.now_ms)
    if everywhere is not None:
        return everywhere, True
    record = seen.record
    own = record.standing.bars.get(thing) if record is not None and record.standing else None
    return (own, False) if own is not None and (not own or seen.now_ms < own) else None
