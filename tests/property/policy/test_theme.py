"""Laws of the score: bounded, the same for the same text, and never worse for a listed word."""

from hypothesis import given
from hypothesis import strategies as st

from policy.core.text.fold import fold
from policy.core.theme import Scorer, Theme

THEME = Theme(
    ("film", "导演"), ("film.example",), ("the last shot mirrors the first", "长镜头很美")
)
SCORER = Scorer(THEME)
texts = st.text(st.sampled_from("film the shot abc 导演长镜头今天吃饭，。!123\n"), max_size=200)


@given(texts)
def test_a_score_is_between_0_and_100_and_the_same_for_a_scorer_made_anew(text):
    score = SCORER.score(fold(text))

    assert score is None or 0 <= score <= 100
    assert Scorer(THEME).score(fold(text)) == score


@given(st.lists(st.sampled_from(["abc", "today", "今天", "吃饭"]), min_size=4, max_size=40))
def test_a_listed_word_never_lowers_the_score_of_talk_about_other_things(words):
    before = SCORER.score(fold(" ".join(words))) or 0

    assert (SCORER.score(fold(" ".join([*words, "film"]))) or 0) >= before


@given(texts)
def test_a_link_of_the_theme_is_on_the_theme(text):
    assert SCORER.score(fold(text), ["www.film.example"]) == 100
    assert SCORER.score(fold(text), ["notfilm.example"]) == SCORER.score(fold(text))
