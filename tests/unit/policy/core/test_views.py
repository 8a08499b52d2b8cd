import pytest

from policy.core.automaton import Automaton, Term
from policy.core.conditions.invitations import PATTERNS
from policy.core.conditions.terms import pattern_fault
from policy.core.rulebook import InvalidRulebook, parse
from policy.core.text.disguises import DISGUISES
from policy.core.text.letters import mixed_words
from policy.core.text.look import Look
from policy.core.text.loose import disguise
from policy.core.text.view import Edit, Rewritten, View


def met(term, text, reach="normal"):
    automaton = Automaton([Term(term, "words", reach)])
    found = automaton.scan(Look(text))
    return automaton.kind(0, found[0]) if found else ""


@pytest.mark.parametrize(
    ("term", "text", "kind"),
    [
        ("free", "千尺乇乇", "look-alike"),
        ("казино", "кaзинo", "look-alike"),
        ("1358", "call one three five eight", "joined"),
        ("free", "fr<!-- x -->ee", "markup"),
        ("free gold", "fr**e**e go**ld**", "markup"),
        ("free gold", "free **gold**", "markup"),
        ("free gold", "***free*** ~~gold~~", "markup"),
        ("free gold", "`free` ||gold||", "markup"),
        ("free gold", "**~~free~~** gold", "markup"),
        ("free gold", "_free_ __gold__", "markup"),
        ("free gold", "a snake_free_ gold", ""),
        ("free gold", "_free_x gold", ""),
        ("free gold", "**free gold", "original"),
        ("free gold", "free **gold", ""),
        ("free gold", "free ** gold **", ""),
        ("free gold", "free **gold\n**", ""),
        ("免费领取", "免费**领取**", "markup"),
        ("free", "fr<p>ee", ""),
        ("free", "fr&nosuch;ee", ""),
        ("free", "a <:free:123> b", "original"),
        ("free coins", "free <:x:123>coins", "markup"),
        ("idiot", "idiot🅰", "original"),
        ("idiot", "idiotⓢ", "original"),
        ("idiot", "idiots", ""),
        ("as", "a$", ""),
        ("will", "w1ll", "leet"),
        ("will", "wil", ""),
        ("hello", "helo", ""),
        ("赌博", "dubo", ""),
        ("免费领取", "免费 领取", "joined"),
        ("免费领取", "不是免费，领取", ""),
        ("free", "x f r e e", "joined"),
        ("xsosox", "сосо xо", ""),
        ("coco", "сосо", "look-alike"),
        ("coco", "сосо и борщ", ""),
        ("idiot", "idiоts", ""),
        ("modern", "the rnodern", "look-alike"),
        ("modern", "the rnodem", ""),
        ("modern art", "a modern chair", ""),
        ("modern", "modern", "original"),
        ("exaexa", "乇乂卂乇乂卂", "look-alike"),
        ("exaexa", "乇乂卂ᐁ乇乂卂", ""),
        ("免费领取", "是免费 ，领领领取了", ""),
        ("免费领取", "是免费领领领取了", "repeats"),
        ("免费领取", "他说免 费领取了", "joined"),
    ],
)
def test_a_term_is_met_in_the_view_that_shows_it(term, text, kind):
    assert met(term, text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("du bo", "pinyin"),
        ("du博", "pinyin"),
        ("督博", "homophone"),
        ("dubos", ""),
        ("adubo", ""),
        ("我d督博", "homophone"),
        ("赌,博", "joined"),
    ],
)
def test_who_asks_for_loose_views_hears_sounds(text, kind):
    assert met("赌博", text, "loose") == kind


@pytest.mark.parametrize(
    ("term", "text", "kind"),
    [
        ("反感", "饭甘", "homophone"),
        ("反感", "方案", ""),
        ("暗安", "岸案", "homophone"),
        ("暗安", "先安", ""),
    ],
)
def test_a_sound_is_met_in_whole_syllables(term, text, kind):
    assert met(term, text, "loose") == kind


@pytest.mark.parametrize(
    ("seen", "meant", "kind"),
    [
        ("w1ll", "will", "leet"),
        ("b4t", "bot", ""),
        ("freeee", "free", "repeats"),
        ("frree", "free", ""),
        ("fre", "free", ""),
        ("赌赌博场", "赌博场", "repeats"),
    ],
)
def test_each_sign_stands_for_a_letter_of_the_term_and_two_are_no_stretch(seen, meant, kind):
    assert disguise(seen, meant) == kind


def test_a_strict_pattern_is_looked_for_in_the_text_as_it_stands():
    spaced = Look("a j a c k p o t")

    assert Automaton([Term("jackp[aeo]t", "patterns")]).scan(spaced).keys() == {0}
    assert Automaton([Term("jackp[aeo]t", "patterns", "strict")]).scan(spaced) == {}


def test_what_was_taken_out_is_known_behind_what_was_put_there():
    look = Look("a-bc")
    view = Rewritten(look, [Edit(1, 2, "", "joined"), Edit(2, 3, "x", "look-alike")])

    assert view.text == "axc"
    assert [view.taken_out(at) for at in range(3)] == [False, True, False]


def test_a_bare_view_leads_nowhere():
    with pytest.raises(NotImplementedError):
        View("a").span(0, 1)
    with pytest.raises(NotImplementedError):
        View("a").kinds(0, 1)


def test_words_of_two_alphabets_are_counted():
    assert mixed_words("зapaбoткa купил iphoneом usb-кабель") == 1
    assert mixed_words("plain") == 0


def test_a_disguise_leaves_alone_what_it_cannot_hide():
    assert DISGUISES["leetspeak"]("赌博") == "赌博"
    assert DISGUISES["emoji"]("hello") == "hello"
    assert DISGUISES["right to left"]("a\n\nb") == "\u202ea\u202c\n\n\u202eb\u202c"


def test_patterns_of_invitations_are_linear_and_have_places():
    assert [pattern for pattern in PATTERNS if pattern_fault(pattern)] == []


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("{words: {in: names}}", '"any" is missing'),
        ("{words: {any: a, in: nowhere}}", 'no such surface: "nowhere"'),
        ("{words: {any: a, views: [leat]}}", 'no such view: "leat"'),
        ("{words: {any: a, disguises: some}}", 'no such reach: "some"'),
        ("{media: {}}", "a mapping with one of"),
        ("{media: {names: " + "a" * 101 + "}}", "longer than 100 characters"),
        ("{media: {alone: maybe}}", 'no such truth: "maybe"'),
        ("{invites: {}}", '"except" is missing'),
        ("{mixed_script: none}", "is not a whole number"),
    ],
)
def test_what_is_wrong_with_an_option_is_told(when, reason):
    with pytest.raises(InvalidRulebook) as refused:
        parse(f"name: a\nlanguage: en\nrules: [{{id: a, why: b, when: {when}, then: warn}}]")

    assert reason in str(refused.value)


def test_a_word_with_a_line_break_is_read_like_any_other_beside_it():
    automaton = Automaton([Term("free\nnitro", "words"), Term("casino", "words")])

    assert automaton.scan(Look("c4s1no free\nnitro")).keys() == {0, 1}
