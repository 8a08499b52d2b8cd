"""Time zones with daylight saving, from the `tzdata` package alone and never from the machine.

A zone is read once and becomes a table of when its difference from UTC changes, so that judging
looks up a number and makes no date. Between 2000 and 2100 every change is found; before and after,
the first and the last difference hold.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import tzdata

VERSION: Final = tzdata.IANA_VERSION
DAY_MS: Final = 86_400_000
MINUTE_MS: Final = 60_000
LAST_MS: Final = 253_370_764_800_000  # the end of the year 9998: later stamps are no times
_FIRST_S: Final = 946_684_800  # 2000-01-01
_LAST_S: Final = 4_102_444_800  # 2100-01-01
_STEP_S: Final = 7 * 86_400  # no zone changes twice within a week


class UnknownZone(Exception):
    """No time zone has this name."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone. `offsets` has one more than `changes`; each holds from its change on."""

    name: str
    changes_ms: tuple[int, ...]
    offsets_ms: tuple[int, ...]

    def offset_ms(self, at_ms: int) -> int:
        """Return by how much local time is ahead of UTC."""
        return self.offsets_ms[bisect_right(self.changes_ms, at_ms)]

    def local(self, at_ms: int) -> tuple[int, int]:
        """Return the day, counted from 1970-01-01, and the minute of the day."""
        day, rest_ms = divmod(at_ms + self.offset_ms(at_ms), DAY_MS)
        return day, rest_ms // MINUTE_MS


def moment(at_ms: int, zone: Zone, *, seconds: bool = False) -> str:
    """Return a local time with its difference from UTC: `2026-11-22 17:10 UTC+08:00`."""
    there = timezone(timedelta(milliseconds=zone.offset_ms(at_ms)))
    at = datetime.fromtimestamp(min(at_ms, LAST_MS) // 1000, tz=UTC).astimezone(there)
    clock = f"{at:%H:%M:%S}" if seconds else f"{at:%H:%M}"
    return f"{at:%Y-%m-%d} {clock} {there.tzname(None)}"


def fixed(minutes: int) -> Zone:
    """Return the zone that is always so far ahead of UTC."""
    sign = "-" if minutes < 0 else "+"
    name = f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}" if minutes else "UTC"
    return Zone(name, (), (minutes * MINUTE_MS,))


UTC_ZONE: Final = fixed(0)


@cache
def names() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset((resources.files(tzdata) / "zones").read_text("ascii").split())


@lru_cache(maxsize=64)
def zone_named(name: str) -> Zone:
    """Return the time zone of an IANA name such as `Asia/Shanghai`.

    Raises:
        UnknownZone: there is none of that name.
    """
    if name not in names():
        raise UnknownZone(name)
    file = resources.files(tzdata).joinpath("zoneinfo", *name.split("/"))
    with file.open("rb") as data:
        zone = ZoneInfo.from_file(data, key=name)
    changes: list[int] = []
    offsets = [_offset_s(zone, _FIRST_S)]
    for low, high in pairwise(range(_FIRST_S, _LAST_S, _STEP_S)):
        before, after = offsets[-1], _offset_s(zone, high)
        if before == after:
            continue
        first, last = low, high
        while last - first > 1:
            middle = (first + last) // 2
            if _offset_s(zone, middle) == before:
                first = middle
            else:
                last = middle
        changes.append(last * 1000)
        offsets.append(after)
    return Zone(name, tuple(changes), tuple(offset * 1000 for offset in offsets))


def _offset_s(zone: tzinfo, at_s: int) -> int:
    difference = datetime.fromtimestamp(at_s, tz=UTC).astimezone(zone).utcoffset()
    assert difference is not None, "every zone has a difference"
    return int(difference.total_seconds())
