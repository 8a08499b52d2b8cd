"""Which action comes next. Pure: no I/O, no clock; the time comes in as an argument."""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

Work = TypeVar("Work")

Rank = tuple[int, int, int]


@dataclass(slots=True)
class Item(Generic[Work]):
    """One action in the plan.

    ``lane`` names what may only be worked on by one action at a time, such as the power levels of a
    room; empty means nothing. ``work`` is the caller's own.
    """

    id: str
    rank: Rank
    lane: str
    work: Work
    tries: int = 0


class Plan(Generic[Work]):
    """Actions waiting to be carried out, each id once.

    The order is priority first, then the larger room, then the earlier arrival: a spammer who is
    banned everywhere must leave the room with the most readers first (matrix-org/mjolnir#141).
    Within a lane one action is out at a time, and a postponed one keeps its lane: otherwise an
    unmute could overtake the mute it undoes.
    """

    def __init__(self) -> None:
        self._ready: list[tuple[Rank, str]] = []
        self._later: list[tuple[float, str]] = []
        self._items: dict[str, Item[Work]] = {}
        self._lanes: dict[str, str] = {}
        self._blocked: dict[str, list[tuple[Rank, str]]] = {}
        self._arrivals = 0

    def __len__(self) -> int:
        return len(self._items)

    def items(self) -> tuple[Item[Work], ...]:
        """Everything in the plan, out or not, in the order of arrival."""
        return tuple(self._items.values())

    def get(self, action_id: str) -> Item[Work] | None:
        """The action in the plan, out or not; ``None`` if it is not there."""
        return self._items.get(action_id)

    def add(self, action_id: str, work: Work, *, priority: int, size: int, lane: str = "") -> None:
        """Plan an action that is not in the plan."""
        assert action_id not in self._items, "an action is planned once"
        self._arrivals += 1
        item = Item(action_id, (priority, -size, self._arrivals), lane, work)
        self._items[action_id] = item
        heappush(self._ready, (item.rank, action_id))

    def take(self, now_s: float) -> Item[Work] | None:
        """The next action, now out until ``done`` or ``postpone``; ``None`` if none may go."""
        while self._later and self._later[0][0] <= now_s:
            item = self._items[heappop(self._later)[1]]
            heappush(self._ready, (item.rank, item.id))
        while self._ready:
            entry = heappop(self._ready)
            item = self._items[entry[1]]
            if not item.lane or self._lanes.setdefault(item.lane, item.id) == item.id:
                return item
            self._blocked.setdefault(item.lane, []).append(entry)
        return None

    def postpone(self, item: Item[Work], until_s: float, *, counts: bool) -> None:
        """Try again not before ``until_s``; its lane stays taken. ``counts``: that was a try."""
        item.tries += counts
        heappush(self._later, (until_s, item.id))

    def done(self, item: Item[Work]) -> None:
        """Forget an action that was out, and free its lane."""
        del self._items[item.id]
        if item.lane:
            del self._lanes[item.lane]
            self._ready.extend(self._blocked.pop(item.lane, ()))
            heapify(self._ready)

    def next_at_s(self) -> float | None:
        """When the earliest postponed action may be tried; ``None`` if none is postponed."""
        return self._later[0][0] if self._later else None
