"""What can be expected of a member: one small type each, and how it is read from a rulebook.

The leaves of a tree of `AllOf` and `AnyOf` have numbers, left to right from 0; whoever waits for
them remembers which have come.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from policy.core.conditions.kind import Condition, condition_from
from policy.core.consequences.kind import Where
from policy.core.document import Listing, Mapping, Node, Scalar
from policy.core.reading import nearest

AMOUNT_MAX = 10**12
SHARES_MAX = 10_000
REFERRALS_MAX = 100
LEAVES_MAX = 16
LETTERS_MAX = 1_000

THANKS = (
    "thanks", "thank you", "thx", "tysm", "ty", "cheers", "much appreciated",
    "谢谢", "多谢", "感谢", "谢啦", "谢了", "谢过", "谢红包", "谢老板", "谢主", "谢大佬", "鸣谢",
    "多謝", "謝謝", "感謝", "3q",
)  # fmt: skip
THANKING = ("🙏", "❤️", "❤", "👍", "🌹", "🎉", "🥰", "😘", "🤝", "🙇")


class Wanted:
    """Something that is expected of a member."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Packet(Wanted):
    """A red packet: at least `amount` minor units in at least `shares` shares.

    `per_member` times the number of members, where that is more, is the least amount.
    """

    amount: int
    asset: str
    shares: int
    per_member: int = 0


@dataclass(frozen=True, slots=True)
class Thanks(Wanted):
    """Words of thanks in the group, one of the reactions, or a sticker."""

    words: Condition
    reactions: tuple[str, ...]
    sticker: bool


@dataclass(frozen=True, slots=True)
class Says(Wanted):
    """A message of at least `letters` graphemes of substance where `when` holds, in `channel`.

    None: whatever it says; "": wherever it is said.
    """

    when: Condition | None
    letters: int
    channel: str


@dataclass(frozen=True, slots=True)
class Command(Wanted):
    """A command such as `agree`."""

    name: str


@dataclass(frozen=True, slots=True)
class Payment(Wanted):
    """An amount paid from outside, or booked from the member's account to `to` ("": anywhere)."""

    amount: int
    asset: str
    purpose: str
    to: str


@dataclass(frozen=True, slots=True)
class Referrals(Wanted):
    """So many people whom the member brought in."""

    n: int


@dataclass(frozen=True, slots=True)
class Confirmation(Wanted):
    """A person of the staff says that it is well."""


@dataclass(frozen=True, slots=True)
class AllOf(Wanted):
    """Every part."""

    parts: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Wanted):
    """Some part."""

    parts: tuple[Wanted, ...]


def leaves(wanted: Wanted) -> tuple[Wanted, ...]:
    """Return what a tree asks for, by number."""
    if isinstance(wanted, AllOf | AnyOf):
        return tuple(leaf for part in wanted.parts for leaf in leaves(part))
    return (wanted,)


def is_met(wanted: Wanted, done: Collection[int]) -> bool:
    """Return whether the tree is satisfied once the leaves of these numbers are."""
    return _met(wanted, done, 0)[0]


def _met(wanted: Wanted, done: Collection[int], first: int) -> tuple[bool, int]:
    if not isinstance(wanted, AllOf | AnyOf):
        return first in done, first + 1
    met: list[bool] = []
    for part in wanted.parts:
        holds, first = _met(part, done, first)
        met.append(holds)
    return (all(met) if isinstance(wanted, AllOf) else any(met)), first


def conditions(wanted: Wanted) -> tuple[Condition, ...]:
    """Return the conditions that have to be compiled to see whether it has come."""
    found: list[Condition] = []
    for leaf in leaves(wanted):
        if isinstance(leaf, Thanks):
            found.append(leaf.words)
        elif isinstance(leaf, Says) and leaf.when is not None:
            found.append(leaf.when)
    return tuple(found)


def read_wanted(where: Where, found: dict[str, Node], path: str) -> Wanted | None:
    """Return what the keys among `WANTED` ask for together; None where none do, or faults are."""
    parts = [
        WANTED[key](where, node, f"{path}.{key}") for key, node in found.items() if key in WANTED
    ]
    known = tuple(part for part in parts if part is not None)
    if not known or len(known) < len(parts):
        return None
    return known[0] if len(known) == 1 else AllOf(known)


def _read_packet(where: Where, node: Node, path: str) -> Wanted | None:
    keys = ("amount", "asset", "shares", "per_member")
    found = where.reader.mapping(node, path, keys, ("amount", "shares"))
    if not found.keys() >= {"amount", "shares"}:
        return None
    return read_packet(where, found, node, path)


def read_packet(where: Where, found: dict[str, Node], node: Node, path: str) -> Packet | None:
    """Return the red packet that these keys describe; `amount` and `shares` are among them."""
    reader = where.reader
    amount = reader.integer(found["amount"], f"{path}.amount", 1, AMOUNT_MAX)
    asset: str | None = "points"
    if "asset" in found:
        asset = reader.text(found["asset"], f"{path}.asset", "an asset")
    shares = reader.integer(found["shares"], f"{path}.shares", 1, SHARES_MAX)
    per_member: int | None = 0
    if "per_member" in found:
        per_member = reader.integer(found["per_member"], f"{path}.per_member", 1, AMOUNT_MAX)
    if amount is None or asset is None or shares is None or per_member is None:
        return None
    if amount < shares:
        reader.fault(node, path, f"{amount} cannot be split into {shares} shares")
    return Packet(amount, asset, shares, per_member)


