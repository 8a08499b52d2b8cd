from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.core.bundle import bundled, sets_of
from policy.core.layered import Layer
from policy.core.layers import InvalidLayers, differences, merge

ROOT = Path(__file__).resolve().parents[4]
STARTER = (ROOT / "rulebooks" / "starter.yaml").read_text()
NETWORK = """\
name: network
language: en
ladder:
  steps: [{at: 1, do: warn}, {at: 3, do: kick}]
packets: {asset: points, shares_max: 50}
rules:
  - {id: scams, why: They rob people., when: {words: [airdrop]}, then: [delete, points: 3]}
  - {id: flood, why: Others want to be read., when: {flood: {messages: 5, within: 10s}}, then: warn}
"""
LOCKED = f"{NETWORK}locked: [rules.scams, ladder]\n"


def network(text=NETWORK):
    return Layer("network", "home", text)


def group(text, name="!a:example.org"):
    return Layer("group", name, text)


def faults(*layers):
    with pytest.raises(InvalidLayers) as refused:
        merge(layers)
    return str(refused.value).splitlines()


def test_a_rulebook_by_itself_is_taken_as_it_is_written():
    assert merge([network(STARTER)]).text == STARTER


def test_a_group_without_inherits_has_only_what_is_locked_above():
    own = (
        "name: salon\nlanguage: zh\nrules:\n  - {id: own, why: x, when: {words: [y]}, then: warn}\n"
    )

    free, bound = merge([network(), group(own)]), merge([network(LOCKED), group(own)])

    assert free.text == own
    assert [rule.id for rule in bound.rulebook.rules] == ["scams", "own"]
    assert bound.rulebook.ladder is not None
    assert bound.rulebook.packets.shares_max == 100


def test_a_group_that_inherits_changes_single_keys():
    own = "inherits: true\npackets: {asset: coins}\nrules:\n  - {id: flood, then: delete}\n"

    effective = merge([network(), group(own)])

    flood = next(rule for rule in effective.rulebook.rules if rule.id == "flood")
    assert flood.then.delete
    assert flood.why.en == "Others want to be read."
    assert (effective.rulebook.packets.asset, effective.rulebook.packets.shares_max) == (
        "coins",
        50,
    )


def test_a_rule_can_be_switched_off_and_not_by_half():
    off = "inherits: yes\nrules:\n  - {id: flood, off: yes}\n"
    on = "inherits: yes\nrules:\n  - {id: flood, off: no}\n"
    maybe = "inherits: yes\nrules:\n  - {id: flood, off: maybe}\n"

    assert [rule.id for rule in merge([network(), group(off)]).rulebook.rules] == ["scams"]
    assert len(merge([network(), group(on)]).rulebook.rules) == 2
    assert faults(network(), group(maybe)) == [
        (
            'group !a:example.org:3:22: rules.flood.off: no such answer: "maybe"; '
            "known: false, no, true, yes"
        )
    ]


def test_where_a_value_comes_from_is_told_with_line_lock_and_what_it_overrides():
    channel = Layer("channel", "#quiet", "inherits: true\npackets:\n  asset: gold\n")
    effective = merge([network(LOCKED), group("inherits: true\npackets: {asset: coins}"), channel])

    (asset,) = effective.where("packets.asset")
    (ladder,) = effective.where("ladder.steps")

    assert (asset.value, asset.place.layer, asset.place.line) == ("gold", channel, 3)
    assert [(str(place.layer), value) for place, value in asset.overridden] == [
        ("group !a:example.org", "coins"),
        ("network home", "points"),
    ]
    assert asset.locked is None
    assert (ladder.locked.layer, ladder.locked.line) == (network(LOCKED), 9)
    assert [one.key for one in effective.where("rules.scams")] == [
        "rules.scams.why",
        "rules.scams.when",
        "rules.scams.then",
    ]
    assert effective.where("nothing") == []


def test_what_is_locked_cannot_be_set_below_and_the_fault_names_both_places():
    own = "inherits: true\nladder: {steps: []}\nrules:\n  - {id: scams, off: true}\n"

    assert faults(network(LOCKED), group(own)) == [
        (
            "group !a:example.org:2:17: ladder.steps: the network home has locked this on its "
            "line 9; leave it away here, or have it unlocked there"
        ),
        (
            "group !a:example.org:4:22: rules.scams.off: the network home has locked this on its "
            "line 9; leave it away here, or have it unlocked there"
        ),
    ]


def test_a_lock_may_be_repeated_below_and_stays_the_upper_ones():
    effective = merge([network(LOCKED), group("inherits: true\nlocked: [ladder, packets]\n")])

    assert effective.where("ladder.steps")[0].locked.layer == network(LOCKED)
    assert effective.where("packets.asset")[0].locked.layer.level == "group"


