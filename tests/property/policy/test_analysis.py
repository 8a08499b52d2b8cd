"""What is proved of a rule is so: what is impossible never happens, and what is certain always."""

import json

from hypothesis import given
from hypothesis import strategies as st

from policy.core.analysis.formula import formula_of, negated, possible
from policy.core.checks import Checks
from policy.core.compile import compile_rulebook
from policy.core.conditions import BY_TYPE
from policy.core.rulebook import parse
from tests.unit.policy.core.room import Room

WORDS = ["apple", "pear", "plum"]
leaves = st.one_of(
    st.builds(lambda found: {"words": found}, st.lists(st.sampled_from(WORDS), min_size=1)),
    st.builds(lambda n: {"min_length": n}, st.integers(1, 12)),
    st.builds(lambda n: {"max_length": n}, st.integers(1, 12)),
    st.builds(lambda n: {"cold_link": n}, st.integers(1, 12)),
    st.builds(lambda n: {"power": n}, st.integers(-1, 3)),
    st.builds(lambda n, w: {"flood": {"messages": n, "within": f"{w}s"}}, st.integers(1, 4),
              st.integers(1, 4)),
    st.sampled_from([
        {"link": "any"}, {"link": ["example.org"]}, {"link": ["a.example.org", "example.com"]},
        {"member": ["@ann:example.org"]}, {"member": ["@bob:example.org", "@ann:example.org"]},
        {"role": ["mod"]}, {"role": ["mod", "host"]},
    ]),
)  # fmt: skip
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=6,
)
texts = st.lists(
    st.sampled_from([*WORDS, "x", "…", "https://a.example.org", "example.com", "@ann"]), max_size=4
).map(" ".join)
moments = st.lists(
    st.fixed_dictionaries(
        {
            "text": texts,
            "who": st.sampled_from(["ann", "bob"]),
            "power": st.integers(-1, 3),
            "roles": st.sets(st.sampled_from(["mod", "host"])),
            "kind": st.sampled_from(["says", "edits", "commands"]),
        }
    ),
    min_size=1,
    max_size=6,
)


def rulebook(**conditions):
    rule = {"id": "r", "why": "w", "then": "delete", **conditions}
    return json.dumps({"name": "n", "language": "en", "rules": [rule]})


def formula(condition):
    book = parse(rulebook(when=condition))
    return formula_of(Checks(book.lists, BY_TYPE), book.rules[0].when)


def matches(condition, story):
    """Return in how many of the messages the rule holds."""
    room = Room(rulebook(when=condition))
    for number, moment in enumerate(story):
        fields = {key: moment[key] for key in ("who", "power", "roles")} | {"at_ms": number * 900}
        text = moment["text"]
        if moment["kind"] == "edits":
            room.edits(text, message="m", **fields)
        elif moment["kind"] == "commands":
            room.commands(f"!go {text}", **fields)
        else:
            room.says(text, **fields)
    return sum(bool(decision.hits) for decision in room.decisions)


@given(conditions, moments)
def test_what_never_holds_is_impossible_and_what_always_does_certain(condition, story):
    found = matches(condition, story)

    if found:
        assert possible(formula(condition))
    if found < len(story):
        assert possible(negated(formula(condition)))


@given(leaves, leaves, moments)
def test_what_follows_from_a_condition_holds_wherever_that_does(one, other, story):
    if matches({"all": [one, {"not": other}]}, story):
        assert possible(formula({"all": [one, {"not": other}]}))
    if matches({"all": [one, other]}, story):
        assert possible(formula({"all": [one, other]}))


@given(conditions)
def test_a_condition_and_its_opposite_are_impossible_together(condition):
    assert not possible(formula({"all": [condition, {"not": condition}]}))
    assert compile_rulebook(parse(rulebook(when=condition)))
