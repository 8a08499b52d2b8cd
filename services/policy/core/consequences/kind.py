"""What a consequence is: how it is read from a rulebook, and what is told of it.

A family of consequences is a module with a tuple `KINDS`. What one does is not here: `acts` has a
function for each type, so that a rulebook can be read where nothing is ever carried out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from policy.core.conditions.kind import Source
from policy.core.document import Node, Scalar
from policy.core.reading import Reader


class Effect:
    """One thing that follows, as it was read. Each kind has a frozen dataclass of its own."""

    __slots__ = ()

    def inner(self) -> tuple[Any, ...]:
        """Return the `Consequences` that may follow from it later."""
        return ()


@dataclass(frozen=True, slots=True)
class About:
    """What people are told of a consequence; `example` is it as written in a rulebook."""

    summary: str
    example: str


@dataclass(frozen=True, slots=True)
class Where:
    """Where consequences are read: the conditions' source, and the ladders there are.

    The ladder without a name is "". `consequences` reads what is written inside another; `nested`
    says that this is such a place.
    """

    source: Source
    consequences: "Callable[[Where, Node, str], Any]"
    ladders: frozenset[str] = frozenset()
    nested: bool = False

    @property
    def reader(self) -> Reader:
        """The reader that collects faults."""
        return self.source.reader


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of consequence, by the name that rulebooks use.

    `read` is given the value (None where the name stands alone), the place of the name, and the
    path; it returns None where it noted a fault. `value` says whether one is written after the name
    at all, `schema` is its JSON Schema.
    """

    name: str
    read: "Callable[[Where, Node | None, Node, str], Effect | None]"
    about: About
    value: Literal["none", "optional", "needed"] = "needed"
    schema: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in English and Chinese; where only one is written, it serves for both."""

    en: str
    zh: str

    def inside(self, language: Literal["en", "zh"]) -> str:
        """Return the text in that language."""
        return self.zh if language == "zh" else self.en


def read_wording(reader: Reader, node: Node, path: str) -> Wording | None:
    """Return a text, or one for each language."""
    if isinstance(node, Scalar):
        text = reader.text(node, path)
        return None if text is None else Wording(text, text)
    found = reader.mapping(node, path, ("en", "zh"))
    texts = {key: reader.text(value, f"{path}.{key}") for key, value in found.items()}
    known = {key: text for key, text in texts.items() if text is not None}
    if not known:
        return None
    fallback = next(iter(known.values()))
    return Wording(known.get("en", fallback), known.get("zh", fallback))


WORDING_SCHEMA: Mapping[str, Any] = {
    "oneOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "properties": {"en": {"type": "string"}, "zh": {"type": "string"}},
            "additionalProperties": False,
            "minProperties": 1,
        },
    ]
}
DURATION_SCHEMA: Mapping[str, Any] = {
    "type": "string",
    "pattern": "^([0-9]{1,9}(ms|[smhdw]))+$",
}
CONSEQUENCES_SCHEMA: Mapping[str, Any] = {"$ref": "#/$defs/consequences"}
