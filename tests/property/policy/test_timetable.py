"""Hours and days by tables are what dates say; the tables are those of the package."""

from datetime import UTC, date, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
import tzdata
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.core import zones
from policy.core.clockwork import Clockwork, Strike
from policy.core.compile import compile_rulebook
from policy.core.holidays import CALENDARS, days_of, weekday, written_day
from policy.core.rulebook import parse
from policy.core.zones import UnknownZone, fixed, zone_named
from tests.unit.policy.core.room import EPOCH_MS, Room

NAMES = [
    "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
    "Africa/Casablanca", "Asia/Kathmandu", "America/Sao_Paulo", "Pacific/Apia", "Asia/Gaza", "UTC",
]  # fmt: skip
moments = st.integers(946_684_800, 4_102_444_799)


def true_zone(name):
    with resources.files(tzdata).joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


TRUE = {name: true_zone(name) for name in NAMES}


@given(st.sampled_from(NAMES), moments)
@settings(deadline=None)
def test_a_zone_is_as_far_from_utc_as_the_package_says(name, at_s):
    there = datetime.fromtimestamp(at_s, tz=UTC).astimezone(TRUE[name])

    zone = zone_named(name)

    assert zone.offset_ms(at_s * 1000) == there.utcoffset() / timedelta(milliseconds=1)
    day, minute = zone.local(at_s * 1000)
    assert written_day(day) == there.date().isoformat()
    assert minute == there.hour * 60 + there.minute
    assert weekday(day) == there.weekday()


def test_a_zone_that_is_none_is_refused_and_never_looked_for_elsewhere():
    with pytest.raises(UnknownZone):
        zone_named("../../etc/passwd")


BOOK = """
name: time
language: en
timezone: {zone}
rules:
  - id: time
    why: w
    when: {{time: {{weekdays: [{weekdays}], from: "{start}", to: "{end}"}}}}
    then: warn
"""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
clocks = st.tuples(st.integers(0, 23), st.integers(0, 59))


@given(
    st.sampled_from(NAMES),
    st.sets(st.integers(0, 6), min_size=1),
    clocks,
    clocks,
    st.lists(st.integers(0, 370 * 86_400), min_size=1, max_size=5).map(sorted),
)
@settings(max_examples=60, deadline=None)
def test_a_window_of_the_week_is_what_the_clock_on_the_wall_says(name, days, start, end, moments_s):
    if start == end:
        return
    written = {"start": "{:02d}:{:02d}".format(*start), "end": "{:02d}:{:02d}".format(*end)}
    weekdays = ", ".join(WEEKDAYS[day] for day in sorted(days))
    room = Room(BOOK.format(zone=name, weekdays=weekdays, **written))
    for at_s in moments_s:
        wall = datetime.fromtimestamp(EPOCH_MS / 1000 + at_s, tz=UTC).astimezone(TRUE[name])
        clock = (wall.hour, wall.minute)
        if start < end:
            inside = start <= clock < end and wall.weekday() in days
        elif clock >= start:
            inside = wall.weekday() in days
        else:
            inside = clock < end and (wall.date() - timedelta(days=1)).weekday() in days

        held = room.says("hello", at_ms=at_s * 1000) is not None

        assert held == inside


def test_the_version_of_the_zones_is_named_by_what_is_compiled():
    book = BOOK.format(zone="UTC", weekdays="mon", start="00:00", end="01:00")

    assert compile_rulebook(parse(book)).zone_data == zones.VERSION == tzdata.IANA_VERSION
    assert fixed(-210).name == "UTC-03:30"


def test_a_year_of_the_notices_has_as_many_days_of_work_as_they_say():
    china = CALENDARS["china"]
    (newyear,), (last,) = days_of("2026-01-01"), days_of("2026-12-31")

    worked = sum(china.is_workday(day) for day in range(newyear, last + 1))

    assert worked == 248  # 365 days, 104 of weekends, 13 by law, on none of which a weekend falls
    assert all(weekday(day) >= 5 for day in china.work)
    assert date.fromisoformat(written_day(newyear)) == date(2026, 1, 1)


@given(
    st.sampled_from(NAMES), moments, st.sets(st.integers(0, 6), min_size=1), st.integers(0, 1439)
)
@settings(deadline=None)
def test_a_clock_strikes_next_at_the_first_such_minute_there_is(name, at_s, days, minute):
    zone = zone_named(name)
    clockwork = Clockwork("book", zone, (Strike(frozenset(days), minute),))

    next_ms = clockwork.next_ms(at_s * 1000)

    day, struck = zone.local(next_ms)
    assert next_ms > at_s * 1000
    assert (struck, weekday(day) in days) == (minute, True)
    today, _ = zone.local(at_s * 1000)
    between = [one for one in range(today + 1, day) if weekday(one) in days]
    there = [
        datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=one, minutes=minute) for one in between
    ]
    assert all(not is_there(TRUE[name], at.replace(tzinfo=None)) for at in there)


def is_there(zone, local):
    """Return whether a local time comes at all: daylight saving may leave it out."""
    at = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return at.replace(tzinfo=None) == local


def test_an_hour_that_comes_twice_strikes_once():
    clockwork = Clockwork("book", zone_named("Europe/Berlin"), (Strike(frozenset(range(7)), 150),))
    before = datetime(2026, 10, 24, 22, tzinfo=UTC)

    first = clockwork.next_ms(int(before.timestamp()) * 1000)
    second = clockwork.next_ms(first)

    assert datetime.fromtimestamp(first / 1000, tz=UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert datetime.fromtimestamp(second / 1000, tz=UTC) == datetime(
        2026, 10, 26, 1, 30, tzinfo=UTC
    )


def test_on_no_day_it_never_strikes():
    assert Clockwork("book", fixed(0), (Strike(frozenset(), 0),)).next_ms(0) == 0
