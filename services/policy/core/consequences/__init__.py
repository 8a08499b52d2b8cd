"""What follows when a rule holds: a registry of kinds, and how a rule's consequences are read."""

from collections.abc import Iterator, Mapping
from typing import Final

from policy.core.conditions.kind import Source
from policy.core.consequences import (
    doors,
    expectations,
    harvest,
    liability,
    members,
    review,
    rewards,
    sanctions,
    speech,
)
from policy.core.consequences.expectations import Consequences, Expects
from policy.core.consequences.kind import Effect, Kind, Where, Wording, read_wording
from policy.core.consequences.ladder import Ladder, Repeat, Step, read_ladder
from policy.core.consequences.sanctions import SANCTION_MAX_MS, Delete, Points, Sanction
from policy.core.document import Mapping as Pairs
from policy.core.document import Node
from policy.core.reading import nearest

__all__ = [
    "KINDS",
    "OUTCOMES",
    "SANCTION_MAX_MS",
    "Consequences",
    "Effect",
    "Expects",
    "Ladder",
    "Repeat",
    "Sanction",
    "Step",
    "Where",
    "Wording",
    "is_of_nobody",
    "place_of",
    "read_consequences",
    "read_ladder",
    "read_wording",
]

_FAMILIES = (sanctions, members, doors, speech, review, expectations, liability, harvest, rewards)
KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for one in _FAMILIES for kind in one.KINDS}
OUTCOMES: Final = tuple(KINDS)
_OF_NOBODY = (speech.Announcement, speech.Nudge, harvest.Digest, rewards.Gift, rewards.Praise)
_ORDER = {name: number for number, name in enumerate(OUTCOMES)}


def place_of(source: Source, ladders: frozenset[str]) -> Where:
    """Return where consequences of a rule are read."""
    return Where(source, read_consequences, ladders)


def read_consequences(where: Where, node: Node, path: str) -> Consequences | None:
    """Return what follows: a word such as `delete`, a mapping such as `mute: 10m`, or a list.

    What is neither merged nor compared follows in the order of the registry, however it is written.
    """
    reader = where.reader
    faults = len(reader.faults)
    read: dict[str, Effect] = {}
    seen: set[str] = set()
    for word, value, key, place in _each(where, node, path):
        if word in seen:
            reader.fault(key, place, f'"{word}" is written twice')
        seen.add(word)
        kind = KINDS[word]
        if kind.value == "none" and not sanctions.takes_no_value(value):
            assert value is not None, "something is written there"
            reader.fault(value, place, f'"{word}" takes no value', f"write just {word}")
        elif kind.value == "needed" and value is None:
            reader.fault(key, place, f'"{word}" needs a value', f"write {kind.about.example}")
        else:
            effect = kind.read(where, value, key, place)
            if effect is not None:
                read[word] = effect
    if len(reader.faults) > faults:
        return None
    return _gathered([read[word] for word in sorted(read, key=_ORDER.__getitem__)])


def is_of_nobody(then: Consequences) -> bool:
    """Return whether all of it can follow where it is about nobody, as when a clock strikes."""
    acts = then.sanction is not None or then.delete or then.points
    return not acts and all(isinstance(effect, _OF_NOBODY) for effect in then.effects)


def _gathered(effects: list[Effect]) -> Consequences:
    found = [effect for effect in effects if isinstance(effect, Sanction)]
    points = next((effect for effect in effects if isinstance(effect, Points)), Points(0))
    merged = (Sanction, Points, Delete)
    return Consequences(
        sanction=max(found, key=Sanction.rank, default=None),
        delete=any(isinstance(effect, Delete) for effect in effects),
        points=points.n,
        offence=points.kind,
        effects=tuple(effect for effect in effects if not isinstance(effect, merged)),
    )


def _each(where: Where, node: Node, path: str) -> Iterator[tuple[str, Node | None, Node, str]]:
    reader = where.reader
    for item, place in reader.items(node, path, "what follows"):
        if isinstance(item, Pairs):
            for key, value in reader.pairs(item, place):
                if key.value in KINDS:
                    yield key.value, value, key, f"{place}.{key.value}"
                else:
                    hint = nearest(key.value, OUTCOMES)
                    reader.fault(key, place, f'no such outcome: "{key.value[:40]}"', hint)
            continue
        word = reader.choice(item, place, OUTCOMES, "outcome")
        if word is not None:
            yield word, None, item, place
