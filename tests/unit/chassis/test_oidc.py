"""Tokens of an issuer count when it signed them, for us, for now, as the settings pin it."""

import base64
import json
import time
from dataclasses import replace

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chassis.oidc import (
    AGAIN_S,
    FRESH_S,
    KEPT_S,
    LONGEST_TOKEN,
    InvalidIssuer,
    IssuerAway,
    load_tokens,
)
from chassis.settings import Common
from tests.issuer import AUDIENCE, issuing

GRANTS = ("staff=viewer", "till=cashier@harbour", "till=read@quay")


class Clock:
    now_s = 1_000.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def issuer():
    with issuing() as made:
        made.add("one")
        yield made


def config(issuer, **changed):
    plain = {
        "nats_url": "nats://none",
        "oidc_issuer": issuer.url,
        "oidc_audience": AUDIENCE,
        "oidc_grants": GRANTS,
    }
    return Common(**{**plain, **changed})


@pytest.fixture
def tokens(issuer):
    made = load_tokens(config(issuer))
    made._clock_s = Clock()  # noqa: SLF001 - nobody waits an hour for a key to be forgotten
    return made


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_a_token_of_the_issuer_says_who_it_is_and_what_they_may_do(issuer, tokens, algorithm):
    issuer.add("other", algorithm)

    ann = await tokens.find(issuer.sign("other"))

    assert ann.name == "oidc:ann"
    assert ann.grants.networks("accounts", "read") is None
    assert ann.grants.networks("accounts", "write") == frozenset()


@pytest.mark.parametrize(
    ("roles", "reads", "pays"),
    [
        (["till"], {"harbour", "quay"}, {"harbour"}),
        (["till", "staff"], None, {"harbour"}),
        ("till", {"harbour", "quay"}, {"harbour"}),
        ("openid till", {"harbour", "quay"}, {"harbour"}),
        (["boss", 7, {"till": 1}, None], frozenset(), frozenset()),
        ({"till": True}, frozenset(), frozenset()),
        (7, frozenset(), frozenset()),
        (None, frozenset(), frozenset()),
    ],
)
async def test_a_claim_grants_what_the_settings_say_and_nothing_else(
    issuer, tokens, roles, reads, pays
):
    ann = await tokens.find(issuer.sign("one", roles=roles))

    assert ann.grants.networks("accounts", "read") == reads
    assert ann.grants.networks("transfers", "write") == pays


async def test_a_claim_may_be_inside_of_others(issuer):
    tokens = load_tokens(config(issuer, oidc_claim="realm_access.roles"))

    inside = await tokens.find(issuer.sign("one", realm_access={"roles": ["staff"]}))
    beside = await tokens.find(issuer.sign("one", realm_access=["staff"]))

    assert inside.grants.networks("accounts", "read") is None
    assert beside.grants.networks("accounts", "read") == frozenset()


HOUR_S = 3_600
NOW_S = int(time.time())


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW_S - HOUR_S},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": NOW_S + HOUR_S},
        {"iat": None},
        {"nbf": NOW_S + HOUR_S},
        {"iss": "https://elsewhere.example.org"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": []},
        {"sub": None},
        {"sub": ""},
        {"sub": "a" * 256},
        {"sub": "a\x00b"},
    ],
    ids=str,
)
async def test_a_token_that_is_not_for_us_or_not_for_now_is_refused(issuer, tokens, claims):
    assert await tokens.find(issuer.sign("one")) is not None

    assert await tokens.find(issuer.sign("one", **claims)) is None


def encoded(part):
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


async def test_a_token_that_nobody_signed_is_refused(issuer, tokens):
    body = encoded(issuer.claims())
    signature = issuer.sign("one").rpartition(".")[2]

    for alg in ("none", "None", "NONE", "", None):
        head = encoded({"alg": alg, "kid": "one"})
        assert await tokens.find(f"{head}.{body}.") is None
        assert await tokens.find(f"{head}.{body}.{signature}") is None


async def test_a_public_key_is_no_secret_to_sign_with(issuer, tokens):
    pair = issuer.add("rsa", "RS256")
    public = pair.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = encoded({"alg": "HS256", "kid": "rsa", "typ": "JWT"})
    signed = f"{head}.{encoded(issuer.claims())}"
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        signed.encode(), public
    )
    forged = f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    assert await tokens.find(issuer.sign("rsa")) is not None
    assert await tokens.find(forged) is None
    with pytest.raises(InvalidIssuer, match="OIDC_ALGORITHMS"):
        load_tokens(config(issuer, oidc_algorithms=("RS256", "HS256")))


