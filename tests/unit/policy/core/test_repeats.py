"""One character again and again, and the patterns that would have looked for it."""

import pytest

from policy.core.conditions.terms import pattern_fault
from tests.unit.policy.core.room import Room

BOOK = """
name: n
language: en
rules: [{id: r, why: w, when: {max_run: 3}, then: notice}]
"""


@pytest.mark.parametrize("text", ["aaaa", "so gooood", "哈哈哈哈", "AaAa!", "????"])
def test_more_in_a_row_than_may_be_is_met(text):
    decision = Room(BOOK).says(text)

    assert [hit.rule for hit in decision.hits] == ["r"]


@pytest.mark.parametrize("text", ["aaa", "哈 哈 哈 哈", "a      b", "", "abcabcabc"])
def test_so_many_are_fine(text):
    assert Room(BOOK).says(text) is None


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        (r"(.)\1{9,}", "write max_run: 9 instead"),
        (r"(\w)\1+", "write max_run: 1 instead"),
        (r"(\S)\1{4}", "write max_run: 4 instead"),
        (r"(ab)\1", "write the repeat out"),
    ],
)
def test_a_back_reference_is_refused_with_what_to_write_instead(pattern, hint):
    assert pattern_fault(pattern)[1] == hint
