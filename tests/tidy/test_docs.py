"""Docs are true: links lead somewhere, commands exist, snippets run."""

import importlib.util
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from policy.core.compile import compile_rulebook
from policy.core.layered import Layer
from policy.core.layers import merge
from policy.core.rulebook import parse
from tests.tidy.tree import ROOT, files, name_of

PAGES = files(".md")
PROSE = [
    page
    for page in PAGES
    if page.parent == ROOT
    or page.relative_to(ROOT).parts[1] in {"adr", "tutorial", "howto", "explanation"}
]
RECORDS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OUTSIDE = {"cd", "curl", "docker", "git", "jq", "kubectl", "pg_dump", "pg_restore", "export", "tar"}

every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


@every_page
def test_links_lead_somewhere(page):
    broken = []
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        path, _, anchor = target.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            broken.append(target)

    assert broken == []


@every_page
def test_commands_on_a_page_exist(page):
    unknown = [
        command for command in _commands(page.read_text(encoding="utf-8")) if not _exists(command)
    ]

    assert unknown == []


@pytest.mark.parametrize(
    ("page", "number"),
    [
        (page, number)
        for page in PAGES
        for number, (language, _) in enumerate(FENCE.findall(page.read_text(encoding="utf-8")))
        if language == "python"
    ],
)
def test_python_on_a_page_runs(page, number, tmp_path):
    snippet = FENCE.findall(page.read_text(encoding="utf-8"))[number][1]

    ran = subprocess.run(
        [sys.executable, "-c", snippet], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("page", PROSE, ids=name_of)
def test_a_paragraph_has_one_sentence_a_line(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    paragraphs = [line for line in text.splitlines() if line and line[0] not in "#|->*0123456789 "]

    assert [line for line in paragraphs if re.search(r"[a-z)`][.?!] [A-Z]", line)] == []


def test_every_page_of_the_reference_is_listed():
    folder = ROOT / "docs" / "reference"
    index = (folder / "README.md").read_text(encoding="utf-8")

    assert [page.name for page in folder.glob("*.md") if f"({page.name})" not in index] == [
        "README.md"
    ]


def test_decisions_are_numbered_without_a_gap_and_listed():
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")

    assert [int(path.name[:4]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))
    assert [path.name for path in RECORDS if f"({path.name})" not in index] == []


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
def test_a_decision_says_what_it_cost_and_how_it_could_be_wrong(record):
    headings = re.findall(r"^## (.+)$", record.read_text(encoding="utf-8"), re.MULTILINE)

    assert headings == [
        "Context",
        "Decision",
        "What we gave up",
        "How we would notice that we were wrong",
    ]
    assert re.search(r"^Status: (accepted|superseded by)", record.read_text(), re.MULTILINE)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(body, id=f"{name_of(page)}-{number}")
        for page in PAGES
        for number, (language, body) in enumerate(FENCE.findall(page.read_text(encoding="utf-8")))
        if language == "yaml" and re.search("^rules:", body, re.MULTILINE)
    ],
)
def test_a_rulebook_on_a_page_has_no_fault(text):
    if re.search("^inherits:", text, re.MULTILINE):
        starter = (ROOT / "rulebooks" / "starter.yaml").read_text()
        text = merge([Layer("network", "", starter), Layer("group", "", text)]).text
    assert compile_rulebook(parse(text))


@cache
def _anchors(page: Path) -> set[str]:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _commands(text: str) -> list[str]:
    blocks = [body for language, body in FENCE.findall(text) if language == "sh"]
    joined = "\n".join(blocks).replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def _exists(command: str) -> bool:
    words = [
        word
        for word in shlex.split(command, comments=True)
        if "=" not in word[1:] or "-" in word[:1]
    ]
    program, arguments = words[0], words[1:]
    if program == "make":
        return set(arguments) <= _targets()
    if program in {"reeve", ".venv/bin/reeve"}:
        return _reeve_takes(tuple(arguments))
    if program == ".venv/bin/python":
        return importlib.util.find_spec(arguments[arguments.index("-m") + 1]) is not None
    return program in OUTSIDE


@cache
def _targets() -> set[str]:
    return set(
        re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )


@cache
def _reeve_takes(arguments: tuple[str, ...]) -> bool:
    """Ask the command itself: the verbs must exist, and its help must name each flag."""
    verbs = []
    for word in arguments:
        if word.startswith("-") or not re.fullmatch(r"[a-z][a-z-]*", word):
            break
        verbs.append(word)
    for last in range(len(verbs), 0, -1):
        shown = subprocess.run(
            [Path(sys.executable).parent / "reeve", *verbs[:last], "--help"],
            capture_output=True,
            text=True,
            check=False,
        )
        if shown.returncode == 0:
            flags = [word.partition("=")[0] for word in arguments if word.startswith("--")]
            return all(flag in shown.stdout for flag in flags)
    return False
