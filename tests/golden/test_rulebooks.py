"""The rulebooks that come with Reeve are what an operator may copy: fine, shown, and mild."""

import pytest

from contracts.values import Content
from policy.check import reviewed
from policy.core.analysis.sample import ORDINARY
from policy.core.compile import compile_rulebook
from policy.core.rulebook import parse
from policy.proof.trial import Trial
from policy.sets import with_builtin
from tests.data import ROOT

BOOKS = sorted((ROOT / "rulebooks").glob("*.yaml"))
PLAYED = ("dream-factory", "film-club", "paid-circle", "salon")
NOW_MS = 1_767_225_600_000
# Whoever speaks in the dream factory without a name card is asked for one; at new year, one
# character alone says too little.
ASKED = {"dream-factory": {"名片提醒"}, "festival.zh": {"字数"}}
LINES = (
    *ORDINARY,
    "谢谢大家，今天学到很多。",
    "周末一起去看展吗？票我来买。",
    "这本书我读完了，可以借给你。",
    "我妈妈寻了半天才找到钥匙。",
    "最后一班地铁几点？",
    "他换了新工作，请大家吃饭。",
    "我在群里看到的那家店关门了。",
    "Could you send me the notes from yesterday?",
    "他们家的特色菜不错。",
)
every_book = pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)


def with_sets(path):
    return with_builtin(path.read_text())


@every_book
def test_a_rulebook_has_no_fault_and_warns_of_disguises_alone(path):
    found = reviewed(path.read_text())

    assert found.faults == ()
    assert [one.told for one in found.warnings if "in disguise" not in one.told] == []


@pytest.mark.parametrize("name", ["starter", "festival.zh"])
def test_every_rule_of_a_book_to_begin_with_says_what_it_meets_and_what_not(name):
    rules = parse(with_sets(ROOT / "rulebooks" / f"{name}.yaml")).rules

    assert [one.id for one in rules if not (one.examples.match and one.examples.no_match)] == []


@every_book
def test_ordinary_talk_stays_allowed(path):
    book = compile_rulebook(parse(with_sets(path)))
    trial = Trial(book, now_ms=NOW_MS, group="room", newcomer=False, one_member=False)

    hit = {
        (line, found.rule)
        for line in LINES
        for found in trial.say(Content(text=line, form="text")).findings
    }

    assert {one for one in hit if one[1] not in ASKED.get(path.stem, ())} == set()


@every_book
def test_a_rule_that_judges_text_has_examples(path):
    if path.stem not in PLAYED:
        pytest.skip("an older example, checked by its stories")
    book = parse(with_sets(path))

    assert sum(bool(rule.examples.match) for rule in book.rules) >= 5


@pytest.mark.parametrize("name", PLAYED)
def test_every_rule_has_its_reason_in_chinese_and_english(name):
    book = parse(with_sets(ROOT / "rulebooks" / f"{name}.yaml"))

    assert [rule.id for rule in book.rules if rule.why.zh == rule.why.en] == []


@pytest.mark.parametrize("name", PLAYED)
def test_a_rulebook_is_played_as_a_story(name):
    told = (ROOT / "tests" / "golden" / f"{name}.yaml").read_text()

    assert told.count("\nrulebook: ") >= 3
    assert "从" in told.partition("\n")[0], "the first story goes from joining to appeal"
