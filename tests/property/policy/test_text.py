"""Laws of the one look at a text: the map back is total, and a rule always meets its own text."""

from hypothesis import assume, given
from hypothesis import strategies as st

from policy.core.automaton import Automaton, Term
from policy.core.links import canonical_host, links, parents
from policy.core.text.fold import EXAMINED_MAX, _fold_of, fold, origins
from policy.core.text.look import Look
from policy.core.text.substance import substance

hostile = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("aA1 .-/:@\u200b\u202e\u0301\u3164\u3002ﬁßİ白ＡⅧ가\ud83d\ufe0f\U000e0061"),
    ),
    max_size=80,
)


@given(hostile)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(hostile, hostile)
def test_folding_goes_character_by_character(left, right):
    assert fold(left + right) == fold(left) + fold(right)


@given(hostile)
def test_every_folded_character_has_one_origin_in_order(text):
    back = origins(text)

    assert len(back) == len(fold(text))
    assert back == sorted(back)
    assert all(fold(text[index]) for index in back)


@given(hostile, st.data())
def test_a_span_lies_within_and_refolds_to_what_was_found(text, data):
    look = Look(text)
    assume(look.folded)
    start = data.draw(st.integers(0, len(look.folded) - 1))
    end = data.draw(st.integers(start + 1, len(look.folded)))

    first, last = look.span(start, end)

    assert 0 <= first < last <= len(text)
    assert look.folded[start:end] in fold(text[first:last])


@given(st.lists(hostile, min_size=1, max_size=8), hostile, hostile)
def test_a_published_word_matches_its_own_text_wherever_it_stands_alone(words, before, after):
    words = [word for word in words if fold(word).strip("* \t\n\r")]
    assume(words)
    automaton = Automaton([Term(word, "words") for word in words])

    for index, word in enumerate(words):
        look = Look(f"{before} {word.strip().strip('*')} {after}")
        found = automaton.scan(look)

        assert index in found
        start, end = automaton.place(index, found[index])
        first, last = look.span(start, end)
        assert look.folded[start:end] == fold(word).strip().strip("* ")
        assert look.folded[start:end] in fold(look.original[first:last])


@given(hostile)
def test_links_lie_within_the_text_and_have_hosts(text):
    look = Look(f"see https://{text} or {text}.example.org/x")

    for link in links(look, formatted=f'<a href="{text}">x</a>'):
        assert 0 <= link.start <= link.end <= len(look.original)
        assert link.host
        assert canonical_host(link.host) == link.host
        assert parents(link.host)[-1] == link.host.rpartition(".")[2]


@given(hostile)
def test_substance_counts_no_more_than_there_is(text):
    assert 0 <= substance(text) <= len(text)


def test_more_than_can_be_examined_is_cut_and_its_length_kept():
    look = Look("é" * (EXAMINED_MAX + 5))

    assert look.length == EXAMINED_MAX + 5
    assert len(look.original) == EXAMINED_MAX


def test_hangul_vowels_belong_to_their_syllable():
    assert substance("한국") == 2
    assert substance(fold("한국")) == 2


def test_what_is_taken_at_a_glance_folds_to_itself():
    every = "".join(map(chr, range(0xD800))) + "".join(map(chr, range(0xE000, 0x32000)))

    assert fold(every) == "".join(map(_fold_of, map(ord, every)))
