"""Whatever is given as a rulebook, it is one, or it is refused with faults that have places."""

from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy.core.analysis.review import review
from policy.core.compile import compile_rulebook
from policy.core.conditions import CONDITIONS
from policy.core.rulebook import InvalidRulebook, digest, parse
from policy.sets import with_builtin

ROOT = Path(__file__).resolve().parents[3]
BOOKS = [path.read_text() for path in sorted((ROOT / "rulebooks").glob("*.yaml"))]
SETS = [path.read_text() for path in sorted((ROOT / "rulebooks" / "sets").glob("*.yaml"))]
LINES = [line for book in BOOKS for line in book.splitlines(keepends=True)]

scalars = st.one_of(
    st.sampled_from(
        [*CONDITIONS, "name", "rules", "id", "why", "when", "then", "list:insults", "10s", "5", ""]
    ),
    st.text(max_size=8),
)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(scalars, inner, max_size=4),
    max_leaves=12,
)


def outcome(text):
    try:
        return parse(text)
    except InvalidRulebook as refused:
        return refused


def check(text):
    found = outcome(text)
    if isinstance(found, InvalidRulebook):
        assert found.faults
        for fault in found.faults:
            assert fault.reason
            assert 1 <= fault.line <= len(text) + 1
            assert fault.column >= 1
    else:
        assert compile_rulebook(found).digest == digest(text)


@given(st.text())
@example("\ud800")
@example("a: \x00")
@example("&a [*a]")
@example("[" * 100_000)
@example("{" * 100_000)
@example("a: " * 50_000)
@example("- " * 50_000)
@example("\u2028\x85\r\n\t")
@example("a" * 3_000_000)
@example("%YAML 9.9\n---\na")
@example("!<!> x")
def test_any_text(text):
    check(text)


@given(st.binary())
def test_any_bytes(data):
    check(data.decode("latin-1"))
    check(data.decode("utf-16", "replace"))


@given(st.sampled_from(BOOKS), st.data())
def test_a_good_book_with_characters_changed(book, data):
    start = data.draw(st.integers(0, len(book) - 1))
    end = data.draw(st.integers(start, min(len(book), start + 30)))

    check(book[:start] + data.draw(st.text(max_size=10)) + book[end:])


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([*BOOKS, *SETS]), st.data())
def test_whatever_is_saved_is_reviewed(book, data):
    start = data.draw(st.integers(0, len(book) - 1))
    end = data.draw(st.integers(start, min(len(book), start + 30)))
    put = data.draw(st.text(max_size=10) | st.sampled_from(LINES))

    found = review(book[:start] + put + book[end:])

    assert all(fault.reason and fault.line >= 1 for fault in (*found.faults, *found.warnings))


@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_lines_of_good_books_in_any_order(lines):
    check("".join(lines))


@given(trees)
def test_any_tree_in_place_of_a_rule(tree):
    check(f"name: a\nlanguage: en\nlists: {tree!r}\nrules: [{tree!r}]\n")
    check(f"name: a\nlanguage: en\nrules: [{{id: a, why: b, when: {tree!r}, then: {tree!r}}}]\n")


@given(st.text(max_size=40))
def test_any_pattern(pattern):
    quoted = pattern.replace("'", "''")
    rule = f"{{id: a, why: b, when: {{pattern: '{quoted}'}}, then: warn}}"
    check(f"name: a\nlanguage: en\nrules: [{rule}]")


def test_the_books_of_the_repository_are_good():
    for book in BOOKS:
        check(book)
        parse(with_builtin(book))
