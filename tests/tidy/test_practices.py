"""Every practice that is a rule names how it is written and what proves it, and that is there."""

import re

import pytest
import yaml

from tests.tidy.tree import ROOT

PAGE = (ROOT / "docs" / "reference" / "practices.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| ([A-Z][0-9]+) \| ([^|]+) \| ([^|]+) \| `([^`]+)`(?:: ([^|]+?))? \|$", re.MULTILINE
)
ROWS = ROW.findall(PAGE)
CATALOGUE = {
    f"{letter}{number}"
    for letter, most in {"E": 9, "S": 16, "P": 6, "R": 6, "G": 6, "C": 6, "L": 7, "N": 16}.items()
    for number in range(1, most + 1)
}
RULES = {name for name in CATALOGUE if name[0] in "ESPR"} | {
    "C1", "G2", "G3", "G4", "L1", "L2", "L3", "L7",
    "N1", "N2", "N3", "N4", "N5", "N8", "N10", "N11", "N12", "N13", "N15",
}  # fmt: skip
"""Practices that are rules, or the work of the judge, of dispatch and of the ledger's books."""

ELSEWHERE = PAGE.partition("## What belongs to other parts")[2]


def test_every_practice_has_a_row_and_every_row_is_whole():
    table = [line for line in PAGE.splitlines() if re.match(r"\| [A-Z][0-9]", line)]

    assert {name for name, *_ in ROWS} == RULES
    assert len(ROWS) == len(table)


def test_of_every_other_practice_it_is_said_whose_part_it_is():
    said = set(re.findall(r"\b[A-Z][0-9]+\b", ELSEWHERE))

    assert CATALOGUE - RULES <= said <= CATALOGUE


def test_nothing_that_is_a_rule_is_missing():
    missing = PAGE.partition("## What is not there yet")[2].partition("## ")[0]

    assert re.findall(r"\b[A-Z][0-9]+\b", missing) == []


@pytest.mark.parametrize(
    ("proof", "begins"), [row[3:] for row in ROWS], ids=[row[1] for row in ROWS]
)
def test_what_proves_a_practice_is_there(proof, begins):
    path = ROOT / proof if "/" in proof else ROOT / "tests" / "golden" / proof

    assert path.is_file()
    if begins:
        stories = yaml.safe_load_all(path.read_text(encoding="utf-8"))
        assert [story["why"] for story in stories if story["why"].startswith(begins)]
