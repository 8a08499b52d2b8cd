"""Who is let in where: keys and tokens, what they may do, in which networks, and how often.

What nobody granted is denied. A route says what it does by the type of a parameter: `Reader`,
`Writer`, or `Finder` and `Changer` where what it is about has a network of its own. Whoever is
limited to networks is let in by a service that keeps networks apart only, and there where the
request names one of them, or as `Finder` or `Changer`.
"""

import math
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from ipaddress import IPv6Address
from typing import Annotated, Literal

from fastapi import Depends, Header, Request, Security
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from chassis.auth import PREFIX, Caller, Keys, Principal
from chassis.oidc import AGAIN_S, IssuerAway, Tokens
from chassis.pace import Pace
from chassis.problem import ApiError

seen: ContextVar[frozenset[str] | None] = ContextVar("seen", default=frozenset())
"""The networks of which a request is shown anything, for whoever reads; ``None``: all of them."""

HOUSEHOLD = 64
"""Bits of an IPv6 address that whoever has a network chooses freely."""

_bearer = HTTPBearer(
    scheme_name="ApiKey",
    bearerFormat="rv_...",
    description="An API key, or a token of the issuer that the operator named.",
    auto_error=False,
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


def _allow(
    scope: Literal["read", "write"], *, by_row: bool = False
) -> Callable[..., Awaitable[Caller]]:
    async def check(request: Request, credentials: Credentials) -> Caller:
        principal = None if credentials is None else await _known(request, credentials.credentials)
        if principal is None:
            _slow_down(request.app.state.failures.take(address_of(request)))
            raise ApiError(
                401,
                "unauthenticated",
                "send a valid API key as Authorization: Bearer rv_...",
                headers={"WWW-Authenticate": "Bearer"},
            )
        _keep_pace(request, principal.name)
        networks = principal.grants.networks(area_of(request), scope)
        caller = Caller(principal.name, networks, principal.grants)
        await _check_networks(request, caller, scope, by_row=by_row)
        _refuse_unknown(request)
        seen.set(_shown(request, caller))
        return caller

    return check


async def _known(request: Request, token: str) -> Principal | None:
    """Return whose key or token it is.

    To look for a key is one hash, right or wrong, so a right one is let in from wherever others
    fail: who shares an address with them is not shut out. A signature costs more to verify, so no
    token is looked at that comes from where too much was wrong.
    """
    keys: Keys = request.app.state.keys
    tokens: Tokens | None = request.app.state.tokens
    if tokens is None or token.startswith(PREFIX):
        key = keys.find(token)
        return None if key is None else key.principal
    _slow_down(request.app.state.failures.wait_s(address_of(request)))
    try:
        return await tokens.find(token)
    except IssuerAway as fault:
        headers = {"Retry-After": str(math.ceil(AGAIN_S))}
        detail = "whoever issues tokens does not answer"
        raise ApiError(503, "issuer_away", detail, headers=headers) from fault


def _keep_pace(request: Request, name: str) -> None:
    pace: Pace = request.app.state.pace
    _slow_down(pace.take(name))


def _slow_down(wait_s: float) -> None:
    if wait_s:
        headers = {"Retry-After": str(math.ceil(wait_s))}
        raise ApiError(429, "too_many_requests", "ask less often", headers=headers)


def address_of(request: Request) -> str:
    """Return where a request is from; of IPv6 the network of 64 bits, which is one household's."""
    host = "" if request.client is None else request.client.host
    if ":" not in host:
        return host
    try:
        address = IPv6Address(host.partition("%")[0])
    except ValueError:
        return host
    return str(address.ipv4_mapped or IPv6Address(int(address) >> HOUSEHOLD << HOUSEHOLD))


def area_of(request: Request) -> str:
    """Return what a route is about, as scopes name it: `transfers` of `/v1/transfers/{id}`."""
    route = request.scope.get("route")
    return route.path.split("/")[2] if isinstance(route, APIRoute) else ""


async def _check_networks(request: Request, caller: Caller, scope: str, *, by_row: bool) -> None:
    networks = caller.networks
    if networks is None:
        return
    if not networks:
        raise ApiError(403, "forbidden", f"this key may not {scope} here")
    if not request.app.state.by_network or not (by_row or await _is_within(request, networks)):
        raise ApiError(403, "forbidden", "this key is limited to other networks")


def _shown(request: Request, caller: Caller) -> frozenset[str] | None:
    """Return the network that a request reads of, or where its caller may do what it does."""
    named = request.query_params.getlist("network")
    return frozenset(named) if request.method == "GET" and named else caller.networks


async def _is_within(request: Request, networks: frozenset[str]) -> bool:
    """Return whether a request is about ``networks`` alone, as its route understands it.

    Where a route asks for no network, what it answers may be of any, and so it is for unlimited
    keys; likewise all routes of a service that does not keep networks apart.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return False
    named: list[object] = []
    if "network" in _asked_in_query(route.dependant):
        named += request.query_params.getlist("network") or [None]
    for form in route.dependant.body_params:
        if "network" in getattr(form.field_info.annotation, "model_fields", {}):
            try:
                body = await request.json()
            except ValueError:
                return False
            named.append(body.get("network") if isinstance(body, dict) else None)
    return bool(named) and all(isinstance(each, str) and each in networks for each in named)


def _refuse_unknown(request: Request) -> None:
    """Refuse what a route does not ask for: a filter that is misspelt would filter nothing."""
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute):
        return
    asked = sorted(_asked_in_query(route.dependant))
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in asked]
    if unknown:
        known = f"there are {', '.join(asked)}" if asked else "there are none"
        raise ApiError(
            422,
            "invalid_request",
            "the request is not valid",
            errors=[(f"query.{name}", f"no such parameter; {known}") for name in unknown],
        )


def _asked_in_query(dependant: Dependant) -> set[str]:
    found: set[str] = set().union(*map(_asked_in_query, dependant.dependencies))
    for each in dependant.query_params:
        form = getattr(each.field_info.annotation, "model_fields", None)
        if form is None:
            found.add(each.alias)
        else:
            found.update(field.alias or name for name, field in form.items())
    return found


Reader = Annotated[Caller, Depends(_allow("read"))]
"""A parameter of this type lets in only keys that may read, and says whose it is."""

Writer = Annotated[Caller, Depends(_allow("write"))]
"""A parameter of this type lets in only keys that may write, and says whose it is."""

Finder = Annotated[Caller, Depends(_allow("read", by_row=True))]
"""As `Reader`, where the request names no network and what it finds has one.

The route shows only what `Caller.is_let` see, and answers as if nothing else was there.
"""

Changer = Annotated[Caller, Depends(_allow("write", by_row=True))]
"""As `Writer`, where the request names no network and what it changes has one; as `Finder`."""

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=128,
        pattern=r"^[\x21-\x7e]+$",
        description="A word of the caller's choice; repeating it repeats the answer, not the deed.",
    ),
]
