"""Exact windows: what a threshold needs of the past and no more, with the evidence beside it.

"More than T within W" needs only the newest T + 1 happenings: if those all lie within W, there were
more than T, and else there were not. So a ring of T + 1 stamps with their event ids is exact, takes
bounded memory, and the answer is the evidence. Time is the judge's clock, which never goes back.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Generic, TypeVar

import msgspec

Value = TypeVar("Value")


class Ring(msgspec.Struct, array_like=True, gc=False):
    """The newest happenings of one key, oldest first. An amount is at least 1.

    `totals` runs on from `base`, what was before the oldest kept; `added` counts all there were.
    `charged` says for a rule up to which happening it has acted.
    """

    stamps: list[int] = []
    ids: list[str] = []
    totals: list[int] = []
    base: int = 0
    added: int = 0
    charged: dict[str, int] = {}

    def add(self, at_ms: int, event_id: str, amount: int, *, capacity: int) -> None:
        """Note one happening; beyond `capacity` the oldest is forgotten."""
        stamps, totals = self.stamps, self.totals
        totals.append((totals[-1] if stamps else self.base) + amount)
        stamps.append(at_ms)
        self.ids.append(event_id)
        self.added += 1
        surplus = len(stamps) - capacity
        if surplus > 0:
            self.base = totals[surplus - 1]
            del stamps[:surplus], self.ids[:surplus], totals[:surplus]

    def first(self, now_ms: int, within_ms: int) -> int:
        """Return the index of the oldest happening less than `within_ms` ago."""
        return bisect_right(self.stamps, now_ms - within_ms)

    def amount(self, first: int) -> int:
        """Return the sum of the amounts from index `first` on."""
        totals = self.totals
        last = totals[-1] if totals else self.base
        return last - (totals[first - 1] if first else self.base)

    def unanswered(self, rule: str, now_ms: int, within_ms: int) -> int:
        """Return the amount within the window that the rule has not acted on yet."""
        answered = self.charged.get(rule, 0) - (self.added - len(self.stamps))
        return self.amount(max(self.first(now_ms, within_ms), answered))

    def charge(self, rule: str) -> None:
        """Note that the rule has acted on all that is here; for it, counting starts anew."""
        self.charged[rule] = self.added


class Generations(msgspec.Struct, Generic[Value], array_like=True):
    """Values by key that go when untouched for `horizon_ms` (0: never), or when too many.

    Two generations: whatever is touched is in the young one; when time or the cap says so, the old
    one goes and the young one grows old. At most `2 * cap + 1` values live.
    """

    horizon_ms: int
    cap: int
    turned_ms: int = 0
    young: dict[str, Value] = {}
    old: dict[str, Value] = {}

    def advance(self, now_ms: int) -> None:
        """Let time pass; to be called before values are touched at `now_ms`."""
        if self.horizon_ms and now_ms - self.turned_ms >= self.horizon_ms:
            self._turn(now_ms)

    def get(self, key: str, now_ms: int) -> Value | None:
        """Return the value and keep it alive."""
        value = self.young.get(key)
        if value is None and (value := self.old.get(key)) is not None:
            self.put(key, value, now_ms)
        return value

    def put(self, key: str, value: Value, now_ms: int) -> None:
        """Keep `value` as the newest."""
        self.old.pop(key, None)
        self.young[key] = value
        if len(self.young) > self.cap:
            self._turn(now_ms)

    def drop(self, key: str) -> None:
        """Forget the value, if there is one."""
        self.young.pop(key, None)
        self.old.pop(key, None)

    def values(self) -> Iterator[Value]:
        """Yield every value alive, in no order that means anything."""
        yield from self.young.values()
        yield from self.old.values()

    def __len__(self) -> int:
        return len(self.young) + len(self.old)

    def _turn(self, now_ms: int) -> None:
        self.old, self.young, self.turned_ms = self.young, {}, now_ms
