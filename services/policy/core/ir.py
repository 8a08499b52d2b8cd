"""The one form that every condition comes down to: typed, without loops, ready to compile.

A `Test` is a tree over what is seen. Leaves that compare a field with a constant can be looked up
for thousands of rules at once; an `Ask` is a function of its own, for what is no mere comparison.
Whatever is absent makes a leaf false.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from policy.core.seen import Seen

Holds = Callable[[Seen], bool]
FieldType = Literal["int", "double", "string", "bool", "strings"]
Relation = Literal["<", "<=", ">", ">=", "=="]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be read of what is seen.

    `code` is the Python expression that reads it of `seen`; it is ours, never a user's. It gives
    None where there is nothing to read, if `optional`. `cost_us` is what reading it takes.
    """

    name: str
    type: FieldType
    code: str
    cost_us: float = 0.1
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """Holds where every part holds."""

    parts: "tuple[Test, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """Holds where some part holds."""

    parts: "tuple[Test, ...]"


@dataclass(frozen=True, slots=True)
class Negated:
    """Holds where its part does not."""

    part: "Test"


@dataclass(frozen=True, slots=True)
class Occurs:
    """Holds where one of these terms of the automaton occurs in the text."""

    terms: frozenset[int]


@dataclass(frozen=True, slots=True)
class Compare:
    """Holds where a number stands in this relation to a constant."""

    field: Field
    relation: Relation
    value: float


@dataclass(frozen=True, slots=True)
class Among:
    """Holds where a text is one of these, or a list of texts has one of them."""

    field: Field
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Flag:
    """Holds where a yes-or-no field says yes."""

    field: Field


@dataclass(frozen=True, slots=True)
class Ask:
    """Holds where the function says so, which is asked only where `given` holds.

    `given` must follow from the function: it lets thousands of such tests be passed over at once.
    """

    holds: Holds
    given: "Test | None" = None


Test = Every | Some | Negated | Occurs | Compare | Among | Flag | Ask
