"""API keys are known by their digest only."""

import pytest

from chassis import auth

PEPPER = "a pepper"


def write(tmp_path, text):
    path = tmp_path / "api-keys"
    path.write_text(text)
    return path


def test_a_key_that_was_made_is_found_again(tmp_path):
    token, line = auth.make_key("operator", ["write", "read"], PEPPER)
    path = write(tmp_path, f"# who may do what\n\n{line}\n")

    key = auth.load_keys(path, PEPPER).find(token)

    assert token.startswith("rv_")
    assert token not in line
    assert (key.name, key.scopes) == ("operator", {"read", "write"})


def test_nobody_else_is_let_in(tmp_path):
    token, line = auth.make_key("operator", ["read"], PEPPER)
    path = write(tmp_path, line)

    assert auth.load_keys(path, PEPPER).find(token + "x") is None
    assert auth.load_keys(path, "another pepper").find(token) is None
    assert auth.load_keys(None, PEPPER).find(token) is None


def test_every_line_at_fault_is_named(tmp_path):
    digest = "0" * 64
    path = write(tmp_path, f"one\ntwo {digest} read,fly\nthree abc read\nfour {digest} read\n")

    with pytest.raises(auth.InvalidKeys) as refused:
        auth.load_keys(path, PEPPER)

    lines = [line.partition("api-keys:")[2] for line in str(refused.value).splitlines()]
    assert lines == [
        "1: a line is: name digest scopes, and networks if it is limited to some",
        "2: no such scope: fly",
        "3: the digest is 64 hexadecimal digits",
    ]


def test_keys_without_a_pepper_or_without_their_file_are_refused(tmp_path):
    with pytest.raises(auth.InvalidKeys, match="API_PEPPER is not set"):
        auth.load_keys(tmp_path / "any", "")
    with pytest.raises(auth.InvalidKeys, match="cannot be read"):
        auth.load_keys(tmp_path / "missing", PEPPER)


def test_a_fourth_word_limits_a_key_to_networks(tmp_path):
    token, line = auth.make_key("festival", ["read"], PEPPER)
    path = write(tmp_path, f"{line} harbour,quay\n")

    key = auth.load_keys(path, PEPPER).find(token)

    assert key.networks == {"harbour", "quay"}
