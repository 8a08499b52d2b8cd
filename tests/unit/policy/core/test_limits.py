"""What is bounded says so, and stays bounded."""

import pytest

from policy.core import document, examples, invariants, lists, reading, rulebook, rules
from policy.core.automaton import Automaton, Term
from policy.core.document import FAULTS_MAX
from policy.core.links import LINKS_MAX, canonical_host, links
from policy.core.rulebook import InvalidRulebook, parse
from policy.core.text.look import Look
from tests.unit.policy.core.room import Room

RULE = "{id: a%s, why: b, when: {words: c}, then: notice}"
HEAD = "name: n\nlanguage: en\n"


def reasons(text):
    with pytest.raises(InvalidRulebook) as refused:
        parse(text)
    return [fault.reason for fault in refused.value.faults]


def test_a_rulebook_is_at_most_sixteen_mebibytes():
    assert reasons("#" * 17_000_000) == [
        f"the rulebook has 17000000 bytes; at most {document.BYTES_MAX} are read"
    ]


def test_a_rulebook_has_at_most_so_many_values(monkeypatch):
    monkeypatch.setattr(document, "NODES_MAX", 1_000)
    values = "- a\n" * (document.NODES_MAX + 5)

    assert reasons(values) == ["more than 1000 values"]


def test_lists_and_rules_are_counted(monkeypatch):
    monkeypatch.setattr(rules, "RULES_MAX", 1)
    monkeypatch.setattr(lists, "LISTS_MAX", 1)
    two = ", ".join(RULE % number for number in range(2))
    banks = "lists: {a: {words: [b]}, c: {words: [d]}}\n"

    assert reasons(f"{HEAD}{banks}rules: [{two}]") == ["more than 1 lists", "more than 1 rules"]


@pytest.mark.parametrize(
    ("kind", "written", "reason"),
    [
        ("words", "x" * 201, "this word is longer than 200 characters"),
        ("words", "x" * 2001, "this text is longer than 2000 characters"),
        ("pattern", "x" * 501, "this pattern is longer than 500 characters"),
    ],
)
def test_a_term_is_bounded(kind, written, reason):
    rule = f"{{id: a, why: b, when: {{{kind}: {written}}}, then: notice}}"

    assert reasons(f"{HEAD}rules: [{rule}]") == [reason]


def test_faults_are_told_up_to_a_limit():
    rules = "\n".join("- {}" for _ in range(FAULTS_MAX))

    assert len(reasons(f"{HEAD}rules:\n{rules}")) == FAULTS_MAX


def test_faults_of_marked_places_are_told_up_to_the_same_limit(monkeypatch):
    rule = "{id: a, why: b, when: {flood: {messages: 5, within: 1m}}, then: notice}"
    text = f"{HEAD}tell: everybody\nbudget_us: 1\nrules: [{rule}]"
    assert len(reasons(text)) == 2
    monkeypatch.setattr(reading, "FAULTS_MAX", 1)

    assert len(reasons(text)) == 1


def test_examples_are_bounded(monkeypatch):
    monkeypatch.setattr(examples, "EXAMPLES_MAX", 1)
    monkeypatch.setattr(examples, "MESSAGES_MAX", 1)
    monkeypatch.setattr(examples, "EXAMPLE_TEXT_MAX", 3)

    def told(match):
        rule = f"{{id: a, why: b, when: {{words: c}}, then: notice, examples: {{match: {match}}}}}"
        return reasons(f"{HEAD}rules: [{rule}]")

    assert told("[c, c]") == ["more than 1 examples"]
    assert told("[{messages: [c, c]}]") == ["more than 1 messages"]
    assert told("long") == ["this text is longer than 3 characters"]
    assert told("[{}]") == ["nothing happens here"]


def test_lists_are_bounded(monkeypatch):
    monkeypatch.setattr(lists, "TERMS_MAX", 1)
    monkeypatch.setattr(lists, "PATTERNS_MAX", 1)
    rule = "{id: a, why: b, when: {words: [list:a]}, then: notice}"
    two = "{a: {words: [b, c]}, d: {patterns: [e, f]}}"

    assert reasons(f"{HEAD}lists: {two}\nrules: [{rule}]") == [
        "more than 1 of the words",
        "more than 1 of the patterns",
    ]


def test_a_hundred_thousand_words_are_read():
    words = ", ".join(f"word{number}" for number in range(100_000))
    rule = "{id: a, why: b, when: {words: [list:a]}, then: notice}"

    assert len(parse(f"{HEAD}lists: {{a: {{words: [{words}]}}}}\nrules: [{rule}]").lists[0].members)


def test_faults_of_form_are_told_up_to_a_limit():
    assert len(reasons("[" + "*a, " * (FAULTS_MAX + 50) + "]")) == FAULTS_MAX
    assert len(reasons("\x01" * (FAULTS_MAX + 50))) == FAULTS_MAX


