"""Values with a name: what `${name}` becomes."""

import pytest

from policy.core import parameters
from policy.core.rulebook import InvalidRulebook, parse, read
from tests.unit.policy.core.room import Room

HEAD = "name: n\nlanguage: en\n"


def book(declared, rule):
    return f"{HEAD}parameters: {declared}\nrules: [{{id: r, why: w, {rule}}}]\n"


def reasons(text):
    with pytest.raises(InvalidRulebook) as refused:
        parse(text)
    return [fault.reason for fault in refused.value.faults]


def test_a_value_alone_is_the_value_itself():
    room = Room(book("{most: 5, do: warn}", 'when: {max_length: "${most}"}, then: ["${do}"]'))

    assert room.says("12345") is None
    assert room.says("123456").outcome.name == "WARN"


def test_a_list_is_put_into_a_list_and_stands_for_one():
    rule = 'when: {any: [{words: [fig, "${fruit}"]}, {role: "${fruit}"}]}, then: notice'
    room = Room(book("{fruit: [apple, pear]}", rule))

    assert room.says("a fig")
    assert room.says("a pear")
    assert room.says("x", roles=["apple"])
    assert room.says("a plum") is None


def test_inside_a_text_it_stands_as_written():
    declared = "{pause: 10m, who: ann}"
    text = f"{HEAD}parameters: {declared}\nrules:\n  - id: r\n    when: {{words: [a]}}\n"
    text += "    why: ${who} waits ${pause}, $${pause}, ${ } and $\n    then: notice\n"

    assert parse(text).rules[0].why.en == "ann waits 10m, ${pause}, ${ } and $"


def test_what_is_declared_and_not_used_is_known():
    text = book("{most: 5, least: 2}", 'when: {max_length: "${most}"}, then: notice')

    assert {name for kind, name in read(text).used if kind == "parameter"} == {"most"}


def test_what_is_bounded_says_so(monkeypatch):
    monkeypatch.setattr(parameters, "PARAMETERS_MAX", 1)
    monkeypatch.setattr(parameters, "MEMBERS_MAX", 2)
    monkeypatch.setattr(parameters, "SPLICED_MAX", 3)
    words = 'when: {words: ["${a}", "${a}"]}, then: notice'

    assert reasons(book("{a: [x, y, z]}", words)) == ["more than 2 members"]
    assert reasons(book("{a: [x, y]}", words)) == ["lists by parameter come to more than 3"]
    assert reasons(book("{a: b, c: d}", words))[0] == "more than 1 parameters"
    assert reasons(book("[]", words))[0].startswith("a mapping of names to values belongs here")


def test_a_text_does_not_grow_without_end():
    long = "${a}" * 100
    rule = f'when: {{words: [x]}}, then: {{reply: "{long}"}}'

    assert reasons(book(f"{{a: {'x' * 100}}}", rule)) == [
        "this text is longer than 2000 characters"
    ]


def test_where_there_is_nothing_to_suggest_the_characters_themselves_are():
    with pytest.raises(InvalidRulebook) as refused:
        parse(f'{HEAD}rules: [{{id: r, why: "${{a}} b", when: {{words: [x]}}, then: notice}}]')

    (fault,) = refused.value.faults
    assert fault.suggestion == "write $${a} for the characters themselves"
