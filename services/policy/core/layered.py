"""A layer of settings as it is written, and a merged text made of values from several."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import yaml

from policy.core import document
from policy.core.document import Listing, Node, Scalar

Level = Literal["network", "platform", "group", "channel"]
LEVELS: tuple[Level, ...] = ("network", "platform", "group", "channel")
INHERITS, LOCKED, RULES, OFF = "inherits", "locked", "rules", "off"


@dataclass(frozen=True, slots=True)
class Layer:
    """What one place of the tree says. `name` is the platform, group or channel; "" the network."""

    level: Level
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.level} {self.name}".rstrip()

    @property
    def is_plain(self) -> bool:
        """It is a rulebook by itself: it says nothing of other layers."""
        root, _ = document.tree(self.text)
        pairs = root.pairs if isinstance(root, document.Mapping) else ()
        written = {key.value for key, _ in pairs}
        rules = [node for key, node in pairs if key.value == RULES and isinstance(node, Listing)]
        parts = [rule for node in rules for rule in node.items]
        switched = any(
            key.value == OFF
            for part in parts
            if isinstance(part, document.Mapping)
            for key, _ in part.pairs
        )
        return not switched and written.isdisjoint((INHERITS, LOCKED))


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which layer something is written; lines and columns count from 1."""

    layer: Layer
    line: int
    column: int


At = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Held:
    """A value, and where it was written."""

    node: Node
    place: Place


def written(
    layers: Sequence[Layer], found: Mapping[str, Sequence[Held]]
) -> tuple[str, dict[At, Place]]:
    """Return the merged text, and where each value in it was written."""
    last = layers[-1]
    if all(held[-1].place.layer is last for held in found.values()) and last.is_plain:
        return last.text, {}
    events = list(_document(found))
    text = yaml.emit([event for event, _ in events], allow_unicode=True, width=100)
    marked = zip(yaml.parse(text, Loader=yaml.CSafeLoader), events, strict=True)
    return text, {document.place(read): place for read, (_, place) in marked if place is not None}


_Events = Iterator[tuple[yaml.Event, Place | None]]


def _document(found: Mapping[str, Sequence[Held]]) -> _Events:
    top: dict[str, list[tuple[list[str], Held]]] = {}
    for key, values in found.items():
        first, *rest = key.split(".", 1)
        if first == RULES and rest:
            rest = rest[0].rsplit(".", 1)
        top.setdefault(first, []).append((rest, values[-1]))
    yield yaml.StreamStartEvent(), None
    yield yaml.DocumentStartEvent(explicit=False), None
    yield _mapping(), None
    for first, below in top.items():
        (rest, held), *_ = below
        yield _word(first), held.place
        if not rest:
            yield from _node(held)
        elif first == RULES:
            yield from _rules_written(below)
        else:
            yield _mapping(), held.place
            for (key,), value in below:
                yield _word(key), value.place
                yield from _node(value)
            yield yaml.MappingEndEvent(), None
    yield yaml.MappingEndEvent(), None
    yield yaml.DocumentEndEvent(explicit=False), None
    yield yaml.StreamEndEvent(), None


def _rules_written(below: Sequence[tuple[list[str], Held]]) -> _Events:
    rules: dict[str, list[tuple[str, Held]]] = {}
    for (name, key), held in below:
        rules.setdefault(name, []).append((key, held))
    yield yaml.SequenceStartEvent(None, None, implicit=True, flow_style=False), below[0][1].place
    for name, parts in rules.items():
        place = parts[0][1].place
        yield _mapping(), place
        yield _word("id"), place
        yield _word(name), place
        for key, held in parts:
            if key != "id":
                yield _word(key), held.place
                yield from _node(held)
        yield yaml.MappingEndEvent(), None
    yield yaml.SequenceEndEvent(), None


def _node(held: Held) -> _Events:
    """Yield a value as it was written, each part with its place."""
    pending: list[Node | yaml.Event] = [held.node]
    while pending:
        node = pending.pop()
        if isinstance(node, yaml.Event):
            yield node, None
            continue
        place = Place(held.place.layer, node.line, node.column)
        if isinstance(node, Scalar):
            yield _word(node.value, plain=node.plain), place
        elif isinstance(node, Listing):
            yield yaml.SequenceStartEvent(None, None, implicit=True, flow_style=False), place
            pending += [yaml.SequenceEndEvent(), *reversed(node.items)]
        else:
            yield _mapping(), place
            parts = [part for pair in node.pairs for part in pair]
            pending += [yaml.MappingEndEvent(), *reversed(parts)]


def _mapping() -> yaml.Event:
    return yaml.MappingStartEvent(None, None, implicit=True, flow_style=False)


def _word(text: str, *, plain: bool = True) -> yaml.Event:
    # Without quotes wherever it may stand so; what was quoted stays a text that is not empty.
    return yaml.ScalarEvent(None, None, (plain, True), text, style=None if plain else '"')


def shown(held: Held) -> str:
    """Return a value on one line, for people."""
    shell: list[yaml.Event] = [yaml.StreamStartEvent(), yaml.DocumentStartEvent(explicit=False)]
    for event, _ in _node(held):
        if isinstance(event, yaml.CollectionStartEvent):
            event.flow_style = True
        shell.append(event)
    shell += [yaml.DocumentEndEvent(explicit=False), yaml.StreamEndEvent()]
    text: str = yaml.emit(shell, allow_unicode=True, width=float("inf"))
    return text.removesuffix("\n").removesuffix("\n...")