def test_an_empty_duration_is_no_duration():
    rule = "{id: a, why: b, when: {flood: {messages: 5, within: }}, then: notice}"

    assert reasons(f"{HEAD}rules: [{rule}]") == [
        "a duration such as 30s belongs here, and nothing is written"
    ]


def test_owed_things_are_read_one_by_one():
    owes = "{owes_packet: {amount: x, asset: points, shares: 1, within: 9s}}"
    rule = f"{{id: a, why: b, when: {{words: c}}, then: {owes}, otherwise: delete}}"

    assert reasons(f"{HEAD}rules: [{rule}]") == ['"x" is not a whole number']


def test_carriage_returns_and_other_line_ends_are_line_ends():
    with pytest.raises(InvalidRulebook) as refused:
        parse("name: a\r\nlanguage: xx\r\nrules: 5\r\n")

    assert [(fault.line, fault.column) for fault in refused.value.faults] == [(2, 11), (3, 8)]


def test_so_many_links_of_a_text_are_looked_at():
    look = Look(" ".join(f"a{number}.example.org" for number in range(LINKS_MAX + 50)))

    assert len(links(look)) == LINKS_MAX
    assert len(links(look, formatted='<a href="https://b.org">')) == LINKS_MAX


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://EXAMPLE.org.:8080/a?b#c", "example.org"),
        ("http://a@b@example.org\\x", "example.org"),
        ("3232235777", "192.168.1.1"),
        ("0xC0A80101", "192.168.1.1"),
        ("9999999999", "9999999999"),
        ("https://bücher.example", "xn--bcher-kva.example"),
        ("https://BÜCHER。example", "xn--bcher-kva.example"),
        ("https://例え.jp", "xn--r8jz45g.jp"),
        ("https://example.com吧", "example.com"),
        ("https://e\u200bxample.org", "example.org"),
        ("https://[::1]/", ""),
        ("a..b", ""),
        ("", ""),
        (f"{'a' * 300}.org", ""),
        (f"https://{'.'.join(['中华人民共和国万岁世界大团结'] * 12)}.org", ""),
    ],
)
def test_a_host_has_one_form(address, host):
    assert canonical_host(address) == host


def test_where_a_pattern_matched_is_the_first_place_and_the_longest():
    automaton = Automaton([Term("ab+", "patterns")])
    look = Look("x ab abbb")

    found = automaton.scan(look)

    assert automaton.place(0, found[0]) == (2, 4)
    assert automaton.place(0, automaton.scan(Look("abbb ab"))[0]) == (0, 4)


def test_evidence_is_bounded_however_long_a_match_or_a_flood():
    room = Room(
        f"{HEAD}rules: [{{id: a, why: b, when: {{pattern: 'a[b ]+c'}}, then: notice}},"
        " {id: f, why: b, when: {flood: {characters: 1500, within: 1h}}, then: notice}]"
    )

    long = room.says("a" + "b" * 5_000 + "c", who="bob")
    for _ in range(1_501):
        flood = room.says("x")

    assert [len(span.text) for span in long.hits[0].spans] == [500]
    assert (long.hits[0].spans[0].start, long.hits[0].spans[0].end) == (0, 5_002)
    assert len(flood.hits[0].event_ids) == 1_001
    assert flood.hits[0].count == 1_501


def test_ladders_and_invariants_are_counted(monkeypatch):
    monkeypatch.setattr(rulebook, "LADDERS_MAX", 1)
    monkeypatch.setattr(invariants, "INVARIANTS_MAX", 1)
    steps = "{steps: [{at: 1, do: notice}]}"
    never = "{why: w, never: ban, where: {power: 5}}"
    rules = f"rules: [{RULE % 1}]"

    ladders = f"ladders: {{a: {steps}, b: {steps}}}\n"
    assert reasons(f"{HEAD}{ladders}{rules}") == ["more than 1 ladders"]
    assert reasons(f"{HEAD}invariants: [{never}, {never}]\n{rules}") == ["more than 1 invariants"]


@pytest.mark.parametrize(
    ("signals", "reason"),
    [
        ("[a, b]", "a mapping of names to weight and when belongs here"),
        ("{}", "a mapping of names to weight and when belongs here"),
        (
            "{" + ", ".join(f"s{n}: {{weight: 1, when: {{words: w{n}}}}}" for n in range(65)) + "}",
            "more than",
        ),
    ],
)
def test_a_score_has_some_signals_and_not_too_many(signals, reason):
    text = (
        "name: n\nlanguage: en\nrules: [{id: a, why: b, when: {score: {at_least: 2,"
        f" signals: {signals}}}}}, then: notice}}]"
    )

    with pytest.raises(InvalidRulebook) as refused:
        parse(text)

    assert reason in str(refused.value)
