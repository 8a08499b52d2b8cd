"""However many databases find terms, they find the same; a changed word changes few of them."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.core.automata import Automata
from policy.core.automaton import Automaton
from policy.core.databases import compiled, dumped, loaded
from policy.core.layout import lay_out
from policy.core.steps import at_once
from policy.core.text.look import Look
from policy.core.text.terms import Term

WORDS = (
    "free", "free money", "freemoney", "mo ney", "casino", "*less risk", "up to 0*", "join us",
    "加微信", "微信", "加 微信号", "包赚", "88 win", "t.me", "a b test*",
)  # fmt: skip
TERMS = [
    *(Term(word, "words", reach) for word in WORDS for reach in ("strict", "normal", "loose")),
    Term(r"cheap\s+pills", "patterns"),
    Term(r"加.{0,3}群", "patterns"),
    Term("casino", "words", views=("pinyin",)),
]
small = partial(lay_out, folded_max=4, loose_max=2)
ONE, MANY = at_once(lay_out(TERMS)), at_once(small(TERMS))
IN_ONE, IN_MANY = Automaton(TERMS, ONE), Automaton(TERMS, MANY)
SIGNS = {"e": "3", "o": "0", "i": "1", "s": "$", "a": "@", "信": "亻言", "微": "薇", "群": "裙"}


@st.composite
def talk(draw):
    """Words of the terms, as they are, with gaps or with signs, glued to others or not."""
    words = [*WORDS, "cheap  pills", "加个群", "hello", "你好", "1", "x"]
    text = ""
    for word in draw(st.lists(st.sampled_from(words), min_size=1, max_size=5)):
        written = word.replace("*", "")
        match draw(st.integers(0, 3)):
            case 0:
                written = ".".join(written)
            case 1:
                written = "".join(SIGNS.get(letter, letter) for letter in written)
        text += draw(st.sampled_from(("", " ", "，", "  "))) + written
    return text


def met(automaton, text):
    hits = automaton.scan(Look(text))
    return {
        number: (found.view.text, *automaton.place(number, found), found.kind)
        for number, found in hits.items()
    }


@given(talk())
def test_many_databases_find_what_one_finds_at_the_same_places(text):
    assert met(IN_MANY, text) == met(IN_ONE, text)


def test_terms_are_dealt_out_to_databases_that_each_find_some():
    parts = MANY.parts()

    assert len(parts.folded) > 4
    assert len(parts.loose) > 4
    assert sum(map(len, MANY.literals)) == len(ONE.literals[0])


@pytest.mark.parametrize("place", [0, 500, 1_000])
def test_of_a_thousand_words_and_one_more_only_what_finds_that_one_is_made(place):
    words = [f"word{number}" for number in range(1_000)]
    patterns = [Term(r"cheap\s+pills", "patterns")]
    before = dumped(at_once(small([Term(word, "words") for word in words] + patterns)))
    words.insert(place, "another")

    after = dumped(at_once(small([Term(w, "words") for w in words] + patterns)), before.made)

    assert len(before.made) > 300
    assert len(after.made) == 2  # that of the folded text and that of the loose view


def test_a_word_taken_away_leaves_the_others_what_finds_them():
    words = [Term(f"word{number}", "words") for number in range(1_000)]
    before = dumped(at_once(small(words)))

    after = dumped(at_once(small(words[:-1])), before.made)

    assert len(after.made) <= 2


def test_equal_parts_are_found_by_one_database_in_memory():
    automata = Automata()
    terms = [Term(f"word{number}", "words") for number in range(20_000)]
    first = at_once(automata.of(terms))
    dump = dumped(at_once(lay_out([*terms, Term("another", "words")])), first.databases)
    second = at_once(automata.of([*terms, Term("another", "words")], dump))

    new = second.databases.keys() - first.databases.keys()
    same = second.databases.keys() & first.databases.keys()

    assert new == dump.made.keys()
    assert len(new) == 2
    assert all(second.databases[one] is first.databases[one] for one in same)
    assert second.automaton.scan(Look("a word19999 and another")).keys() >= {19_999, 20_000}


def test_what_is_not_had_any_more_is_not_loaded():
    layout = at_once(small(TERMS))
    known = compiled(layout).known

    dump = dumped(layout, known)

    assert dump.made == {}
    assert at_once(loaded(dump, known)) is not None
    assert at_once(loaded(dump, {})) is None
