"""What is kept by key for a time, and no more of it than there is room for.

Time is the judge's clock, which never goes back.
"""

from collections.abc import Iterator
from typing import Any, Final, Generic, TypeVar

import msgspec

Value = TypeVar("Value")
_NOTHING: Final[dict[str, Any]] = {}  # every generation without a value; nobody writes to it


def _nothing() -> dict[str, Any]:
    return _NOTHING


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
        if self.young:
            self.young[key] = value
        else:
            self.young = {key: value}
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
        self.old, self.young, self.turned_ms = self.young, _NOTHING, now_ms
