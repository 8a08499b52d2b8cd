"""What comes again and again: in a pattern, and in what is counted once each."""

import pytest

from contracts.values import Place
from policy.core.conditions.terms import pattern_fault
from tests.unit.policy.core.room import Room


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        (r"(.)\1{9,}", "write max_run: 10 instead"),
        (r"(\w)\1+", "write max_run: 2 instead"),
        (r"(\S)\1{4}", "write max_run: 5 instead"),
        (r"(ab)\1", "write the repeat out"),
    ],
)
def test_a_back_reference_is_refused_with_what_to_write_instead(pattern, hint):
    assert pattern_fault(pattern)[1] == hint


@pytest.mark.parametrize(
    ("of", "same", "other"),
    [
        ("channels", {"place": Place(channel="a")}, {"place": Place(channel="b")}),
        ("mentions", {"mentions": ("@x:y",)}, {"mentions": ("@x:y", "@z:y")}),
        ("texts", {"text": "one and the same"}, {"text": "something else"}),
    ],
)
def test_of_what_is_counted_once_each_only_another_counts(of, same, other):
    counts = f"{{distinct: {{of: {of}, by: member, within: 1h, at_least: 2}}}}"
    room = Room(f"name: n\nlanguage: en\nrules: [{{id: a, why: b, when: {counts}, then: notice}}]")

    told = [
        room.says(**{"text": "hello", **said}, at_ms=at_ms)
        for at_ms, said in enumerate((same, same, other))
    ]

    assert [one is not None for one in told] == [False, False, True]
