"""The contracts as the writers see them: files, messages, fields, enums, each with its comment."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

PACKAGE = "reeve.v1"

SCALARS = {
    FieldDescriptorProto.TYPE_STRING: "string",
    FieldDescriptorProto.TYPE_BYTES: "bytes",
    FieldDescriptorProto.TYPE_BOOL: "bool",
    FieldDescriptorProto.TYPE_DOUBLE: "double",
    FieldDescriptorProto.TYPE_INT64: "int64",
    FieldDescriptorProto.TYPE_UINT64: "uint64",
    FieldDescriptorProto.TYPE_UINT32: "uint32",
}

# Numbers of the fields in descriptor.proto that lead to a definition's comment.
FILE_MESSAGE, FILE_ENUM, MESSAGE_FIELD, ENUM_VALUE, FILE_SYNTAX = 4, 5, 2, 2, 12

Path = tuple[int, ...]

TYPE_NAME = re.compile(rf"^\.{re.escape(PACKAGE)}\.(\w+)$")


class Unsupported(Exception):
    """The contracts use something that the writers have no form for."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``kind`` is a scalar's proto name, "message" or "enum"; ``of`` names its type."""

    name: str
    number: int
    kind: str
    of: str
    repeated: bool
    oneof: str
    comment: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message, its fields in the order they are written."""

    name: str
    file: str
    comment: str
    fields: tuple[Field, ...]

    @property
    def oneofs(self) -> Mapping[str, tuple[Field, ...]]:
        """The members of each oneof, by its name."""
        names = dict.fromkeys(field.oneof for field in self.fields if field.oneof)
        return {name: tuple(f for f in self.fields if f.oneof == name) for name in names}

    @property
    def plain(self) -> tuple[Field, ...]:
        """The fields outside any oneof."""
        return tuple(field for field in self.fields if not field.oneof)


@dataclass(frozen=True, slots=True)
class Enum:
    """One enum; ``values`` are (name without prefix, number, comment)."""

    name: str
    file: str
    comment: str
    values: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """All that is in the package, files and definitions ordered so that each stands on earlier ones."""

    files: Mapping[str, str]
    messages: Mapping[str, Message]
    enums: Mapping[str, Enum]

    def messages_of(self, file: str) -> Iterator[Message]:
        """The messages of one file."""
        return (message for message in self.messages.values() if message.file == file)

    def enums_of(self, file: str) -> Iterator[Enum]:
        """The enums of one file."""
        return (enum for enum in self.enums.values() if enum.file == file)

    def file_of(self, name: str) -> str:
        """Which file a message or enum is defined in."""
        return (self.messages.get(name) or self.enums[name]).file

    def reach(self, name: str) -> set[str]:
        """The messages that ``name`` is made of, itself included."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                waiting += [f.of for f in self.messages[here].fields if f.kind == "message"]
        return seen


def read(compiled: FileDescriptorSet) -> Schema:
    """Return the schema of a descriptor set made with source info.

    Raises:
        Unsupported: nested types, maps, groups, optional or integers of a kind not yet needed.
    """
    files: dict[str, str] = {}
    messages: dict[str, Message] = {}
    enums: dict[str, Enum] = {}
    for file in compiled.file:
        stem = file.name.rsplit("/", 1)[-1].removesuffix(".proto")
        comments = _comments(file)
        files[stem] = comments.get((FILE_SYNTAX,), "")
        for index, enum in enumerate(file.enum_type):
            enums[enum.name] = _enum(enum, stem, comments, (FILE_ENUM, index))
        for index, message in enumerate(file.message_type):
            messages[message.name] = _message(message, stem, comments, (FILE_MESSAGE, index))
    return Schema(files, _sorted(messages), enums)


def _comments(file: FileDescriptorProto) -> dict[Path, str]:
    found = {}
    for location in file.source_code_info.location:
        text = location.leading_comments or location.trailing_comments
        if text:
            found[tuple(location.path)] = "\n".join(
                line.strip() for line in text.strip().split("\n")
            )
    return found


def _enum(enum: EnumDescriptorProto, file: str, comments: Mapping[Path, str], path: Path) -> Enum:
    prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", enum.name).upper() + "_"
    values = tuple(
        (v.name.removeprefix(prefix), v.number, comments.get((*path, ENUM_VALUE, i), ""))
        for i, v in enumerate(enum.value)
    )
    return Enum(enum.name, file, comments.get(path, ""), values)


def _message(
    message: DescriptorProto, file: str, comments: Mapping[Path, str], path: Path
) -> Message:
    if message.nested_type or message.enum_type or message.extension_range:
        raise Unsupported(f"{message.name}: nested types, maps and extensions have no form")
    fields = tuple(
        _field(field, message, comments.get((*path, MESSAGE_FIELD, i), ""))
        for i, field in enumerate(message.field)
    )
    return Message(message.name, file, comments.get(path, ""), fields)


def _field(field: FieldDescriptorProto, message: DescriptorProto, comment: str) -> Field:
    where = f"{message.name}.{field.name}"
    if field.proto3_optional:
        raise Unsupported(f"{where}: optional has no form")
    if field.type == FieldDescriptorProto.TYPE_MESSAGE:
        kind = "message"
    elif field.type == FieldDescriptorProto.TYPE_ENUM:
        kind = "enum"
    elif field.type in SCALARS:
        kind = SCALARS[field.type]
    else:
        raise Unsupported(f"{where}: this type of number has no form")
    match = TYPE_NAME.match(field.type_name)
    oneof = message.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else ""
    if oneof and kind != "message":
        raise Unsupported(f"{where}: only messages may be in a oneof")
    return Field(
        name=field.name,
        number=field.number,
        kind=kind,
        of=match[1] if match else "",
        repeated=field.label == FieldDescriptorProto.LABEL_REPEATED,
        oneof=oneof,
        comment=comment,
    )


def _sorted(messages: Mapping[str, Message]) -> dict[str, Message]:
    """Order messages so that each comes after those it is made of."""
    ordered: dict[str, Message] = {}

    def place(message: Message, above: tuple[str, ...]) -> None:
        if message.name in above:
            raise Unsupported(f"{message.name} contains itself")
        for field in message.fields:
            if field.kind == "message" and field.of not in ordered:
                place(messages[field.of], (*above, message.name))
        ordered.setdefault(message.name, message)

    for message in messages.values():
        place(message, ())
    return ordered
