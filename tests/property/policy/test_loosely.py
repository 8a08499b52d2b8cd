"""What a word by itself tells of a term written with signs is never less than the text tells."""

from hypothesis import given
from hypothesis import strategies as st

from policy.core.databases import compiled
from policy.core.layout import lay_out
from policy.core.loosely import Loosely
from policy.core.steps import at_once
from policy.core.text.look import Look
from policy.core.text.loose import SIGNS
from policy.core.text.terms import Term

WORDS = (
    "free",
    "money",
    "free money",
    "a b test*",
    "*less risk",
    "up to 0*",
    "join us now",
    "88 win",
)
LAID = at_once(lay_out([Term(word, "words") for word in WORDS]))
LOOSELY = Loosely(LAID.loose, zip(compiled(LAID).loose, LAID.loose_forms, strict=True))
STANDS_FOR = {
    letter: [sign for sign, meant in SIGNS.items() if sign.isascii() and letter in meant]
    + [letter * 3]
    for letter in "abcdefghijklmnopqrstuvwxyz"
}


@st.composite
def disguised(draw):
    """Words with signs for some letters, glued to or beside one another and other words."""
    parts = draw(
        st.lists(st.sampled_from((*WORDS, "hello", "i", "3", "x")), min_size=1, max_size=4)
    )
    text = ""
    for part in parts:
        text += draw(st.sampled_from(("", " ", "!", "  ", "x"))) + part.replace("*", "")
    return "".join(
        draw(st.sampled_from([letter, letter, *STANDS_FOR.get(letter, [letter])]))
        for letter in text
    )


@given(disguised())
def test_where_a_term_is_met_one_of_its_words_may_hide_it(text):
    look, hits = Look(text), {}

    LOOSELY.scan(look, None, look, hits)

    assert not hits or any(LOOSELY.hides(word) for word in text.split(" "))


def hides(*words):
    return [word for word in words if LOOSELY.hides(word)]


def test_a_word_that_reads_as_it_is_written_hides_nothing():
    assert hides("free", "money", "hello", "fr,ee", "up", "now.") == []


def test_a_sign_that_makes_no_part_of_a_term_hides_nothing():
    assert hides("mp3", "problem!", "x86_64", "win10", "thanks!") == []


def test_a_word_hides_a_term_or_the_part_of_one_with_which_it_could_go_on():
    words = ("fr33", "fr3e", "m0ney", "(j0in", "n0w!", "u5", "freeee", "ri5k")

    assert hides(*words) == list(words)


def test_a_part_glued_to_a_letter_hides_nothing_unless_the_term_may_go_on_there():
    assert hides("xj0in", "n0wx") == []
    assert hides("te5ting") == ["te5ting"]


def test_where_no_word_is_looked_for_none_hides():
    assert not Loosely({}, ()).hides("fr33")


def test_a_word_that_cannot_be_told_by_itself_may_hide_one():
    assert LOOSELY.hides("hello\0")
