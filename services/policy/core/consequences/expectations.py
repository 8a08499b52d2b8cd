"""Something is expected of a member within a time; what follows if it comes, and if it does not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from policy.core.consequences.kind import (
    CONSEQUENCES_SCHEMA,
    DURATION_SCHEMA,
    About,
    Effect,
    Kind,
    Where,
)
from policy.core.consequences.sanctions import Sanction
from policy.core.consequences.wanted import (
    LEAVES_MAX,
    WANTED,
    WANTED_SCHEMAS,
    Wanted,
    leaves,
    read_packet,
    read_wanted,
)
from policy.core.document import Node
from policy.core.reading import UNITS_MS

WITHIN_MAX_MS = 366 * UNITS_MS["d"]
PACKET_WITHIN_MAX_MS = 7 * UNITS_MS["d"]


@dataclass(frozen=True, slots=True)
class Expects(Effect):
    """`what` is expected within `within_ms`; `key` tells it from the others of its rule.

    `otherwise` and `fulfilled` are None where the rule's own are meant.
    """

    what: Wanted
    within_ms: int
    key: str
    otherwise: "Consequences | None" = None
    fulfilled: "Consequences | None" = None

    def inner(self) -> "tuple[Consequences, ...]":
        """Return what follows either way."""
        return tuple(then for then in (self.otherwise, self.fulfilled) if then is not None)


@dataclass(frozen=True, slots=True)
class Consequences:
    """All that one rule asks for.

    Without points the sanction is as written; with points the ladder decides, and a written
    sanction is the least that follows. `effects` are what is neither merged nor compared.
    """

    sanction: Sanction | None = None
    delete: bool = False
    points: int = 0
    offence: str = ""
    effects: tuple[Effect, ...] = ()

    def expects(self) -> Iterator[Expects]:
        """Yield what is expected, that which is expected later too."""
        for effect in self.all():
            if isinstance(effect, Expects):
                yield effect

    def all(self) -> Iterator[Effect]:
        """Yield every effect, with those that may follow from one later."""
        for effect in self.effects:
            yield effect
            for then in effect.inner():
                yield from then.all()

    def completed(
        self, otherwise: "Consequences | None", fulfilled: "Consequences | None"
    ) -> "Consequences":
        """Return the same, where what is expected has no consequences of its own with these."""
        if not any(isinstance(effect, Expects) for effect in self.effects):
            return self
        effects = tuple(
            replace(
                effect,
                otherwise=effect.otherwise or otherwise,
                fulfilled=effect.fulfilled or fulfilled,
            )
            if isinstance(effect, Expects)
            else effect
            for effect in self.effects
        )
        return replace(self, effects=effects)

    @property
    def incomplete(self) -> bool:
        """Whether something is expected and nothing follows from it, either way."""
        return any(
            isinstance(effect, Expects) and not (effect.otherwise or effect.fulfilled)
            for effect in self.effects
        )


def _read_expects(where: Where, value: Node | None, key: Node, path: str) -> Effect | None:
    assert value is not None, "what is expected is a value"
    reader = where.reader
    found = reader.mapping(value, path, (*WANTED, "within", "otherwise", "fulfilled"), ("within",))
    what = read_wanted(where, found, path)
    if what is None and found and not found.keys() & WANTED.keys():
        reader.fault(key, path, "nothing is expected here", f"one of {', '.join(sorted(WANTED))}")
    if what is not None and len(leaves(what)) > LEAVES_MAX:
        reader.fault(key, path, f"more than {LEAVES_MAX} things are expected at once")
    within_ms = None
    if "within" in found:
        within_ms = reader.duration(found["within"], f"{path}.within", 1_000, WITHIN_MAX_MS)
    inner = replace(where, nested=True)
    then: dict[str, Consequences | None] = {}
    for name in ("otherwise", "fulfilled"):
        if name in found:
            then[name] = where.consequences(inner, found[name], f"{path}.{name}")
    if where.nested and not then:
        reader.fault(key, path, '"otherwise" is missing', "say what follows if it does not come")
    if what is None or within_ms is None:
        return None
    return Expects(what, within_ms, path, then.get("otherwise"), then.get("fulfilled"))


def _read_owed(where: Where, value: Node | None, key: Node, path: str) -> Effect | None:
    assert value is not None, "a red packet that is owed has a value"
    reader = where.reader
    if where.nested:
        reader.fault(key, path, "owes_packet belongs into `then`", "or write expects: {packet: …}")
    keys = ("amount", "asset", "shares", "within", "per_member")
    found = reader.mapping(value, path, keys, keys[:4])
    if not found.keys() >= set(keys[:4]):
        return None
    within = reader.duration(found.pop("within"), f"{path}.within", 1_000, PACKET_WITHIN_MAX_MS)
    packet = read_packet(where, found, value, path)
    return None if packet is None or within is None else Expects(packet, within, path)


KINDS = (
    Kind(
        "expects",
        _read_expects,
        About(
            "something is expected of the member within that time: see below",
            "expects: {thanks: any, within: 10m, otherwise: notice}",
        ),
        schema={
            "type": "object",
            "properties": {
                **WANTED_SCHEMAS,
                "within": DURATION_SCHEMA,
                "otherwise": CONSEQUENCES_SCHEMA,
                "fulfilled": CONSEQUENCES_SCHEMA,
            },
            "required": ["within"],
            "anyOf": [{"required": [key]} for key in WANTED],
            "additionalProperties": False,
        },
    ),
    Kind(
        "owes_packet",
        _read_owed,
        About(
            "the author owes the group a red packet of at least that amount (minor units) in at "
            "least so many shares, within that time: short for `expects: {packet: …}`",
            "owes_packet: {amount: 500, asset: points, shares: 10, within: 5m}",
        ),
        schema={
            "type": "object",
            "properties": {
                **WANTED_SCHEMAS["packet"]["properties"],
                "within": DURATION_SCHEMA,
            },
            "required": ["amount", "asset", "shares", "within"],
            "additionalProperties": False,
        },
    ),
)
