"""Callers are kept to a rate, each for itself, and what is remembered of them is bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.pace import Pace


class Clock:
    now_s = 0.0

    def __call__(self):
        return self.now_s


def test_a_burst_is_let_through_and_then_one_at_a_time():
    clock = Clock()
    pace = Pace(2.0, 3, clock_s=clock)

    assert [pace.take("ann") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert pace.take("bob") == 0.0
    clock.now_s = 0.5
    assert [pace.take("ann") for _ in range(2)] == [0.0, 0.5]


def test_who_was_refused_is_let_in_after_the_time_that_was_told():
    clock = Clock()
    pace = Pace(0.5, 1, clock_s=clock)
    pace.take("ann")

    clock.now_s = 0.7
    clock.now_s += pace.take("ann")

    assert pace.take("ann") == 0.0


def test_to_ask_how_long_to_wait_counts_nothing():
    clock = Clock()
    pace = Pace(2.0, 1, clock_s=clock)

    assert [pace.wait_s("ann"), pace.wait_s("ann"), pace.take("ann")] == [0.0, 0.0, 0.0]
    assert [pace.wait_s("ann"), pace.take("ann"), pace.wait_s("bob")] == [0.5, 0.5, 0.0]


def test_a_rate_of_0_is_none():
    pace = Pace(0, 1)

    assert {pace.take("ann") for _ in range(1_000)} == {0.0}


def test_no_more_callers_are_remembered_than_the_limit():
    pace = Pace(1.0, 1, limit=10, clock_s=Clock())

    for number in range(1_000):
        assert pace.take(f"caller {number}") == 0.0

    assert len(pace._due_s) == 10  # noqa: SLF001 - it is the memory that is bounded
    assert pace.take("caller 999") == 1.0


@given(
    st.lists(st.floats(0, 2), max_size=60),
    st.floats(0.5, 20),
    st.integers(1, 10),
)
def test_in_no_span_of_time_are_more_let_in_than_rate_and_burst_allow(pauses, rate, burst):
    clock = Clock()
    pace = Pace(rate, burst, clock_s=clock)
    passed = []
    for pause in pauses:
        clock.now_s += pause
        if pace.take("ann") == 0.0:
            passed.append(clock.now_s)

    for first, at in enumerate(passed):
        for last in range(first, len(passed)):
            allowed = burst + (passed[last] - at) * rate
            assert last - first + 1 <= allowed + 1e-6


@pytest.mark.parametrize("burst", [1, 5])
def test_who_keeps_the_rate_is_never_refused(burst):
    clock = Clock()
    pace = Pace(4.0, burst, clock_s=clock)

    for _ in range(100):
        assert pace.take("ann") == 0.0
        clock.now_s += 0.25
