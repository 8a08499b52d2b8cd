"""When a clock strikes in a group: the minutes that its rules name, in the rulebook's time zone.

One timer is set, for the next of them, once somebody speaks or comes while such a rule is in force;
when it is due, the one after it. What strikes late strikes once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import msgspec

from policy.core.holidays import weekday
from policy.core.zones import DAY_MS, MINUTE_MS, Zone

AHEAD_DAYS: Final = 15  # on which a minute is looked for that daylight saving may leave out


class Clock(msgspec.Struct, array_like=True):
    """What is wound up in one group: under which rulebook, the timer, and when it is due."""

    book: str = ""
    timer: str = ""
    due_ms: int = 0


class Strike(NamedTuple):
    """A minute of the day, on some days of the week, Monday being 0."""

    weekdays: frozenset[int]
    minute: int


@dataclass(frozen=True, slots=True)
class Clockwork:
    """All that strikes under one rulebook, whose digest is `book`."""

    book: str
    zone: Zone
    strikes: tuple[Strike, ...]

    def next_ms(self, after_ms: int) -> int:
        """Return when it strikes next after a moment; 0: never."""
        return min((at_ms for one in self.strikes for at_ms in self._of(one, after_ms)), default=0)

    def _of(self, strike: Strike, after_ms: int) -> Iterator[int]:
        """Yield the next strike of one kind, or nothing: an hour that comes twice strikes once."""
        today, _ = self.zone.local(after_ms)
        for day in range(today, today + AHEAD_DAYS):
            if weekday(day) not in strike.weekdays:
                continue
            local_ms = day * DAY_MS + strike.minute * MINUTE_MS
            offsets = {self.zone.offset_ms(local_ms + shift) for shift in (-DAY_MS, DAY_MS)}
            there = [local_ms - offset for offset in sorted(offsets, reverse=True)]
            first = next((ms for ms in there if self.zone.local(ms) == (day, strike.minute)), 0)
            if first > after_ms:
                yield first
                return