def test_a_fault_of_the_whole_is_told_at_the_line_that_has_to_be_changed():
    own = (
        "inherits: true\nrules:\n  - id: own\n    why: x\n    when: {wordz: [y]}\n    then: warn\n"
    )

    (fault,) = faults(network(), group(own))

    assert fault.startswith("group !a:example.org:5:12: rules[2].when: no such key")


def test_a_fault_that_is_nowhere_in_particular_is_told_of_the_lowest_layer():
    told = faults(network(), group("name: z\nlanguage: en\n"))

    assert told == ['group !a:example.org:1:1: "rules" is missing']


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a", "1:1: a mapping of settings belongs here, and this is a list"),
        ("", "1:1: the rulebook is empty"),
        ("inherits: true\nrules: [x]", "2:9: rules[0]: a rule belongs here, and this is a text"),
        ("inherits: true\nrules: [{why: x}]", '2:9: rules[0]: "id" is missing'),
        ("inherits: true\nrules: [{id: [x]}]", '2:9: rules[0]: "id" is missing'),
        (
            "inherits: true\nrules: [{id: a, why: x}, {id: a}]",
            '2:31: rules[1]: "a" is the id of another rule, on line 2',
        ),
        (
            "inherits: true\nlocked: [[x]]",
            "2:10: locked[0]: a key belongs here, and this is a list",
        ),
        (f"inherits: true\nlocked: [{'x, ' * 1001}]", "2:9: locked: more than 1000 locks"),
    ],
)
def test_a_layer_that_cannot_be_read_says_why(text, told):
    assert faults(network(), group(text))[0].startswith(f"group !a:example.org:{told}")


def test_a_setting_of_another_shape_takes_the_place_of_the_one_above():
    (fault,) = faults(network(), group("inherits: true\npackets: none\n"))
    assert "2:10: packets: a mapping with" in fault

    (fault,) = faults(network("tell: room\n" + NETWORK), group("inherits: true\ntell: {a: b}\n"))
    assert "tell" in fault


def test_a_rule_that_is_only_named_is_a_rule_without_a_reason():
    told = faults(network(), group("inherits: true\nrules: [{id: bare}]\n"))

    assert all(fault.startswith("group !a:example.org:2:") for fault in told)
    assert len(told) == 3


def test_two_groups_are_compared_key_by_key():
    one = merge([network(), group("inherits: true\npackets: {asset: coins}")])
    other = merge([network(), group("inherits: true\nrules: [{id: flood, off: true}]")])

    found = differences(one, other)

    assert [(each.key, each.one, each.other) for each in found] == [
        ("packets.asset", "coins", "points"),
        ("rules.flood.then", "warn", ""),
        ("rules.flood.when", "{flood: {messages: 5, within: 10s}}", ""),
        ("rules.flood.why", "Others want to be read.", ""),
    ]


SET = """\
rules:
  - {id: lottery, why: They rob people., when: {words: [lottery]}, then: delete}
"""
INCLUDING = 'inherits: true\ninclude: ["builtin:lotteries"]\n'


def test_a_set_that_a_layer_includes_is_in_force_with_the_text_that_came_of_all():
    own = group(bundled(INCLUDING, {"builtin:lotteries": SET}))

    effective = merge([network(), own])

    assert [rule.id for rule in effective.rulebook.rules] == ["scams", "flood", "lottery"]
    assert sets_of(effective.text).keys() == {"builtin:lotteries"}
    assert sets_of(merge([network(), own, group(NETWORK)]).text) == {}


def test_a_fault_in_a_set_is_told_where_it_stands_in_the_set():
    own = group(bundled(INCLUDING, {"builtin:lotteries": SET.replace("delete", "deleet")}))

    (fault,) = faults(network(), own)

    assert "builtin:lotteries" in fault
    assert "deleet" in fault


VALUES = st.sampled_from(["room", "private", '"room"', "'private'"])


@given(st.lists(st.tuples(st.sampled_from(["platform", "group", "channel"]), VALUES), max_size=4))
def test_the_lowest_layer_that_says_something_is_in_force(written):
    layers = [Layer(level, "x", f"inherits: true\ntell: {value}\n") for level, value in written]

    effective = merge([network("tell: room\n" + NETWORK), *layers])

    last = written[-1][1].strip("\"'") if written else "room"
    assert effective.rulebook.private is (last == "private")


@given(st.permutations([*NETWORK.splitlines(keepends=True)[1:2], "timezone: UTC\n"]))
def test_merging_a_layer_that_says_nothing_changes_no_rule(extra):
    text = "".join(extra) + NETWORK.replace("language: en\n", "")

    alone, merged = merge([network(text)]), merge([network(text), group("inherits: true")])

    assert merged.rulebook.rules == alone.rulebook.rules
    assert merged.rulebook.ladder == alone.rulebook.ladder
