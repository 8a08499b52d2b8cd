"""Read YAML as a tree of places: every value knows its line and column, nothing is guessed or run.

Scalars stay text until somebody says what they should be, so `no`, `on` and `12:30` are what they
look like. The tree is built from parser events with a stack of our own: depth, size and aliases
are refused before anything could grow. Where the text cannot be read on, what was read so far is
still a tree, cut short: one run tells what is wrong with the form and with the rest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import NamedTuple

import yaml

BYTES_MAX = 16_777_216
DEPTH_MAX = 24
NODES_MAX = 1_500_000
FAULTS_MAX = 100
REFERENCE = re.compile("(?:builtin|published|sha256):[!-~\u00a1-\uffff]{1,120}")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")  # YAML 1.1, §4.2


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with a rulebook, or worth a second look.

    `line` and `column` count from 1, in the set that is named `within`; "": in the book itself.
    """

    line: int
    column: int
    path: str
    reason: str
    suggestion: str = ""
    within: str = ""

    def __str__(self) -> str:
        return self.at("").removeprefix(":")

    @property
    def told(self) -> str:
        """What is wrong where in the tree, and what to do; without the line."""
        where = f"{self.path}: " if self.path else ""
        hint = f"; {self.suggestion}" if self.suggestion else ""
        return f"{where}{self.reason}{hint}"

    def at(self, source: str) -> str:
        """Return the fault as one line that begins with the name of the file or set."""
        return f"{self.within or source}:{self.line}:{self.column}: {self.told}"


class InvalidRulebook(Exception):
    """The text is not a rulebook. `faults` names every fault, in the order of the text."""

    def __init__(self, faults: list[Fault], *, source: str) -> None:
        super().__init__("\n".join(fault.at(source) for fault in faults))
        self.faults = tuple(faults)
        self.source = source


class Scalar(NamedTuple):
    """A text as written; `plain` where it stood without quotes. `cut`: it could not be read."""

    line: int
    column: int
    value: str
    plain: bool
    cut: bool = False


class Listing(NamedTuple):
    """A list, block or flow. `cut`: not all of it could be read."""

    line: int
    column: int
    items: "tuple[Node, ...]"
    cut: bool = False


class Mapping(NamedTuple):
    """Keys and values in the order written, duplicates included. `cut`: as of a list."""

    line: int
    column: int
    pairs: "tuple[tuple[Scalar, Node], ...]"
    cut: bool = False


Node = Scalar | Listing | Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a text; `line` is that of the mark `---` before it, in the whole text."""

    root: Node
    line: int


@dataclass(frozen=True, slots=True)
class Documents:
    """What could be read of a text: its documents, and every fault of its form."""

    all: tuple[Document, ...]
    faults: tuple[Fault, ...]


def documents(text: str) -> Documents:
    """Return the documents of a text as far as they can be read.

    Lines of the first count from the beginning of the text, those of any other from the mark
    `---` that it begins with.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > BYTES_MAX:
        reason = f"the rulebook has {size} bytes; at most {BYTES_MAX} are read"
        return Documents((), (Fault(1, 1, "", reason),))
    faults = [*islice(_unreadable(text), FAULTS_MAX)]
    if faults:
        text = _UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    builder = _Builder(faults)
    parser = yaml.CSafeLoader(text)
    try:
        while (event := parser.get_event()) is not None:
            builder.take(event)
    except _Refused:
        builder.cut()
    except yaml.MarkedYAMLError as error:
        faults.append(_syntax_fault(text, error))
        builder.cut()
    except yaml.YAMLError:  # pragma: no cover -- what libyaml cannot read was replaced above
        faults.append(Fault(1, 1, "", "this is not readable as YAML"))
    finally:
        parser.dispose()
    if not builder.documents and not faults:
        faults.append(Fault(1, 1, "", "the rulebook is empty"))
    return Documents(tuple(builder.documents), tuple(faults))


def tree(text: str) -> tuple[Node | None, list[Fault]]:
    """Return the first document of a text as far as it can be read, and every fault of its form.

    What follows it are sets that it includes, each behind its name; see `policy.core.bundle`.
    """
    read = documents(text)
    faults = [*read.faults]
    pairs = zip_longest(read.all[1::2], read.all[2::2])
    for header, body in pairs:
        named = isinstance(header.root, Scalar) and REFERENCE.fullmatch(header.root.value)
        if not (named and isinstance(body and body.root, Mapping)) and not header.root.cut:
            reason = "a second document; a file is one rulebook"
            faults.append(Fault(header.line, 1, "", reason))
            break
    return (read.all[0].root if read.all else None), faults