def _read_thanks(where: Where, node: Node, path: str) -> Wanted | None:
    reader = where.reader
    found: dict[str, Node] = {}
    if not (isinstance(node, Scalar) and node.value == "any"):
        found = reader.mapping(node, path, ("words", "reactions", "sticker"))
    line, column = node.line, node.column
    usual = Listing(line, column, tuple(Scalar(line, column, word, plain=True) for word in THANKS))
    written = ((Scalar(line, column, "words", plain=True), found.get("words", usual)),)
    words = condition_from(where.source, Mapping(line, column, written), path)
    reactions: tuple[str, ...] = THANKING
    if "reactions" in found:
        reactions = reader.texts(found["reactions"], f"{path}.reactions", "a reaction")
    sticker = True
    if "sticker" in found:
        chosen = reader.choice(found["sticker"], f"{path}.sticker", ("true", "false"), "answer")
        sticker = chosen == "true"
    return None if words is None else Thanks(words, reactions, sticker)


def _read_says(where: Where, node: Node, path: str) -> Wanted | None:
    reader = where.reader
    found = reader.mapping(node, path, ("when", "letters", "channel"))
    if not found:
        reader.fault(node, path, "nothing is expected here", "write letters: 10, or when: …")
        return None
    when: Condition | None = None
    if "when" in found:
        when = condition_from(where.source, found["when"], f"{path}.when")
        if when is None:
            return None
    letters: int | None = 0
    if "letters" in found:
        letters = reader.integer(found["letters"], f"{path}.letters", 1, LETTERS_MAX)
    channel: str | None = ""
    if "channel" in found:
        channel = reader.text(found["channel"], f"{path}.channel", "a channel")
    return None if letters is None or channel is None else Says(when, letters, channel)


def _read_command(where: Where, node: Node, path: str) -> Wanted | None:
    name = where.reader.text(node, path, "the name of a command")
    return None if name is None else Command(name.removeprefix("!"))


def _read_payment(where: Where, node: Node, path: str) -> Wanted | None:
    reader = where.reader
    found = reader.mapping(node, path, ("amount", "asset", "purpose", "to"), ("amount",))
    texts = {
        key: reader.text(found[key], f"{path}.{key}")
        for key in ("asset", "purpose", "to")
        if key in found
    }
    amount = None
    if "amount" in found:
        amount = reader.integer(found["amount"], f"{path}.amount", 1, AMOUNT_MAX)
    if amount is None or None in texts.values():
        return None
    asset = texts.get("asset") or "points"
    return Payment(amount, asset, texts.get("purpose") or "", texts.get("to") or "")


def _read_referrals(where: Where, node: Node, path: str) -> Wanted | None:
    n = where.reader.integer(node, path, 1, REFERRALS_MAX)
    return None if n is None else Referrals(n)


def _read_confirmation(where: Where, node: Node, path: str) -> Wanted | None:
    return None if where.reader.choice(node, path, ("staff",), "group") is None else Confirmation()


def _read_parts(where: Where, node: Node, path: str) -> tuple[Wanted, ...] | None:
    parts: list[Wanted | None] = []
    for item, place in where.reader.items(node, path, "something that is expected"):
        found = where.reader.mapping(item, place, WANTED)
        if not found:
            where.reader.fault(item, place, "nothing is expected here", nearest("", WANTED))
        parts.append(read_wanted(where, found, place))
    known = tuple(part for part in parts if part is not None)
    return known if known and len(known) == len(parts) else None


def _read_all(where: Where, node: Node, path: str) -> Wanted | None:
    parts = _read_parts(where, node, path)
    return None if parts is None else AllOf(parts)


def _read_any(where: Where, node: Node, path: str) -> Wanted | None:
    parts = _read_parts(where, node, path)
    return None if parts is None else AnyOf(parts)


WANTED: dict[str, Callable[[Where, Node, str], Wanted | None]] = {
    "packet": _read_packet,
    "thanks": _read_thanks,
    "says": _read_says,
    "command": _read_command,
    "payment": _read_payment,
    "referrals": _read_referrals,
    "confirmation": _read_confirmation,
    "all_of": _read_all,
    "any_of": _read_any,
}

_AMOUNT: Final = {"type": "integer", "minimum": 1, "maximum": AMOUNT_MAX}
_TEXT: Final = {"type": "string"}
_PARTS: Final = {
    "oneOf": [
        {"$ref": "#/$defs/wanted"},
        {"type": "array", "items": {"$ref": "#/$defs/wanted"}, "minItems": 1},
    ]
}


def _exact(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    found = {"type": "object", "properties": properties, "additionalProperties": False}
    return found | ({"required": [*required]} if required else {})


WANTED_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "packet": _exact(
        {
            "amount": _AMOUNT,
            "asset": _TEXT,
            "shares": {"type": "integer", "minimum": 1, "maximum": SHARES_MAX},
            "per_member": _AMOUNT,
        },
        "amount",
        "shares",
    ),
    "thanks": {
        "oneOf": [
            {"const": "any"},
            _exact(
                {
                    "words": {"$ref": "#/$defs/condition/properties/words"},
                    "reactions": {
                        "oneOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]
                    },
                    "sticker": {"enum": [True, False, "true", "false"]},
                }
            ),
        ]
    },
    "says": {
        **_exact(
            {
                "when": {"$ref": "#/$defs/condition"},
                "letters": {"type": "integer", "minimum": 1, "maximum": LETTERS_MAX},
                "channel": _TEXT,
            }
        ),
        "minProperties": 1,
    },
    "command": _TEXT,
    "payment": _exact(
        {"amount": _AMOUNT, **dict.fromkeys(("asset", "purpose", "to"), _TEXT)}, "amount"
    ),
    "referrals": {"type": "integer", "minimum": 1, "maximum": REFERRALS_MAX},
    "confirmation": {"enum": ["staff"]},
    "all_of": _PARTS,
    "any_of": _PARTS,
}
"""The JSON Schema of each, by the name that rulebooks use; `wanted` is one part of a tree."""
