"""People who prove themselves to somebody else: bearer tokens of an OpenID Connect issuer.

A token is a JWT (RFC 7519) that the issuer signed with one of the keys it publishes (RFC 7517).
Which issuer, for whom the token is, and by which algorithms it may be signed is pinned by settings,
and none of it taken from the token; only public-key algorithms are known here, so that nobody signs
with a public key as if it was a secret (RFC 8725, section 3.1). What a person may do is said by a
claim, through grants that the settings name.
"""

import asyncio
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jwt
import structlog

from chassis.auth import FOREIGN, Grants, Principal, parse_grants
from chassis.clock import monotonic_s
from chassis.errors import Explained
from chassis.settings import Common

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Every algorithm that may be pinned; each has a private and a public key."""
DISCOVERY = "/.well-known/openid-configuration"
REQUIRED = ["iss", "aud", "exp", "iat", "sub"]
LEEWAY_S = 30
FRESH_S = 600.0
"""How old published keys get before they are looked at again."""
AGAIN_S = 10.0
"""How long after a look the next one is, whatever tokens ask for."""
KEPT_S = 3_600.0
"""How long keys count when the issuer does not answer any more."""
TIMEOUT_S = 5.0
LONGEST_ANSWER = 1 << 20
LONGEST_TOKEN = 1 << 14
LONGEST_SUBJECT = 255
"""OpenID Connect Core 1.0, section 2."""
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

log = structlog.get_logger(__name__)


class InvalidIssuer(Explained):
    """The settings of the issuer do not go together; says which."""


class IssuerAway(Exception):
    """The issuer's keys are not known, and cannot be asked for just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Whose tokens count, and what for."""

    issuer: str
    audience: str
    keys_url: str = ""
    """Where its keys are; empty: it is asked where."""
    algorithms: Sequence[str]
    claim: str
    """The claim that says what a person may do; dots lead into objects."""
    grants: Mapping[str, Grants]
    """By what the claim may say."""


class Tokens:
    """The tokens a service accepts."""

    def __init__(self, terms: Terms, *, clock_s: Callable[[], float] = monotonic_s) -> None:
        self._terms = terms
        self._clock_s = clock_s
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._looked_s: float | None = None
        self._found_s = 0.0
        self._looking = asyncio.Lock()
        self._decoder = jwt.PyJWT(options={"enforce_minimum_key_length": True})

    async def find(self, token: str) -> Principal | None:
        """Return whose token it is; ``None`` when it is none that counts.

        Raises:
            IssuerAway: Nobody can tell, since its keys cannot be had.
        """
        if len(token) > LONGEST_TOKEN:
            return None
        try:
            header = jwt.get_unverified_header(token)
            key_id = header.get("kid")
            if header.get("alg") not in self._terms.algorithms or not isinstance(key_id, str):
                return None
            key = await self._key(key_id)
            if key is None:
                return None
            claims = self._decoder.decode(
                token,
                key,
                algorithms=self._terms.algorithms,
                audience=self._terms.audience,
                issuer=self._terms.issuer,
                leeway=LEEWAY_S,
                options={"require": REQUIRED},
            )
        except (jwt.PyJWTError, ValueError, OverflowError):
            return None
        return self._principal(claims)

    def _principal(self, claims: Mapping[str, Any]) -> Principal | None:
        subject = claims["sub"]
        if not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
            return None
        words = _said(claims, self._terms.claim)
        held = [grants for word, grants in self._terms.grants.items() if word in words]
        return Principal(f"{FOREIGN}{subject}", Grants.all_of(held))

    async def _key(self, key_id: str) -> jwt.PyJWK | None:
        """Return a key of the issuer, asking for them anew where this one is not known."""
        if key_id not in self._keys or self._age_s() > FRESH_S:
            if key_id in self._keys and self._looking.locked() and self._age_s() <= KEPT_S:
                return self._keys[key_id]  # somebody looks already
            async with self._looking:
                if key_id not in self._keys or self._age_s() > FRESH_S:
                    await self._look()
        if self._age_s() > KEPT_S:
            self._keys = {}
        if not self._keys:
            raise IssuerAway(self._terms.issuer)
        return self._keys.get(key_id)

    def _age_s(self) -> float:
        return self._clock_s() - self._found_s

    async def _look(self) -> None:
        now_s = self._clock_s()
        if self._looked_s is not None and now_s - self._looked_s < AGAIN_S:
            return
        self._looked_s = now_s
        try:
            self._keys = await asyncio.to_thread(_published, self._terms)
        except (OSError, ValueError, jwt.PyJWTError) as fault:
            log.warning("oidc.issuer_away", issuer=self._terms.issuer, fault=str(fault))
        else:
            self._found_s = now_s


