"""Settings from the environment: read once, frozen, and every fault shown at once."""

import dataclasses
import difflib
import re
import sys
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NoReturn, TypeVar

Loaded = TypeVar("Loaded")

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})
FROM_FILE = "_FILE"
SIMILAR = 0.85


@dataclass(frozen=True, kw_only=True)
class Common:
    """The settings every service has; a field without the service's prefix serves all of them."""

    nats_url: str = field(
        metadata={
            "help": "address of the NATS server, nats://host:port; several separated by commas"
        }
    )
    nats_seed_file: Path | None = field(
        default=None, metadata={"help": "file with the NKEY seed this service proves itself by"}
    )
    database_url: str = field(
        default="", metadata={"help": "address of the PostgreSQL database", "secret": True}
    )
    partitions: int = field(
        default=64,
        metadata={
            "help": "how many partitions EVENTS has; the same everywhere, and for ever",
            "min": 1,
            "max": 4096,
        },
    )
    http_host: str = field(
        default="127.0.0.1", metadata={"help": "address to serve health, metrics and REST on"}
    )
    http_port: int = field(
        default=0, metadata={"help": "port to serve on; 0 takes a free one", "min": 0, "max": 65535}
    )
    api_keys_file: Path | None = field(
        default=None, metadata={"help": "file with the hashed API keys; without it REST is closed"}
    )
    api_pepper: str = field(
        default="", metadata={"help": "secret that API keys are hashed with", "secret": True}
    )
    api_rate_per_s: float = field(
        default=1_000.0,
        metadata={
            "help": "REST requests a second that each caller may make for long; 0: any number",
            "min": 0,
        },
    )
    api_burst: int = field(
        default=2_000, metadata={"help": "REST requests that a caller may make at once", "min": 1}
    )
    api_failures_per_s: float = field(
        default=1.0,
        metadata={
            "help": "wrong keys and tokens a second that one address may send for long; "
            "0: any number",
            "min": 0,
        },
    )
    api_failures_burst: int = field(
        default=20, metadata={"help": "wrong keys and tokens that it may send at once", "min": 1}
    )
    oidc_issuer: str = field(
        default="",
        metadata={"help": "OpenID Connect issuer whose tokens REST takes, too; empty: none"},
    )
    oidc_audience: str = field(
        default="", metadata={"help": "`aud` that its tokens must have: they are for us"}
    )
    oidc_keys_url: str = field(
        default="", metadata={"help": "where its keys are (JWKS); empty: the issuer is asked where"}
    )
    oidc_algorithms: tuple[str, ...] = field(
        default=("RS256", "ES256", "EdDSA"),
        metadata={"help": "how tokens may be signed; with public keys only"},
    )
    oidc_claim: str = field(
        default="roles",
        metadata={"help": "claim of what a person is, such as `realm_access.roles`"},
    )
    oidc_grants: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "what is granted to whom, by the claim: `staff=viewer,till=cashier@harbour`"
        },
    )
    drain_s: float = field(
        default=10.0,
        metadata={"help": "seconds that loops may take to finish what is in hand", "min": 0.1},
    )
    log_level: Literal["debug", "info", "warning", "error"] = field(
        default="info", metadata={"help": "the least severe lines to write"}
    )
    log_format: Literal["json", "console"] = field(
        default="json", metadata={"help": "json for machines, console for people"}
    )


@dataclass(frozen=True, kw_only=True)
class CommonWithDatabase(Common):
    """``Common`` of a service that cannot live without its database."""

    database_url: str = field(
        metadata={"help": "address of the PostgreSQL database", "secret": True}
    )


SHARED = frozenset(each.name for each in dataclasses.fields(Common))


def load(cls: type[Loaded], environ: Mapping[str, str], prefix: str) -> Loaded:
    """Return ``cls`` filled from ``environ``; a field ``batch`` is read from ``PREFIX_BATCH``.

    ``PREFIX_BATCH_FILE`` names a file that holds the value instead, as mounted secrets do. The
    fields of ``Common`` fall back to the name without prefix, such as ``NATS_URL``. Fields may be
    ``str``, ``int``, ``float``, ``bool``, ``Path``, ``Literal`` of strings, ``tuple[str, ...]``
    (separated by commas) or any of these ``| None``; ``metadata`` may hold ``help``, ``min``,
    ``max``, ``pattern`` (which the whole text, or each part of it, has to match), ``secret`` and
    ``unless`` (the field without which this one is required).

    Raises:
        SystemExit: With status 2, after writing every fault to stderr.
    """
    faults: list[str] = []
    values: dict[str, Any] = {}
    hints = typing.get_type_hints(cls)
    known: set[str] = set()
    for each in dataclasses.fields(cls):  # type: ignore[arg-type]  # any dataclass will do
        names = names_of(each.name, prefix)
        known.update(names)
        try:
            values.update(_read(each, names, hints[each.name], environ))
            _refuse_neither(each, values, environ, prefix)
        except ValueError as fault:
            about = each.metadata.get("help", "required")
            faults.append(f"{' or '.join(names)} {fault} ({about})")
    faults += _misspelled(environ, known, prefix)
    if faults:
        _refuse(prefix, faults)
    return cls(**values)


