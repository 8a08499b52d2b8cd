"""Writes the views: an event read in place, a field at a time, a module a file of proto/."""

from collections.abc import Iterator

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
    given[schema.messages[ROOT].file].insert(0, f"{ROOT}Draft")
    written["__init__.py"] = exporting(SAYS, "contracts.values.view", given)
    return written


def _module(schema: Schema, file: str, messages: list[Message]) -> Iterator[str]:
    fields = [field for message in messages for field in message.fields]
    plain = [message for message in messages if message.name != ROOT]
    yield HEADER.format(schema.files[file], file)
    if any(field.repeated for field in fields):
        yield "from collections.abc import Sequence"
    if plain != messages:
        yield from importing("operator", ["attrgetter"])
    yield from importing(
        "typing", ["Protocol"] if plain == messages else ["Any", "Final", "NoReturn"]
    )
    foreign: dict[str, set[str]] = {}
    for field in fields:
        if field.kind == "message":
            foreign.setdefault(schema.file_of(field.of), set()).add(f"{field.of}View")
    foreign.pop(file, None)
    if foreign:
        yield ""
    for other, names in sorted(foreign.items()):
        yield from importing(f"contracts.values.view.{other}", names)
    if plain != messages:
        yield UNTYPED
        yield from _getter()
    for message in messages:
        yield from _event(message) if message.name == ROOT else _protocol(message)


def _protocol(message: Message) -> Iterator[str]:
    yield "\n"
    yield f"class {message.name}View(Protocol):"
    yield docstring(message.comment)
    for field in message.fields:
        yield ""
        yield "    @property"
        yield f"    def {field.name}(self) -> {_annotation(field)}: ..."


def _getter() -> Iterator[str]:
    yield "\n_read = attrgetter("
    yield from (f'    "{name}",' for name in AT_ONCE)
    yield ")"


def _event(message: Message) -> Iterator[str]:
    ((oneof, members),) = message.oneofs.items()
    fields = {field.name: field for field in message.plain}
    yield "\n"
    yield f"class {message.name}Draft:"
    yield '    """What becomes a view by its class alone, once everything in it is read."""\n'
    yield "    __slots__ = ("
    yield from (f'        "{name}",' for name in ("_raw", *AT_ONCE, "kind", oneof))
    yield "    )\n"
    yield from (f"    {name}: Final[{_annotation(fields[name])}]" for name in AT_ONCE)
    yield "\n    def __init__(self, raw: Any) -> None:"
    yield "        self._raw = raw"
    yield "        ("
    yield from (f"            self.{name}," for name in AT_ONCE)
    yield "        ) = _read(raw)"
    yield f"        kind = raw.WhichOneof({oneof!r})"
    yield "        self.kind: Final[str] = kind or ''"
    yield f'        """Which {oneof} it has, by field name; empty: none."""'
    yield f"        self.{oneof}: Final[Any] = getattr(raw, kind) if kind else None"
    yield f'        """The {oneof}, whichever it is; None where there is none."""'
    yield "\n"
    yield f"class {message.name}View({message.name}Draft):"
    yield docstring(message.comment) + "\n"
    yield "    __slots__ = ()\n"
    yield "    def __setattr__(self, name: str, _: object) -> NoReturn:"
    yield "        raise AttributeError(f'{name} of a view is read and never written')"
    for field in (*message.plain, *members):
        if field.name in AT_ONCE:
            continue
        yield ""
        yield "    @property"
        yield f"    def {field.name}(self) -> {_annotation(field)}:"
        yield f"        return self._raw.{field.name}"


def _annotation(field: Field) -> str:
    if field.kind == "enum":
        return "int"
    one = f"{field.of}View" if field.of else TYPES[field.kind][0]
    return f"Sequence[{one}]" if field.repeated else one
