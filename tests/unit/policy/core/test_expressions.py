"""What expressions read of an event, and what they leave open."""

import pytest

from policy.core.expr.syntax import LENGTH_MAX, Refused, tree_of
from policy.core.expr.typed import PARTS_MAX, Typer
from policy.core.fields import FIELDS
from tests.unit.policy.core.room import Room

BOOK = """
name: e
language: en
rules:
  - {id: a, why: b, then: notice, when: {expr: '%s'}}
"""


def holds(written, text="one two\nTHREE", **fields):
    room = Room(BOOK % written.replace("'", "''"))
    return room.says(text, **fields) is not None


@pytest.mark.parametrize(
    "written",
    [
        "words == 3 && lines == 2 && text_len == 13",
        "caps > 0.4 && caps < 0.5",
        "substance == 11 && links == 0 && hosts == 0",
        'kind == "message" && kind in ["message", "edit"] && kind != "join"',
        "mentions == 0 && !mentions_everyone && attachments == 0 && !is_reply",
        'author.name == "Ann" && author.id.startsWith("@ann") && author.power == 0',
        'size(author.roles) == 1 && "host" in author.roles && author.roles.size() < 2',
        'folded.endsWith("three") && channel.size() > 0 && text.matches("T.R")',
        "5 < text_len && 5.0 < double(text_len) && -text_len < 0 && -caps < 0.0",
        "text_len > 12.5 && text_len in [13, 14] && text_len / 2 == 6 && caps * 2.0 > 0.8",
        "(text_len > 3 ? 1 : 2) == 1 && (caps > 0.1 ? caps : 2.0) < 1.0 // a remark",
        '(text + "!").size() == 14 && "E" < "F" && (author.name in author.roles) == false',
        '!(text_len in [1, 2]) && !(author.name in author.roles) && !("x" in ["y"])',
        "double(caps) == caps && !(caps == 0.0) && (is_reply ? false : true)",
    ],
)
def test_what_is_true_holds(written):
    assert holds(written, roles=["host"])


@pytest.mark.parametrize(
    "written",
    [
        "author.joined_ms_ago < 5",
        "!(author.joined_ms_ago < 5)",
        "author.account_age_ms + 1 == author.account_age_ms",
        "author.joined_ms_ago in [1]",
        "!(author.joined_ms_ago in [1])",
        "text_len / (links - links) == 1",
        "(author.joined_ms_ago > 1 ? 1 : 1) == 1",
        "false",
    ],
)
def test_what_is_absent_or_undefined_holds_neither_way(written):
    assert not holds(written)


def test_the_other_side_decides_where_one_is_absent():
    assert holds("author.joined_ms_ago < 5 || text_len > 3")
    assert not holds("author.joined_ms_ago < 5 && text_len > 3")
    assert holds("!(author.joined_ms_ago < 5 && text_len < 3)")


def test_escapes_stand_for_characters_and_not_for_halves_of_one():
    assert holds('text == "\\u767d\\t\\""', text='白\t"')
    with pytest.raises(Refused, match="half a character") as refused:
        tree_of('text.matches("a\\ud800")')
    assert refused.value.at == 15


def test_a_share_of_no_letters_is_none():
    assert holds("caps == 0.0", text="123 ！")


def test_what_is_too_long_or_says_too_much_is_refused():
    with pytest.raises(Refused, match="longer than") as refused:
        tree_of("1" * (LENGTH_MAX + 1))
    assert refused.value.at == LENGTH_MAX
    with pytest.raises(Refused, match="too much at once"):
        Typer(FIELDS).test(tree_of("is_reply" + " == is_reply" * 12))
    assert PARTS_MAX == 500
