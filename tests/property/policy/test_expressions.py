"""An expression means here what it means in the C++ implementation of CEL."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.core.expr.syntax import Refused, tree_of
from policy.core.expr.typed import Typer
from policy.core.ir import Field
from policy.core.predicate import holds_of

cel = pytest.importorskip("cel_expr_python.cel", exc_type=ImportError)

FIELDS = {
    field.name: field
    for field in (
        Field("n", "int", lambda seen: seen.n),
        Field("age", "int", lambda seen: seen.age, optional=True),
        Field("share", "double", lambda seen: seen.share),
        Field("author.name", "string", lambda seen: seen.name),
        Field("author.roles", "strings", lambda seen: seen.roles),
        Field("bot", "bool", lambda seen: seen.bot),
    )
}
TYPES = {
    "n": cel.Type.INT,
    "age": cel.Type.INT,
    "share": cel.Type.DOUBLE,
    "author.name": cel.Type.STRING,
    "author.roles": cel.Type.List(cel.Type.STRING),
    "bot": cel.Type.BOOL,
}
ENV = cel.NewEnv(variables=TYPES)
words = st.sampled_from(["", "a", "ann", "bob", "白痴", "a\\n", "é😀"])
worlds = st.fixed_dictionaries(
    {
        "n": st.integers(-3, 9) | st.sampled_from([2**63 - 1, -(2**63)]),
        "age": st.none() | st.integers(0, 5),
        "share": st.sampled_from([-1.0, 0.0, 0.5, 2.0]),
        "author.name": words,
        "author.roles": st.lists(words, max_size=2),
        "bot": st.booleans(),
    }
)


def call(form):
    return form.format


literals = st.integers(-4, 9).map(str) | st.sampled_from(["9223372036854775807", "0x1F"])
ints = st.recursive(
    literals | st.sampled_from(["n", "age", "size(author.name)", "author.roles.size()"]),
    lambda inner: st.one_of(
        st.builds(call("({} {} {})"), inner, st.sampled_from("+-*/%"), inner),
        st.builds(call("-({})"), inner),
        st.builds(call("(bot ? {} : {})"), inner, inner),
    ),
    max_leaves=4,
)
doubles = st.recursive(
    st.sampled_from(["share", "0.5", "-1.0", "1e3", "double(n)"]),
    lambda inner: st.one_of(
        st.builds(call("({} {} {})"), inner, st.sampled_from("+-*/"), inner),
        st.builds(call("-({})"), inner),
    ),
    max_leaves=4,
)
strings = st.one_of(
    st.just("author.name"),
    words.map(lambda word: f'"{word}"'),
    words.map(lambda word: f'(author.name + "{word}")'),
    st.just('(n > 2 ? author.name : "a")'),
)
relations = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
bools = st.recursive(
    st.one_of(
        st.sampled_from(["bot", "true", "false"]),
        st.builds(call("{} {} {}"), ints, relations, ints),
        st.builds(call("{} {} {}"), doubles, relations, doubles),
        st.builds(call("{} {} {}"), strings, relations, strings),
        st.builds(
            call("{}.{}({})"),
            strings,
            st.sampled_from(["contains", "startsWith", "endsWith"]),
            strings,
        ),
        st.builds(call("{}.matches({})"), strings, st.sampled_from(["'^an+'", "r'n|b'"])),
        st.builds(call("{} in author.roles"), strings),
        st.builds(call('{} in ["a", "ann"]'), strings),
        st.builds(call("{} in [1, -2, 7]"), ints),
    ),
    lambda inner: st.one_of(
        st.builds(call("(({}) {} ({}))"), inner, st.sampled_from(["&&", "||", "==", "!="]), inner),
        st.builds(call("!({})"), inner),
        st.builds(call("(({}) ? ({}) : ({}))"), inner, inner, inner),
    ),
    max_leaves=6,
)


def oracle(written, world):
    known = {name: value for name, value in world.items() if value is not None}
    found = ENV.compile(written).eval(data=known)
    return found.type() == cel.Type.BOOL and found.value()


def ours(written, world):
    typer = Typer(FIELDS)
    holds = holds_of(typer.test(tree_of(written)))
    seen = {name.rpartition(".")[2]: value for name, value in world.items()}
    return bool(holds(SimpleNamespace(hits={}, **seen)))


@given(bools, worlds)
@settings(max_examples=1_000, deadline=None)
def test_an_expression_holds_where_it_is_true_in_cel(written, world):
    assert ours(written, world) is oracle(written, world)


@given(st.text(max_size=60) | st.text("n().&|!<=>?:+-*/%'\"[] \\ru12", max_size=60))
@settings(max_examples=500, deadline=None)
def test_whatever_is_written_is_an_expression_or_refused_with_its_place(written):
    refused = None
    try:
        holds_of(Typer(FIELDS).test(tree_of(written)))
    except Refused as fault:
        refused = fault

    assert refused is None or (0 <= refused.at <= len(written) and refused.reason)


@pytest.mark.parametrize(
    "written",
    ["(" * 900 + "n", "!" * 900 + "bot", "-" * 900 + "n", "n+" * 499 + "n > 1", "n." * 400 + "n",
     "bot" + " == bot" * 100, "n" + ".size()" * 120, "bot ? " * 150 + "bot"],
)  # fmt: skip
def test_what_nests_too_deeply_is_refused(written):
    with pytest.raises(Refused):
        Typer(FIELDS).test(tree_of(written))
