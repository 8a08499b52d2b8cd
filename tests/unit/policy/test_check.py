"""What ``reeve check`` prints."""

import io

from policy.check import FINDINGS, FINE, MISUSE, check

BOOK = """\
name: a
language: en
rules:
  - id: one
    why: it is so
    when: {max_length: 5}
    then: delete
"""


def told(path):
    out, err = io.StringIO(), io.StringIO()
    status = check(path, out=out, err=err)
    return status, out.getvalue(), err.getvalue()


def test_a_sound_rulebook_says_only_what_it_costs(tmp_path):
    path = tmp_path / "book.yaml"
    path.write_text(BOOK)

    cost = f"{path}: 0.2 to 0.2 µs a message of a budget of 20 µs; the dearest: one (0.1 µs)\n"
    assert told(path) == (FINE, "", cost)


def test_every_fault_is_a_line_with_path_line_and_column(tmp_path):
    path = tmp_path / "book.yaml"
    path.write_text(BOOK.replace("max_length", "max_lenght").replace("delete", "delette"))

    status, out, _ = told(path)

    assert status == FINDINGS
    assert [line.split(" ")[0] for line in out.splitlines()] == [f"{path}:6:12:", f"{path}:7:11:"]


def test_a_file_that_cannot_be_read_is_misuse(tmp_path):
    (tmp_path / "binary").write_bytes(b"\xff\xfe")

    assert told(tmp_path / "none.yaml")[0] == MISUSE
    assert told(tmp_path / "binary")[0] == MISUSE
