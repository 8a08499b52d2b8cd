"""Conditions made of conditions: all of them, one of them, not this one."""

from dataclasses import dataclass, replace
from typing import Final

from policy.core.checks import Check, Checks, Clues
from policy.core.conditions.kind import About, AllOf, Condition, Kind, Source, condition_from
from policy.core.document import Node
from policy.core.ir import Every, Negated, Some
from policy.core.predicate import holds_of
from policy.core.seen import Clue, Seen

_ONE: Final = {"$ref": "#/$defs/condition"}
_MANY: Final = {"anyOf": [_ONE, {"type": "array", "items": _ONE, "minItems": 1}]}


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """Holds where some part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class NotAny(Condition):
    """Holds where its part does not."""

    part: Condition


def _read_parts(source: Source, node: Node, path: str) -> tuple[Condition, ...]:
    items = source.reader.items(node, path, "a condition")
    parts = [condition_from(source, item, place) for item, place in items]
    return tuple(part for part in parts if part is not None)


def _read_all(source: Source, node: Node, path: str) -> Condition | None:
    return AllOf(_read_parts(source, node, path))


def _read_any(source: Source, node: Node, path: str) -> Condition | None:
    return AnyOf(_read_parts(source, node, path))


def _read_not(source: Source, node: Node, path: str) -> Condition | None:
    part = condition_from(source, node, path)
    return None if part is None else NotAny(part)


def _check_all(checks: Checks, condition: AllOf) -> Check:
    parts = [checks.check(part) for part in condition.parts]

    def clues(seen: Seen) -> list[Clue]:
        found = [part.clues(seen) for part in parts]
        needed = [sum(not clue.spare for clue in each) for each in found]
        least = min((number for number in needed if number), default=0)
        least = needed.index(least) if needed else 0
        return [
            clue if place == least else replace(clue, spare=True)
            for place, each in enumerate(found)
            for clue in each
        ]

    return Check(Every(tuple(part.test for part in parts)), clues)


def _check_any(checks: Checks, condition: AnyOf) -> Check:
    parts = [checks.check(part) for part in condition.parts]
    return Check(Some(tuple(part.test for part in parts)), _clues_of_any(parts))


def _clues_of_any(parts: list[Check]) -> Clues:
    asked = [(holds_of(part.test), part.clues) for part in parts]

    def clues(seen: Seen) -> list[Clue]:
        return [clue for holds, why in asked if holds(seen) for clue in why(seen)]

    return clues


def _check_not(checks: Checks, condition: NotAny) -> Check:
    return Check(Negated(checks.check(condition.part).test))


KINDS: Final = (
    Kind(
        name="all",
        read=_read_all,
        check=_check_all,
        type=AllOf,
        cost_us=0.05,
        about=About(
            summary="Every one of a list of conditions holds.",
            value="conditions",
            absent="It holds where each of its parts does.",
            example="all: [{link: any}, {flood: {messages: 2, within: 1m}}]",
        ),
        schema=_MANY,
        parts=lambda condition: condition.parts,
    ),
    Kind(
        name="any",
        read=_read_any,
        check=_check_any,
        type=AnyOf,
        cost_us=0.05,
        about=About(
            summary="One of a list of conditions holds.",
            value="conditions",
            absent="It holds where one of its parts does.",
            example="any: [{words: lottery}, {link: [lottery.example]}]",
        ),
        schema=_MANY,
        parts=lambda condition: condition.parts,
    ),
    Kind(
        name="not",
        read=_read_not,
        check=_check_not,
        type=NotAny,
        cost_us=0.05,
        about=About(
            summary="The condition does not hold.",
            value="a condition",
            absent="It holds where its part has nothing to look at.",
            example="not: {role: [member]}",
            notes=("Nothing was seen then, so nothing is shown as the reason.",),
        ),
        schema=_ONE,
        parts=lambda condition: (condition.part,),
    ),
)
