"""The schema that editors are given knows what the registries know, and is kept true."""

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from policy.core.conditions import CONDITIONS
from policy.core.consequences import KINDS
from policy.core.rulebook import KEYS
from policy.core.rules import RULE_KEYS
from policy.core.schema import rulebook_schema, schema_text

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "docs" / "reference" / "rulebook.schema.json"
BOOKS = sorted((ROOT / "rulebooks").rglob("*.yaml"))
FAULTY = ["conditions", "examples", "half", "include", "keys", "missing", "parameters", "shape"]


@pytest.fixture(scope="module")
def validator():
    return Draft202012Validator(rulebook_schema())


def loaded(text):
    """Return a text as an editor reads it: scalars stay what they look like, dates are texts."""
    loader = yaml.CSafeLoader
    return yaml.load(text, Loader=loader)  # noqa: S506 -- it is the safe one


def wrong(validator, tree):
    return [
        f"{list(found.absolute_path)}: {found.message}" for found in validator.iter_errors(tree)
    ]


def test_the_committed_schema_is_what_the_code_says():
    assert COMMITTED.read_text() == schema_text()


def test_it_is_a_schema():
    Draft202012Validator.check_schema(rulebook_schema())


def test_it_knows_every_key_condition_and_consequence():
    schema = rulebook_schema()

    assert set(schema["properties"]) == set(KEYS)
    assert set(schema["$defs"]["rule"]["properties"]) == set(RULE_KEYS)
    assert set(schema["$defs"]["condition"]["properties"]) == set(CONDITIONS)
    several = schema["$defs"]["consequences"]["anyOf"][0]["anyOf"][1]
    assert set(several["properties"]) == set(KINDS)


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_rulebooks_that_come_with_reeve_fit(validator, path):
    assert wrong(validator, loaded(path.read_text())) == []


@pytest.mark.parametrize("name", sorted(CONDITIONS))
def test_the_example_of_every_condition_fits(validator, name):
    rule = {"id": "r", "why": "w", "then": "notice"}
    rule["when"] = loaded(CONDITIONS[name].about.example)

    assert wrong(validator, {"name": "n", "language": "en", "rules": [rule]}) == []


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_example_of_every_consequence_fits(validator, name):
    rule = {
        "id": "r",
        "why": "w",
        "when": {"words": "a"},
        "then": loaded(KINDS[name].about.example),
    }

    assert wrong(validator, {"name": "n", "language": "en", "rules": [rule]}) == []


@pytest.mark.parametrize("name", FAULTY)
def test_broken_rulebooks_do_not_fit(validator, name):
    text = (ROOT / "tests" / "golden" / "faults" / f"{name}.yaml").read_text()
    try:
        trees = list(yaml.safe_load_all(text))
    except yaml.YAMLError:
        return

    assert wrong(validator, trees[0])


@pytest.mark.parametrize("value", ["${most}", 5])
def test_a_parameter_may_stand_for_any_value(validator, value):
    when = {"max_length": value, "words": ["${words}"]}
    rule = {"id": "r", "why": "w", "when": when, "then": {"mute": "${pause}"}}

    assert wrong(validator, {"name": "n", "language": "en", "rules": [rule]}) == []
