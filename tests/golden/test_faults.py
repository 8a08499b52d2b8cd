from pathlib import Path

import pytest

from policy.core.rulebook import InvalidRulebook, parse

FOLDER = Path(__file__).parent / "faults"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_fault_is_told_at_once_with_its_place(path):
    with pytest.raises(InvalidRulebook) as refused:
        parse(path.read_text(), source=path.name)

    assert str(refused.value) == path.with_suffix(".txt").read_text().rstrip("\n")
