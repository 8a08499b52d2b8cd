"""A test compiled, and looked up among others, says the same as the test taken word by word."""

import operator
import re
from math import copysign, inf, isnan, nan
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.core.index import indexed
from policy.core.ir import (
    Among,
    Arith,
    Ask,
    Choose,
    Compare,
    Const,
    Every,
    Field,
    Finds,
    Flag,
    Negated,
    Occurs,
    Relate,
    Size,
    Some,
    ToDouble,
    Weighs,
)
from policy.core.predicate import holds_of
from policy.core.steps import at_once

LENGTH = Field("length", "int", lambda seen: seen.length)
AGE = Field("age", "int", lambda seen: seen.age, optional=True)
SHARE = Field("share", "double", lambda seen: seen.share, cost_us=4.0)
NAME = Field("name", "string", lambda seen: seen.name)
ROLES = Field("roles", "strings", lambda seen: seen.roles)
BOT = Field("bot", "bool", lambda seen: seen.bot)
SIGNS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "contains": lambda left, right: right in left,
    "in": lambda left, right: left in right,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
}

numbers = st.integers(-3, 8)
doubles = st.sampled_from([-1.0, 0.0, 0.25, 0.5, 1.0])
names = st.sampled_from(["ann", "bob", "an", "n", ""])
relations = st.sampled_from(["<", "<=", ">", ">=", "=="])
worlds = st.builds(
    SimpleNamespace,
    kind=st.sampled_from(["message", "edit", "join"]),
    hits=st.dictionaries(st.integers(0, 4), st.just(1), max_size=3),
    length=numbers,
    age=st.none() | numbers,
    share=doubles,
    name=names,
    roles=st.lists(names, max_size=2),
    bot=st.booleans(),
)
ints = st.recursive(
    st.one_of(
        st.builds(Const, numbers | st.just(2**62)),
        st.sampled_from([LENGTH, AGE]),
        st.builds(Size, st.sampled_from([NAME, ROLES])),
    ),
    lambda inner: st.builds(
        Arith, st.sampled_from(["+", "-", "*", "/", "%"]), inner, inner, st.just("int")
    ),
    max_leaves=4,
)
reals = st.recursive(
    st.one_of(st.builds(Const, doubles), st.just(SHARE), st.builds(ToDouble, ints)),
    lambda inner: st.builds(
        Arith, st.sampled_from(["+", "-", "*", "/"]), inner, inner, st.just("double")
    ),
    max_leaves=4,
)
texts = st.one_of(
    st.builds(Const, names),
    st.just(NAME),
    st.builds(Arith, st.just("+"), st.just(NAME), st.builds(Const, names), st.just("string")),
)
leaves = st.one_of(
    st.builds(Occurs, st.frozensets(st.integers(0, 5), min_size=1, max_size=3)),
    st.builds(Compare, st.sampled_from([LENGTH, AGE]), relations, numbers),
    st.builds(Compare, st.just(SHARE), relations, doubles),
    st.builds(Among, st.sampled_from([NAME, ROLES]), st.frozensets(names, min_size=1)),
    st.just(Flag(BOT)),
    st.just(Ask(lambda seen: seen.bot)),
    st.builds(
        lambda limit: Ask(lambda seen: seen.length > limit + 1, Compare(LENGTH, ">", limit)),
        numbers,
    ),
    st.builds(Relate, relations, ints, ints, st.booleans()),
    st.builds(Relate, relations, reals, reals, st.booleans()),
    st.builds(
        Relate,
        st.sampled_from(["==", "<", "contains", "startsWith", "endsWith"]),
        texts,
        texts,
        st.booleans(),
    ),
    st.builds(Relate, st.just("in"), texts, st.just(ROLES), st.booleans()),
    st.builds(Finds, st.sampled_from(["^a", "n+$", "b.b"]), texts, st.booleans()),
    st.builds(
        lambda then, other: Relate(
            ">", Choose(Flag(BOT), Negated(Flag(BOT)), then, other), Const(1), negated=False
        ),
        ints,
        ints,
    ),
)
tests = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Every, st.lists(inner, max_size=4).map(tuple)),
        st.builds(Some, st.lists(inner, max_size=4).map(tuple)),
        st.builds(Negated, inner),
        st.builds(
            Weighs,
            st.lists(st.tuples(inner, st.integers(-3, 4)), max_size=5).map(tuple),
            st.integers(1, 6),
        ),
    ),
    max_leaves=14,
)


