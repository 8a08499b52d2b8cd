"""When time itself has to be heard of: groups that wait, the next tick, and what a tick brings.

A partition has at most one tick to come, at a whole second later than the last. It is a timer like
any other, so nothing looks at a clock. A tick finds who has been silent for long; each becomes a
fact in the log, and with it an event, and a decision, of its own.
"""

from typing import Final

import msgspec

SECOND_MS: Final = 1_000
GRAIN: Final = 10_000
GROUPS_MAX: Final = 32_768
SEPARATOR: Final = "\x1f"


class Ticks(msgspec.Struct, array_like=True):
    """The groups that wait, by network and group, and until when; and the tick that is to come."""

    waits: dict[str, int] = {}
    timer: str = ""
    due_ms: int = 0

    def waits_for(self, network: str, group: str) -> bool:
        """Return whether a group waits for time to pass."""
        return f"{network}{SEPARATOR}{group}" in self.waits

    def wait(self, network: str, group: str, due_ms: int) -> bool:
        """Let a group wait; return whether that takes another tick than the one to come."""
        key = f"{network}{SEPARATOR}{group}"
        if key not in self.waits and len(self.waits) >= GROUPS_MAX:
            return False
        self.waits[key] = due_ms
        return not self.timer or whole_second(due_ms) < self.due_ms

    def hurry(self, network: str, now_ms: int) -> bool:
        """Let whoever waits in a network wait no longer; return whether anybody did."""
        mine = [key for key in self.waits if key.startswith(f"{network}{SEPARATOR}")]
        for key in mine:
            self.waits[key] = now_ms
        return bool(mine)

    def due(self, now_ms: int) -> list[tuple[str, str]]:
        """Return the groups whose time has come; they wait no longer."""
        keys = sorted(key for key, due_ms in self.waits.items() if due_ms <= now_ms)
        for key in keys:
            del self.waits[key]
        parts = (key.partition(SEPARATOR) for key in keys)
        return [(network, group) for network, _, group in parts]

    def next_ms(self, now_ms: int) -> int:
        """Return when the next tick is to come, 0 where nobody waits; never within this second."""
        if not self.waits:
            return 0
        return whole_second(max(min(self.waits.values()), now_ms + SECOND_MS))


def grain_ms(length_ms: int) -> int:
    """Return how much late it may be noticed that so much time has passed."""
    return max(SECOND_MS, length_ms // GRAIN)


def whole_second(at_ms: int) -> int:
    """Return the next whole second."""
    return -(-at_ms // SECOND_MS) * SECOND_MS
