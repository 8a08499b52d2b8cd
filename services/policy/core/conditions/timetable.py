"""When it is: hours, days of the week, days of work and holidays, in the rulebook's time zone."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from policy.core.checks import Check, Checks
from policy.core.clockwork import Strike
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.document import Node
from policy.core.holidays import days_of, weekday, written_day
from policy.core.ir import Ask
from policy.core.reading import Reader
from policy.core.seen import Clue, Seen

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Sort = Literal["any", "workdays", "holidays"]
DAY_MINUTES: Final = 1_440
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")


@dataclass(frozen=True, slots=True)
class During(Condition):
    """It is between two times of day, on days that are named, in the rulebook's zone.

    Minutes count from midnight. Where `from_minute` is not before `to_minute`, the time goes over
    midnight and belongs to the day on which it began. `strikes`: it is one minute, at which a clock
    strikes.
    """

    weekdays: frozenset[int]
    sort: Sort
    dates: frozenset[int]
    from_minute: int
    to_minute: int
    strikes: bool = False


def _read_time(source: Source, node: Node, path: str) -> Condition | None:
    reader = source.reader
    faults = len(reader.faults)
    found = reader.mapping(node, path, ("weekdays", "days", "dates", "from", "to", "at"))
    if not found:
        if len(reader.faults) == faults:
            reader.fault(node, path, "no time is named here", 'write from: "12:00", to: "13:00"')
        return None
    weekdays: frozenset[int] = frozenset(range(7))
    if "weekdays" in found:
        weekdays = _read_weekdays(reader, found["weekdays"], f"{path}.weekdays")
    sort: Sort = "any"
    if "days" in found:
        word = reader.choice(found["days"], f"{path}.days", ("workdays", "holidays"), "sort of day")
        sort = "workdays" if word == "workdays" else "holidays"
    dates: frozenset[int] = frozenset()
    if "dates" in found:
        dates = _read_dates(reader, found["dates"], f"{path}.dates")
    from_minute = _read_clock(reader, found, "from", path, 0)
    to_minute = _read_clock(reader, found, "to", path, DAY_MINUTES)
    if "at" in found:
        if found.keys() & {"from", "to"}:
            reader.fault(
                found["at"], f"{path}.at", "a time is at one minute, or from one to another"
            )
        from_minute = _read_clock(reader, found, "at", path, 0) % DAY_MINUTES
        to_minute = from_minute + 1
    if from_minute == to_minute:
        reader.fault(found["from"], f"{path}.from", "this begins when it ends")
    if len(reader.faults) > faults:
        return None
    return During(weekdays, sort, dates, from_minute, to_minute, strikes="at" in found)


def _read_weekdays(reader: Reader, node: Node, path: str) -> frozenset[int]:
    days: set[int] = set()
    for word in reader.texts(node, path, "a day of the week"):
        first, dash, last = word.lower().partition("-")
        unknown = [name for name in ((first, last) if dash else (first,)) if name not in WEEKDAYS]
        if unknown:
            hint = "write mon, tue, wed, thu, fri, sat, sun or mon-fri"
            reader.fault(node, path, f'no such day of the week: "{unknown[0][:40]}"', hint)
            continue
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last) - start) % 7 if dash else 0
        days |= {(start + step) % 7 for step in range(length + 1)}
    return frozenset(days)


def _read_dates(reader: Reader, node: Node, path: str) -> frozenset[int]:
    dates: set[int] = set()
    for word in reader.texts(node, path, "a day such as 2026-10-01"):
        days = days_of(word)
        if days is None:
            hint = "write 2026-10-01 or 2026-10-01..2026-10-07"
            reader.fault(node, path, f'"{word[:40]}" is no day', hint)
        dates |= set(days or ())
    return frozenset(dates)


def _read_clock(reader: Reader, found: dict[str, Node], key: str, path: str, absent: int) -> int:
    if key not in found:
        return absent
    written = reader.text(found[key], f"{path}.{key}", "a time of day such as 12:30")
    if written is None:
        return absent
    match = _CLOCK.fullmatch(written)
    if match is None:
        hint = 'write it as "12:30"'
        reader.fault(found[key], f"{path}.{key}", f'"{written[:40]}" is no time of day', hint)
        return absent
    return DAY_MINUTES if match[1] is None else int(match[1]) * 60 + int(match[2])


def _check_time(checks: Checks, condition: During) -> Check:
    zone, holidays = checks.zone, checks.holidays
    weekdays, dates = condition.weekdays, condition.dates
    start, end = condition.from_minute, condition.to_minute
    over_midnight = start > end
    if condition.strikes:
        checks.watch.moments.append(Strike(weekdays, start))
    works = {"any": None, "workdays": True, "holidays": False}[condition.sort]

    def holds(seen: Seen) -> bool:
        day, minute = zone.local(seen.now_ms)
        if over_midnight:
            if end <= minute < start:
                return False
            day -= minute < end
        elif not start <= minute < end:
            return False
        if weekday(day) not in weekdays or (dates and day not in dates):
            return False
        return works is None or holidays.is_workday(day) == works

    def clues(seen: Seen) -> list[Clue]:
        day, minute = zone.local(seen.now_ms)
        clock = f"{written_day(day)} {minute // 60:02d}:{minute % 60:02d}"
        return [Clue("time", said=f"{clock} {zone.name}")]

    return Check(Ask(holds), clues)


KINDS: Final = (
    Kind(
        name="time",
        read=_read_time,
        check=_check_time,
        type=During,
        cost_us=0.8,
        about=About(
            summary=(
                "It is between two times of day, on some days of the week, on working days or "
                "holidays, or on some dates: all that is written has to be so."
            ),
            value=(
                "`from` and `to`, times of day such as `12:30` (midnight if not said); `weekdays`, "
                "such as `[fri, sat]` or `mon-fri`; `days`, `workdays` or `holidays`; `dates`, "
                "such as `[2026-10-01..2026-10-07]`; or `at`, when a clock strikes"
            ),
            absent=(
                "It is always some time. `workdays` and `holidays` go by the rulebook's `holidays`;"
                " without them, weekends are the holidays."
            ),
            example='time: {weekdays: [fri], from: "20:00", to: "22:00"}',
            notes=(
                (
                    "The time is when the judge heard of the event, in the rulebook's `timezone`, "
                    "with daylight saving: an hour that is left out never is, one that comes twice "
                    "is twice."
                ),
                (
                    "From 22:00 to 06:00 goes over midnight and belongs to the day on which it "
                    "begins. `to` itself is outside."
                ),
                (
                    "`at` is for rules with `kinds: [clock]`, which look when a clock strikes: at "
                    "that minute, on the days that are written, and at no other time."
                ),
            ),
        ),
        schema={
            "type": "object",
            "properties": {
                "from": {"type": "string", "pattern": f"^(?:{_CLOCK.pattern})$"},
                "to": {"type": "string", "pattern": f"^(?:{_CLOCK.pattern})$"},
                "at": {"type": "string", "pattern": f"^(?:{_CLOCK.pattern})$"},
                "weekdays": {
                    "anyOf": [
                        {"type": "string"},
                        {"type": "array", "items": {"type": "string"}, "minItems": 1},
                    ]
                },
                "days": {"enum": ["workdays", "holidays"]},
                "dates": {
                    "anyOf": [
                        {"type": "string"},
                        {"type": "array", "items": {"type": "string"}, "minItems": 1},
                    ]
                },
            },
            "minProperties": 1,
            "additionalProperties": False,
        },
    ),
)
