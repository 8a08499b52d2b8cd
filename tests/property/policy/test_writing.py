"""How something is written is seen the quick way as it would be character by character."""

import unicodedata
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from policy.core.alike import substance_of
from policy.core.conditions.writing import MAY_BE_MARKS, longest_run, runs_to, stacked_marks
from policy.core.fields import cases
from policy.core.text.substance import substance

texts = st.text(st.sampled_from("aabBÀé好好嗎？ \n\0\u0301\u20dd\ufe0fǅª𝐀🙂") | st.characters())


def is_mark(character):
    return unicodedata.category(character) in ("Mn", "Me")


def test_of_every_character_it_is_known_whether_it_is_a_mark_a_capital_or_says_something():
    for character in map(chr, (*range(0x20000), *range(0xE0000, 0xE0200))):
        upper, lower = character.isupper(), character.islower()
        assert cases(character) == (upper, upper + lower)
        assert MAY_BE_MARKS.match(character) or not is_mark(character)
        assert bool(substance_of(f"é{character}"[1:])) == character.isalnum()
        assert substance(character) == character.isalnum() or "\u1160" <= character <= "\u11ff"


@given(texts, st.integers(2, 5))
def test_runs_are_found_as_one_by_one(text, length):
    runs = [len(list(run)) for character, run in groupby(text) if not character.isspace()]

    assert runs_to(text, length) == (max(runs, default=0) >= length)
    assert longest_run(text) == max(runs, default=0)


@given(texts)
def test_marks_and_capitals_are_counted_as_one_by_one(text):
    marks = [len(list(run)) for mark, run in groupby(text, is_mark) if mark]
    upper, lower = sum(map(str.isupper, text)), sum(map(str.islower, text))

    assert stacked_marks(text) == max(marks, default=0)
    assert cases(text) == (upper, upper + lower)
    assert substance_of(text) == "".join(filter(str.isalnum, text)).encode("utf-8", "surrogatepass")
