"""What becomes of a member: let in or made to wait, labels, tiers, bars, numbers, reputation."""

from dataclasses import dataclass
from typing import Final, Literal

from policy.core.conditions.accounts import BARRED, REPUTATION
from policy.core.consequences.kind import DURATION_SCHEMA, About, Effect, Kind, Where
from policy.core.document import Mapping, Node
from policy.core.reading import UNITS_MS, nearest

FOR_MAX_MS = 3_660 * UNITS_MS["d"]
LABEL_MAX = 40
AUTHORS: Final = "authors"  # what a book wants to be kept
PRAISE_MAX = 1_000
COUNT_MAX = 100
WITHIN_MAX_MS = 31 * UNITS_MS["d"]
To = Literal["subject", "author", "inviter"]
HOUSE: Final = ("treasury", "group:")
TOS: Final[tuple[To, ...]] = ("subject", "author", "inviter")


@dataclass(frozen=True, slots=True)
class Pend(Effect):
    """They may say nothing until they are let in."""


@dataclass(frozen=True, slots=True)
class Admit(Effect):
    """Whoever was made to wait is let in."""


@dataclass(frozen=True, slots=True)
class Label(Effect):
    """They get a label for so long; 0: until it is taken away."""

    name: str
    for_ms: int = 0


@dataclass(frozen=True, slots=True)
class Unlabel(Effect):
    """A label is taken away."""

    name: str


@dataclass(frozen=True, slots=True)
class SetTier(Effect):
    """They are put into a tier, or one up or down: `tier` is None then."""

    tier: str | None
    step: int = 0


