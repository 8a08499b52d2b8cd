"""API keys are known by their digest only."""

import pytest

from chassis import auth
from reeve.stack.home import write_privately

PEPPER = "a pepper"


def write(tmp_path, text):
    path = tmp_path / "api-keys"
    path.write_text(text)
    return path


def test_a_key_that_was_made_is_found_again(tmp_path):
    token, line = auth.make_key("operator", ["write,read"], PEPPER)
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
    faulty = [
        "one",
        f"two {digest} read,fly",
        "three abc read",
        f"four {digest} read@",
        f"oidc:five {digest} read",
        f"six {digest} read until=never",
        f"seven {digest} read harbour",
        f"eight {digest} read",
        f"nine {digest} write",
    ]
    path = write(tmp_path, "\n".join(faulty))

    with pytest.raises(auth.InvalidKeys) as refused:
        auth.load_keys(path, PEPPER)

    lines = [line.partition("api-keys:")[2] for line in str(refused.value).splitlines()]
    assert lines == [
        "1: a line is: name digest, and what is granted",
        "2: no such role or scope: fly",
        "3: the digest is 64 hexadecimal digits",
        "4: read@ names no network",
        "5: no key is called oidc:...: that is who comes with a token",
        "6: Invalid isoformat string: 'never'",
        "7: no such role or scope: harbour",
        "9: this key has a line already",
    ]


def test_keys_without_a_pepper_or_without_their_file_are_refused(tmp_path):
    with pytest.raises(auth.InvalidKeys, match="API_PEPPER is not set"):
        auth.load_keys(tmp_path / "any", "")
    with pytest.raises(auth.InvalidKeys, match="cannot be read"):
        auth.load_keys(tmp_path / "missing", PEPPER)


def test_a_key_without_grants_is_known_and_opens_nothing(tmp_path):
    token, line = auth.make_key("nobody", [], PEPPER)

    grants = auth.load_keys(write(tmp_path, line), PEPPER).find(token).principal.grants

    assert grants.networks("accounts", "read") == frozenset()


def test_what_is_granted_holds_where_it_is_granted_and_nowhere_else():
    grants = auth.parse_grants(
        ["cashier@harbour,quay", "holds:write,read@pier%20one", "assets:read"]
    )

    assert grants.networks("transfers", "write") == {"harbour", "quay"}
    assert grants.networks("holds", "write") == {"harbour", "quay", "pier one"}
    assert grants.networks("accounts", "read") == {"harbour", "quay", "pier one"}
    assert grants.networks("accounts", "write") == frozenset()
    assert grants.networks("assets", "read") is None
    assert grants.networks("assets", "write") == frozenset()


def test_every_role_reads_and_only_the_owner_writes_everything():
    found = {role: auth.parse_grants([role]) for role in auth.ROLES}

    assert all(grants.networks("cases", "read") is None for grants in found.values())
    everything = [role for role in found if found[role].networks("accounts", "write") is None]
    assert everything == ["owner"]


def test_a_key_opens_nothing_when_its_time_is_over(tmp_path):
    gone, first = auth.make_key("gone", ["read", "until=2020-01-01"], PEPPER)
    there, second = auth.make_key("there", ["read", "until=9999-01-01T00:00:00+08:00"], PEPPER)
    keys = auth.load_keys(write(tmp_path, f"{first}\n{second}\n"), PEPPER)

    assert keys.find(gone) is None
    assert keys.find(there).name == "there"


def test_a_line_that_is_taken_out_or_put_in_counts_at_the_next_request(tmp_path):
    token, line = auth.make_key("operator", ["read"], PEPPER)
    fresh, other = auth.make_key("fresh", ["read"], PEPPER)
    path = write(tmp_path, line)
    keys = auth.load_keys(path, PEPPER)
    assert keys.find(token).name == "operator"

    write_privately(path, f"{other}\n")

    assert keys.find(token) is None
    assert keys.find(fresh).name == "fresh"


def test_a_line_that_is_wrong_by_now_keeps_no_key_alive_that_was_taken_out(tmp_path):
    token, line = auth.make_key("operator", ["read"], PEPPER)
    revoked, second = auth.make_key("revoked", ["read"], PEPPER)
    path = write(tmp_path, f"{line}\n{second}\n")
    keys = auth.load_keys(path, PEPPER)

    write_privately(path, f"{line}\nrevoked soon\n")

    assert keys.find(revoked) is None
    assert keys.find(token).name == "operator"


def test_without_its_file_nobody_is_let_in_until_it_is_back(tmp_path):
    token, line = auth.make_key("operator", ["read"], PEPPER)
    path = write(tmp_path, line)
    keys = auth.load_keys(path, PEPPER)

    path.rename(tmp_path / "away")
    assert keys.find(token) is None
    (tmp_path / "away").rename(path)

    assert keys.find(token).name == "operator"


@pytest.mark.parametrize(
    ("grants", "harbour", "elsewhere"),
    [
        ("owner", True, True),
        ("cashier", False, False),
        ("read,write", False, False),
        ("owner@harbour", True, False),
        ("write,issue@harbour", True, False),
        ("write issue@harbour", True, False),
    ],
)
def test_money_is_issued_by_name_or_by_owners_alone(grants, harbour, elsewhere):
    _, line = auth.make_key("one", grants.split(), PEPPER)
    caller = auth.Caller("one", None, auth.parse_line(line).principal.grants)

    assert (caller.may_issue("harbour"), caller.may_issue("elsewhere")) == (harbour, elsewhere)
