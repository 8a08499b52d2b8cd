"""What the schema refuses and what the reader refuses: books changed in one place, both asked."""

import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from policy.core.conditions import CONDITIONS
from policy.core.rulebook import read
from policy.core.schema import rulebook_schema
from policy.sets import with_builtin

ROOT = Path(__file__).resolve().parents[2]
STORIES = Path(__file__).parent.glob("*.yaml")
STRANGER = "no-such-key"
# What is written there has a grammar of its own, or names something that must be there.
WORDED = {*CONDITIONS, "id", "permit", "patterns", "domains", "timezone", "from", "default"}


class Core(yaml.CSafeLoader):
    """Reads YAML as editors do, by the core schema of YAML 1.2: no dates, and `yes` is a text."""


class CoreOut(yaml.CSafeDumper):
    """Writes what `Core` reads: quotes stand only where they make a difference to it."""

    def ignore_aliases(self, _data):
        return True


KEPT = (":null", ":merge")
for core in (Core, CoreOut):
    core.yaml_implicit_resolvers = {
        first: [(tag, regex) for tag, regex in resolvers if tag.endswith(KEPT)]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    for tag, regex, first in (
        ("bool", r"(?:true|false)\Z", "tf"),
        ("int", r"-?(?:0|[1-9][0-9]*)\Z", "-0123456789"),
    ):
        core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(regex), list(first))
CoreOut.add_representer(
    type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "")
)


def loaded(text):
    return next(yaml.load_all(text, Loader=Core))


def golden_books():
    for path in sorted((ROOT / "rulebooks").rglob("*.yaml")):
        yield path.stem, path.read_text()
    for path in sorted(STORIES):
        for number, story in enumerate(yaml.safe_load_all(path.read_text()), 1):
            if "\n" in story["rulebook"]:
                yield f"{path.stem}-{number}", story["rulebook"]


BOOKS = dict(golden_books())


def pieces(tree):
    """Yield what a book is made of, one rule or one other part at a time, as a book of its own."""
    head = {"name": "a piece", "language": "en", "lists": {"none": {"words": ["none"]}}}
    yield from ({**head, "rules": [rule]} for rule in tree.get("rules", ()))
    yield from ({**head, key: value} for key, value in tree.items() if key != "rules")


def changes(tree, path=()):
    """Yield every change of one place: where, with list places left out, and the change itself."""
    if isinstance(tree, dict):
        yield (*path, "a key too many"), lambda: {**tree, STRANGER: 1}
        for key, value in tree.items():
            for where, changed in changes(value, (*path, key)):
                yield where, lambda key=key, changed=changed: {**tree, key: changed()}
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            for where, changed in changes(value, path):
                yield (
                    where,
                    lambda n=number, changed=changed: [*tree[:n], changed(), *tree[n + 1 :]],
                )
    elif WORDED.isdisjoint(path):
        yield (*path, "another word"), lambda: "?!"
    if path:
        yield (*path, "a mapping"), lambda: {STRANGER: {STRANGER: 1}}
        yield (*path, "a list of lists"), lambda: [[["no"]]]
        yield (*path, "nothing"), lambda: {} if isinstance(tree, dict) else []


def faults(tree):
    """Return what the reader finds wrong with a tree, each with the part of the book it is in."""
    text = yaml.dump(tree, Dumper=CoreOut, allow_unicode=True, sort_keys=False)
    return {(re.split(r"\W", fault.path)[0], fault.told) for fault in read(text).faults}


@pytest.fixture(scope="module")
def validator():
    return Draft202012Validator(rulebook_schema())


@pytest.mark.parametrize("name", BOOKS)
def test_the_schema_takes_every_book_that_the_reader_takes(validator, name):
    assert [found.message for found in validator.iter_errors(loaded(BOOKS[name]))] == []
    assert read(with_builtin(BOOKS[name])).faults == ()


def test_the_schema_refuses_what_the_reader_refuses(validator):
    """A name that is not there, and what a parameter is used for, are beyond any schema."""
    seen = set()
    missed = []
    for name, text in BOOKS.items():
        for piece in pieces(loaded(text)):
            before = None
            for where, changed in changes(piece):
                if where in seen:
                    continue
                seen.add(where)
                other = changed()
                if validator.is_valid(other):
                    before = faults(piece) if before is None else before
                    found = {told for part, told in faults(other) - before if part == where[0]}
                    if found:
                        missed.append((name, where, min(found)))

    assert missed == []
