"""The ledger's reference names every refusal, command and kind of account, and no other."""

import re
from pathlib import Path

from ledger.core.commands import NAMES
from ledger.core.postings import KINDS
from ledger.core.refusals import Code

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "ledger.md"
SECTION = re.compile(r"^## (.*?)$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
FIRST_COLUMN = re.compile(r"^\| `([a-z_]+)", re.MULTILINE)


def documented(section):
    sections = dict(SECTION.findall(REFERENCE.read_text(encoding="utf-8")))
    return set(FIRST_COLUMN.findall(sections[section]))


def test_every_refusal_is_documented():
    assert documented("Refusals") == {code.value for code in Code}


def test_every_command_is_documented():
    assert documented("Commands") == set(NAMES.values())


def test_every_kind_of_account_is_documented():
    assert documented("Accounts") == KINDS
