"""What the command says when it is called, and when it is called wrongly."""

import importlib.metadata

import pytest

from reeve.cli import main


def test_it_says_which_release_it_is(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out == f"reeve {importlib.metadata.version('reeve')}\n"


def test_a_log_that_does_not_say_whose_it_is_is_misuse(tmp_path, capsys):
    log = tmp_path / "2004-11-15.txt"
    log.write_text("[10:00] <ann> hello\n")

    assert main(["replay", str(log)]) == 2
    assert "give --network and --group" in capsys.readouterr().err


def test_a_log_that_is_not_there_is_misuse(tmp_path):
    assert main(["replay", "--network", "n", "--group", "g", str(tmp_path / "none")]) == 2


def test_a_group_without_its_network_is_misuse(tmp_path):
    assert main(["publish", str(tmp_path / "book.yaml"), "--group", "g"]) == 2
