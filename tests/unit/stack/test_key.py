"""The keys of a local stack are made, shown and taken away by its command."""

import pytest

from chassis.auth import load_keys
from reeve.cli import main
from reeve.stack import access
from reeve.stack.home import Home


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("REEVE_HOME", str(tmp_path))
    home = Home(tmp_path)
    home.make()
    access.make_api_key(home)
    return home


def known(home):
    return load_keys(access.api_keys_file(home), home.secret(access.api_pepper_file(home).name))


def test_a_key_opens_what_it_was_made_for_until_it_is_revoked(home, capsys):
    one, other = known(home), known(home)

    assert main(["key", "add", "festival", "cashier@harbour", "--until", "2999-01-01"]) == 0
    token = capsys.readouterr().out.strip()
    found = [keys.find(token) for keys in (one, other)]
    assert main(["key", "revoke", "festival"]) == 0

    assert [key.principal.grants.networks("holds", "write") for key in found] == [{"harbour"}] * 2
    assert [keys.find(token) for keys in (one, other)] == [None, None]
    assert main(["key", "revoke", "festival"]) == 1


@pytest.mark.usefixtures("home")
def test_the_list_shows_who_may_do_what_and_no_key(capsys):
    main(["key", "add", "festival", "read,holds:write@harbour", "viewer"])
    token = capsys.readouterr().out.strip()

    main(["key", "list"])

    lines = capsys.readouterr().out.splitlines()
    assert [(line.split()[0], line.split()[2:]) for line in lines] == [
        ("operator", ["owner"]),
        ("second", ["owner"]),
        ("festival", ["read,holds:write@harbour", "viewer"]),
    ]
    assert token not in "".join(lines)


def test_starting_again_keeps_the_keys_that_were_made(home, capsys):
    main(["key", "add", "festival", "viewer"])
    token = capsys.readouterr().out.strip()

    access.make_api_key(home)

    assert known(home).find(token).name == "festival"
    assert known(home).find(access.api_key_file(home).read_text()).name == "operator"


@pytest.mark.parametrize(
    "words",
    [["one", "boss"], ["a b", "read"], ["a#b", "read"], ["oidc:one", "read"], [" ", "read"]],
)
def test_a_key_that_would_not_be_understood_is_not_made(home, words):
    before = access.key_lines(home)

    assert main(["key", "add", *words]) == 2

    assert access.key_lines(home) == before


def test_where_there_is_no_stack_there_are_no_keys(tmp_path, monkeypatch):
    monkeypatch.setenv("REEVE_HOME", str(tmp_path / "nowhere"))

    assert main(["key", "list"]) == 1
