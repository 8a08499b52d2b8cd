import re
from pathlib import Path

import pytest

from policy.core.conditions import CONDITIONS
from policy.core.consequences import OUTCOMES
from policy.core.fields import EXPRESSED
from policy.core.rulebook import KEYS, PACKET_KEYS, Packets, parse
from policy.core.rules import EXEMPT_KEYS, RULE_KEYS
from policy.core.tiers import MEMBER_KEYS, TIER_KEYS

REFERENCE = Path(__file__).resolve().parents[4] / "docs" / "reference"
BOOK = (REFERENCE / "rulebook.md").read_text()
PAGE = (REFERENCE / "conditions.md").read_text()
EXAMPLES = re.findall(r"## `(\w+)`\n.*?```yaml\n(.*?)```", PAGE, re.DOTALL)
AROUND = """
name: around
language: en
lists:
  insults: {words: [idiot]}
  hosts: {domains: [example.com]}
  phrases: {patterns: [abc+]}
tiers: [{name: newcomer}, {name: regular}]
charter: {theme: {words: [film]}}
rules:
  - id: example
    why: It is one.
    then: notice
    when:
"""


BARE = """
name: bare
language: en
rules: [{id: none, why: There is none., when: {words: [none]}, then: notice}]
"""


def first_column(heading):
    section = BOOK.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [re.match(r"\| `(\w+)", line)[1] for line in section.splitlines() if line[:3] == "| `"]


def test_every_condition_has_its_section_and_no_other():
    assert sorted(name for name, _ in EXAMPLES) == sorted(CONDITIONS)


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_the_example_of_a_condition_is_one(name, example):
    indented = "".join(f"      {line}\n" for line in example.splitlines())

    rulebook = parse(AROUND + indented)

    assert example.startswith(name)
    assert len(rulebook.rules) == 1


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", BOOK, re.DOTALL))
def test_the_example_of_a_rulebook_is_one(example):
    assert parse(example if "rules:" in example else BARE + example).name


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("The whole", KEYS),
        ("Exempt", EXEMPT_KEYS),
        ("Rules", RULE_KEYS),
        ("What follows", OUTCOMES),
        ("Red packets", PACKET_KEYS),
        ("Members", MEMBER_KEYS),
        ("Tiers", TIER_KEYS),
    ],
)
def test_every_key_is_told_and_no_other(heading, keys):
    assert sorted(first_column(heading)) == sorted(keys)


def test_the_defaults_of_packets_are_told():
    packets = Packets()

    assert f"| {packets.amount_max} |" in BOOK
    assert f"| {packets.shares_max} |" in BOOK
    assert packets.lifetime_ms == 86_400_000


def test_every_field_of_expressions_is_told_and_no_other():
    page = (REFERENCE / "expressions.md").read_text()
    told = re.findall(
        r"^\| `([\w.]+)` \| ([\w ]+) \| (.*) \|$", page.split("## Fields")[1], re.MULTILINE
    )
    types = {"strings": "list of strings"}

    assert told == [
        (field.name, types.get(field.type, field.type), field.about) for field in EXPRESSED
    ]


def test_the_example_of_an_expression_is_one():
    (example,) = re.findall(
        r"```yaml\n(.*?)```", (REFERENCE / "expressions.md").read_text(), re.DOTALL
    )

    assert len(parse(AROUND.replace("    when:\n", "") + indented(example, 4)).rules) == 1


def indented(text, by):
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())
