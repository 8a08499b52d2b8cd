"""Whoever sends wrong keys and tokens is slowed, by address, and nobody with a right key is."""

import pytest
from starlette.requests import Request

from chassis.admission import address_of
from tests.integration.chassis.test_http import guarded
from tests.issuer import AUDIENCE, issuing


async def test_who_comes_with_wrong_keys_again_and_again_is_slowed_and_a_right_key_is_not():
    async with guarded(api_failures_per_s=0.001, api_failures_burst=2) as (ask, token, other):
        wrong = [await ask(word) for word in ("rv_wrong", "wrong", "rv_wrong", "rv_other", "")]
        right = [await ask(token), await ask(other)]

    assert [status for status, _, _ in wrong] == [401, 401, 429, 429, 429]
    _, told, headers = wrong[2]
    assert told["code"] == "too_many_requests"
    assert 990 <= int(headers["Retry-After"]) <= 1_000
    assert [status for status, _, _ in right] == [200, 200]


async def test_no_token_is_looked_at_from_where_too_many_were_wrong():
    with issuing() as issuer:
        issuer.add("one")
        settings = {
            "oidc_issuer": issuer.url,
            "oidc_audience": AUDIENCE,
            "oidc_grants": ("staff=viewer",),
            "api_failures_per_s": 0.001,
            "api_failures_burst": 2,
        }
        async with guarded(**settings) as (ask, key, _):
            good = [await ask(issuer.sign("one")) for _ in range(3)]
            wrong = [await ask(issuer.sign("one", exp=1)) for _ in range(3)]
            late, keyed = await ask(issuer.sign("one")), await ask(key)

    assert [status for status, _, _ in good] == [200] * 3
    assert [status for status, _, _ in wrong] == [401, 401, 429]
    assert (late[0], late[1]["code"], keyed[0]) == (429, "too_many_requests", 200)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:0:1::7", "2001:db8:0:1:ffff::8", True),
        ("2001:db8:0:1::7", "2001:db8:0:2::7", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
    ],
)
def test_an_address_of_ipv6_counts_as_the_network_of_whoever_has_it(one, other, same):
    first, second = (
        address_of(Request({"type": "http", "client": (host, 1)})) for host in (one, other)
    )

    assert (first == second) is same
