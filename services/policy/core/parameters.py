"""Parameters: values with a name and a type, written once and used as `${name}`.

A value that is nothing but `${name}` becomes the parameter's value, a list too, and in a list its
members; inside a longer text it stands as written. `$${name}` is the text `${name}` itself.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, get_args

from policy.core import document
from policy.core.document import Listing, Node, Scalar
from policy.core.reading import TEXT_MAX, Reader, duration_ms, nearest

PARAMETERS_MAX = 200
MEMBERS_MAX = 1_000
NAME_MAX = 64
SPLICED_MAX = 100_000

Type = Literal["number", "duration", "text", "list"]
TYPES: Final[tuple[Type, ...]] = get_args(Type)
KEYS = ("type", "default", "min", "max", "why")
NAME = re.compile(r"[^\W\d_][^\W_]*(?:-[^\W_]+)*")
_NAME_HINT = "begin with a small letter; then letters, digits and single hyphens"
_USE = re.compile(rf"\$(\$?)\{{({NAME.pattern})\}}")
_NUMBER = re.compile(r"-?[0-9]{1,15}")
_MOST_MS = 400 * 86_400_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter and the value it has; `low` and `high` bound a number or a duration (ms)."""

    name: str
    type: Type
    value: Node
    low: int | None = None
    high: int | None = None


@dataclass(slots=True)
class Parameters:
    """The parameters of one text; `used` are the names that its values refer to."""

    known: dict[str, Parameter] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    spliced: int = 0

    def into(self, reader: Reader, node: Node, path: str) -> Node:
        """Return the node with every `${name}` below it replaced."""
        match node:
            case Scalar():
                return self._value(reader, node, path)
            case Listing():
                items = tuple(self._items(reader, node, path))
                return node if items == node.items else node._replace(items=items)
        pairs = tuple(
            (key, self.into(reader, value, _below(path, key.value))) for key, value in node.pairs
        )
        return node._replace(pairs=pairs)

    def _items(self, reader: Reader, node: Listing, path: str) -> Iterable[Node]:
        for number, item in enumerate(node.items):
            place = f"{path}[{number}]"
            found = self.into(reader, item, place)
            if found is item or not (isinstance(item, Scalar) and isinstance(found, Listing)):
                yield found
                continue
            self.spliced += len(found.items)
            if self.spliced > SPLICED_MAX:
                reader.fault(item, place, f"lists by parameter come to more than {SPLICED_MAX}")
                return
            yield from found.items

    def _value(self, reader: Reader, node: Scalar, path: str) -> Node:
        if "${" not in node.value:
            return node
        whole = _USE.fullmatch(node.value)
        if whole and not whole[1]:
            known = self._known(reader, node, path, whole[2])
            if known is None:
                return node._replace(cut=True)
            return known.value._replace(line=node.line, column=node.column)
        return self._text(reader, node, path)

    def _text(self, reader: Reader, node: Scalar, path: str) -> Node:
        parts: list[str] = []
        end = 0
        for match in _USE.finditer(node.value):
            parts.append(node.value[end : match.start()])
            end = match.end()
            if match[1]:
                parts.append(match[0][1:])
                continue
            known = self._known(reader, node, path, match[2])
            if known is None:
                return node._replace(cut=True)
            if not isinstance(known.value, Scalar):
                reader.fault(node, path, f'"{match[2]}" is a list and cannot stand inside a text')
                return node._replace(cut=True)
            parts.append(known.value.value)
        parts.append(node.value[end:])
        text = "".join(parts)
        if len(text) > max(TEXT_MAX, len(node.value)):
            reader.fault(node, path, f"this text is longer than {TEXT_MAX} characters")
            return node._replace(cut=True)
        return node._replace(value=text)

    def _known(self, reader: Reader, node: Node, path: str, name: str) -> Parameter | None:
        known = self.known.get(name)
        if known is None:
            hint = nearest(name, self.known) or f"write $${{{name}}} for the characters themselves"
            reader.fault(node, path, f'no such parameter: "{name[:40]}"', hint)
        else:
            self.used.add(name)
        return known


def _below(path: str, key: str) -> str:
    return f"{path}.{key[:40]}" if path else key[:40]


