"""The judge's core as machine code: it is found where it was built, and only there."""

import pytest

from policy import native


def test_every_module_that_is_compiled_is_there():
    assert [name for name in native.MODULES if not native.path_of(name).is_file()] == []


def test_only_what_was_compiled_is_found_among_what_was_built(tmp_path):
    finder = native.Finder(tmp_path)

    found = finder.find_spec("policy.core.engine")
    assert found is not None
    assert found.origin.startswith(str(tmp_path / "policy" / "core" / "engine"))
    assert finder.find_spec("policy.core.conduct") is None


def test_a_changed_source_is_never_run_by_an_old_build(tmp_path, monkeypatch):
    (tmp_path / "core").mkdir()
    source = tmp_path / "core" / "engine.py"
    source.write_text("a = 1")
    monkeypatch.setattr(native, "__file__", str(tmp_path / "native.py"))
    before = native.built()
    source.write_text("a = 2")

    assert native.built() != before


@pytest.mark.parametrize("wish", ["1", "yes"])
def test_whoever_wants_the_sources_interpreted_gets_that(wish, monkeypatch):
    monkeypatch.setenv(native.INTERPRETED, wish)

    assert not native.use()
