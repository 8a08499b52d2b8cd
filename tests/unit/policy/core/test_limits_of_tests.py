"""What can be looked up of a test, and arithmetic that has no answer."""

from math import inf, isnan

import pytest

from policy.core.checks import no_clues
from policy.core.conditions.kind import no_parts
from policy.core.ir import Among, Compare, Every, Field, Flag, Negated, Occurs, Some, Weighs
from policy.core.limits import NO_LIMIT, TERMS, Bounds, conjunctions, needs_a_term
from policy.core.undefined import (
    Undefined,
    nothing,
    present,
    quotient,
    ratio,
    remainder,
    whole,
)

LENGTH = Field("length", "int", lambda seen: seen.length)
NAME = Field("name", "string", lambda seen: seen.name)


def alternatives(count):
    return [Every((Occurs(frozenset((n,))), Compare(LENGTH, ">", n))) for n in range(count)]


def test_bounds_of_one_field_meet():
    both = Every((Compare(LENGTH, ">", 2), Compare(LENGTH, "<=", 5)))

    assert conjunctions(both) == ({LENGTH: Bounds(3, 6)},)
    assert conjunctions(Every((both, Compare(LENGTH, "==", 9)))) == ()


def test_values_of_one_field_meet_where_it_has_one_and_join_where_one_is_enough():
    some, others = Among(NAME, frozenset("ab")), Among(NAME, frozenset("bc"))

    assert conjunctions(Every((some, others))) == ({NAME: frozenset("b")},)
    assert conjunctions(Some((some, others))) == ({NAME: frozenset("abc")},)


def test_too_many_alternatives_are_known_by_their_terms():
    assert conjunctions(Some(tuple(alternatives(9)))) == ({TERMS: frozenset(range(9))},)


def test_too_many_alternatives_without_terms_may_always_hold():
    several = [Every((Compare(LENGTH, ">", n), Among(NAME, frozenset(str(n))))) for n in range(9)]

    assert conjunctions(Some(tuple(several))) == (NO_LIMIT,)
    assert len(conjunctions(Every((Some(tuple(several[:4])), Some(tuple(several[4:8])))))) == 4


def test_a_contrary_is_turned_inwards():
    test = Negated(
        Some((Compare(LENGTH, ">", 2), Negated(Flag(Field("bot", "bool", lambda seen: seen.bot)))))
    )

    (found,) = conjunctions(test)

    assert found[LENGTH] == Bounds(high=3)
    assert conjunctions(Negated(Compare(LENGTH, "==", 2))) == (NO_LIMIT,)


def test_of_weights_that_add_up_only_those_are_looked_up_that_the_sum_cannot_do_without():
    money, calls = Occurs(frozenset({0})), Occurs(frozenset({1}))
    long = Compare(LENGTH, ">", 9)
    weighs = Weighs(((long, 2), (calls, 2), (money, 3), (Occurs(frozenset({2})), -5)), 5)

    assert weighs.needed(needs_a_term) == (money,)
    assert conjunctions(weighs) == ({TERMS: frozenset({0})},)
    assert conjunctions(Weighs(weighs.parts, 4)) == ({TERMS: frozenset({0, 1})},)
    assert conjunctions(Weighs(weighs.parts, 8)) == ()
    assert conjunctions(Weighs(((money, 1), (Negated(money), 1)), 1)) == (NO_LIMIT,)


def test_whole_numbers_stay_within_64_bits():
    assert whole(2**63 - 1) == 2**63 - 1
    assert (quotient(-7, 2), remainder(-7, 2)) == (-3, -1)
    for beyond in (
        lambda: whole(2**63),
        lambda: quotient(1, 0),
        lambda: quotient(-(2**63), -1),
        lambda: remainder(1, 0),
        lambda: remainder(-(2**63), -1),
        lambda: present(None),
        nothing,
    ):
        with pytest.raises(Undefined):
            beyond()


def test_doubles_divide_as_ieee_754_says():
    assert ratio(1.0, 4.0) == 0.25
    assert (ratio(1.0, 0.0), ratio(1.0, -0.0), ratio(-1.0, 0.0)) == (inf, -inf, -inf)
    assert isnan(ratio(0.0, 0.0))
    assert isnan(ratio(float("nan"), 0.0))


def test_what_has_nothing_to_tell_tells_nothing():
    assert no_clues(None) == []
    assert no_parts(None) == ()
