"""What must not be in any file, what must be in some, and that the root files agree."""

import os
import re
import subprocess
import tomllib

import pytest

from tests.tidy.tree import ROOT, files, name_of

TEXT = files(
    ".py",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".json",
    ".sql",
    ".proto",
    ".txt",
    ".in",
    "Makefile",
    "Dockerfile",
    "run",
)
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
REGISTRIES = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "debian" + ".org",
)
MACHINE = re.compile(r"(?<![\w./$}~-])/(?:work|root|mnt|Users|home/\w+)/")
MARKS = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
PIN = re.compile(r"^[a-z0-9][a-z0-9._-]*(?:\[[a-z0-9,._-]+\])?==[^\s;]+", re.IGNORECASE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEXT, ids=name_of)
def test_a_file_names_no_machine_and_no_registry(path):
    text = path.read_text(encoding="utf-8")

    assert MACHINE.findall(text) == []
    assert [host for host in REGISTRIES if host in text] == []


@pytest.mark.parametrize(
    "path", [path for path in TEXT if path.name != "test_files.py"], ids=name_of
)
def test_nothing_is_left_for_later_without_an_issue(path):
    assert MARKS.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEXT, ids=name_of)
def test_a_file_ends_with_one_newline_and_no_line_with_a_space(path):
    text = path.read_text(encoding="utf-8")

    assert text == "" or (text.endswith("\n") and not text.endswith("\n\n"))
    assert "\r" not in text
    assert [n for n, line in enumerate(text.splitlines(), 1) if line != line.rstrip(" \t")] == []


@pytest.mark.parametrize("path", LOCKS, ids=name_of)
def test_a_lock_holds_names_versions_and_hashes_only(path):
    text = path.read_text(encoding="utf-8")
    requirements = re.sub(r"\\\n\s*", "", text).splitlines()

    assert "://" not in text
    assert requirements
    assert [
        line for line in requirements if not PIN.match(line) or "--hash=sha256:" not in line
    ] == []


def test_there_is_a_lock_for_every_image_and_one_for_development():
    images = {"gateway", "policy", "ledger"}
    assert {path.stem for path in LOCKS} == images | {"dev", "native", "synapse"}


def test_the_changelog_speaks_of_the_version_we_build():
    headings = re.findall(
        r"^## \[?([^\]\s]+)\]?", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert PROJECT["project"]["version"] in headings
    assert re.fullmatch(r"\d\d\.\d{1,2}\.\d+", PROJECT["project"]["version"]), (
        "CalVer: year, month, patch"
    )


def test_who_has_no_home_needs_no_caches(tmp_path):
    def caches(home):
        show = "show: ; @echo $$UV_NO_CACHE$$PIP_NO_CACHE_DIR"
        environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
        words = ["make", "--directory", str(ROOT), "--no-print-directory", "--eval", show, "show"]
        return subprocess.run(
            words, env=environment, capture_output=True, text=True, check=True
        ).stdout

    assert caches(tmp_path / "nowhere") == "11\n"
    assert caches(tmp_path) == "\n"
