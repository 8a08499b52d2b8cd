"""The reference of the command line names every verb and every flag, and no other."""

import argparse
import re
import subprocess
import sys

from reeve.cli import VERBS, make_parser
from tests.tidy.tree import ROOT

REFERENCE = ROOT / "docs" / "reference" / "cli.md"
SECTION = re.compile(r"^## `(reeve[^`]*)`$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
FLAG = re.compile(r"^\| `(--[a-z-]+)`", re.MULTILINE)


def commands(parser):
    """Return the flags of every command that can be run, by its words."""
    nested = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]  # noqa: SLF001 - argparse has no other way
    found = {}
    for action in nested:
        for child in action.choices.values():
            found |= commands(child)
    if not nested:
        shown = [a for a in parser._actions if a.help != argparse.SUPPRESS]  # noqa: SLF001 - as above, no other way
        flags = {option for action in shown for option in action.option_strings}
        found[parser.prog] = flags - {"-h", "--help"}
    return found


def test_the_reference_and_the_parser_agree():
    documented = {
        words: set(FLAG.findall(body)) for words, body in SECTION.findall(REFERENCE.read_text())
    }

    assert documented == commands(make_parser(list(VERBS)))


def test_flags_are_long():
    short = {
        flag
        for flags in commands(make_parser(list(VERBS))).values()
        for flag in flags
        if not flag.startswith("--")
    }

    assert short == set()


def test_help_imports_no_verb():

    code = (
        "import sys; from reeve.cli import make_parser; make_parser([]).format_help();"
        "print([name for name in sys.modules if name.split('.')[0] in {'asyncio', 'nats'}])"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert outcome.stdout.strip() == "[]"