def read_parameters(reader: Reader, node: Node) -> Parameters:
    """Return the parameters declared at `node`, each with its default as its value."""
    found = Parameters()
    if not isinstance(node, document.Mapping):
        reader.wrong_shape(node, "parameters", "a mapping of names to values")
        return found
    if len(node.pairs) > PARAMETERS_MAX:
        reader.fault(node, "parameters", f"more than {PARAMETERS_MAX} parameters")
        return found
    for key, value in reader.pairs(node, "parameters"):
        path = f"parameters.{key.value[:40]}"
        if not _is_name(key.value):
            reason = f'"{key.value[:40]}" is no name for a parameter'
            reader.fault(key, path, reason, _NAME_HINT)
            continue
        reader.mark(("parameter", key.value), key)
        parameter = _declared(reader, key.value, value, path)
        # What is wrong with a parameter is told once, and not where it is used.
        unread = Scalar(value.line, value.column, "", plain=True, cut=True)
        found.known[key.value] = parameter or Parameter(key.value, "text", unread)
    return found


def _is_name(name: str) -> bool:
    return len(name) <= NAME_MAX and name == name.lower() and NAME.fullmatch(name) is not None


def _declared(reader: Reader, name: str, node: Node, path: str) -> Parameter | None:
    if not isinstance(node, document.Mapping):
        kind = _kind_of(reader, node, path)
        return None if kind is None else _checked(reader, Parameter(name, kind, node), path)
    found = reader.mapping(node, path, KEYS, ("default",))
    if "why" in found:
        reader.text(found["why"], f"{path}.why")
    if "default" not in found:
        return None
    default = found["default"]
    kind = None
    if "type" in found:
        word = reader.choice(found["type"], f"{path}.type", TYPES, "type")
        kind = next((known for known in TYPES if known == word), None)
    else:
        kind = _kind_of(reader, default, f"{path}.default")
    if kind is None:
        return None
    low, high = (
        _bound(reader, found[key], f"{path}.{key}", kind) if key in found else None
        for key in ("min", "max")
    )
    return _checked(reader, Parameter(name, kind, default, low, high), f"{path}.default")


def _kind_of(reader: Reader, node: Node, path: str) -> Type | None:
    if isinstance(node, Listing):
        return "list"
    if not isinstance(node, Scalar) or (node.plain and not node.value):
        reader.wrong_shape(node, path, "a value")
        return None
    if node.plain and _NUMBER.fullmatch(node.value):
        return "number"
    return "duration" if node.plain and duration_ms(node.value) is not None else "text"


def _bound(reader: Reader, node: Node, path: str, kind: Type) -> int | None:
    if kind == "number":
        return reader.integer(node, path, -(10**15), 10**15)
    if kind == "duration":
        return reader.duration(node, path, 0, _MOST_MS)
    reader.fault(node, path, f"a {kind} has no least or most")
    return None


def _checked(reader: Reader, parameter: Parameter, path: str) -> Parameter | None:
    node = parameter.value
    low, high = parameter.low, parameter.high
    match parameter.type:
        case "number":
            low = -(10**15) if low is None else low
            fits = reader.integer(node, path, low, 10**15 if high is None else high) is not None
        case "duration":
            high = _MOST_MS if high is None else high
            fits = reader.duration(node, path, low or 0, high) is not None
        case "text":
            fits = reader.text(node, path) is not None
        case _:
            fits = _is_list(reader, node, path)
    return parameter if fits else None


def _is_list(reader: Reader, node: Node, path: str) -> bool:
    if not isinstance(node, Listing):
        reader.wrong_shape(node, path, "a list")
        return False
    if len(node.items) > MEMBERS_MAX:
        reader.fault(node, path, f"more than {MEMBERS_MAX} members", "make it one of the `lists`")
        return False
    return True


def with_values(
    reader: Reader, parameters: Parameters, given: Mapping[str, tuple[Scalar, Node]], path: str
) -> None:
    """Give parameters other values than their defaults; what does not fit is a fault."""
    for name, (key, value) in given.items():
        place = f"{path}.{name[:40]}"
        known = parameters.known.get(name)
        if known is None:
            hint = nearest(name, parameters.known)
            reader.fault(key, place, f'no such parameter: "{name[:40]}"', hint)
            continue
        changed = _checked(reader, replace(known, value=value), place)
        if changed is not None:
            parameters.known[name] = changed