async def test_a_token_counts_by_the_key_that_it_names_and_by_no_other(issuer, tokens):
    issuer.add("two")
    algorithm, pair = issuer.pairs["two"]
    for headers in ({"kid": "one"}, {"kid": "three"}, {}, {"kid": "one", "jku": issuer.keys_url}):
        wrong = jwt.encode(issuer.claims(), pair, algorithm, headers=headers)
        assert await tokens.find(wrong) is None

    assert await tokens.find(issuer.sign("two")) is not None


async def test_a_token_that_brings_its_own_key_is_refused(issuer, tokens):
    mine = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    own = jwt.algorithms.RSAAlgorithm.to_jwk(mine.public_key(), as_dict=True)
    headers = {"kid": "one", "jwk": {**own, "kid": "one"}}

    assert await tokens.find(jwt.encode(issuer.claims(), mine, "RS256", headers=headers)) is None


async def test_a_token_that_was_changed_is_refused(issuer, tokens):
    head, _, signature = issuer.sign("one").split(".")

    assert await tokens.find(f"{head}.{encoded(issuer.claims(sub='eve'))}.{signature}") is None


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "....", "é.é.é", "a" * (LONGEST_TOKEN + 1)])
async def test_what_is_no_token_is_refused_without_asking_anybody(issuer, tokens, token):
    assert await tokens.find(token) is None
    assert issuer.asked == []


async def test_a_key_that_is_new_is_found_and_one_that_is_gone_is_forgotten(issuer, tokens):
    old = issuer.sign("one")
    assert await tokens.find(old) is not None
    issuer.add("two")
    del issuer.pairs["one"]
    new = issuer.sign("two")

    assert await tokens.find(new) is None, "it was looked for a moment ago"
    tokens._clock_s.now_s += AGAIN_S  # noqa: SLF001 - see the fixture

    assert await tokens.find(new) is not None
    assert await tokens.find(old) is None


async def test_tokens_with_made_up_keys_ask_the_issuer_no_more_than_once_in_a_while(issuer, tokens):
    await tokens.find(issuer.sign("one"))
    pair = issuer.pairs["one"][1]
    before = len(issuer.asked)

    for number in range(50):
        headers = {"kid": f"made-up-{number}"}
        assert (
            await tokens.find(jwt.encode(issuer.claims(), pair, "ES256", headers=headers)) is None
        )

    assert len(issuer.asked) == before


async def test_known_keys_count_for_an_hour_while_the_issuer_is_away(issuer, tokens):
    token = issuer.sign("one")
    assert await tokens.find(token) is not None
    issuer.is_away = True

    tokens._clock_s.now_s += FRESH_S + 1  # noqa: SLF001 - see the fixture
    assert await tokens.find(token) is not None
    tokens._clock_s.now_s += KEPT_S  # noqa: SLF001 - as above
    with pytest.raises(IssuerAway):
        await tokens.find(token)

    issuer.is_away = False
    tokens._clock_s.now_s += AGAIN_S  # noqa: SLF001 - as above
    assert await tokens.find(token) is not None


async def test_an_issuer_that_calls_itself_otherwise_is_not_believed(issuer, tokens):
    issuer.name = "https://elsewhere.example.org"

    with pytest.raises(IssuerAway):
        await tokens.find(issuer.sign("one"))


async def test_keys_are_taken_from_where_the_settings_say(issuer):
    tokens = load_tokens(config(issuer, oidc_keys_url=issuer.keys_url))

    assert await tokens.find(issuer.sign("one")) is not None
    assert issuer.asked == ["/keys"]


async def test_keys_for_other_ends_and_short_keys_sign_nothing(issuer, tokens):
    issuer.pairs["short"] = (
        "RS256",
        rsa.generate_private_key(public_exponent=65537, key_size=1024),  # noqa: S505 - that is the point
    )
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        short = issuer.sign("short")
    plain = issuer.keys
    issuer.keys = lambda: {
        "keys": [{**key, "use": "enc"} if key["kid"] == "one" else key for key in plain()["keys"]]
    }

    assert await tokens.find(short) is None
    assert await tokens.find(issuer.sign("one")) is None


def test_without_an_issuer_no_token_counts(issuer):
    assert load_tokens(config(issuer, oidc_issuer="")) is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"oidc_audience": ""}, "OIDC_AUDIENCE is not set"),
        ({"oidc_issuer": "http://issuer.example.org"}, "OIDC_ISSUER is not https"),
        ({"oidc_keys_url": "http://issuer.example.org/keys"}, "OIDC_KEYS_URL is not https"),
        ({"oidc_algorithms": ()}, "OIDC_ALGORITHMS may be"),
        ({"oidc_algorithms": ("none",)}, "OIDC_ALGORITHMS may be"),
        ({"oidc_grants": ("staff=boss",)}, "no such role or scope: boss"),
        ({"oidc_grants": ("staff",)}, "no such role or scope: staff"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(issuer, changed, told):
    with pytest.raises(InvalidIssuer, match=told):
        load_tokens(replace(config(issuer), **changed))
