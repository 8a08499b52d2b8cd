"""Standings in numbers that anybody can recompute."""

import pytest

from ledger.core.standings import Deed, MeritTerms, count, share, weigh, weight

FREE = MeritTerms(half_life_days=0, per_giver=0, per_member=0, per_pair=0)
ONE = 1 << 62


def test_a_half_life_halves_and_two_quarter():
    assert weight(0, 30) == ONE
    assert weight(30, 30) == ONE // 2
    assert weight(60, 30) == ONE // 4
    assert weight(5_000, 0) == ONE


@pytest.mark.parametrize(
    ("age_days", "half_life_days", "expected"),
    # Written down once; whoever computes it anew, wherever, has to find the same.
    [
        (1, 2, 3260954456333195553),
        (1, 180, 4593961405762505289),
        (90, 180, 3260954456333195553),
        (179, 180, 2314739508838010151),
        (3_650, 180, 3627775259128),
    ],
)
def test_weights_are_the_same_everywhere(age_days, half_life_days, expected):
    assert weight(age_days, half_life_days) == expected
    assert abs(weight(age_days, half_life_days) / ONE - 0.5 ** (age_days / half_life_days)) < 1e-9


def test_a_standing_is_rounded_to_the_nearest_and_a_debt_wears_off_too():
    assert weigh({0: 1}, 29, 30) == 1
    assert weigh({0: 1}, 30, 30) == 0
    assert weigh({0: -1}, 29, 30) == -1
    assert weigh({0: 3}, 30, 30) == 1
    assert weigh({0: -3}, 30, 30) == -1
    assert weigh({0: -3}, 90, 30) == 0
    assert weigh({5: 3}, 0, 30) == 3


def test_a_cap_is_divided_by_what_each_wants_with_the_rest_to_the_largest_remainders():
    assert share(2, {"b": 1, "a": 1, "c": 1}) == {"a": 1, "b": 1, "c": 0}
    assert share(10, {"a": 9, "b": 6}) == {"a": 6, "b": 4}
    assert share(0, {"a": 9}) == {"a": 9}


def test_caps_are_of_the_pair_then_of_the_giver_then_of_the_member():
    terms = MeritTerms(half_life_days=0, per_pair=3, per_giver=5, per_member=6)
    deeds = [Deed("ann", "bob", 1, 9), Deed("cid", "bob", 1, 3), Deed("ann", "dan", 1, 3)]
    deeds += [Deed("ann", "eve", 1, 3), Deed("ann", "bob", 2, 1)]

    counted = count(deeds, terms)

    assert counted.days == {"ann": {1: 6, 2: 1}, "cid": {1: 2}}
    assert counted.given[("bob", "ann")] == 3 + 1
    assert counted.givers() == {"ann": 3, "cid": 1}
    assert counted.praised["ann"] == {1, 2}


def test_blame_is_capped_apart_from_praise():
    terms = MeritTerms(half_life_days=0, per_pair=2, per_giver=0, per_member=0)

    counted = count([Deed("ann", "bob", 1, 5), Deed("ann", "bob", 1, -9)], terms)

    assert counted.days == {"ann": {1: 0}}
    assert counted.givers() == {"ann": 1}


def test_what_no_member_gave_is_not_capped_and_is_nobodys_praise():
    terms = MeritTerms(half_life_days=0, per_pair=1, per_giver=1, per_member=1)

    counted = count([Deed("ann", "", 1, 50), Deed("ann", "", 1, -8)], terms)

    assert (counted.days, counted.givers()) == ({"ann": {1: 42}}, {})


def test_what_was_taken_back_counts_for_nothing():
    assert count([Deed("ann", "bob", 1, 5, stands=False)], FREE).days == {}
