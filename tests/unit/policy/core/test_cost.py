"""What rules cost at most is known before they run, and what costs too much is refused."""

import pytest

from policy.core.cost import BUDGET_US, TEXT_US, cost_of
from policy.core.rulebook import InvalidRulebook, parse, stored

HEAD = "name: n\nlanguage: en\n"


def book(*whens, **keys):
    rules = "".join(
        f"  - {{id: r{number}, why: b, when: {when}, then: notice}}\n"
        for number, when in enumerate(whens)
    )
    return HEAD + "".join(f"{key}: {value}\n" for key, value in keys.items()) + "rules:\n" + rules


def cost(*whens):
    return cost_of(parse(book(*whens, budget_us=100_000)))


def test_what_needs_a_word_costs_nothing_where_it_is_not_said():
    found = cost("{words: apple}", "{all: [{words: pear}, {flood: {messages: 3, within: 9s}}]}")

    assert found.always_us == pytest.approx(1.1)  # what the flood counts is counted and read
    assert found.one_us == pytest.approx(1.1)
    assert [one.rule for one in found.rules] == ["r1", "r0"]
    assert not any(one.always for one in found.rules)


def test_rules_of_one_word_are_all_asked_where_it_is_said():
    same = cost(*["{all: [{words: a}, {flood: {messages: 3, within: 9s}}]}"] * 50)

    assert same.one_us == pytest.approx(50 * 1.1)


def test_a_field_is_read_once_however_many_ask():
    one, ten = (cost(*["{min_length: 3}"] * count) for count in (1, 10))

    assert ten.always_us - one.always_us == pytest.approx(9 * 0.2)


def test_whether_a_text_was_said_before_is_found_out_once_and_what_is_counted_costs_too():
    by_text = "{count: {of: messages, by: text, within: 1h, more_than: 3%s}}"

    one, two = (
        cost(by_text % ""),
        cost(by_text % "", "{distinct: {of: texts, within: 1h, more_than: 3}}"),
    )
    with_where = cost(by_text % ", where: {capitals: 50}")

    assert one.always_us > TEXT_US
    assert two.always_us < 2 * TEXT_US
    assert with_where.always_us > one.always_us


def test_unless_costs_too_and_what_is_inside_other_conditions():
    found = cost("{any: [{max_length: 9}, {not: {power: 5}}], expr: 'caps > 0.5 && lines + 1 > 2'}")

    assert found.rules[0].always
    assert found.always_us > 2
    rule = "{id: a, why: b, when: {words: c}, unless: {role: d}, then: notice}"
    with_unless = cost_of(parse(f"{HEAD}rules: [{rule}]"))
    assert with_unless.rules[0].us == pytest.approx(0.2)


def test_a_book_over_its_budget_is_refused_with_its_dearest_rules():
    floods = [f"{{flood: {{messages: {number}, within: 9s}}}}" for number in range(1, 51)]

    with pytest.raises(InvalidRulebook) as refused:
        parse(book("{max_length: 5}", *floods))

    (fault,) = refused.value.faults
    assert (fault.line, fault.path) == (5, "budget_us")
    assert fault.reason == "a message may cost 51.3 µs, and the budget is 50 µs"
    assert "r1 (1.0 µs), r10 (1.0 µs), r11 (1.0 µs)" in fault.suggestion
    assert parse(book(*floods, budget_us=60)).budget_us == 60
    assert BUDGET_US == 50
    assert len(stored(book(*floods)).rules) == len(floods)


def test_what_an_expression_reads_is_counted_wherever_it_stands():
    written = (
        "size(text + folded) > 3 && (is_reply ? double(words) : caps) > 2.0 && text.matches('^x')"
    )

    assert cost(f'{{expr: "{written}"}}').always_us > 3
