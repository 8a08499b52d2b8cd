"""Rewards in public: a red packet from the house, praise for those who were thanked most (R3)."""

from dataclasses import dataclass
from typing import Final, Literal

from policy.core.conditions.accounts import REPUTATION
from policy.core.consequences.kind import (
    DURATION_SCHEMA,
    WORDING_SCHEMA,
    About,
    Effect,
    Kind,
    Where,
    Wording,
    read_wording,
)
from policy.core.consequences.members import HOUSE
from policy.core.document import Node
from policy.core.money import CENTS
from policy.core.reading import UNITS_MS, Reader

TOTAL_MAX: Final = 10**12
SHARES_MAX: Final = 10_000
EVERY_MS: Final = UNITS_MS["d"]
EVERY_MAX_MS: Final = 366 * UNITS_MS["d"]
WITHIN_MS: Final = 7 * UNITS_MS["d"]
WITHIN_MAX_MS: Final = 31 * UNITS_MS["d"]
PRAISED: Final = 3
PRAISED_MAX: Final = 10


@dataclass(frozen=True, slots=True)
class Gift(Effect):
    """The house sends a red packet from one of its accounts, at most once in `every_ms`.

    `total` is in minor units; `channel` "" is where it happened.
    """

    source: str
    asset: str
    total: int
    shares: int
    mode: Literal["lucky", "equal"]
    greeting: Wording | None = None
    every_ms: int = EVERY_MS
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Praise(Effect):
    """Those are named who were given most of an asset within a time, and for what."""

    within_ms: int = WITHIN_MS
    most: int = PRAISED
    asset: str = REPUTATION
    channel: str = ""


_GIFT_KEYS: Final = ("from", "asset", "total", "shares", "mode", "greeting", "every", "channel")


def _read_gift(where: Where, value: Node | None, key: Node, path: str) -> Effect | None:
    assert value is not None, "a packet has a value"
    reader = where.reader
    faults = len(reader.faults)
    found = reader.mapping(value, path, _GIFT_KEYS, ("from", "total", "shares"))
    texts = {"from": "", "asset": "points", "channel": ""}
    for name in texts:
        if name in found:
            texts[name] = reader.text(found[name], f"{path}.{name}") or ""
    if texts["from"] and not texts["from"].startswith(HOUSE):
        hint = "write treasury, treasury:NAME or group:NAME"
        reader.fault(found["from"], f"{path}.from", "this is no account of the house", hint)
    numbers = {"total": TOTAL_MAX, "shares": SHARES_MAX}
    for name, most in tuple(numbers.items()):
        if name in found:
            numbers[name] = reader.integer(found[name], f"{path}.{name}", 1, most) or 1
    if numbers["total"] < numbers["shares"] and len(reader.faults) == faults:
        reader.fault(key, path, "every share is at least one minor unit")
    mode = _read_mode(reader, found, path, is_paid=texts["asset"] in CENTS)
    greeting = None
    if "greeting" in found:
        greeting = read_wording(reader, found["greeting"], f"{path}.greeting")
    every_ms: int | None = EVERY_MS
    if "every" in found:
        every_ms = reader.duration(found["every"], f"{path}.every", UNITS_MS["h"], EVERY_MAX_MS)
    if len(reader.faults) > faults or every_ms is None:
        return None
    source, asset, channel = texts["from"], texts["asset"], texts["channel"]
    total, shares = numbers["total"], numbers["shares"]
    return Gift(source, asset, total, shares, mode, greeting, every_ms, channel)


def _read_mode(
    reader: Reader, found: dict[str, Node], path: str, *, is_paid: bool
) -> Literal["lucky", "equal"]:
    """Return how it is split: what was paid for is never given by luck."""
    if "mode" not in found:
        return "equal" if is_paid else "lucky"
    chosen = reader.choice(found["mode"], f"{path}.mode", ("lucky", "equal"), "split")
    if is_paid and chosen == "lucky":
        reader.fault(found["mode"], f"{path}.mode", "what was paid for is not given by luck")
    return "equal" if chosen == "equal" else "lucky"


def _read_praise(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
    if value is None:
        return Praise()
    reader = where.reader
    faults = len(reader.faults)
    found = reader.mapping(value, path, ("within", "most", "asset", "channel"))
    within_ms: int | None = WITHIN_MS
    if "within" in found:
        within_ms = reader.duration(found["within"], f"{path}.within", UNITS_MS["h"], WITHIN_MAX_MS)
    most: int | None = PRAISED
    if "most" in found:
        most = reader.integer(found["most"], f"{path}.most", 1, PRAISED_MAX)
    asset = reader.text(found["asset"], f"{path}.asset") if "asset" in found else REPUTATION
    channel = reader.text(found["channel"], f"{path}.channel") if "channel" in found else ""
    if len(reader.faults) > faults or within_ms is None or most is None:
        return None
    return Praise(within_ms, most, asset or "", channel or "")


KINDS = (
    Kind(
        "praise",
        _read_praise,
        About(
            "those are named to all who were given most `asset` (`reputation`) in `within` (`7d`), "
            "at most `most` (3) of them, and for what",
            "praise: {within: 7d, most: 3}",
        ),
        value="optional",
        schema={
            "type": "object",
            "properties": {
                "within": DURATION_SCHEMA,
                "most": {"type": "integer", "minimum": 1, "maximum": PRAISED_MAX},
                "asset": {"type": "string"},
                "channel": {"type": "string"},
            },
            "additionalProperties": False,
        },
    ),
    Kind(
        "packet",
        _read_gift,
        About(
            "the house sends a red packet from an account of its own, at most once in so long "
            "(a day)",
            "packet: {from: treasury, asset: points, total: 500, shares: 10}",
        ),
        schema={
            "type": "object",
            "required": ["from", "total", "shares"],
            "properties": {
                "from": {"type": "string"},
                "asset": {"type": "string"},
                "total": {"type": "integer", "minimum": 1, "maximum": TOTAL_MAX},
                "shares": {"type": "integer", "minimum": 1, "maximum": SHARES_MAX},
                "mode": {"enum": ["lucky", "equal"]},
                "greeting": WORDING_SCHEMA,
                "every": DURATION_SCHEMA,
                "channel": {"type": "string"},
            },
            "additionalProperties": False,
        },
    ),
)
