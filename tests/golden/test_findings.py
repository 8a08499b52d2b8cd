from pathlib import Path

import pytest

from policy.core.analysis.review import review

FOLDER = Path(__file__).parent / "findings"


def told(path):
    found = review(path.read_text())
    faults = [fault.at(path.name) for fault in found.faults]
    return [*faults, *(f"warning: {warning.at(path.name)}" for warning in found.warnings)]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_is_found_of_a_rulebook_is_told_with_its_place(path):
    assert told(path) == path.with_suffix(".txt").read_text().splitlines()