@dataclass(frozen=True, slots=True)
class Bar(Effect):
    """They are barred from something for so long; 0: until it is lifted.

    `everywhere`: in all groups of the network.
    """

    thing: str
    for_ms: int
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Number(Effect):
    """They get the next entry number, if they have none."""


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `n` within `within_ms`."""

    n: int
    within_ms: int


@dataclass(frozen=True, slots=True)
class Esteem(Effect):
    """Reputation is given or, below zero, taken by its issuer.

    `to` is whom this is about, the author of the message that is praised, or whoever brought them.
    The caps hold for what one giver gives, what one member is given, and what one gives to one.
    """

    n: int
    asset: str = REPUTATION
    to: To = "subject"
    per_giver: Cap | None = None
    per_member: Cap | None = None
    per_pair: Cap | None = None


@dataclass(frozen=True, slots=True)
class Refund(Effect):
    """All that they paid in an asset goes back to them, from the account it was paid to."""

    asset: str
    source: str


def _read_refund(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
    assert value is not None, "a refund has a value"
    reader = where.reader
    found = reader.mapping(value, path, ("asset", "from"), ("asset", "from"))
    texts = {key: reader.text(node, f"{path}.{key}") for key, node in found.items()}
    asset, source = texts.get("asset"), texts.get("from")
    if source is not None and not source.startswith(HOUSE):
        hint = "write treasury, treasury:NAME or group:ID"
        reader.fault(found["from"], f"{path}.from", f'"{source[:40]}" is no account of ours', hint)
        return None
    return None if asset is None or source is None else Refund(asset, source)


def _read_pend(_where: Where, _value: Node | None, _key: Node, _path: str) -> Effect | None:
    return Pend()


def _read_admit(_where: Where, _value: Node | None, _key: Node, _path: str) -> Effect | None:
    return Admit()


def _read_number(_where: Where, _value: Node | None, _key: Node, _path: str) -> Effect | None:
    return Number()


def _read_promote(_where: Where, _value: Node | None, key: Node, path: str) -> Effect | None:
    return _step(_where, key, path, 1)


def _read_demote(_where: Where, _value: Node | None, key: Node, path: str) -> Effect | None:
    return _step(_where, key, path, -1)


def _step(where: Where, key: Node, path: str, step: int) -> Effect | None:
    if not where.source.tiers:
        reason, hint = "there are no tiers in this book", "write them under `tiers`"
        where.reader.fault(key, path, reason, hint)
        return None
    return SetTier(None, step)


def _read_tier(where: Where, value: Node | None, key: Node, path: str) -> Effect | None:
    assert value is not None, "a tier has a value"
    if _step(where, key, path, 0) is None:
        return None
    name = where.reader.choice(value, path, where.source.tiers, "tier")
    return None if name is None else SetTier(name)


def _read_label(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
    assert value is not None, "a label has a value"
    reader = where.reader
    if not isinstance(value, Mapping):
        name = reader.text(value, path, "a label")
        return None if name is None else Label(name[:LABEL_MAX])
    found = reader.mapping(value, path, ("name", "for"), ("name",))
    name = reader.text(found["name"], f"{path}.name", "a label") if "name" in found else None
    for_ms = _read_for(where, found, path)
    return None if name is None or for_ms is None else Label(name[:LABEL_MAX], for_ms)


def _read_for(where: Where, found: dict[str, Node], path: str) -> int | None:
    if "for" not in found:
        return 0
    return where.reader.duration(found["for"], f"{path}.for", UNITS_MS["s"], FOR_MAX_MS)


def _read_unlabel(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
    assert value is not None, "a label has a value"
    name = where.reader.text(value, path, "a label")
    return None if name is None else Unlabel(name[:LABEL_MAX])


def _read_bar(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
    assert value is not None, "a bar has a value"
    reader = where.reader
    found = reader.mapping(value, path, ("from", "for", "in"), ("from",))
    if "from" not in found:
        return None
    thing = reader.choice(found["from"], f"{path}.from", BARRED, "bar")
    for_ms = _read_for(where, found, path)
    place: str | None = "group"
    if "in" in found:
        place = reader.choice(found["in"], f"{path}.in", ("group", "network"), "place")
    if thing is None or for_ms is None or place is None:
        return None
    return Bar(thing, for_ms, place == "network")


def _read_esteem(where: Where, value: Node | None, _key: Node, path: str) -> Effect | None:
    assert value is not None, "reputation has a value"
    reader = where.reader
    if not isinstance(value, Mapping):
        plain = reader.integer(value, path, -PRAISE_MAX, PRAISE_MAX)
        _refuse_zero(where, value, path, plain)
        return Esteem(plain) if plain else None
    faults = len(reader.faults)
    keys = ("n", "asset", "to", *_CAPS)
    found = reader.mapping(value, path, keys, ("n",))
    n = reader.integer(found["n"], f"{path}.n", -PRAISE_MAX, PRAISE_MAX) if "n" in found else None
    _refuse_zero(where, value, f"{path}.n", n)
    asset = REPUTATION
    if "asset" in found:
        asset = reader.text(found["asset"], f"{path}.asset", "an asset") or ""
    to: To = "subject"
    if "to" in found:
        word = reader.choice(found["to"], f"{path}.to", TOS, "receiver")
        to = next((known for known in TOS if known == word), to)
    caps = {key: _read_cap(where, found[key], f"{path}.{key}") for key in _CAPS if key in found}
    if n is None or len(reader.faults) > faults:
        return None
    return Esteem(n, asset, to, **caps)


_CAPS = ("per_giver", "per_member", "per_pair")


def _refuse_zero(where: Where, node: Node, path: str, n: int | None) -> None:
    if n == 0:
        where.reader.fault(node, path, "0 changes nothing", nearest("", ("1", "-1")))


def _read_cap(where: Where, node: Node, path: str) -> Cap | None:
    reader = where.reader
    keys = ("n", "within")
    found = reader.mapping(node, path, keys, keys)
    if len(found) < len(keys):
        return None
    n = reader.integer(found["n"], f"{path}.n", 1, COUNT_MAX)
    within_ms = reader.duration(found["within"], f"{path}.within", UNITS_MS["s"], WITHIN_MAX_MS)
    return None if n is None or within_ms is None else Cap(n, within_ms)


_CAP_SCHEMA: Final = {
    "type": "object",
    "properties": {"n": {"type": "integer"}, "within": DURATION_SCHEMA},
    "required": ["n", "within"],
    "additionalProperties": False,
}
_TEXT: Final = {"type": "string"}
KINDS: Final = (
    Kind(
        "pend",
        _read_pend,
        About("may say nothing until `admit` follows: a mute without an end", "pend"),
        "none",
    ),
    Kind("admit", _read_admit, About("whoever was made to wait is let in", "admit"), "none"),
    Kind(
        "refund",
        _read_refund,
        About(
            "all that they have paid in that asset goes back to them, from that account",
            "refund: {asset: CNY, from: treasury}",
        ),
        schema={
            "type": "object",
            "properties": {"asset": _TEXT, "from": _TEXT},
            "required": ["asset", "from"],
            "additionalProperties": False,
        },
    ),
    Kind(
        "number",
        _read_number,
        About("gets the next entry number, once and for all, and is told", "number"),
        "none",
    ),
    Kind(
        "label",
        _read_label,
        About("gets a label, for ever or for so long", "label: {name: guest, for: 7d}"),
        schema={
            "oneOf": [
                _TEXT,
                {
                    "type": "object",
                    "properties": {"name": _TEXT, "for": DURATION_SCHEMA},
                    "required": ["name"],
                    "additionalProperties": False,
                },
            ]
        },
    ),
    Kind("unlabel", _read_unlabel, About("loses a label", "unlabel: guest"), schema=_TEXT),
    Kind("promote", _read_promote, About("rises by one tier", "promote"), "none"),
    Kind("demote", _read_demote, About("falls by one tier", "demote"), "none"),
    Kind("tier", _read_tier, About("is put into that tier", "tier: regular"), schema=_TEXT),
    Kind(
        "bar",
        _read_bar,
        About(
            "is kept from taking shares of packets, here or, with `in: network`, in every group of "
            "the network; the ledger refuses them too",
            "bar: {from: packets, for: 30d}",
        ),
        schema={
            "type": "object",
            "properties": {
                "from": {"enum": list(BARRED)},
                "for": DURATION_SCHEMA,
                "in": {"enum": ["group", "network"]},
            },
            "required": ["from"],
            "additionalProperties": False,
        },
    ),
    Kind(
        "reputation",
        _read_esteem,
        About(
            "so much reputation is given, or taken where it is below 0, through the ledger; or "
            "`{n, asset, to, per_giver, per_member, per_pair}`, see below",
            "reputation: 1",
        ),
        schema={
            "oneOf": [
                {"type": "integer"},
                {
                    "type": "object",
                    "properties": {
                        "n": {"type": "integer"},
                        "asset": _TEXT,
                        "to": {"enum": list(TOS)},
                        **dict.fromkeys(_CAPS, _CAP_SCHEMA),
                    },
                    "required": ["n"],
                    "additionalProperties": False,
                },
            ]
        },
    ),
)