def _unreadable(text: str) -> Iterator[Fault]:
    for line_number, line in enumerate(_BREAK.split(text), 1):
        if line.isprintable():
            continue
        for match in _UNREADABLE.finditer(line):
            reason = f"the character U+{ord(match[0]):04X} has no place in a rulebook"
            yield Fault(line_number, match.start() + 1, "", reason)


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


class _Refused(Exception):
    """The rest of the text is not read."""


class _Open:
    """A list or mapping whose end has not come yet."""

    __slots__ = ("cut", "is_mapping", "nodes", "place")

    def __init__(self, place: tuple[int, int], *, is_mapping: bool, cut: bool) -> None:
        self.is_mapping = is_mapping
        self.place = place
        self.nodes: list[Node] = []
        self.cut = cut

    def close(self, faults: list[Fault]) -> Node:
        if not self.is_mapping:
            return Listing(*self.place, tuple(self.nodes), self.cut)
        pairs: list[tuple[Scalar, Node]] = []
        for key, value in zip(self.nodes[::2], self.nodes[1::2], strict=False):
            if isinstance(key, Scalar):
                pairs.append((key, value))
                continue
            faults.append(Fault(key.line, key.column, "", "a key must be a plain word"))
            self.cut = True
        return Mapping(*self.place, tuple(pairs), self.cut)


def place(event: yaml.Event) -> tuple[int, int]:
    """Return the line and column at which an event of the parser begins."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


class _Builder:
    """Makes nodes of parser events; its depth and the number of nodes are bounded."""

    def __init__(self, faults: list[Fault]) -> None:
        self.documents: list[Document] = []
        self._faults = faults
        self._stack: list[_Open] = []
        self._nodes = 0
        self._first_line = 0

    def take(self, event: yaml.Event) -> None:
        if len(self._faults) >= FAULTS_MAX:
            raise _Refused
        line, column = place(event)
        at = (line - self._first_line, column)
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor or event.tag:
                self._refuse_machinery(event, at)
            self._add(Scalar(*at, event.value, not event.style, bool(event.tag)))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._add(self._stack.pop().close(self._faults))
        elif isinstance(event, yaml.CollectionStartEvent):
            if event.anchor or event.tag:
                self._refuse_machinery(event, at)
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            self._stack.append(_Open(at, is_mapping=is_mapping, cut=bool(event.tag)))
        elif isinstance(event, yaml.AliasEvent):
            self._refuse_machinery(event, at)
            self._add(Scalar(*at, "", plain=True, cut=True))
        elif isinstance(event, yaml.DocumentStartEvent) and self.documents:
            self._first_line += at[0]
        if len(self._stack) > DEPTH_MAX or self._nodes > NODES_MAX:
            deep = len(self._stack) > DEPTH_MAX
            limit = f"{DEPTH_MAX} levels" if deep else f"{NODES_MAX} values"
            self._faults.append(Fault(*at, "", f"more than {limit}"))
            raise _Refused

    def cut(self) -> None:
        """Close what is open, and say of it that something is missing.

        So is what was closed last: a line that stands a column too far to the left ends it.
        """
        last = self._stack[-1].nodes[-1:] if self._stack else []
        if last and not isinstance(last[0], Scalar):
            self._stack[-1].nodes[-1] = last[0]._replace(cut=True)
        while self._stack:
            top = self._stack.pop()
            top.cut = True
            self._add(top.close(self._faults))

    def _add(self, node: Node) -> None:
        self._nodes += 1
        if self._stack:
            self._stack[-1].nodes.append(node)
        else:
            self.documents.append(Document(node, self._first_line))

    def _refuse_machinery(self, event: yaml.NodeEvent, at: tuple[int, int]) -> None:
        if event.anchor:
            reason = "anchors and aliases (& and *) are not used here"
            hint = (
                "write it out, put terms that are shared into `lists`, and quote a text that "
                "starts so"
            )
            self._faults.append(Fault(*at, "", reason, hint))
        if getattr(event, "tag", None):
            hint = "leave it away, or quote a text that starts so"
            self._faults.append(Fault(*at, "", "tags (!) are not used here", hint))
        if len(self._faults) >= FAULTS_MAX:
            raise _Refused
