"""What is written bit by bit, and hosts and marks that come to nothing."""

import pytest

from policy.core.automata import Automata
from policy.core.automaton import ASKED_MAX, Automaton, Term
from policy.core.compile import compile_rulebook
from policy.core.conditions.links import BRANDS_MAX
from policy.core.imitation import Brands
from policy.core.links import links
from policy.core.pieces import PIECES_MAX, Pieces, Spelled
from policy.core.rulebook import InvalidRulebook, parse
from policy.core.said import spell, then
from policy.core.steps import at_once
from policy.core.text.covered import IN_HAN, SIGNS, WEAK
from policy.core.text.look import Look
from policy.core.text.loose import REMEMBERED
from policy.core.text.marks import marks

BOOK = """
name: pieces
language: en
rules:
  - {{id: one, why: w, when: {}, then: warn}}
"""


def test_no_more_pieces_are_kept_than_a_word_may_have():
    pieces = Pieces()

    for number in range(PIECES_MAX + 3):
        pieces = then(pieces, "a", number + 1, f"event {number}", ("a",))

    assert len(pieces) == PIECES_MAX
    assert pieces.events(PIECES_MAX)[0] == "event 3"


def test_of_who_says_whole_words_nothing_is_kept():
    spelled = Spelled()

    for text in ("good morning", "yes", "f", "!", "ok", "x" * 60):
        pieces = spell(spelled, "ann", text, 1, "event", ("fuck",))
        assert bool(pieces) == (text == "f")

    assert not len(spelled.members)


def test_a_word_may_be_asked_for_with_or_without_a_time():
    for written in ("{spelled_out: {any: [badword]}}", "{spelled_out: badword}"):
        assert parse(BOOK.format(written)).rules


def test_a_word_too_short_to_be_spelled_out_is_not_looked_for():
    book = compile_rulebook(parse(BOOK.format("{spelled_out: [ab, badword]}")))

    assert book.counted.spelled == ("badword",)


def test_a_word_to_be_spelled_out_has_to_be_named():
    with pytest.raises(InvalidRulebook, match='"any" is missing'):
        parse(BOOK.format("{spelled_out: {within: 5m}}"))


def test_no_more_brands_are_compared_than_cost_little():
    brands = ", ".join(f"brand{number}.example" for number in range(BRANDS_MAX + 1))

    with pytest.raises(InvalidRulebook, match="domains to be imitated"):
        parse(BOOK.format(f"{{imitates: [{brands}]}}"))


def test_a_label_that_is_no_punycode_pretends_nothing():
    assert not Brands(("discord.com",)).imitated("xn--99999999999.com")


def test_a_scheme_written_for_readers_before_no_host_is_no_link():
    assert links(Look("see hxxp://localhost now")) == ()


def test_an_override_round_nothing_that_is_seen_turns_nothing():
    assert marks(Look("a\u202e\u200b\u200b\u202cb")) == []


def test_equal_terms_share_what_finds_them():
    automata = Automata()
    first = at_once(automata.of([Term("badword", "words")]))

    assert at_once(automata.of([Term("badword", "words")])) is first


def test_what_is_told_of_a_word_is_the_same_after_so_many_others():
    automaton = Automaton([Term("free money", "words")])
    text = "fr33 m0ney"
    before = [found.kind for found in automaton.scan(Look(text)).values()]

    for start in range(0, 2 * REMEMBERED, ASKED_MAX):
        words = " ".join(f"a1b{number}" for number in range(start, start + ASKED_MAX))
        assert automaton.scan(Look(words)) == {}

    assert [found.kind for found in automaton.scan(Look(text)).values()] == before != []


@pytest.mark.parametrize("sign", [*SIGNS, *WEAK, *IN_HAN])
def test_every_sign_that_covers_a_character_is_looked_for(sign):
    automaton = Automaton([Term("fortune", "words"), Term("草泥马", "words")])
    latin = [] if sign in IN_HAN else [("a fort%sne here", "covered")]
    han = [] if sign in WEAK else [("一只草%s马", "covered")]

    for text, kind in (*latin, *han):
        found = automaton.scan(Look(text % sign))
        assert [one.kind for one in found.values()] == [kind], text % sign
