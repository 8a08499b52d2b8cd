"""What ``reeve check`` prints."""

import io
import json

from policy.check import FINDINGS, FINE, MISUSE, check, check_as_json

BOOK = """\
name: a
language: en
rules:
  - id: one
    why: it is so
    when: {max_length: 500}
    then: delete
"""


def told(path):
    out, err = io.StringIO(), io.StringIO()
    status = check(path, out=out, err=err)
    return status, out.getvalue(), err.getvalue()


def test_of_a_sound_rulebook_it_is_told_what_it_costs(tmp_path):
    path = tmp_path / "book.yaml"
    path.write_text(BOOK)

    status, out, err = told(path)

    assert (status, err) == (FINE, "")
    assert out.splitlines() == [
        f"{path}: fine; 1 rule, 0.2 to 0.2 µs a message of a budget of 50 µs",
        "    0.10 µs  one",
    ]


def test_warnings_are_told_apart_from_faults(tmp_path):
    path = tmp_path / "book.yaml"
    path.write_text(f"{BOOK}lists: {{a: {{words: [b]}}}}\n")

    status, out, _ = told(path)

    assert status == FINE
    assert f"{path}:8:9: warning: lists.a: nothing names it; leave it away\n" in out


def test_only_the_dearest_rules_are_shown(tmp_path):
    path = tmp_path / "book.yaml"
    rules = [f"  - {{id: r{n}, why: w, when: {{words: [x{n}]}}, then: warn}}" for n in range(25)]
    path.write_text("\n".join(["name: a", "language: en", "rules:", *rules]))

    status, out, _ = told(path)

    assert status == FINE
    assert out.count(" µs  r") == 20
    assert out.endswith("and 5 that cost less\n")


def test_programs_are_told_the_same_as_json(tmp_path):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(BOOK)
    bad.write_text(BOOK.replace("delete", "delette"))
    out, err = io.StringIO(), io.StringIO()

    assert check_as_json([good, bad], out=out, err=err) == FINDINGS
    first, second = json.loads(out.getvalue())
    assert [cost["rule"] for cost in first["costs"]] == ["one"]
    assert (first["faults"], first["warnings"]) == ([], [])
    assert [(fault["line"], fault["column"]) for fault in second["faults"]] == [(7, 11)]
    assert check_as_json([tmp_path / "none.yaml"], out=out, err=err) == MISUSE


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