def reread(environ: Mapping[str, str], prefix: str, name: str) -> str:
    """Return a setting as it is now, since a file may hold another; empty if it is gone."""
    try:
        return _text(names_of(name, prefix), environ) or ""
    except ValueError:
        return ""


def names_of(name: str, prefix: str) -> tuple[str, ...]:
    """Return the environment variables of a field, the strongest first."""
    own = f"{prefix}_{name}".upper()
    return (own, name.upper()) if name in SHARED else (own,)


def is_required(each: "dataclasses.Field[Any]") -> bool:
    """Say whether a field has no default."""
    nothing = dataclasses.MISSING
    return each.default is nothing and each.default_factory is nothing


def _read(
    each: "dataclasses.Field[Any]", names: tuple[str, ...], kind: object, environ: Mapping[str, str]
) -> dict[str, object]:
    text = _text(names, environ)
    if text is not None:
        return {each.name: _parse(text, kind, each.metadata)}
    if is_required(each):
        raise ValueError("is not set")
    return {}


def _refuse_neither(
    each: "dataclasses.Field[Any]",
    values: Mapping[str, object],
    environ: Mapping[str, str],
    prefix: str,
) -> None:
    other = each.metadata.get("unless", "")
    if not other or each.name in values:
        return
    instead = names_of(other, prefix)[0]
    if not (environ.get(instead) or environ.get(instead + FROM_FILE)):
        raise ValueError(f"is not set, and neither is {instead}")


def _text(names: tuple[str, ...], environ: Mapping[str, str]) -> str | None:
    for name in names:
        path = environ.get(name + FROM_FILE, "")
        if environ.get(name, "") and path:
            raise ValueError(f"is set twice, here and by {name}{FROM_FILE}")
        if path:
            try:
                return Path(path).read_text().strip()
            except (OSError, UnicodeDecodeError) as fault:
                reason = getattr(fault, "strerror", None) or "it is not text"
                raise ValueError(f"cannot be read from {path}: {reason}") from fault
        if environ.get(name, ""):
            return environ[name]
    return None


def _parse(text: str, kind: object, limits: Mapping[str, Any]) -> object:
    if isinstance(kind, types.UnionType):
        kind = next(each for each in typing.get_args(kind) if each is not types.NoneType)
    if typing.get_origin(kind) is Literal:
        words = typing.get_args(kind)
        if text not in words:
            raise ValueError(f"is {_shown(text, limits)}, not one of {', '.join(words)}")
        return text
    if typing.get_origin(kind) is tuple:
        parts = tuple(part.strip() for part in text.split(",") if part.strip())
        for part in parts:
            _refuse_strange(part, limits)
        return parts
    if kind is bool:
        return _parse_bool(text, limits)
    if kind is int or kind is float:
        return _parse_number(text, kind, limits)
    _refuse_strange(text, limits)
    return Path(text) if kind is Path else text


def _refuse_strange(text: str, limits: Mapping[str, Any]) -> None:
    if not re.fullmatch(limits.get("pattern", ".*"), text, re.DOTALL):
        raise ValueError(f"is {_shown(text, limits)}, which it cannot be")


def _parse_bool(text: str, limits: Mapping[str, Any]) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError(f"is {_shown(text, limits)}, not true or false")
    return text.lower() in YES


def _parse_number(text: str, kind: type[int] | type[float], limits: Mapping[str, Any]) -> float:
    word = "a whole number" if kind is int else "a number"
    try:
        number = kind(text)
    except ValueError:
        raise ValueError(f"is {_shown(text, limits)}, not {word}") from None
    if number < limits.get("min", number):
        raise ValueError(f"is {number}, less than {limits['min']}")
    if number > limits.get("max", number):
        raise ValueError(f"is {number}, more than {limits['max']}")
    if number != number:  # noqa: PLR0124 - the one number that differs from itself is no number
        raise ValueError(f"is {_shown(text, limits)}, not {word}")
    return number


def _shown(text: str, limits: Mapping[str, Any]) -> str:
    return "a secret that is not shown" if limits.get("secret") else f'"{text}"'


def _misspelled(environ: Mapping[str, str], known: set[str], prefix: str) -> list[str]:
    names = known | {name + FROM_FILE for name in known}
    strangers = sorted(n for n in environ if n.startswith(f"{prefix.upper()}_") and n not in names)
    near = (
        (n, difflib.get_close_matches(n, sorted(names), n=1, cutoff=SIMILAR)) for n in strangers
    )
    return [f"{name} is not a setting; did you mean {match[0]}?" for name, match in near if match]


def _refuse(prefix: str, faults: list[str]) -> NoReturn:
    count = "1 setting is" if len(faults) == 1 else f"{len(faults)} settings are"
    lines = [f"{prefix.lower()} cannot start: {count} wrong.", *(f"  {fault}" for fault in faults)]
    sys.stderr.write("\n".join(lines) + "\n")
    raise SystemExit(2)
