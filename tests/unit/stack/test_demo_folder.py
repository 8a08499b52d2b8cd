"""Which folders a demo takes for itself."""

import pytest

from reeve.demo.backstage import fresh_home
from reeve.stack.errors import Unusable


def test_a_second_demo_is_told_of_the_first_from_its_first_moment(tmp_path):
    folder = tmp_path / "demo"

    with fresh_home(folder) as home:
        with pytest.raises(Unusable, match="A demo runs in"), fresh_home(folder):
            pass
        assert home.keys.is_dir()


def test_what_an_earlier_demo_left_is_removed(tmp_path):
    folder = tmp_path / "demo"
    with fresh_home(folder):
        (folder / "left").touch()

    with fresh_home(folder):
        assert not (folder / "left").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "photographs").mkdir()
    (tmp_path / "photographs" / "us.png").touch()

    with (
        pytest.raises(Unusable, match="is not a demo's folder"),
        fresh_home(tmp_path / "photographs"),
    ):
        pass

    assert (tmp_path / "photographs" / "us.png").exists()
