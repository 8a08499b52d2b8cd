"""Patterns that would look for one character again and again."""

import pytest

from policy.core.conditions.terms import pattern_fault


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
