"""Levels are reached by standing and breadth, and kept for less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.core.levels import Level, level_of

LEVELS = (
    Level("known", 10, 8),
    Level("trusted", 50, 40, givers=3, days=2, labels=("may-post",)),
    Level("elder", 100, 90),
)


def name(before, standing, givers=9, days=9):
    level = level_of(LEVELS, before, standing, givers, days)
    return level.name if level else ""


@pytest.mark.parametrize(
    ("before", "standing", "after"),
    [
        ("", 9, ""),
        ("", 10, "known"),
        ("known", 9, "known"),
        ("known", 7, ""),
        ("", 120, "elder"),
        ("elder", 95, "elder"),
        ("elder", 89, "trusted"),
        ("elder", 45, "trusted"),
        ("elder", 39, "known"),
        ("forgotten", 45, "known"),
    ],
)
def test_a_level_is_kept_for_less_than_it_takes_to_reach_it(before, standing, after):
    assert name(before, standing) == after


def test_breadth_is_asked_of_who_rises_and_not_of_who_stays():
    assert name("", 60, givers=2) == "known"
    assert name("", 60, days=1) == "known"
    assert name("trusted", 60, givers=2) == "trusted"


@given(st.lists(st.integers(40, 49), max_size=20))
def test_between_the_bounds_nobody_goes_up_and_down(standings):
    for begin in ("known", "trusted"):
        before = begin
        for standing in standings:
            before = name(before, standing)
        assert before == begin
