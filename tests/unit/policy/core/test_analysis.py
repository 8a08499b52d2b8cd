"""Where proofs end, and what is known of leaves that only their own function decides."""

import pytest

from policy.core.analysis import findings, formula, rules, trials
from policy.core.analysis.formula import FALSE, TRUE, TooManyWays, possible, ways
from policy.core.analysis.review import review

HEAD = "name: n\nlanguage: en\n"


def told(*rules, head=""):
    lines = "".join(f"  - {{id: r{n}, why: w, {rule}}}\n" for n, rule in enumerate(rules))
    found = review(f"{HEAD}{head}rules:\n{lines}")
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


def test_a_disguise_that_is_not_met_is_a_warning_of_one_line():
    text = f"{HEAD}rules: [{{id: r, why: w, when: {{words: [plum]}}, then: warn, examples: "
    text += "{match: [a plum]}}]"

    (warning,) = review(text, disguises={"gone": lambda _: "p\ne\u202ear"}).warnings

    assert warning.reason == "r: in disguise it is not met: gone (p e ar)"


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


def test_either_of_two_things_is_a_proof_as_well():
    either = '{expr: "links > 3 || caps > 0.5"}'

    assert told(f"when: {{all: [{either}], not: {either}}}, then: warn")[0] == [
        "this can never hold"
    ]


def test_what_is_absent_is_neither_more_nor_less():
    both = '{any: [{expr: "author.joined_ms_ago > 5"}, {expr: "author.joined_ms_ago < 6"}]}'

    assert told(f"when: {{not: {both}}}, then: warn") == ([], [])


def test_a_rule_that_holds_of_half_of_what_is_said_is_a_warning():
    assert told("when: {pattern: '[a-z] [a-z]'}, then: warn")[1] == [
        "this holds of 46 of 100 ordinary sentences"
    ]


def test_findings_are_told_up_to_a_limit(monkeypatch):
    never = 'when: {expr: "links > 3", not: {expr: "links > 3"}}, then: warn'
    assert len(told(never, never)[0]) == 2
    monkeypatch.setattr(findings, "FAULTS_MAX", 1)

    assert len(told(never, never)[0]) == 1


def test_what_is_told_by_one_family_of_conditions_is_one_signal():
    head = "exempt: {members: ['@a:b']}\n"
    head += "invariants: [{why: w, never: delete, fewer_signals_than: 2}]\n"
    row, relation = "in_a_row: {more_than: 3}", 'expr: "text_len > lines"'
    refused = "this may delete against the invariant on line 4: w"

    def faults(when):
        return told(f"when: {{{when}}}, then: delete", head=head)[0]

    assert faults(row) == [refused]
    assert faults(relation) == [refused]
    assert faults(f"{row}, interrupts: {{run_of: 4, within: 3m}}") == [refused]
    assert faults(f"{row}, {relation}") == []
    # A score is no sign beside what its own signals saw.
    signals = "{said: {weight: 2, when: {words: [offer]}}, led: {weight: 1, when: {link: any}}}"
    assert faults(f"score: {{at_least: 2, signals: {signals}}}") == [refused]


def test_of_rules_that_may_hold_together_in_too_many_ways_none_is_called_idle(monkeypatch):
    one = "when: {any: [{words: a}, {words: b}]}, then: warn"
    two = "when: {any: [{words: a}, {words: b}, {link: any}]}, then: warn"
    assert len(told(one, two)[1]) == 1
    monkeypatch.setattr(formula, "WAYS_MAX", 3)

    assert told(one, two)[1] == []


def test_what_can_never_hold_is_told_though_what_is_excepted_has_too_many_ways(monkeypatch):
    never = "{all: [{max_length: 9}, {not: {max_length: 5}}]}"
    unless = "{all: [{words: a}, {link: any}]}"
    monkeypatch.setattr(formula, "WAYS_MAX", 1)

    told_of = told(f"when: {never}, unless: {unless}, then: warn")
    unknown = told(f"when: {{words: zebra}}, unless: {unless}, then: warn")

    assert told_of[0] == ["this can never hold"]
    assert unknown[0] == []
