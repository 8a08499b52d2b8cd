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
WANTED = {
    *(f"S{number}" for number in range(1, 17)),
    *(f"P{number}" for number in range(1, 7)),
    *(f"E{number}" for number in range(1, 10)),
    *(f"R{number}" for number in range(1, 7)),
    "C1", "G4", "N1", "N10", "N11", "N12", "N13",
}  # fmt: skip


def test_every_practice_has_a_row_and_every_row_is_whole():
    table = [line for line in PAGE.splitlines() if re.match(r"\| [A-Z][0-9]", line)]

    assert {name for name, *_ in ROWS} == WANTED
    assert len(ROWS) == len(table)


@pytest.mark.parametrize(
    ("proof", "begins"), [row[3:] for row in ROWS], ids=[row[1] for row in ROWS]
)
def test_what_proves_a_practice_is_there(proof, begins):
    path = ROOT / proof if "/" in proof else ROOT / "tests" / "golden" / proof

    assert path.is_file()
    if begins:
        stories = yaml.safe_load_all(path.read_text(encoding="utf-8"))
        assert [story["why"] for story in stories if story["why"].startswith(begins)]
