"""A rulebook with its sets is one text, and who has the text needs nothing else."""

import pytest

from policy.core import bundle, including
from policy.core.bundle import bundled, missing, own, sets_of
from policy.core.layered import Layer
from policy.core.layers import merge
from policy.core.rulebook import InvalidRulebook, parse, read
from tests.unit.policy.core.room import Room

OWN = """\
name: own
language: en
ladder: {steps: [{at: 1, do: notice}]}
include:
  - {from: builtin:fruit, with: {more: [fig]}, without: [pear]}
lists:
  fruit: {words: [plum]}
rules:
  - {id: own, why: w, when: {words: [own]}, then: delete}
"""
FRUIT = """\
---
name: fruit
language: en
include: "builtin:tree"
parameters: {more: [apple]}
lists:
  fruit: {words: ["${more}"]}
rules:
  - {id: fruit, why: w, when: {words: ["list:fruit"]}, then: {points: 1}}
  - {id: pear, why: w, when: {words: [pear]}, then: notice}
"""
TREE = """\
name: tree
language: en
include: [builtin:fruit]
rules:
  - {id: tree, why: w, when: {words: [tree]}, then: notice}"""


def whole():
    return bundled(bundled(OWN, {"builtin:fruit": FRUIT}), {"builtin:tree": TREE})


def reasons(text):
    with pytest.raises(InvalidRulebook) as refused:
        parse(text)
    return [fault.reason for fault in refused.value.faults]


def test_sets_are_looked_up_until_none_is_missing():
    assert missing(OWN) == ["builtin:fruit"]
    assert missing(bundled(OWN, {"builtin:fruit": FRUIT})) == ["builtin:tree"]
    assert missing(whole()) == []
    assert missing("- a") == missing("") == []


def test_what_was_written_stands_in_it_word_for_word():
    assert own(whole()) == OWN
    assert sets_of(whole())["builtin:tree"].strip() == TREE
    assert bundled(whole(), {"builtin:tree": "name: other"}) == whole()
    assert own(OWN) == OWN
    assert sets_of(OWN) == {}


def test_what_a_set_brings_with_it_comes_too():
    inner = bundled(FRUIT, {"builtin:tree": TREE})

    assert bundled(OWN, {"builtin:fruit": inner}) == whole()


def test_rules_and_lists_of_sets_are_those_of_the_book():
    book = parse(whole())

    assert [rule.id for rule in book.rules] == ["own", "fruit", "tree"]
    assert [(bank.name, bank.members) for bank in book.lists] == [("fruit", ("plum", "fig"))]
    assert Room(whole()).says("a fig").strikes == 1
    assert Room(whole()).says("a plum").strikes == 1
    assert Room(whole()).says("an apple and a pear") is None


def test_only_some_rules_are_taken():
    text = whole().replace("without: [pear]", "only: [pear]")

    assert [rule.id for rule in parse(text).rules] == ["own", "pear", "tree"]


def test_a_book_may_have_no_rules_of_its_own():
    text = f"name: n\nlanguage: en\n{OWN[OWN.index('ladder') : OWN.index('lists')]}"

    assert len(parse(bundled(text, sets_of(whole()))).rules) == 2


def test_places_in_a_set_are_those_of_its_file():
    broken = {"builtin:fruit": FRUIT.replace("point", "pint"), "builtin:tree": TREE}

    (fault,) = read(bundled(OWN, broken)).faults
    assert fault.at("own.yaml").startswith("builtin:fruit:9:63: rules[0].then: no such outcome")
    assert str(fault).startswith("builtin:fruit:9:63: ")


def test_a_set_that_is_not_there_is_a_fault_with_the_one_that_was_meant():
    (fault,) = read(OWN, known_sets=["builtin:fruits", "builtin:tree"]).faults

    assert (fault.line, fault.suggestion) == (5, 'did you mean "builtin:fruits"?')


def test_there_are_only_so_many_sets(monkeypatch):
    monkeypatch.setattr(including, "SETS_MAX", 1)
    monkeypatch.setattr(bundle, "SETS_MAX", 1)

    assert reasons(whole()) == ["more than 1 sets"]
    assert missing(bundled(OWN, {"builtin:fruit": FRUIT})) == []


def test_rules_of_a_set_that_are_no_list_are_told_once():
    text = bundled(OWN.replace("with: {more: [fig]}, ", ""), {"builtin:fruit": "rules: none\n"})

    assert reasons(text) == ["a list of rules belongs here, and this is a text"]


def test_values_for_a_set_are_a_mapping():
    assert reasons(whole().replace("{more: [fig]}", "[fig]")) == [
        "a mapping of parameters to values belongs here, and this is a list"
    ]


def test_layers_keep_the_sets_they_include():
    network = Layer("network", "", whole())
    group = Layer("group", "a", "inherits: true\nname: ours\n")

    merged = merge([network, group])

    assert [rule.id for rule in merged.rulebook.rules] == ["own", "fruit", "tree"]
    assert merged.rulebook.name == "ours"
