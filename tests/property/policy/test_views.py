"""Laws of the views: spans in range and in order, no fault on any text, and no disguise gets by."""

from hypothesis import given
from hypothesis import strategies as st

from policy.core.automaton import Automaton, Term
from policy.core.links import links
from policy.core.text.disguises import DISGUISES, LOSSY_DISGUISES
from policy.core.text.fold import fold
from policy.core.text.letters import Splits
from policy.core.text.look import Look
from policy.core.text.loose import Loose
from policy.core.text.spoken import Spoken
from policy.core.text.view import Edit, Rewritten, ordered
from policy.core.text.views import KINDS, Views

TERMS = ["jackpot", "free coins", "赌博", "加微信", "裸聊", "казино", "135", "加v信", "ass", "🆓"]
AUTOMATON = Automaton([Term(term, "words", "loose") for term in TERMS])
SPLITS = Splits("赌博加微信裸聊")
PIECES = [
    *"jackpotfre coins135vV0$@!1|*_~`\\<>&;[]()./-。，\n\t ", *"赌博微信➕❤🆓🇫🇷оякк千乇幺三督",
    "\u202e", "\u202c", "\u3164", "\u0301", "贝者", "<b>", "&#101;", "](", "one two ", "du bo",
]  # fmt: skip
hostile = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=60).map("".join)
hidden = [name for name in DISGUISES if name not in LOSSY_DISGUISES]


@given(hostile)
def test_every_view_leads_back_into_the_text_in_order(text):
    look = Look(text)
    views = Views(look, SPLITS, marked=True, apart=True, wide=True)

    for view in (views.plain, Loose(views.plain), Spoken(views.plain)):
        for at in range(len(view.text)):
            start, end = view.span(at, at + 1)
            assert 0 <= start < end <= len(look.original)
            assert set(view.kinds(at, at + 1)) <= set(KINDS)


@given(hostile)
def test_a_hit_lies_within_the_text_and_has_a_view(text):
    look = Look(text)

    for number, found in AUTOMATON.scan(look).items():
        start, end = found.view.span(*AUTOMATON.place(number, found))
        assert 0 <= start < end <= len(look.original)
        assert AUTOMATON.kind(number, found) in KINDS


@given(st.sampled_from(["jackpot", "赌博", "加微信", "free coins"]), st.sampled_from(hidden))
def test_no_disguise_of_a_family_gets_by(term, name):
    automaton = Automaton([Term(term, "words")])

    assert 0 in automaton.scan(Look(DISGUISES[name](term))), name


@given(hostile)
def test_a_disguise_is_a_function_of_the_text(text):
    for disguise in DISGUISES.values():
        assert disguise(text) == disguise(text)


@given(hostile, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6), st.sampled_from(PIECES))))
def test_a_view_is_its_source_with_the_edits_made(text, places):
    look = Look(text)
    size = len(look.text)
    edits = ordered(
        Edit(min(at, size), min(at + more, size), new, "markup") for at, more, new in places
    )
    view = Rewritten(look, [edit for edit in edits if edit.end > edit.start])

    made = look.text
    for edit in reversed(view.edits):
        made = made[: edit.start] + edit.text + made[edit.end :]
    assert view.text == made


@given(
    st.sampled_from([*PIECES, "a.", "a ", "赌 ", "&a", "<a", "[a](", "1一", "aо"]),
    st.integers(200, 400),
)
def test_views_grow_no_faster_than_the_text(piece, times):
    once = Views(Look(piece * times), SPLITS, marked=True, apart=True, wide=True)
    twice = Views(Look(piece * times * 2), SPLITS, marked=True, apart=True, wide=True)

    assert len(twice.plain.text) <= 2 * len(once.plain.text) + 8
    assert len(Loose(twice.plain).edits) <= 2 * len(Loose(once.plain).edits) + 8


@given(hostile)
def test_a_term_matches_its_own_text(text):
    if not fold(text).strip("* \t\n\r"):
        return
    automaton = Automaton([Term(text, "words"), Term(text, "words", "strict")])

    assert set(automaton.scan(Look(text.strip().strip("*")))) == {0, 1}


@given(
    st.lists(
        st.sampled_from([*"abc.:/[](){} ", "://", "dot", "hxxp", "h**p", "example.org", "t.me/x"]),
        max_size=8,
    ).map("".join)
)
def test_where_the_automaton_saw_no_link_there_is_none(text):
    look = Look(text)
    AUTOMATON.scan(look)

    assert links(look) == links(Look(text))
