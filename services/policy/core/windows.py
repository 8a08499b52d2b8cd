"""What is kept by key for a time, and no more of it than there is room for.

Time is the judge's clock, which never goes back.
"""

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

import msgspec

from policy.core import touching
from policy.core.touching import NOTHING

Value = TypeVar("Value")


def _nothing() -> dict[str, Any]:
    return NOTHING


class Generations(msgspec.Struct, Generic[Value], array_like=True):
    """Values by key that go when untouched for `horizon_ms` (0: never), or when too many.

    Two generations: whatever is touched is in the young one; when time or the cap says so, the old
    one goes and the young one grows old. At most `2 * cap + 1` values live.
    """

    horizon_ms: int
    cap: int
    turned_ms: int = 0
    young: dict[str, Value] = msgspec.field(default_factory=_nothing)
    old: dict[str, Value] = msgspec.field(default_factory=_nothing)

    def advance(self, now_ms: int) -> None:
        """Let time pass; to be called before values are touched at `now_ms`."""
        touching.advance(self, now_ms)

    def get(self, key: str, now_ms: int) -> Value | None:
        """Return the value and keep it alive."""
        return touching.get(self, key, now_ms)

    def put(self, key: str, value: Value, now_ms: int) -> None:
        """Keep `value` as the newest."""
        touching.put(self, key, value, now_ms)

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
