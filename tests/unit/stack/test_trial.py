"""``reeve try``: one line of JSON for each line of input, whatever is in it."""

import io
import json
import sys
from pathlib import Path

import pytest

from reeve.cli import main
from reeve.trial import LINE_MAX_BYTES, chunks

STARTER = str(Path(__file__).parents[3] / "rulebooks" / "starter.yaml")


@pytest.fixture
def attempt(monkeypatch, capfdbinary):
    def attempt(data, *words):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        status = main(["try", *words])
        captured = capfdbinary.readouterr()
        return status, [json.loads(line) for line in captured.out.splitlines()], captured.err

    return attempt


def test_each_line_has_its_answer_the_empty_ones_too(attempt):
    data = b"hello there\n\nyou idiot\r\nlast without an end"

    status, answers, _ = attempt(data, STARTER)

    assert status == 0
    assert [answer["outcome"] for answer in answers] == ["allow", "allow", "delete", "allow"]
    assert answers[2]["rules"][0]["id"] == "insults"
    assert answers[2]["rules"][0]["spans"] == [[4, 9]]


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "你的消息已被移除。"), ("en", "Your message")]
)
def test_the_explanation_comes_in_the_language_that_is_asked_for(attempt, language, told):
    _, (answer,), _ = attempt(b"you idiot", STARTER, "--language", language)

    assert answer["explanation"].startswith(told)


def test_what_a_newcomer_says_is_among_their_first_messages(attempt):
    line = b"come over to https://discord.gg/abcdef"

    _, (known,), _ = attempt(line, STARTER)
    _, (new,), _ = attempt(line, STARTER, "--newcomer")

    assert known["outcome"] == "allow"
    assert "invitations" in [rule["id"] for rule in new["rules"]]


def test_bytes_that_are_no_text_are_a_message_like_any_other(attempt):
    status, answers, _ = attempt(b"\xff\xfe\x00 idiot \xed\xa0\x80\n\x00\n", STARTER)

    assert (status, len(answers)) == (0, 2)
    assert answers[0]["outcome"] == "delete"


def test_no_input_has_no_answer(attempt):
    assert attempt(b"", STARTER)[:2] == (0, [])


def test_a_rulebook_with_faults_is_refused_with_all_of_them(attempt, tmp_path):
    path = tmp_path / "wrong.yaml"
    path.write_text("nme: x\nlanguage: fr\n")

    status, answers, said = attempt(b"hello\n", str(path))

    assert (status, answers) == (1, [])
    assert said.count(str(path).encode()) >= 2


def test_no_rulebook_is_misuse(attempt, tmp_path):
    status, answers, said = attempt(b"hello\n", str(tmp_path / "none.yaml"))

    assert (status, answers) == (2, [])
    assert b"cannot be read" in said


@pytest.mark.parametrize(
    "words", [["--at", "yesterday"], ["--at", "0001-01-01"], ["--format", "x"]]
)
def test_misuse_is_told_as_such(attempt, words):
    with pytest.raises(SystemExit) as stopped:
        attempt(b"", STARTER, *words)

    assert stopped.value.code == 2


def test_objects_say_more_than_lines_can(attempt):
    lines = [
        '"you idiot"',
        '{"text": "you idiot", "actor": {"roles": ["moderator"]}}',
        '{"text": "x", "nonsense": 1}',
        "[1]",
        "{",
        '{"text": "x", "actor": 3}',
    ]

    status, answers, _ = attempt("\n".join(lines).encode(), STARTER, "--format", "jsonl")

    assert status == 1
    assert [answer["outcome"] for answer in answers] == ["delete", "allow", *["unreadable"] * 4]
    assert [rule["id"] for rule in answers[1]["rules"]] == ["insults"]


def test_the_hour_may_be_told(attempt):
    status, answers, _ = attempt(b"hello\n", STARTER, "--at", "2026-11-22T12:30:00+08:00")

    assert (status, len(answers)) == (0, 1)


def test_a_line_without_end_takes_no_more_than_its_share_of_memory():
    endless = io.BytesIO(b"x" * (LINE_MAX_BYTES * 3) + b"\nnext\n" + b"y" * (LINE_MAX_BYTES + 1))

    lines = [line for found in chunks(endless) for line in found]

    assert [len(line) for line in lines] == [LINE_MAX_BYTES, 4, LINE_MAX_BYTES]
