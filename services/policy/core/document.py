"""Read YAML as a tree of places: every value knows its line and column, nothing is guessed or run.

Scalars stay text until somebody says what they should be, so `no`, `on` and `12:30` are what they
look like. The tree is built from parser events with a stack of our own: depth, size and aliases
are refused before anything could grow.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

BYTES_MAX = 16_777_216
DEPTH_MAX = 24
NODES_MAX = 1_500_000
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")  # YAML 1.1, §4.2


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with a rulebook. `line` and `column` count from 1."""

    line: int
    column: int
    path: str
    reason: str
    suggestion: str = ""

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        hint = f"; {self.suggestion}" if self.suggestion else ""
        return f"{self.line}:{self.column}: {where}{self.reason}{hint}"


class InvalidRulebook(Exception):
    """The text is not a rulebook. `faults` names every fault, in the order of the text."""

    def __init__(self, faults: list[Fault], *, source: str) -> None:
        super().__init__("\n".join(f"{source}:{fault}" for fault in faults))
        self.faults = tuple(faults)
        self.source = source


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as written; `plain` where it stood without quotes."""

    line: int
    column: int
    value: str
    plain: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, block or flow."""

    line: int
    column: int
    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order written, duplicates included."""

    line: int
    column: int
    pairs: "tuple[tuple[Scalar, Node], ...]"


Node = Scalar | Listing | Mapping


class _Refused(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def tree(text: str) -> "tuple[Node | None, list[Fault]]":
    """Return the document as a tree, or no tree and the one fault that prevents it."""
    try:
        _refuse_unreadable(text)
        root = _build(yaml.parse(text, Loader=yaml.CSafeLoader))
    except _Refused as refused:
        return None, [refused.fault]
    except yaml.MarkedYAMLError as error:
        return None, [_syntax_fault(text, error)]
    except yaml.YAMLError:
        return None, [Fault(1, 1, "", "this is not readable as YAML")]
    return root, []


def _refuse_unreadable(text: str) -> None:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > BYTES_MAX:
        reason = f"the rulebook has {size} bytes; at most {BYTES_MAX} are read"
        raise _Refused(Fault(1, 1, "", reason))
    for line_number, line in enumerate(_BREAK.split(text), 1):
        if line.isprintable():
            continue
        for column, character in enumerate(line, 1):
            control = character < " " and character != "\t"
            if control or character == "\x7f" or "\ud800" <= character <= "\udfff":
                reason = f"the character U+{ord(character):04X} has no place in a rulebook"
                raise _Refused(Fault(line_number, column, "", reason))


def _syntax_fault(text: str, error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = _BREAK.split(text)
    written = lines[line] if line < len(lines) else ""
    if "\t" in written[: column + 1]:
        reason = "a tab where YAML wants spaces"
        return Fault(line + 1, column + 1, "", reason, "indent with spaces")
    reason = f"this is not YAML: {error.problem}"
    if error.context and error.context_mark:
        reason += f", {error.context} that began on line {error.context_mark.line + 1}"
    return Fault(line + 1, column + 1, "", reason)


class _Open:
    """A list or mapping whose end has not come yet."""

    def __init__(self, event: yaml.Event) -> None:
        self.is_mapping = isinstance(event, yaml.MappingStartEvent)
        self.line, self.column = place(event)
        self.nodes: list[Node] = []

    def close(self) -> Node:
        if not self.is_mapping:
            return Listing(self.line, self.column, tuple(self.nodes))
        keys, values = self.nodes[::2], self.nodes[1::2]
        pairs: list[tuple[Scalar, Node]] = []
        for key, value in zip(keys, values, strict=True):
            if not isinstance(key, Scalar):
                raise _Refused(Fault(key.line, key.column, "", "a key must be a plain word"))
            pairs.append((key, value))
        return Mapping(self.line, self.column, tuple(pairs))


def place(event: yaml.Event) -> tuple[int, int]:
    """Return the line and column at which an event of the parser begins."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


def _build(events: Iterator[yaml.Event]) -> Node:
    stack: list[_Open] = []
    root: Node | None = None
    nodes = 0
    for event in events:
        node: Node | None = None
        _refuse_machinery(event)
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise _Refused(Fault(*place(event), "", "a second document; a file is one rulebook"))
        if isinstance(event, yaml.CollectionStartEvent):
            stack.append(_Open(event))
        elif isinstance(event, yaml.CollectionEndEvent):
            node = stack.pop().close()
        elif isinstance(event, yaml.ScalarEvent):
            node = Scalar(*place(event), event.value, plain=not event.style)
        nodes += node is not None
        if len(stack) > DEPTH_MAX or nodes > NODES_MAX:
            limit = f"{DEPTH_MAX} levels" if len(stack) > DEPTH_MAX else f"{NODES_MAX} values"
            raise _Refused(Fault(*place(event), "", f"more than {limit}"))
        if node is not None and stack:
            stack[-1].nodes.append(node)
        elif node is not None:
            root = node
    if root is None:
        raise _Refused(Fault(1, 1, "", "the rulebook is empty"))
    return root


def _refuse_machinery(event: yaml.Event) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        reason = "anchors and aliases (& and *) are not used here"
        hint = (
            "write it out, put terms that are shared into `lists`, and quote a text that starts so"
        )
        raise _Refused(Fault(*place(event), "", reason, hint))
    if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None):
        hint = "leave it away, or quote a text that starts so"
        raise _Refused(Fault(*place(event), "", "tags (!) are not used here", hint))
