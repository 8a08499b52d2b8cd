"""What the command says, in English and in Chinese."""

import string

import pytest

from contracts.values import Outcome
from policy.core.versions import exempted, outcome_name
from policy.proof.findings import KINDS
from reeve.explain import _lines
from reeve.texts import TEXTS, labelled, row, say, spoken

EVENT = {"id": "e1", "seq": 7, "partition": 3, "network": "town", "group": "!g", "actor": {}}
DECISION = {
    "id": "d1",
    "outcome": "MUTE",
    "hits": [
        {
            "rule": "rude",
            "threshold": 3,
            "count": 4,
            "exempt": "permit ads: ann",
            "spans": [{"text": "fool", "end": 4, "view": "folded"}],
            "event_ids": ["e0"],
        }
    ],
}


def fields(text):
    forms = (text,) if isinstance(text, str) else text
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def test_every_language_has_the_same_texts():
    assert TEXTS["en"].keys() == TEXTS["zh"].keys()


@pytest.mark.parametrize("key", sorted(TEXTS["en"]))
def test_no_language_asks_for_a_field_that_english_does_not_have(key):
    assert fields(TEXTS["zh"][key]) <= fields(TEXTS["en"][key])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_that_is_named_by_its_key_has_a_name(language):
    for kind in KINDS:
        assert say(language, kind)
        assert say(language, f"means_{kind}")
    for missing in ("exception", "compare", "words", "condition"):
        assert say(language, f"nearly_{missing}", field="a", relation=">", value="1")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN", "LC_ALL": ""}, "zh"),
    ],
)
def test_the_language_is_that_of_the_environment(environment, language):
    assert spoken(environment) == language


def test_labels_and_columns_stand_under_one_another_in_both_languages():
    assert labelled("en", "saw", "x", indent=2) == "  saw      x"
    assert labelled("zh", "saw", "x", indent=2) == "  看到     x"
    assert row("群" * 30, "原先", 7)[-9 - 7 :] == "     原先        7"


def test_an_exemption_and_an_outcome_are_told_in_words():
    said = {
        "role host": "角色 host",
        "power 100": "权限等级 100",
        "member": "群规点名豁免的成员",
        "permit ads: ann": "ann 已准许 ads",
        "": "",
        "power": "power",
        "a fault of the judge": "a fault of the judge",
    }

    assert {told: exempted("zh", told) for told in said} == said
    assert exempted("en", "permit ads: ann") == "permission for ads, given by ann"
    assert outcome_name("zh", Outcome.MUTE) == "禁言"
    assert outcome_name("en", Outcome.UNSPECIFIED) == "allow"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "decision   d1: mute",
                "held       rude 4 of 3 (exempt: permission for ads, given by ann)",
                "  saw      'fool' at 0-4 (folded)",
                "  counted  e0",
                "nearly     flood: none of its words and patterns occurred",
            ],
        ),
        (
            "zh",
            [
                "裁决       d1: 禁言",
                "命中       rude 4 / 3 （豁免：ann 已准许 ads）",
                "  看到     'fool'，第 0-4 个字符（视图 folded）",
                "  计入     e0",
                "险些命中   flood: 没有出现所列的词语或说法",
            ],
        ),
    ],
)
def test_an_event_is_told_line_by_line(language, expected):
    nearly = [{"rule": "flood", "missing": say(language, "nearly_words")}]
    told = {"event": EVENT, "rulebook": "", "nearly": nearly, "decision": DECISION}

    lines = list(_lines({**told, "explanation": None, "case": None}, language))

    assert lines[5:] == expected
