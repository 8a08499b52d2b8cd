"""Where proofs end, and what is known of leaves that only their own function decides."""

import pytest

from policy.core.analysis import formula, rules, trials
from policy.core.analysis.formula import FALSE, TRUE, TooManyWays, possible, ways
from policy.core.analysis.review import review

HEAD = "name: n\nlanguage: en\n"


def told(*rules):
    lines = "".join(f"  - {{id: r{n}, why: w, {rule}}}\n" for n, rule in enumerate(rules))
    found = review(f"{HEAD}rules:\n{lines}")
    return [fault.reason for fault in found.faults], [one.reason for one in found.warnings]


def test_nothing_and_everything():
    assert possible(TRUE)
    assert not possible(FALSE)


def test_of_what_may_hold_in_too_many_ways_nothing_is_said(monkeypatch):
    monkeypatch.setattr(formula, "WAYS_MAX", 3)
    both = "{all: [{any: [{words: a}, {power: 1}]}, {any: [{words: b}, {power: 2}]}]}"
    one = "{any: [{words: a}, {words: b}, {words: c}, {words: d}]}"
    invariant = "invariants: [{why: w, never: delete, where: {power: 5}}]\n"
    text = f"{HEAD}{invariant}rules:\n  - {{id: r, why: w, when: {both}, then: delete}}\n"

    assert told(f"when: {both}, then: notice", f"when: {one}, then: notice") == ([], [])
    assert review(text).faults == ()
    with pytest.raises(TooManyWays):
        ways(formula.Joined("any", (formula.TRUE, *(formula.Lit(formula.Whole(n)) for n in "abc"))))


def test_rules_are_compared_up_to_a_limit(monkeypatch):
    several = ("when: {words: [a, b]}, then: warn", "when: {words: [a]}, then: notice")
    assert len(told(*several)[1]) == 1
    monkeypatch.setattr(rules, "PAIRS_MAX", 0)

    assert told(*several) == ([], [])


def test_what_deletes_beside_what_warns_changes_something():
    assert told("when: {words: [a, b]}, then: warn", "when: {words: [a]}, then: delete") == ([], [])
    assert told("when: {words: [a, b]}, then: delete", "when: {words: [a]}, then: kick") == ([], [])
    assert told("when: {words: [a, b]}, then: [delete, warn]", "when: {words: [a]}, then: delete")[
        1
    ] == ['this rule changes nothing: "r0" on line 4 holds with it']
    assert told(
        "when: {words: [a, b]}, then: warn",
        "when: {words: [a]}, exempt: nobody, then: notice",
    ) == ([], [])


def test_texts_of_expressions_are_leaves_of_their_own():
    one = 'when: {expr: "text.contains(folded)", not: {expr: "text.contains(folded)"}}, then: warn'

    assert told(one)[0] == ["this can never hold"]


def test_examples_are_disguised_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(trials, "PLAYS_MAX", 0)
    rule = "when: {pattern: ['a+b']}, then: warn, examples: {match: [xaab]}"

    assert told(rule) == ([], [])


def test_a_disguise_that_is_not_met_is_a_warning():
    text = f"{HEAD}rules: [{{id: r, why: w, when: {{words: [plum]}}, then: warn, examples: "
    text += "{match: [a plum]}}]"

    (warning,) = review(text, disguises={"gone": lambda _: "pear"}).warnings

    assert warning.reason == "r: in disguise it is not met: gone (pear)"


@pytest.mark.parametrize(
    ("kind", "when", "text"),
    [
        ("join", "", "Ann"),
        ("leave", "", "Ann"),
        ("profile", "", "Ann"),
        ("group", "", "new name"),
        ("thread", "", "title"),
        ("command", "when: {words: [go]}, ", "!go there"),
        ("edit", "when: {words: [go]}, ", "go"),
    ],
)
def test_anything_may_be_an_example(kind, when, text):
    example = f"{{kind: {kind}, text: '{text}'}}"
    rule = f"kinds: [{kind}], {when}then: {{reply: hi}}, examples: {{match: [{example}]}}"

    assert told(rule)[0] == []
