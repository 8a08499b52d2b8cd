"""Ranges as they are written: `{at_least: 5}`, `{below: 3}`, `{younger_than: 7d}`, or both ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from policy.core.conditions.kind import Source
from policy.core.document import Node
from policy.core.reading import UNITS_MS

AGE_MAX_MS = 20 * 366 * UNITS_MS["d"]
NUMBER_MAX = 10**12
NUMBERS: Final = ("at_least", "below")
AGES: Final = ("older_than", "younger_than")


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` on and below `high`; None: no such bound."""

    low: int | None
    high: int | None

    def has(self, value: int) -> bool:
        """Return whether a value is inside."""
        return (self.low is None or value >= self.low) and (self.high is None or value < self.high)

    @property
    def bound(self) -> int:
        """Where what would have been fine begins or ends, as people are told."""
        return self.high if self.high is not None else self.low or 0

    def clue(self, name: str) -> str:
        """Return the key of the text that tells of this range: `contributions_below`."""
        return f"{name}_below" if self.high is not None else f"{name}_at_least"


def read_numbers(source: Source, node: Node, path: str, more: tuple[str, ...] = ()) -> Range | None:
    """Return the range that `at_least` and `below` make; `more` keys of the mapping are let be."""
    reader = source.reader

    def number(value: Node, place: str) -> int | None:
        return reader.integer(value, place, -NUMBER_MAX, NUMBER_MAX)

    return _read(source, node, path, (NUMBERS, more), number)


def read_age(source: Source, node: Node, path: str) -> Range | None:
    """Return the range in milliseconds that `older_than` and `younger_than` make."""
    reader = source.reader

    def age(value: Node, place: str) -> int | None:
        return reader.duration(value, place, UNITS_MS["s"], AGE_MAX_MS)

    return _read(source, node, path, (AGES, ()), age)


def _read(
    source: Source,
    node: Node,
    path: str,
    keys: tuple[tuple[str, ...], tuple[str, ...]],
    read: Callable[[Node, str], int | None],
) -> Range | None:
    reader = source.reader
    faults = len(reader.faults)
    (least, most), more = keys
    found = reader.mapping(node, path, (least, most, *more))
    bounds = {key: read(found[key], f"{path}.{key}") for key in (least, most) if key in found}
    if not bounds and len(reader.faults) == faults:
        reader.fault(node, path, f'"{least}" or "{most}" is missing')
    low, high = bounds.get(least), bounds.get(most)
    if low is not None and high is not None and low >= high:
        reason = f'nothing is on this side of both "{least}" and "{most}"'
        reader.fault(found[most], f"{path}.{most}", reason)
    return Range(low, high) if len(reader.faults) == faults else None


def schema(keys: tuple[str, ...], bound: Mapping[str, Any], **more: object) -> dict[str, Any]:
    """Return the JSON Schema of a mapping with these bounds, and with more."""
    return {
        "type": "object",
        "properties": {**dict.fromkeys(keys, bound), **more},
        "additionalProperties": False,
        "minProperties": 1,
    }


INTEGER: Final = {"type": "integer"}
DURATION: Final = {"type": "string", "pattern": "^([0-9]{1,9}(ms|[smhdw]))+$"}
AGE_SCHEMA: Final = schema(AGES, DURATION)
NUMBERS_SCHEMA: Final = schema(NUMBERS, INTEGER)
