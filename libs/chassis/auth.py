"""API keys: long random words, kept as HMAC-SHA256 with a pepper, each with what it may do.

A key is 256 bits of chance, so one fast hash is enough (1.5 µs; a password hash would take 120 ms
of every request), and a table of hashes tells nobody anything without the pepper. The file holds
one key a line, ``name digest grant...``; ``#`` begins a comment::

    operator 9f86d0... owner
    festival 60303a... cashier@harbour,quay viewer@pier until=2027-01-01

A grant is a role or a scope, or several with commas, and after ``@`` the networks where it holds;
without them it holds everywhere. A key that is granted nothing opens nothing. The file is read
again when it changes, so who takes a line out has shut that key out of every process.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import structlog

from chassis.clock import now_ms
from chassis.errors import Explained

PREFIX = "rv_"
FOREIGN = "oidc:"
"""How the names of callers begin whom somebody else knows; no key is called like that."""
ROLES: Mapping[str, frozenset[str]] = {
    "viewer": frozenset({"read"}),
    "cashier": frozenset(
        {"read", "transfers:write", "holds:write", "packets:write", "payments:write"}
    ),
    "moderator": frozenset({"read", "cases:write", "undos:write", "packets:write"}),
    "owner": frozenset({"read", "write", "issue"}),
}
"""What people are let do by the name of it."""
WORDS = 2
"""Name and digest: what every line begins with."""
_UNTIL = "until="
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SCOPE = re.compile(r"([a-z][a-z-]*:)?(read|write)|issue")

Look = tuple[int, int, int, int]
"""What tells one writing of a file from another."""

log = structlog.get_logger(__name__)


class InvalidKeys(Explained):
    """The file of API keys cannot be read; the text names every line at fault."""


@dataclass(frozen=True, slots=True)
class Grants:
    """Scopes: ``read`` and ``write`` of everything, ``transfers:write`` of a part of it alone.

    ``issue`` lets money come into being, which no other scope does.
    """

    everywhere: frozenset[str] = frozenset()
    within: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By network, what may be done there besides."""

    def networks(self, area: str, scope: str) -> frozenset[str] | None:
        """Return where ``scope`` is granted for an area; ``None``: everywhere."""
        fitting = {scope, f"{area}:{scope}"}
        if fitting & self.everywhere:
            return None
        return frozenset(name for name, scopes in self.within.items() if fitting & scopes)

    @staticmethod
    def all_of(grants: Iterable["Grants"]) -> "Grants":
        """Return what several grant together; nothing of none."""
        everywhere: set[str] = set()
        within: dict[str, frozenset[str]] = {}
        for each in grants:
            everywhere |= each.everywhere
            for network, scopes in each.within.items():
                within[network] = within.get(network, frozenset()) | scopes
        return Grants(frozenset(everywhere), within)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and where they may do what their request does."""

    name: str
    networks: frozenset[str] | None
    """``None``: everywhere."""
    grants: Grants = field(default_factory=Grants)
    """What else they may do."""

    def is_let(self, network: str) -> bool:
        """Return whether it may be done in a network."""
        return self.networks is None or network in self.networks

    def may_issue(self, network: str) -> bool:
        """Return whether they may let money come into being there."""
        networks = self.grants.networks("", "issue")
        return networks is None or network in networks


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who has proved who they are, and what that lets them do."""

    name: str
    grants: Grants


@dataclass(frozen=True, slots=True)
class Key:
    """Who may do what; ``digest`` is all that is known of the key itself."""

    name: str
    digest: str
    scopes: frozenset[str] = frozenset()
    within: Mapping[str, frozenset[str]] = field(default_factory=dict)
    until_ms: int = 0
    """When it opens nothing any more, in ms since 1970 UTC; 0: never."""

    @property
    def principal(self) -> Principal:
        """Whose it is, and what it may do."""
        return Principal(self.name, Grants(self.scopes, self.within))