class Unknown(Exception):
    """There is no value."""


def plain(test, seen):  # noqa: C901, PLR0911 -- one case for each form
    """Return whether a test holds, word by word."""
    match test:
        case Every(parts):
            return all(plain(part, seen) for part in parts)
        case Some(parts):
            return any(plain(part, seen) for part in parts)
        case Negated(part):
            return not plain(part, seen)
        case Weighs(parts, least):
            return sum(weight for part, weight in parts if plain(part, seen)) >= least
        case Occurs(terms):
            return any(term in terms for term in seen.hits)
        case Compare(of, relation, value):
            read = getattr(seen, of.name)
            return read is not None and SIGNS[relation](read, value)
        case Among(of, values):
            read = getattr(seen, of.name)
            return any(one in values for one in ([read] if isinstance(read, str) else read))
        case Flag(of):
            return getattr(seen, of.name)
        case Ask(holds, _):
            return holds(seen)
    try:
        if isinstance(test, Finds):
            found = re.search(test.pattern, value_of(test.subject, seen)) is not None
        else:
            found = SIGNS[test.relation](value_of(test.left, seen), value_of(test.right, seen))
    except Unknown:
        return False
    return found != test.negated


def value_of(value, seen):  # noqa: C901, PLR0911 -- one case for each form
    match value:
        case Field(name=name):
            found = getattr(seen, name)
            if found is None:
                raise Unknown
            return found
        case Const(constant):
            return constant
        case Size(of):
            return len(value_of(of, seen))
        case ToDouble(of):
            return float(value_of(of, seen))
        case Choose(test, _, then, other):
            return value_of(then if plain(test, seen) else other, seen)
    left, right = value_of(value.left, seen), value_of(value.right, seen)
    if value.type == "double":
        return of_doubles(value.operator, left, right)
    if value.operator in ("/", "%"):
        if not right:
            raise Unknown
        quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        found = quotient if value.operator == "/" else left - quotient * right
    else:
        found = {"+": operator.add, "-": operator.sub, "*": operator.mul}[value.operator](
            left, right
        )
    if value.type == "int" and not -(2**63) <= found < 2**63:
        raise Unknown
    return found


def of_doubles(sign, left, right):
    if sign != "/":
        return {"+": operator.add, "-": operator.sub, "*": operator.mul}[sign](left, right)
    if right:
        return left / right
    return nan if left == 0 or isnan(left) else copysign(inf, left) * copysign(1, right)


@given(tests, st.lists(worlds, min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_a_compiled_test_holds_where_the_test_does(test, seen):
    holds = holds_of(test)

    assert [bool(holds(one)) for one in seen] == [plain(test, one) for one in seen]


KINDS = st.sampled_from([("message",), ("message", "edit"), ("join",)])


def looked_up(index, seen):
    woken = index.wake(seen)
    return sorted({place for bit, place in enumerate(index.places) if woken >> bit & 1})


@given(st.lists(st.tuples(KINDS, tests), max_size=12), st.lists(worlds, min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_the_index_rules_out_no_rule_that_holds(rules, seen):
    index = at_once(indexed(rules))

    for one in seen:
        holding = [
            place
            for place, (kinds, test) in enumerate(rules)
            if one.kind in kinds and plain(test, one)
        ]
        assert set(holding) <= set(looked_up(index, one))


conjunctive = st.lists(
    st.one_of(
        st.builds(Compare, st.just(LENGTH), relations, numbers),
        st.builds(Compare, st.just(AGE), relations, numbers),
        st.builds(Compare, st.just(SHARE), relations, doubles),
        st.builds(Among, st.just(NAME), st.frozensets(names, min_size=1)),
        st.sampled_from([Flag(BOT), Negated(Flag(BOT))]),
        st.builds(lambda value: Negated(Compare(LENGTH, "<", value)), numbers),
    ),
    max_size=4,
).map(lambda parts: Every(tuple(parts)))


@given(st.lists(conjunctive, max_size=80), worlds)
@settings(max_examples=200, deadline=None)
def test_of_mere_comparisons_the_index_leaves_those_that_hold_and_no_other(found, seen):
    index = at_once(indexed([(("message", "edit", "join"), test) for test in found]))

    holding = [place for place, test in enumerate(found) if plain(test, seen)]

    assert looked_up(index, seen) == holding
