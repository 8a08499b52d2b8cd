"""Days off and days of work, as a community keeps them or as a country has them.

China's days are those of the yearly notices of the General Office of the State Council
(国务院办公厅关于部分节假日安排的通知), make-up working days included. A year without a notice has
plain weekends.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from policy.core.document import Mapping, Node
from policy.core.reading import Reader, nearest

DAYS_MAX: Final = 1_000
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_EPOCH: Final = date(1970, 1, 1)
_SATURDAY: Final = 5
_CHINA_OFF: Final = """
2023-01-01..2023-01-02 2023-01-21..2023-01-27 2023-04-05 2023-04-29..2023-05-03
2023-06-22..2023-06-24 2023-09-29..2023-10-06 2023-12-30..2024-01-01
2024-02-10..2024-02-17 2024-04-04..2024-04-06 2024-05-01..2024-05-05 2024-06-10
2024-09-15..2024-09-17 2024-10-01..2024-10-07
2025-01-01 2025-01-28..2025-02-04 2025-04-04..2025-04-06 2025-05-01..2025-05-05
2025-05-31..2025-06-02 2025-10-01..2025-10-08
2026-01-01..2026-01-03 2026-02-15..2026-02-23 2026-04-04..2026-04-06 2026-05-01..2026-05-05
2026-06-19..2026-06-21 2026-09-25..2026-09-27 2026-10-01..2026-10-07
"""
_CHINA_WORK: Final = """
2023-01-28 2023-01-29 2023-04-23 2023-05-06 2023-06-25 2023-10-07 2023-10-08
2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12
2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11
2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10
"""


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days, counted from 1970-01-01: those off, and those of work that would be weekends."""

    off: frozenset[int] = frozenset()
    work: frozenset[int] = frozenset()

    def is_workday(self, day: int) -> bool:
        """Return whether people work on a day: not on holidays, nor on most weekends."""
        if day in self.off:
            return False
        return weekday(day) < _SATURDAY or day in self.work


def weekday(day: int) -> int:
    """Return the day of the week, from 0 for Monday."""
    return (day + 3) % 7


def days_of(written: str) -> tuple[int, ...] | None:
    """Return the days of `2026-10-01` or `2026-10-01..2026-10-07`; None where it is neither."""
    first, dots, last = written.partition("..")
    start = _day(first)
    end = _day(last) if dots else start
    if start is None or end is None or not 0 <= end - start < DAYS_MAX:
        return None
    return tuple(range(start, end + 1))


def _day(written: str) -> int | None:
    match = _DATE.fullmatch(written)
    if match is None:
        return None
    try:
        return (date(int(match[1]), int(match[2]), int(match[3])) - _EPOCH).days
    except ValueError:
        return None


def written_day(day: int) -> str:
    """Return a day as people write it: `2026-10-01`."""
    return (_EPOCH + timedelta(days=day)).isoformat()


def _table(text: str) -> frozenset[int]:
    return frozenset(day for written in text.split() for day in days_of(written) or ())


NO_HOLIDAYS: Final = Holidays()
CALENDARS: Final = {"china": Holidays(_table(_CHINA_OFF), _table(_CHINA_WORK))}


def read_holidays(reader: Reader, node: Node, path: str) -> Holidays:
    """Return the days of a list of days and calendars; or of what is `off` and what is `work`."""
    if isinstance(node, Mapping):
        found = reader.mapping(node, path, ("off", "work"))
        off = _read_days(reader, found["off"], f"{path}.off") if "off" in found else Holidays()
        work = _read_days(reader, found["work"], f"{path}.work") if "work" in found else Holidays()
        # What a rulebook calls work is work, whatever a calendar says.
        return Holidays(off.off - work.off, off.work | work.off)
    return _read_days(reader, node, path)


def _read_days(reader: Reader, node: Node, path: str) -> Holidays:
    off: set[int] = set()
    work: set[int] = set()
    for item, place in reader.items(node, path, "a day or a calendar"):
        written = reader.text(item, place, "a day such as 2026-10-01, or a calendar")
        if written is None:
            continue
        days = days_of(written)
        if written in CALENDARS:
            off |= CALENDARS[written].off
            work |= CALENDARS[written].work
        elif days is not None:
            off |= set(days)
        else:
            hint = "write 2026-10-01, 2026-10-01..2026-10-07 or a calendar; "
            hint += nearest(written, CALENDARS)
            reader.fault(item, place, f'"{written[:40]}" is no day', hint)
    if len(off) > DAYS_MAX:
        reader.fault(node, path, f"more than {DAYS_MAX} days")
    return Holidays(frozenset(off), frozenset(work))
