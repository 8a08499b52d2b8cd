"""Ids made from content: the same happening, decision or effect has the same id, whoever asks.

Every id is 26 lower-case characters of base32 (RFC 4648, no padding) over BLAKE2b-128 of the parts,
each with its length before it, personalised by the kind of id. Nothing here is ever random.
"""

from functools import lru_cache
from hashlib import blake2b
from typing import Final

LENGTH: Final = 26

_DIGEST_BYTES: Final = 16
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS: Final = [first + second for first in _ALPHABET for second in _ALPHABET]
_PAIR: Final = 10  # bits


def event_id(platform: str, network: str, group: str, dedup_key: str) -> str:
    """The id of what happened, the same however often and by whomever it is read."""
    return _id(b"event", platform, network, group, dedup_key)


def action_id(event_id: str, rule: str, effect: str) -> str:
    """The id of one effect of one rule on one event; carried out once for this id, for ever."""
    return _id(b"action", event_id, rule, effect)


def decision_id(event_id: str, rulebook_digest: str) -> str:
    """The id of what was concluded about an event under one rulebook."""
    return _id(b"decision", event_id, rulebook_digest)


def case_id(event_id: str) -> str:
    """The id of the case that an event opened."""
    return _id(b"case", event_id)


def timer_id(event_id: str, rule: str, purpose: str) -> str:
    """The id of a timer that one rule set for one purpose because of an event."""
    return _id(b"timer", event_id, rule, purpose)


def digest(data: bytes) -> str:
    """The id of some bytes."""
    return _base32(_hash(b"digest", data))


@lru_cache(maxsize=65_536)
def token(text: str) -> str:
    """A token of any text, the empty one too, that is legal in a NATS subject."""
    return _id(b"token", text)


def bucket(parts: tuple[str, ...], buckets: int) -> int:
    """Which of ``buckets`` the parts fall into, from 0; a change of this reshuffles every log."""
    return int.from_bytes(_hash(b"bucket", _joined(parts))[:8]) % buckets


def _id(kind: bytes, *parts: str) -> str:
    return _base32(_hash(kind, _joined(parts)))


def _joined(parts: tuple[str, ...]) -> bytes:
    # A lone surrogate cannot come over the wire, but must not make an id impossible either.
    text = "".join([f"{len(part)}:{part}" for part in parts])
    return text.encode("utf-8", "surrogatepass")


def _hash(kind: bytes, data: bytes) -> bytes:
    return blake2b(data, digest_size=_DIGEST_BYTES, person=b"reeve." + kind).digest()


def _base32(value: bytes) -> str:
    pairs: list[str] = []
    bits = held = 0
    for byte in value:
        bits = bits << 8 | byte
        held += 8
        if held >= _PAIR:
            held -= _PAIR
            pairs.append(_PAIRS[bits >> held])
            bits &= (1 << held) - 1
    # 128 bits are 26 characters less 2 bits, which base32 fills with zeros at the end.
    pairs.append(_PAIRS[bits << (_PAIR - held)])
    return "".join(pairs)
