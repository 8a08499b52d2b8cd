"""How somebody looks, and how full it is: name cards, pictures, the capacity of a group."""

from dataclasses import dataclass
from typing import Final

from policy.core.checks import Check, Checks
from policy.core.conditions.kind import About, Condition, Kind, Source
from policy.core.conditions.standing import TEXTS, standing_of
from policy.core.document import Node
from policy.core.ir import Ask
from policy.core.name_cards import FIELDS, Template, template
from policy.core.reading import nearest
from policy.core.seen import Clue, Seen

CROWD_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class NameCard(Condition):
    """Their display name is not of this form."""

    written: str


@dataclass(frozen=True, slots=True)
class Face(Condition):
    """Their picture is one of these; without any, they have none."""

    handles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Capacity(Condition):
    """More than so many members are in the group."""

    members: int


def _read_name_card(source: Source, node: Node, path: str) -> Condition | None:
    written = source.reader.text(node, path, "a form such as {number}-{name}-{occupation}")
    if written is None:
        return None
    fault = template(written)
    if isinstance(fault, str):
        source.reader.fault(node, path, fault, nearest("", FIELDS))
        return None
    return NameCard(written)


def _read_face(source: Source, node: Node, path: str) -> Condition | None:
    found = source.reader.texts(node, path, "a media handle, or `absent`")
    return Face(tuple("" if word == "absent" else word for word in found)) if found else None


def _read_capacity(source: Source, node: Node, path: str) -> Condition | None:
    members = source.reader.integer(node, path, 1, CROWD_MAX)
    return None if members is None else Capacity(members)


def _check_name_card(_checks: Checks, condition: NameCard) -> Check:
    form = template(condition.written)
    assert isinstance(form, Template), "another is refused when it is read"

    def number(seen: Seen) -> int:
        standing = standing_of(seen.record)
        return standing.number if standing is not None else 0

    def holds(seen: Seen) -> bool:
        record = seen.record
        if record is None:
            return False
        return not form.fits(seen.actor.display_name or record.profile.name, number(seen))

    def clues(seen: Seen) -> list[Clue]:
        return [Clue("name_card", listed=form.shown(number(seen)))]

    return Check(Ask(holds), clues)


def _check_face(_checks: Checks, condition: Face) -> Check:
    handles = frozenset(condition.handles)

    def holds(seen: Seen) -> bool:
        record = seen.record
        return record is not None and record.profile.avatar in handles

    return Check(Ask(holds), lambda _seen: [Clue("face")])


def _check_capacity(_checks: Checks, condition: Capacity) -> Check:
    most = condition.members

    def holds(seen: Seen) -> bool:
        return seen.room is not None and seen.room.members.seated > most

    def clues(seen: Seen) -> list[Clue]:
        seated = seen.room.members.seated if seen.room is not None else 0
        return [Clue("capacity", count=seated, limit=most)]

    return Check(Ask(holds), clues)


KINDS: Final = (
    Kind(
        name="name_card",
        read=_read_name_card,
        check=_check_name_card,
        type=NameCard,
        cost_us=2.0,
        about=About(
            summary="The display name is not of this form.",
            value="a form with fields: " + ", ".join(f"`{{{name}}}`" for name in FIELDS),
            absent="Of whom Reeve has not seen a name at all it does not hold.",
            example='name_card: "{number}-{name}-{occupation}"',
            notes=(
                "`{number}` is the member's entry number, or any before one is assigned.",
                "Full width and half width, upper and lower case make no difference.",
            ),
        ),
        schema={"type": "string"},
    ),
    Kind(
        name="avatar",
        read=_read_face,
        check=_check_face,
        type=Face,
        cost_us=0.6,
        about=About(
            summary="The member has no picture (`absent`), or one of these.",
            value="`absent`, or a list of media handles",
            absent="Of whom no join or change of profile was seen it does not hold.",
            example="avatar: absent",
            notes=("A platform's default picture is none.",),
        ),
        schema=TEXTS,
    ),
    Kind(
        name="capacity",
        read=_read_capacity,
        check=_check_capacity,
        type=Capacity,
        cost_us=0.3,
        about=About(
            summary="More members than that are in the group, whoever just came included.",
            value="a number of members",
            absent="Whom Reeve did not see join, and who waits for a place, does not count.",
            example="capacity: 500",
        ),
        schema={"type": "integer", "minimum": 1, "maximum": CROWD_MAX},
    ),
)
