"""The tree polices itself: size, names and habits of every Python module."""

import ast
import re

import pytest

from tests.tidy.tree import ROOT, files, name_of

MODULES = files(".py")
SERVICES = [path for path in MODULES if path.is_relative_to(ROOT / "services")]
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
CATCH_ALLS = {"common", "helper", "helpers", "manager", "misc", "shared", "util", "utils"}
IGNORE = re.compile(
    r"#\s*(?:noqa\b(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[^]]*\])?)(.*)"
)
REASON = re.compile(r"[-#]\s*\w")
SQL = re.compile(
    r"\s*(?:with\s.+?\bas\s*\(|select\s.+\sfrom\s|insert\s+into\s|update\s+\w+(?:\s+\w+)?\s+set\s|delete\s+from\s"
    r"|create\s+(?:unique\s+)?(?:table|index|schema)\s|alter\s+table\s|drop\s+table\s|truncate\s+table\s)",
    re.IGNORECASE | re.DOTALL,
)

every_module = pytest.mark.parametrize("path", MODULES, ids=name_of)


@every_module
def test_a_module_fits_in_the_head(path):
    source = path.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, FUNCTION)]

    assert source.count("\n") <= 400, "split it by what changes together"
    assert path.stem not in CATCH_ALLS, "name it for what is in it"
    assert [f.name for f in functions if f.end_lineno - f.lineno >= 50] == []


@every_module
def test_every_ignore_carries_its_reason(path):
    ignores = [
        (number, found.group(1))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (found := IGNORE.search(line)) and "re.compile" not in line
    ]

    assert [number for number, reason in ignores if not REASON.search(reason)] == []


@every_module
def test_nothing_is_imported_that_we_refuse(path):
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {f"{'.' * node.level}{node.module}.{name.name}" for name in node.names}

    assert not {name for name in imported if name.startswith(".")}, "say the whole path"
    assert "__future__.annotations" not in imported, "the settings loader reads field types"
    assert not {name for name in imported if name.startswith(("unittest", "mock"))}, "use a fake"


@pytest.mark.parametrize("path", SERVICES, ids=name_of)
def test_sql_stays_in_the_store(path):
    in_store = "store" in path.stem or any(part.startswith("store") for part in path.parent.parts)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef | FUNCTION)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    statements = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and SQL.match(node.value)
    ]

    assert in_store or statements == []


def test_every_library_says_that_it_is_typed():
    libraries = {path.relative_to(ROOT).parts[1] for path in MODULES if "libs" in path.parts}

    assert [name for name in libraries if not (ROOT / "libs" / name / "py.typed").exists()] == []
