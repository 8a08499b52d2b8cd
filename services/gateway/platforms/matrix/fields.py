"""Reading JSON that anybody may have written: every getter has an answer or names the fault."""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

NOTHING: Json = {}
ID_LIMIT = 512
"""Characters of an id that are kept; the Matrix specification allows 255 bytes."""
TEXT_LIMIT = 65_536
"""Characters of a text that are kept; a whole Matrix event may have 65,536 bytes."""

_INT64 = (1 << 63) - 1


class Fault(Exception):
    """The source event breaks the rules of its type; says where and how."""


def text(source: Json, key: str, limit: int = ID_LIMIT) -> str:
    """The string at ``key``, cut to ``limit`` characters; empty where there is none."""
    value = source.get(key)
    return clean(value, limit) if isinstance(value, str) else ""


def needed(source: Json, key: str, where: str, limit: int = ID_LIMIT) -> str:
    """The string at ``key``. Raises ``Fault`` where there is none."""
    value = source.get(key)
    if not isinstance(value, str):
        raise Fault(f"{where}.{key} is {_kind(value)}, not a string")
    # As ``clean``, written out because five of these are read from every event.
    if len(value) > limit or "\0" in value:
        return clean(value, limit)
    return value


def clean(value: str, limit: int) -> str:
    """``value`` cut to ``limit``, without the NUL character, which PostgreSQL cannot store."""
    if len(value) > limit:
        value = value[:limit]
    return value.replace("\0", "\ufffd") if "\0" in value else value


def mapping(source: Json, key: str) -> Json:
    """The object at ``key``; empty where there is none."""
    value = source.get(key)
    return value if isinstance(value, dict) else NOTHING


def items(source: Json, key: str, limit: int) -> list[Any]:
    """The list at ``key``, its first ``limit`` entries; empty where there is none."""
    value = source.get(key)
    return value[:limit] if isinstance(value, list) else []


def integer(source: Json, key: str) -> int:
    """The whole number at ``key`` within 64 bits; 0 where there is none that fits."""
    value = source.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return value if -_INT64 <= value <= _INT64 else 0


def strings(found: list[Any]) -> tuple[str, ...]:
    """Those entries that are strings, each cut to the length of an id."""
    return tuple([clean(entry, ID_LIMIT) for entry in found if isinstance(entry, str)])


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", bool: "a boolean", str: "a string"}
    return "missing" if value is None else names.get(type(value), "a number")
