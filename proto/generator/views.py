"""Writes the views: an event read in place, a field at a time, a module a file of proto/."""

from collections.abc import Iterator
from textwrap import wrap

from generator.model import Field, Message, Schema
from generator.values import HEADER, TYPES, docstring, exporting, importing

ROOT = "Event"
AT_ONCE = (
    "id", "platform", "network", "group", "connection", "place", "actor", "received_ms", "origin",
    "availability",
)  # fmt: skip
"""What whoever reads an event asks for, and more than once: it is read in one go."""

SAYS = """An event read in place: what everybody asks for at once, and the rest when it is asked for.

A view has the attributes of the value of its name, to be read and never written. Unlike there, what
is absent reads as an empty view, never as None, so that a rule may ask for anything without asking
first; an enum is its bare number, to be compared with ``==``; and what is repeated is a sequence."""

UNTYPED = """
# What is read in place is typed by the annotations here alone.
# mypy: disable-error-code="no-any-return\""""


def modules(schema: Schema) -> dict[str, str]:
    """The modules of ``contracts.values.view``, by file name."""
    reached = schema.reach(ROOT)
    viewed: dict[str, list[Message]] = {}
    for message in schema.messages.values():
        if message.name in reached:
            viewed.setdefault(message.file, []).append(message)
    written = {
        f"{file}.py": "\n".join(_module(schema, file, messages)) + "\n"
        for file, messages in viewed.items()
    }
    given = {file: [f"{message.name}View" for message in viewed[file]] for file in viewed}
    given[schema.messages[ROOT].file].append("Library")
    written["__init__.py"] = exporting(SAYS, "contracts.values.view", given)
    return written


def _module(schema: Schema, file: str, messages: list[Message]) -> Iterator[str]:
    is_root = any(message.name == ROOT for message in messages)
    yield HEADER.format(schema.files[file], file)
    yield from _imports(schema, file, messages, is_root=is_root)
    if is_root:
        yield UNTYPED
        yield from _getter()
    for message in messages:
        yield from _event(message) if message.name == ROOT else _protocol(message)


def _imports(schema: Schema, file: str, messages: list[Message], *, is_root: bool) -> Iterator[str]:
    fields = [field for message in messages for field in message.fields]
    abstract = ["Callable"] if is_root else []
    abstract += ["Sequence"] if any(field.repeated for field in fields) else []
    if abstract:
        yield from importing("collections.abc", abstract)
    if is_root:
        yield from importing("operator", ["attrgetter"])
    yield from importing("typing", ["Any", "NamedTuple"] if is_root else ["Protocol"])
    foreign: dict[str, set[str]] = {}
    for field in fields:
        if field.kind == "message":
            foreign.setdefault(schema.file_of(field.of), set()).add(f"{field.of}View")
    foreign.pop(file, None)
    if is_root or foreign:
        yield ""
    if is_root:
        yield f"from contracts.values.{file} import {ROOT}"
    for other, names in sorted(foreign.items()):
        yield from importing(f"contracts.values.view.{other}", names)


def _protocol(message: Message) -> Iterator[str]:
    yield "\n"
    yield f"class {message.name}View(Protocol):"
    yield docstring(message.comment)
    for field in message.fields:
        yield ""
        yield "    @property"
        yield f"    def {field.name}(self) -> {_annotation(field)}: ..."


def _getter() -> Iterator[str]:
    yield from _packed("\n_read = attrgetter(", [f'"{name}"' for name in AT_ONCE], ")")
    yield "\n"
    yield "class Library(NamedTuple):"
    yield '    """What reads all of the bytes, and what makes a value of what was read."""'
    yield ""
    yield "    parse: Callable[[bytes], Any]"
    yield f"    value: Callable[[Any], {ROOT}]"


def _event(message: Message) -> Iterator[str]:
    """Write the view of the envelope: properties, since what is compiled asks them at no cost."""
    ((oneof, members),) = message.oneofs.items()
    fields = {field.name: field for field in message.plain}
    yield "\n"
    yield f"class {message.name}View:"
    yield docstring(message.comment) + "\n"
    kept = ("data", "library", "message", *AT_ONCE, "kind", oneof)
    yield from _packed("    __slots__ = (", [f'"_{name}"' for name in kept], "    )\n")
    yield from _reading(message, oneof, fields)
    yield from _property(
        "kind", "str", "self._kind", f"Which {oneof} it has, by field name; empty: none."
    )
    yield from _property(
        oneof, "Any", f"self._{oneof}", f"The {oneof}, whichever it is; None where there is none."
    )
    for field in (*message.plain, *members):
        at_once = field.name in AT_ONCE
        read = f"self._{field.name}" if at_once else f"self._whole().{field.name}"
        yield from _property(field.name, _annotation(field), read)


def _reading(message: Message, oneof: str, fields: dict[str, Field]) -> Iterator[str]:
    """Write how a view is filled, by the library or by whoever derives from it."""
    yield "    def __init__(self, data: bytes, library: Library) -> None:"
    yield "        self._data = data"
    yield "        self._library = library"
    yield "        self._message: Any = None"
    for kind, empty in (("str", "''"), ("int", "0")):
        of_kind = [name for name in AT_ONCE if _annotation(fields[name]) == kind]
        of_kind += ["kind"] if kind == "str" else []
        yield "        " + "".join(f"self._{name} = " for name in of_kind) + empty
    others = [name for name in AT_ONCE if fields[name].kind == "message"]
    yield from (f"        self._{name}: Any = None" for name in (*others, oneof))
    yield ""
    yield f"    def parse(self) -> '{message.name}View':"
    yield '        """Read the bytes by the library; return this view.'
    yield ""
    yield "        Raises:"
    yield "            DecodeError: they are no such message."
    yield '        """'
    yield "        message = self._whole()"
    names = [f"self._{name}" for name in AT_ONCE]
    yield from _packed("        (", names, "        ) = _read(message)")
    yield f"        kind = message.WhichOneof({oneof!r})"
    yield "        if kind:"
    yield "            self._kind = kind"
    yield f"            self._{oneof} = getattr(message, kind)"
    yield "        return self"
    yield ""
    yield "    def _whole(self) -> Any:"
    yield "        if self._message is None:"
    yield "            self._message = self._library.parse(self._data)"
    yield "        return self._message"
    yield ""
    yield f"    def value(self) -> {message.name}:"
    yield '        """Return all of it as a value."""'
    yield "        return self._library.value(self._whole())"


def _packed(head: str, items: list[str], tail: str) -> Iterator[str]:
    """Write items between brackets, as many a line as fit."""
    margin = " " * (len(head.lstrip("\n")) - len(head.strip()) + 4)
    yield head
    yield from wrap(
        " ".join(f"{item}," for item in items), 96, initial_indent=margin, subsequent_indent=margin
    )
    yield tail


def _property(name: str, annotation: str, read: str, says: str = "") -> Iterator[str]:
    yield ""
    yield "    @property"
    yield f"    def {name}(self) -> {annotation}:"
    if says:
        yield f'        """{says}"""'
    yield f"        return {read}"


def _annotation(field: Field) -> str:
    if field.kind == "enum":
        return "int"
    one = f"{field.of}View" if field.of else TYPES[field.kind][0]
    return f"Sequence[{one}]" if field.repeated else one
