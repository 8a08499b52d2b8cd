"""Shares over a rolling time: how much of all that was said was of one sort.

To know a share exactly, all of it would have to be kept. So a window is cut into 24 slots, in step
with the epoch, and counted to the slot: it reaches back between 23 and 24 slots.
"""

from typing import Final

import msgspec

SLOTS: Final = 24
EVIDENCE: Final = 20  # the newest events that are of the sort


class Slot(msgspec.Struct, array_like=True, gc=False):
    """One stretch of time: how much there was, and how much of the sort."""

    number: int
    every: int = 0
    sort: int = 0


class Tally(msgspec.Struct, array_like=True):
    """The newest slots of one key, oldest first, and the newest events of the sort."""

    slots: list[Slot] = []
    newest: list[str] = []

    def add(self, now_ms: int, window_ms: int, *, event_id: str, is_sort: bool) -> None:
        """Count one event."""
        slots = self.slots
        number = now_ms // slot_ms(window_ms)
        if not slots or slots[-1].number != number:
            slots.append(Slot(number))
            while slots[0].number <= number - SLOTS:
                del slots[0]
        slots[-1].every += 1
        if is_sort:
            slots[-1].sort += 1
            self.newest.append(event_id)
            del self.newest[:-EVIDENCE]

    def sums(self, now_ms: int, window_ms: int) -> tuple[int, int]:
        """Return how much there was within the window, and how much of the sort."""
        oldest = now_ms // slot_ms(window_ms) - SLOTS
        within = [slot for slot in self.slots if slot.number > oldest]
        return sum(slot.every for slot in within), sum(slot.sort for slot in within)


def slot_ms(window_ms: int) -> int:
    """Return the length of one slot; at least a millisecond."""
    return max(1, window_ms // SLOTS)
