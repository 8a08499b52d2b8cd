"""The tiers of a community, the lowest first: what each asks for and what it gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from policy.core.conditions.kind import Condition, Source, condition_from
from policy.core.consequences.kind import Wording, read_wording
from policy.core.document import Listing, Mapping, Node, Scalar
from policy.core.reading import Reader

TIERS_MAX = 20
NAME_MAX = 40
NUMBER_MAX = 1_000_000
CONTRIBUTION_MAX = 1_000
TIER_KEYS = ("name", "when", "keep", "roles", "packets", "announce")
MEMBER_KEYS = ("contribution", "numbers_from")


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier. A member of the tier below rises where `when` holds, and falls where not `keep`.

    None: nobody rises, or falls, by themselves. `roles` are given and taken where the platform has
    roles; without `packets` its members take no shares of red packets. `announce` is said when
    somebody rises into it.
    """

    name: str
    when: Condition | None = None
    keep: Condition | None = None
    roles: tuple[str, ...] = ()
    packets: bool = True
    announce: Wording | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """What counts as a contribution, in graphemes of own words, and the first entry number."""

    contribution: int = 5
    numbers_from: int = 1


ORDINARY: Final = Membership()


def tier_names(node: Node | None) -> tuple[str, ...]:
    """Return the names of the tiers, as far as they can be read; faults are noted later."""
    if not isinstance(node, Listing):
        return ()
    names = [
        value.value
        for item in node.items[:TIERS_MAX]
        if isinstance(item, Mapping)
        for key, value in item.pairs
        if key.value == "name" and isinstance(value, Scalar) and value.value.strip()
    ]
    return tuple(dict.fromkeys(names))


def read_tiers(source: Source, node: Node) -> Iterator[Tier]:
    """Yield the tiers in the order in which they are written."""
    reader = source.reader
    if not isinstance(node, Listing):
        reader.wrong_shape(node, "tiers", "a list of tiers, the lowest first,")
        return
    if len(node.items) > TIERS_MAX:
        reader.fault(node, "tiers", f"more than {TIERS_MAX} tiers")
        return
    seen: set[str] = set()
    for place, (item, path) in enumerate(reader.items(node, "tiers", "a tier")):
        tier = _read_tier(source, item, path, is_first=not place)
        if tier is None:
            continue
        if tier.name in seen:
            reader.fault(item, f"{path}.name", f'"{tier.name}" is the name of another tier')
        seen.add(tier.name)
        yield tier


def _read_tier(source: Source, node: Node, path: str, *, is_first: bool) -> Tier | None:
    reader = source.reader
    found = reader.mapping(node, path, TIER_KEYS, ("name",))
    name = reader.text(found["name"], f"{path}.name", "a name") if "name" in found else None
    if name is not None and len(name) > NAME_MAX:
        reader.fault(found["name"], f"{path}.name", f"longer than {NAME_MAX} characters")
    parts: dict[str, Condition | None] = {}
    for key in ("when", "keep"):
        if key not in found:
            continue
        if is_first:
            reason = "everybody is in the first tier; nobody rises into it or falls out of it"
            reader.fault(found[key], f"{path}.{key}", reason)
        parts[key] = condition_from(source, found[key], f"{path}.{key}")
    roles: tuple[str, ...] = ()
    if "roles" in found:
        roles = reader.texts(found["roles"], f"{path}.roles", "a role")
    packets = True
    if "packets" in found:
        said = reader.choice(found["packets"], f"{path}.packets", ("yes", "no"), "answer")
        packets = said != "no"
    announce = None
    if "announce" in found:
        announce = read_wording(reader, found["announce"], f"{path}.announce")
    if name is None:
        return None
    return Tier(name, parts.get("when"), parts.get("keep"), roles, packets, announce)


def read_membership(reader: Reader, node: Node) -> Membership:
    """Return what the rulebook says of members as such."""
    found = reader.mapping(node, "members", MEMBER_KEYS)
    contribution, numbers_from = ORDINARY.contribution, ORDINARY.numbers_from
    if "contribution" in found:
        place = "members.contribution"
        contribution = (
            reader.integer(found["contribution"], place, 1, CONTRIBUTION_MAX) or contribution
        )
    if "numbers_from" in found:
        place = "members.numbers_from"
        number = reader.integer(found["numbers_from"], place, 1, NUMBER_MAX)
        numbers_from = number or numbers_from
    return Membership(contribution, numbers_from)
