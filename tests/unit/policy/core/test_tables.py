import runpy
from pathlib import Path

from policy.core.text.tables import (
    look_alikes,
    simplified,
    splits_in_three,
    splits_in_two,
    syllables,
)

ROOT = Path(__file__).resolve().parents[4]


def test_the_tables_are_what_is_generated():
    generate = runpy.run_path(str(ROOT / "services" / "policy" / "tables" / "generate.py"))

    for name, text in generate["generated"]().items():
        assert (generate["FOLDER"] / name).read_text() == text


def test_no_letter_of_ascii_is_taken_for_another():
    assert not any(one.isascii() for one in look_alikes.PAIRS[::2])
    assert all(other.isascii() for other in look_alikes.PAIRS[1::2])


def test_no_chinese_character_is_taken_for_a_latin_letter():
    assert not any("\u3400" <= one <= "\u9fff" for one in look_alikes.PAIRS[::2])


def test_entries_are_whole():
    assert len(simplified.PAIRS) % 2 == 0
    assert len(splits_in_two.ENTRIES) % 3 == 0
    assert len(splits_in_three.ENTRIES) % 4 == 0
    assert all(
        entry[:1].isascii() and not entry[-1].isascii() for entry in syllables.ENTRIES.split()
    )
