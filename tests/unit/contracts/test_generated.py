"""What is generated is what proto/ says, and proto/ keeps its promises to older readers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BUF = Path(sys.executable).with_name("buf")
CONTRACTS = "proto/reeve/v1"


@pytest.fixture
def copy(tmp_path):
    """The contracts and what is made of them, to be changed at will."""
    for folder in ("proto", "libs/contracts", "docs/reference"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def run(folder, *command):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def generate(folder, *arguments):
    return run(folder, sys.executable, "proto/generate.py", *arguments)


def breaking(folder):
    return run(folder, BUF, "breaking", "proto", "--against", "proto/accepted.binpb")


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_generating_again_changes_nothing():
    assert generate(ROOT, "--check") == (0, "")


def test_generating_into_nothing_makes_it_all(copy):
    shutil.rmtree(copy / "libs/contracts/v1")
    shutil.rmtree(copy / "libs/contracts/values")
    (copy / "docs/reference/events.md").unlink()

    status, told = generate(copy, "--check")
    assert status == 1
    assert "docs/reference/events.md: missing; run make proto" in told

    assert generate(copy) == (0, "")
    assert generate(copy, "--check") == (0, "")
    for path in sorted((ROOT / "libs/contracts/values").rglob("*.py")):
        assert (copy / path.relative_to(ROOT)).read_text() == path.read_text()


def test_an_edited_file_is_named_with_its_line(copy):
    change(copy / "libs/contracts/values/actor.py", "class Place:", "class Spot:")

    status, told = generate(copy, "--check")

    assert status == 1
    assert told.startswith("libs/contracts/values/actor.py:")
    assert told.endswith(": differs from what proto/ makes; run make proto\n")


def test_a_file_that_nothing_makes_is_named_and_then_removed(copy):
    stray = copy / "libs/contracts/values/stray.py"
    stray.touch()

    assert generate(copy, "--check") == (
        1,
        "libs/contracts/values/stray.py: nothing makes this file\n",
    )
    assert generate(copy) == (0, "")
    assert not stray.exists()


def test_a_changed_comment_changes_what_is_generated(copy):
    change(copy / CONTRACTS / "event.proto", "// the tenant", "// whose it is")

    status, told = generate(copy, "--check")

    assert status == 1
    assert "libs/contracts/values/event.py" in told
    assert "docs/reference/events.md" in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("map<string, string> more = 99;", "nested types, maps and extensions have no form"),
        ("optional string more = 99;", "Place.more: optional has no form"),
        ("fixed32 more = 99;", "Place.more: this type of number has no form"),
        ("oneof either { string more = 99; }", "Place.more: only messages may be in a oneof"),
        ("Place more = 99;", "Place contains itself"),
    ],
)
def test_what_has_no_form_is_refused(copy, line, told):
    change(copy / CONTRACTS / "actor.proto", "message Place {", f"message Place {{\n  {line}")

    status, output = generate(copy, "--check")

    assert status == 1
    assert told in output


def test_every_message_and_field_says_what_it_means():
    page = (ROOT / "docs/reference/events.md").read_text()

    empty = [line for line in page.splitlines() if line.startswith("|") and line.endswith("|  |")]

    assert empty == []


def test_the_contracts_pass_lint():
    assert run(ROOT, BUF, "lint", "proto") == (0, "")


def test_the_contracts_break_nothing_that_was_accepted():
    assert breaking(ROOT) == (0, "")


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "content.proto",
            "  Poll poll = 9;",
            "  //",
            'field "9" with name "poll" on message "Content"',
        ),
        (
            "content.proto",
            "string reply_to = 3;",
            "string reply_to = 33;",
            '"reply_to" on message "Content"',
        ),
        ("event.proto", "int64 received_ms = 10;", "string received_ms = 10;", "changed type"),
        ("event.proto", "string dedup_key = 11;", "string other_key = 11;", "changed name"),
        ("event.proto", "  ORIGIN_REPLAYED = 4;", "  //", 'value "4" on enum "Origin" was deleted'),
        ("event.proto", "    Tick tick = 73;", "    //", '"tick"'),
    ],
)
def test_a_change_that_breaks_older_readers_is_named(copy, file, old, new, told):
    change(copy / CONTRACTS / file, old, new)

    status, output = breaking(copy)

    assert status != 0
    assert told in output


def test_a_message_that_moves_to_another_file_breaks_nothing(copy):
    moved = (copy / CONTRACTS / "reaction.proto").read_text().partition("package reeve.v1;\n")[2]
    (copy / CONTRACTS / "reaction.proto").unlink()
    change(copy / CONTRACTS / "event.proto", 'import "reeve/v1/reaction.proto";\n', "")
    with (copy / CONTRACTS / "message.proto").open("a") as file:
        file.write(moved)

    assert breaking(copy) == (0, "")


def test_generating_does_not_depend_on_the_order_of_sets():
    command = [sys.executable, "proto/generate.py", "--check"]

    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        assert subprocess.run(command, cwd=ROOT, env=env, check=False).returncode == 0


def test_adding_a_field_breaks_nothing(copy):
    change(
        copy / CONTRACTS / "actor.proto", "message Place {", "message Place {\n  string floor = 99;"
    )

    assert breaking(copy) == (0, "")
