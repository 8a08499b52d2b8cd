"""``reeve check``: the same findings as publishing, on the command line."""

from reeve.cli import main


def test_a_rulebook_with_faults_is_told_them_by_line(tmp_path, capsys):
    path = tmp_path / "wrong.yaml"
    path.write_text("rules:\n  - nme: x\n")

    status = main(["check", str(path)])

    assert status == 1
    assert capsys.readouterr().out.startswith(f"{path}:1:")


def test_a_rulebook_that_is_not_there_is_misuse(tmp_path, capsys):
    path = tmp_path / "missing.yaml"

    status = main(["check", str(path)])

    assert status == 2
    assert capsys.readouterr().err == f"{path} cannot be read: No such file or directory\n"


def test_a_rulebook_that_is_no_text_is_misuse(tmp_path, capsys):
    path = tmp_path / "picture.yaml"
    path.write_bytes(b"\xff\xd8")

    status = main(["check", str(path)])

    assert status == 2
    assert capsys.readouterr().err == f"{path} cannot be read: it is not UTF-8\n"