class Keys:
    """The keys a service accepts; those of a file as the file is now."""

    def __init__(
        self,
        keys: Iterable[Key],
        pepper: str,
        *,
        path: Path | None = None,
        seen: Look | None = None,
    ) -> None:
        self._keys = {key.digest: key for key in keys}
        self._pepper = pepper
        self._path = path
        self._seen = seen

    def find(self, token: str) -> Key | None:
        """Return whose key it is; ``None`` when it is nobody's, or its time is over."""
        self._read_again()
        key = self._keys.get(hash_key(token, self._pepper))
        return None if key is None or 0 < key.until_ms <= now_ms() else key

    def _read_again(self) -> None:
        """Take the file as it is by now; a line that is wrong opens nothing, and is logged."""
        if self._path is None:
            return
        seen = _look(self._path)
        if seen == self._seen:
            return
        self._seen = seen
        keys, faults = _read(self._path)
        self._keys = {key.digest: key for key in keys}
        log.info("auth.keys_read_again", keys=len(keys))
        for each in faults:
            log.error("auth.key_invalid", fault=each)


def hash_key(token: str, pepper: str) -> str:
    """Return the digest of a key, as the file holds it."""
    return hmac.new(pepper.encode(), token.encode(), hashlib.sha256).hexdigest()


def make_key(name: str, grants: Iterable[str], pepper: str) -> tuple[str, str]:
    """Return a new key to hand to its owner once, and the line to keep."""
    token = PREFIX + secrets.token_urlsafe(32)
    return token, " ".join([name, hash_key(token, pepper), *grants])


def load_keys(path: Path | None, pepper: str) -> Keys:
    """Return the keys of a file; none without a file, so that nobody is let in.

    Raises:
        InvalidKeys: The file cannot be read, a line is wrong, or there is no pepper.
    """
    if path is None:
        return Keys((), pepper)
    if not pepper:
        raise InvalidKeys(f"API_PEPPER is not set, and without it the keys of {path} mean nothing")
    seen = _look(path)  # before it is read, so that no change is missed
    keys, faults = _read(path)
    if faults:
        raise InvalidKeys("\n".join(faults))
    return Keys(keys, pepper, path=path, seen=seen)


def parse_grants(words: Iterable[str]) -> Grants:
    """Return what grants come to, written as in a line of the file.

    Raises:
        ValueError: One of them grants nothing that there is.
    """
    return Grants.all_of(_grant(word) for word in words)


def parse_line(line: str) -> Key | None:
    """Return the key of a line of the file; ``None`` where there is none in it.

    Raises:
        ValueError: It is no such line; says why.
    """
    words = line.partition("#")[0].split()
    if not words:
        return None
    if len(words) < WORDS:
        raise ValueError("a line is: name digest, and what is granted")
    name, digest, *rest = words
    if name.startswith(FOREIGN):
        raise ValueError(f"no key is called {FOREIGN}...: that is who comes with a token")
    if not _DIGEST.fullmatch(digest):
        raise ValueError("the digest is 64 hexadecimal digits")
    ends = [word.removeprefix(_UNTIL) for word in rest if word.startswith(_UNTIL)]
    grants = parse_grants(word for word in rest if not word.startswith(_UNTIL))
    until_ms = min([_instant_ms(end) for end in ends], default=0)
    return Key(name, digest, grants.everywhere, grants.within, until_ms)


def _grant(word: str) -> Grants:
    named, at, places = word.partition("@")
    scopes = _scopes(named)
    if not at:
        return Grants(scopes)
    networks = [unquote(name) for name in places.split(",")]
    if not all(networks):
        raise ValueError(f"{word} names no network")
    return Grants(within=dict.fromkeys(networks, scopes))


def _scopes(named: str) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for word in named.split(","):
        if word not in ROLES and not _SCOPE.fullmatch(word):
            raise ValueError(f"no such role or scope: {word}")
        found |= ROLES.get(word, frozenset({word}))
    return found


def _instant_ms(text: str) -> int:
    """Return when a key ends; without an offset it is in UTC."""
    at = datetime.fromisoformat(text)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1_000)


def _read(path: Path) -> tuple[list[Key], list[str]]:
    """Return the keys of a file, and what is wrong in which line."""
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        return [], [f"the API keys cannot be read from {path}: {fault}"]
    keys: dict[str, Key] = {}
    faults = []
    for number, line in enumerate(lines, start=1):
        try:
            key = parse_line(line)
        except ValueError as fault:
            faults.append(f"{path}:{number}: {fault}")
            continue
        if key is not None and key.digest in keys:
            faults.append(f"{path}:{number}: this key has a line already")
        elif key is not None:
            keys[key.digest] = key
    return list(keys.values()), faults


def _look(path: Path) -> Look | None:
    """Return what differs once a file was written; ``None`` where there is none."""
    try:
        now = path.stat()
    except OSError:
        return None
    return now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns
