from pathlib import Path

import pytest
import yaml

from tests.golden.story import play

ROOT = Path(__file__).resolve().parents[2]
STORIES = [
    pytest.param(story, id=f"{path.stem}-{number}")
    for path in sorted(Path(__file__).parent.glob("*.yaml"))
    for number, story in enumerate(yaml.safe_load_all(path.read_text()), 1)
]


@pytest.mark.parametrize("story", STORIES)
def test_the_story_goes_as_written(story):
    _, differences = play(story, ROOT)

    assert differences == [], story["why"]
