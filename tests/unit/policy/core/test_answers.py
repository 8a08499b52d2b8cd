"""Stored answers have caps, and are met where their keyword stands by itself."""

import pytest

from policy.core import answers
from tests.unit.policy.core.room import Room

RULE = "{id: a, why: b, kinds: [message], when: {answered: any}, then: answer}"
BOOK = f"name: n\nlanguage: en\nanswers: {{by: staff}}\nrules: [{RULE}]"


def told(decision):
    return decision.actions[0].body.text


def test_only_so_many_answers_are_stored_and_one_of_them_can_be_replaced(monkeypatch):
    monkeypatch.setattr(answers, "ANSWERS_MAX", 1)
    room = Room(BOOK)
    room.commands("!answer more Please ask.", who="bob")
    room.commands("!answer wifi It is free.", power=50)
    case = room.state.room("town", "!room:example.org").harvest.proposals[0].id

    assert "There are 1 answers already" in told(room.commands("!answer tea Two.", power=50))
    assert "There are 1 answers already" in told(room.commands(f"!approve {case[:6]}", power=50))
    assert "in place of the former" in told(room.commands("!answer WIFI No more.", power=50))


@pytest.mark.parametrize(
    ("text", "is_met"),
    [
        ("wifi", True),
        ("WiFi!", True),
        ("the wifis, or the wifi", True),
        ("wifis", False),
        ("mywifi", False),
        ("有wifi吗", True),
        ("wi fi", False),
    ],
)
def test_a_keyword_is_met_where_it_stands_by_itself(text, is_met):
    room = Room(BOOK)
    room.commands("!answer wifi It is free.", power=50)

    assert (room.says(text, who="bob") is not None) == is_met


def test_there_is_no_answer_to_what_is_no_message():
    room = Room(BOOK.replace("kinds: [message]", "kinds: [message, edit]"))
    room.commands("!answer wifi It is free.", power=50)

    assert room.edits("wifi", message="one", who="bob") is None
