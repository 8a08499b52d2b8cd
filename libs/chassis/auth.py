"""API keys: long random words, kept as HMAC-SHA256 with a pepper.

A key is 256 bits of chance, so one fast hash is enough (1.5 µs; a password hash would take 120 ms
of every request). The file holds one key a line: ``name digest scopes``, for instance
``operator 9f86d0... read,write``; ``#`` begins a comment. A fourth word limits a key to networks,
``festival 60303a... read,write harbour,quay``: it opens nothing that is not of one of them.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from chassis.errors import Explained

PREFIX = "rv_"
WORDS = 3
"""Name, digest, scopes: what every line has."""
SCOPES = frozenset({"read", "write"})
_DIGEST = re.compile(r"[0-9a-f]{64}")


class InvalidKeys(Explained):
    """The file of API keys cannot be read; the text names every line at fault."""


@dataclass(frozen=True, slots=True)
class Key:
    """Who may do what; ``digest`` is all that is known of the key itself."""

    name: str
    digest: str
    scopes: frozenset[str]
    networks: frozenset[str] | None = None
    """What the key is limited to; ``None``: nothing."""


class Keys:
    """The keys a service accepts."""

    def __init__(self, keys: Iterable[Key], pepper: str) -> None:
        self._keys = tuple(keys)
        self._pepper = pepper

    def find(self, token: str) -> Key | None:
        """Return whose key it is; ``None`` when it is nobody's. Takes the same time for all."""
        digest = hash_key(token, self._pepper)
        found = None
        for key in self._keys:
            if hmac.compare_digest(key.digest, digest):
                found = key
        return found


def hash_key(token: str, pepper: str) -> str:
    """Return the digest of a key, as the file holds it."""
    return hmac.new(pepper.encode(), token.encode(), hashlib.sha256).hexdigest()


def make_key(name: str, scopes: Iterable[str], pepper: str) -> tuple[str, str]:
    """Return a new key to hand to its owner once, and the line to keep."""
    token = PREFIX + secrets.token_urlsafe(32)
    return token, f"{name} {hash_key(token, pepper)} {','.join(sorted(scopes))}"


def load_keys(path: Path | None, pepper: str) -> Keys:
    """Return the keys of a file; none without a file, so that nobody is let in.

    Raises:
        InvalidKeys: The file cannot be read, a line is wrong, or there is no pepper.
    """
    if path is None:
        return Keys((), pepper)
    if not pepper:
        raise InvalidKeys(f"API_PEPPER is not set, and without it the keys of {path} mean nothing")
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise InvalidKeys(f"the API keys cannot be read from {path}: {fault}") from fault
    keys = []
    faults = []
    for number, line in enumerate(lines, start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        reason = _fault(words)
        if reason:
            faults.append(f"{path}:{number}: {reason}")
        else:
            networks = frozenset(words[3].split(",")) if len(words) > WORDS else None
            keys.append(Key(words[0], words[1], frozenset(words[2].split(",")), networks))
    if faults:
        raise InvalidKeys("\n".join(faults))
    return Keys(keys, pepper)


def _fault(words: list[str]) -> str:
    if not WORDS <= len(words) <= WORDS + 1:
        return "a line is: name digest scopes, and networks if it is limited to some"
    if not _DIGEST.fullmatch(words[1]):
        return "the digest is 64 hexadecimal digits"
    unknown = set(words[2].split(",")) - SCOPES
    return f"no such scope: {', '.join(sorted(unknown))}" if unknown else ""
