"""Ordinary text is left alone: no rule of the starter that sees through disguises fires there."""

import csv
from collections import Counter

import pytest

from contracts.values import Content
from policy.core.compile import compile_rulebook
from policy.core.rulebook import parse
from policy.proof.trial import Trial
from tests.data import ROOT, SHARED

SAMPLE = 4_000
NOW_MS = 1_767_225_600_000
# What these find is no disguise, and plain enough: a link without a word, an insult, a flood.
PLAIN = {"cold-links", "insults", "flood", "ads-owe-a-packet"}


def irc():
    for path in sorted((SHARED / "irc").glob("*.txt")):
        for line in path.read_text(errors="replace").splitlines():
            if line.startswith("[") and "> " in line:
                yield line.split("> ", 1)[1]


def ham():
    return (SHARED / "telegram" / "ham.txt").read_text().splitlines()


def safe():
    with (SHARED / "cold" / "train.csv").open(encoding="utf-8-sig") as file:
        return [row["TEXT"] for row in csv.DictReader(file) if row["label"] == "0"]


@pytest.mark.parametrize(
    ("source", "needed"),
    [(irc, "irc"), (ham, "telegram/ham.txt"), (safe, "cold/train.csv")],
    ids=["irc", "ham", "safe"],
)
def test_no_rule_against_disguises_fires_more_than_once_in_a_thousand(source, needed):
    if not (SHARED / needed).exists():
        pytest.skip(f"{needed} is not beside the repository")
    lines = [line for line in source() if line.strip()]
    sample = lines[:: max(1, len(lines) // SAMPLE)]
    book = compile_rulebook(parse((ROOT / "rulebooks" / "starter.yaml").read_text()))
    trial = Trial(book, now_ms=NOW_MS, group="room", newcomer=False, one_member=False)
    fired = Counter()

    for text in sample:
        fired.update(found.rule for found in trial.say(Content(text=text, form="text")).findings)

    much = {rule: n for rule, n in fired.items() if n > max(1, len(sample) / 1000)}
    assert {rule: n for rule, n in much.items() if rule not in PLAIN} == {}
