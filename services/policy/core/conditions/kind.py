"""What a condition is: how it is read, what it comes down to, what is told of it, what it costs.

A family of conditions is a module with a tuple `KINDS`. The page docs/reference/conditions.md and
the JSON Schema of rulebooks are written from what each kind says `about` itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from policy.core import document
from policy.core.checks import Check, Checks
from policy.core.document import Node
from policy.core.reading import Reader
from policy.core.theme import Theme

ListKind = Literal["words", "patterns", "domains", "members", "hashes"]
LIST_KINDS: tuple[ListKind, ...] = ("words", "patterns", "domains", "members", "hashes")


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list that rules refer to as `list:name`; its members are written texts of one kind."""

    name: str
    kind: ListKind
    members: tuple[str, ...]


class Condition:
    """A condition as it was read. Each kind has a frozen dataclass of its own below this."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class AllOf(Condition):
    """Holds where every part holds."""

    parts: tuple[Condition, ...]


C = TypeVar("C", bound=Condition)


@dataclass(frozen=True, slots=True)
class About:
    """What people are told of a condition.

    `value` is the type as written, with its unit; `absent` says what it means that there is nothing
    to look at; `example` is a whole line of YAML; `notes` are further sentences.
    """

    summary: str
    value: str
    absent: str
    example: str
    notes: tuple[str, ...] = ()


def no_parts(_condition: Any) -> tuple[Condition, ...]:  # noqa: ANN401 - of any kind
    """Return no parts: the condition has no other inside."""
    return ()


@dataclass(frozen=True, slots=True)
class Kind(Generic[C]):
    """A kind of condition, by the name that rulebooks use.

    `read` parses its value and notes every fault; `check` makes the check; `type` is what `read`
    returns; `cost_us` is what one check takes, measured, `schema` the JSON Schema of the value and
    `parts` what conditions it has inside.
    """

    name: str
    read: "Callable[[Source, Node, str], Condition | None]"
    check: Callable[[Checks, C], Check]
    type: type[C]
    cost_us: float
    about: About
    schema: Mapping[str, Any] = field(default_factory=dict)
    parts: Callable[[C], tuple[Condition, ...]] = no_parts


@dataclass(frozen=True, slots=True)
class Source:
    """Where conditions are read: the reader that collects faults, and what they may name.

    `tiers` are the book's own, the lowest first, and `theme` is what its charter names.
    """

    reader: Reader
    lists: Mapping[str, NamedList]
    kinds: Mapping[str, Kind[Any]]
    tiers: tuple[str, ...] = ()
    theme: Theme | None = None


def condition_from(source: Source, node: Node, path: str) -> Condition | None:
    """Return the condition written at `node`; a mapping of several holds where all of them hold."""
    reader = source.reader
    if not isinstance(node, document.Mapping):
        reader.wrong_shape(node, path, "a condition, such as words: [casino],")
        return None
    faults = len(reader.faults)
    found = reader.mapping(node, path, source.kinds)
    parts = [source.kinds[key].read(source, value, f"{path}.{key}") for key, value in found.items()]
    if not parts:
        if len(reader.faults) == faults:
            reader.fault(node, path, "no condition is written here", "such as words: [casino]")
        return None
    known = tuple(part for part in parts if part is not None)
    if len(known) < len(parts):
        return None
    return known[0] if len(known) == 1 else AllOf(known)
