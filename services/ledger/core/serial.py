"""Find praise that one member gives another again and again, and to nobody else as much. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

SPAN_DAYS = 7
"""Within how many days, UTC, it is looked for."""


class Vote(NamedTuple):
    """A merit that stands, as far as this goes."""

    txn_id: int
    member: str
    giver: str
    day: int


def serial(votes: Iterable[Vote], at_least: int, today: int) -> list[int]:
    """Return the transactions of serial voting, in their order; of whole days, before ``today``.

    It is serial if within `SPAN_DAYS` one praised another ``at_least`` times, and that was half or
    more of all their praise in that time. Whole days are looked at, and the votes of a span all
    together, so that it makes no difference in which order they came.
    """
    by_giver: dict[str, list[Vote]] = defaultdict(list)
    for vote in votes:
        if vote.giver and vote.day < today:
            by_giver[vote.giver].append(vote)
    found: set[int] = set()
    for given in by_giver.values():
        if len(given) < at_least:
            continue
        for end in {vote.day for vote in given}:
            span = [vote for vote in given if end - SPAN_DAYS < vote.day <= end]
            to_one: dict[str, list[Vote]] = defaultdict(list)
            for vote in span:
                to_one[vote.member].append(vote)
            for those in to_one.values():
                if len(those) >= at_least and 2 * len(those) >= len(span):
                    found.update(vote.txn_id for vote in those)
    return sorted(found)
