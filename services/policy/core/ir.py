"""The one form that every condition comes down to: typed, without loops, ready to compile.

A `Test` is a tree over what is seen. Leaves that compare a field with a constant can be looked up
for thousands of rules at once; an `Ask` is a function of its own, for what is no mere comparison.
Whatever is absent makes a leaf false.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from policy.core.seen import Seen

Holds = Callable[[Seen], bool]
FieldType = Literal["int", "double", "string", "bool", "strings"]
Relation = Literal["<", "<=", ">", ">=", "=="]
CALL_US = 0.5


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be read of what is seen.

    `read` gives None where there is nothing to read, if `optional`. `cost_us` is what reading it
    takes. `about` says what it is, with its unit, and what it is where there is nothing to read.
    """

    name: str
    type: FieldType
    read: Callable[[Seen], Any]
    about: str = ""
    cost_us: float = 0.1
    optional: bool = False

    def __hash__(self) -> int:
        """Return that of the name, which no two fields share: hundreds of thousands are asked."""
        return hash(self.name)


@dataclass(frozen=True, slots=True)
class Const:
    """A constant of an expression."""

    value: float | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arith:
    """Two numbers, or two texts with `+`. Whole numbers are of 64 bits; beyond, it is undefined."""

    operator: Literal["+", "-", "*", "/", "%"]
    left: "Value"
    right: "Value"
    type: FieldType


@dataclass(frozen=True, slots=True)
class Choose:
    """One of two values: `then` where the test holds, `other` where its contrary does."""

    test: "Test"
    contrary: "Test"
    then: "Value"
    other: "Value"


@dataclass(frozen=True, slots=True)
class Size:
    """The number of code points of a text, or of entries of a list."""

    of: "Value"


@dataclass(frozen=True, slots=True)
class ToDouble:
    """A whole number as a double."""

    of: "Value"


Value = Field | Const | Arith | Choose | Size | ToDouble


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
    """Holds where its part does not, because of what is seen or because nothing is."""

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
    `cost_us` is what asking takes.
    """

    holds: Holds
    given: "Test | None" = None
    cost_us: float = CALL_US


@dataclass(frozen=True, slots=True)
class Relate:
    """Holds where two values of one type are there and stand in this relation.

    `in` asks whether a text is in a list; `contains`, `startsWith` and `endsWith` are of texts.
    `negated`: both are there and do not.
    """

    relation: Relation | Literal["in", "contains", "startsWith", "endsWith"]
    left: Value
    right: Value
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Finds:
    """Holds where a pattern that runs in linear time matches somewhere in a text that is there."""

    pattern: str
    subject: Value
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Weighs:
    """Holds where the weights of those parts that hold come to `least` or more.

    A weight may be below 0: then the part speaks against it. `least` is above 0.
    """

    parts: "tuple[tuple[Test, int], ...]"
    least: int

    def needed(self, last: "Callable[[Test], bool]") -> "tuple[Test, ...]":
        """Return parts of which one holds wherever this does; `last` says which to leave out last.

        None are left where all together do not weigh enough.
        """
        spare = self.least - 1
        left: list[Test] = []
        for part, weight in sorted(self.parts, key=lambda one: (last(one[0]), one[1])):
            if weight > spare:
                left.append(part)
            elif weight > 0:
                spare -= weight
        return tuple(left)


Test = Every | Some | Negated | Weighs | Occurs | Compare | Among | Flag | Ask | Relate | Finds
