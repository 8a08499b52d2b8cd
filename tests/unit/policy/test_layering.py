from dataclasses import replace

import pytest

from policy.check import reviewed
from policy.core.layers import InvalidLayers
from policy.layering import changes_of
from policy.store.layers import Said

NETWORK = """\
name: network
language: en
lists: {insults: {words: [nincompoop]}}
rules:
  - id: insults
    why: People come here to talk.
    when: {words: [list:insults]}
    then: delete
    examples: {match: [you nincompoop], no_match: [good morning]}
"""
WORDS = "inherits: true\nlists: {insults: {words: [blockhead]}}\n"
IMPOSSIBLE = (
    "inherits: true\nrules:\n"
    "  - {id: never, why: It cannot be., then: notice,"
    " when: {max_length: 9, not: {max_length: 9}}}\n"
)


def says(source, **place):
    spot = {"platform": "", "group": "", "channel": ""} | place
    return Said(**spot, source=source, digest="", author="", reason="", adopted_ms=0)


def refused(*tree):
    with pytest.raises(InvalidLayers) as caught:
        changes_of(tree)
    return [
        (str(one.layer), one.fault.path, one.fault.line, one.places) for one in caught.value.faults
    ]


def test_an_example_that_a_group_makes_fail_is_told_where_it_stands_and_where_it_fails():
    found = refused(says(NETWORK), says(WORDS, group="!a"))

    line = NETWORK.splitlines().index(
        "    examples: {match: [you nincompoop], no_match: [good morning]}"
    )
    assert found == [("network", "rules[0].examples.match[0]", line + 1, ("group !a",))]


def test_a_rule_that_can_never_hold_is_refused_in_a_layer_as_in_a_rulebook():
    ((layer, path, line, places),) = refused(says(NETWORK), says(IMPOSSIBLE, group="!a"))

    assert (layer, places) == ("group !a", ("group !a",))
    assert path.startswith("rule never")
    assert line == 3


def test_what_is_wrong_at_many_places_is_told_once_with_all_of_them():
    wrong = NETWORK.replace("you nincompoop", "you rascal")

    found = refused(says(wrong), *(says("inherits: true\n", group=group) for group in ("!a", "!b")))

    assert [places for *_, places in found] == [("network", "group !a", "group !b")]


def test_places_of_the_same_settings_are_looked_at_once():
    looked = []
    tree = [
        says(NETWORK),
        *(says("inherits: true\ntell: private\n", group=f"!{n}") for n in range(5)),
    ]

    changes = changes_of(tree, lambda text: looked.append(text) or reviewed(text))

    assert len(changes) == 6
    assert len(looked) == 2


def test_what_is_in_force_already_is_not_looked_at_again():
    (change,) = changes_of([says(NETWORK)])
    looked = []

    assert changes_of([replace(says(NETWORK), digest=change.digest)], looked.append) == []
    assert looked == []