def load_tokens(config: Common) -> Tokens | None:
    """Return the tokens that the settings speak of; ``None`` where they name no issuer.

    Raises:
        InvalidIssuer: They name one, and not all that belongs to it.
    """
    if not config.oidc_issuer:
        return None
    faults = [
        f"{name} is not https://, nor on this machine"
        for name, url in (
            ("OIDC_ISSUER", config.oidc_issuer),
            ("OIDC_KEYS_URL", config.oidc_keys_url or config.oidc_issuer),
        )
        if not _is_safe(url)
    ]
    if not config.oidc_audience:
        faults.append("OIDC_AUDIENCE is not set: a token for anybody would do")
    strange = [name for name in config.oidc_algorithms if name not in ALGORITHMS]
    if strange or not config.oidc_algorithms:
        faults.append(f"OIDC_ALGORITHMS may be {', '.join(sorted(ALGORITHMS))}")
    grants: dict[str, Grants] = {}
    for entry in config.oidc_grants:
        said, _, granted = entry.rpartition("=")
        try:
            held = parse_grants([granted])
        except ValueError as fault:
            faults.append(f"OIDC_GRANTS {entry}: {fault}")
        else:
            grants[said] = Grants.all_of([grants.get(said, Grants()), held])
    if faults:
        raise InvalidIssuer("\n".join(faults))
    return Tokens(
        Terms(
            issuer=config.oidc_issuer,
            audience=config.oidc_audience,
            keys_url=config.oidc_keys_url,
            algorithms=config.oidc_algorithms,
            claim=config.oidc_claim,
            grants=grants,
        )
    )


def _said(claims: Mapping[str, Any], claim: str) -> set[str]:
    """Return what a claim says: a list of words, one text, or words in a text as `scope` has."""
    said: object = claims
    for part in claim.split("."):
        said = said.get(part) if isinstance(said, Mapping) else None
    texts = said if isinstance(said, list) else [said]
    known = [text for text in texts if isinstance(text, str)]
    return {*known, *(word for text in known for word in text.split())}


def _published(terms: Terms) -> dict[str, jwt.PyJWK]:
    """Return the keys that an issuer publishes for signing, by their ids; blocks."""
    url = terms.keys_url
    if not url:
        found = _fetch(terms.issuer.rstrip("/") + DISCOVERY)
        if found.get("issuer") != terms.issuer:
            raise ValueError(f"the issuer calls itself {found.get('issuer')}")
        url = str(found.get("jwks_uri"))
    named = _fetch(url).get("keys")
    keys: dict[str, jwt.PyJWK] = {}
    for each in named if isinstance(named, list) else []:
        if isinstance(each, dict) and isinstance(each.get("kid"), str) and _signs(each):
            try:
                key = jwt.PyJWK(each)
            except jwt.PyJWTError:
                continue  # of a kind that is not known here
            if key.algorithm_name in terms.algorithms:
                keys[each["kid"]] = key
    if not keys:
        raise ValueError("no key of the issuer is for an algorithm that is allowed")
    return keys


def _signs(key: Mapping[str, object]) -> bool:
    return key.get("use", "sig") == "sig"


def _fetch(url: str) -> dict[str, Any]:
    if not _is_safe(url):
        raise ValueError(f"{url} is not https://, nor on this machine")
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310 - looked at above
        found = json.loads(answer.read(LONGEST_ANSWER)) if _is_safe(answer.url) else None
    if not isinstance(found, dict):
        raise ValueError(f"{url} has no object for us")  # noqa: TRY004 - what was sent, not a type
    return found


def _is_safe(url: str) -> bool:
    """Return whether nobody on the way can change what comes from there."""
    parts = urllib.parse.urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
