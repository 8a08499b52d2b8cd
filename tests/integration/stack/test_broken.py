"""A state folder that is damaged, lost in parts or no folder: a sentence, and no traceback."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from tests.integration.stack.conftest import starting, wait_until

DAMAGED = ["garbage", "{}", "[]", '{"pid": 1}', '{"pid": 1, "processes": [7]}', ""]


def is_told(outcome):
    """Whether a failure is one sentence and no traceback."""
    lines = outcome.stderr.splitlines()
    return (
        outcome.returncode == 1
        and len(lines) == 1
        and lines[0].startswith("reeve: ")
        and "Traceback" not in outcome.stderr
    )


@pytest.mark.parametrize("record", DAMAGED)
def test_a_damaged_record_of_what_is_gone_is_forgotten(reeve, record):
    reeve.home.make()
    (reeve.home.folder / "stack.json").write_text(record)

    assert reeve.status()["state"] == "down"
    assert reeve("down").returncode == 0


def test_a_damaged_record_keeps_nobody_from_starting(reeve):
    reeve.home.make()
    (reeve.home.folder / "stack.json").write_text("garbage")

    assert reeve("up", "--only", "servers").returncode == 0


def test_a_damaged_record_of_what_runs_is_told(reeve):
    assert reeve("up", "--only", "servers").returncode == 0
    path = reeve.home.folder / "stack.json"
    kept = path.read_text()

    path.write_text("garbage")
    outcomes = [reeve("status"), reeve("down"), reeve("up")]

    path.write_text(kept)
    assert all(map(is_told, outcomes))
    assert "stack.json is damaged" in outcomes[0].stderr


def test_a_damaged_memory_of_the_connection_is_told(reeve):
    reeve.home.make()
    (reeve.home.folder / "config.json").write_text("[")

    outcome = reeve("up")

    assert is_told(outcome)
    assert "config.json is damaged" in outcome.stderr


@pytest.mark.parametrize("verb", ["up", "status", "down"])
def test_a_state_folder_that_is_a_file_is_told(reeve, verb, tmp_path):
    (tmp_path / "file").touch()

    outcome = subprocess.run(
        [sys.executable, "-m", "reeve", verb],
        env={**reeve.environ(), "REEVE_HOME": str(tmp_path / "file")},
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )

    assert is_told(outcome)
    assert str(tmp_path / "file") in outcome.stderr


def test_empty_keys_are_made_anew(reeve):
    assert reeve("up", "--only", "servers").returncode == 0
    assert reeve("down").returncode == 0
    keys = [reeve.home.keys / name for name in ("judge.nk", "policy.password", "api-key")]
    for path in keys:
        path.write_text("")

    outcome = reeve("up", "--only", "servers")

    assert outcome.returncode == 0, outcome.stderr
    assert all(path.read_text().strip() for path in keys)


def test_a_key_that_is_none_is_told(reeve):
    reeve.home.make()
    (reeve.home.keys / "judge.nk").write_text("no seed")

    outcome = reeve("up")

    assert is_told(outcome)
    assert "judge.nk" in outcome.stderr


@pytest.mark.parametrize("lost", ["nats/store", "postgres/data"])
def test_a_server_whose_data_are_lost_is_prepared_anew(reeve, lost):
    assert reeve("up", "--only", "servers").returncode == 0
    assert reeve("down").returncode == 0
    shutil.rmtree(reeve.home.folder / lost)

    outcome = reeve("up", "--only", "servers")
    checked = reeve("export")

    assert outcome.returncode == 0, outcome.stderr
    assert (checked.returncode, checked.stdout) == (0, "")


def test_of_two_who_start_at_once_one_says_that_the_other_does(reeve, tmp_path):
    gate = tmp_path / "gate"
    with (
        starting(reeve, FAKE_GATE=gate) as first,
        starting(reeve, FAKE_GATE=gate) as second,
    ):
        wait_until(lambda: first.poll() is not None or second.poll() is not None)
        gate.touch()
        told = {first.communicate(timeout=150)[1], second.communicate(timeout=150)[1]}

    assert sorted([first.returncode, second.returncode]) == [0, 1]
    (sentence,) = told - {""}
    assert sentence.startswith("reeve: Reeve is already starting, supervised by process ")


def test_who_comes_while_another_starts_is_told_so(reeve, tmp_path):
    gate = tmp_path / "gate"
    with starting(reeve, FAKE_GATE=gate) as first:
        wait_until((reeve.home.folder / "stack.json").exists)
        second = reeve("up")
        gate.touch()
        first.communicate(timeout=150)

    assert first.returncode == 0
    assert is_told(second)
    assert "Reeve is already starting" in second.stderr


@pytest.mark.parametrize("words", [["export"], ["replay", __file__], ["ledger", "check"]])
def test_what_needs_the_stack_says_at_once_that_it_is_down(reeve, words):
    assert reeve("up", "--only", "servers").returncode == 0
    assert reeve("down").returncode == 0

    whose = ["--network", "n", "--group", "g"] if "replay" in words else []
    outcome = reeve(*words, *whose, PYTHONPATH="")  # with the real services' code

    assert is_told(outcome)
    assert "Reeve is not up" in outcome.stderr


@pytest.mark.parametrize("name", ["nats", "postgres"])
def test_a_server_that_hangs_is_not_ready(reeve, name):
    assert reeve("up", "--only", "servers").returncode == 0
    pid = reeve.process(name).pid

    os.kill(pid, signal.SIGSTOP)
    try:
        wait_until(lambda: reeve.process(name).state == "not ready")
    finally:
        os.kill(pid, signal.SIGCONT)

    wait_until(lambda: reeve.process(name).state == "ready")


def test_why_a_service_did_not_start_is_told_without_what_an_earlier_run_said(reeve):
    reeve.home.make()
    (reeve.home.run / "judge.log").write_text("what was wrong yesterday\n")

    outcome = reeve("up", FAKE_FAULT="judge")

    assert "the fault that was asked for" in outcome.stderr
    assert "yesterday" not in outcome.stderr
