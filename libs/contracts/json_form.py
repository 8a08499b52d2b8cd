"""The JSON form of values: for files of one event a line, and for the REST edge.

Only form and types are looked at here; ranges and text are checked by the codec, which encodes.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from math import isfinite
from typing import Any, TypeVar

from google.protobuf.descriptor import FieldDescriptor

from contracts import values
from contracts.errors import Malformed
from contracts.v1.convert import MESSAGES

Value = TypeVar("Value")

_SCALARS: Mapping[int, type] = {
    FieldDescriptor.CPPTYPE_STRING: str,
    FieldDescriptor.CPPTYPE_BOOL: bool,
    FieldDescriptor.CPPTYPE_DOUBLE: float,
    FieldDescriptor.CPPTYPE_INT64: int,
    FieldDescriptor.CPPTYPE_UINT64: int,
    FieldDescriptor.CPPTYPE_UINT32: int,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """Where a name of the JSON form belongs: which attribute of the value, holding what."""

    name: str
    attribute: str
    of: type
    repeated: bool


def write(value: object) -> dict[str, Any]:
    """Return the JSON form of a value that can be encoded.

    Raises:
        Malformed: a number is not finite, for which JSON has no word.
    """
    written: dict[str, Any] = {}
    for slot in _SLOTS[type(value)].values():
        there = getattr(value, slot.attribute)
        if slot.repeated:
            if there:
                written[slot.name] = [_written(slot, each) for each in there]
        elif slot.of in MESSAGES:
            if type(there) is slot.of:
                written[slot.name] = write(there)
        elif there:
            written[slot.name] = _written(slot, there)
    return written


def read(kind: type[Value], given: object) -> Value:
    """Return the value of which ``given`` is the JSON form.

    Raises:
        Malformed: there is a name that is no field, or something of another type than its field.
    """
    if not isinstance(given, Mapping):
        raise Malformed(f"{kind.__name__}: not an object")
    slots = _SLOTS[kind]
    attributes: dict[str, Any] = {}
    for name, there in given.items():
        slot = slots.get(name)
        if slot is None:
            raise Malformed(f"{kind.__name__} has no field {name!r:.80}")
        if slot.attribute in attributes:
            raise Malformed(f"{kind.__name__} has more than one {slot.attribute}")
        if not slot.repeated:
            attributes[slot.attribute] = _read(slot, there)
        elif isinstance(there, list | tuple):
            attributes[slot.attribute] = tuple([_read(slot, each) for each in there])
        else:
            raise Malformed(f"{name}: not a list")
    return kind(**attributes)


def _type(field: FieldDescriptor) -> type:
    if field.type == FieldDescriptor.TYPE_BYTES:
        return bytes
    named = field.message_type or field.enum_type
    found: type = values.__dict__[named.name] if named else _SCALARS[field.cpp_type]
    return found


def _written(slot: _Slot, there: Any) -> object:  # noqa: ANN401 -- as many types as slots
    if slot.of in MESSAGES:
        return write(there)
    if slot.of is bytes:
        return b64encode(there).decode("ascii")
    if slot.of is float and not isfinite(there):
        raise Malformed(f"{slot.name}: JSON has no word for {there}")
    return slot.of(there).name if issubclass(slot.of, IntEnum) else there


def _read(slot: _Slot, there: object) -> object:
    if slot.of in MESSAGES:
        return read(slot.of, there)
    if slot.of is float and type(there) in {int, float}:
        return _converted(slot, _finite, there)
    if slot.of is bytes and isinstance(there, str):
        return _converted(slot, _bytes, there)
    if issubclass(slot.of, IntEnum) and isinstance(there, str):
        return _converted(slot, slot.of.__getitem__, there)
    if type(there) is not slot.of:
        raise Malformed(f"{slot.name}: {type(there).__name__} is no {slot.of.__name__}")
    return there


def _converted(slot: _Slot, convert: Callable[[Any], object], there: object) -> object:
    try:
        return convert(there)
    except (ValueError, KeyError, OverflowError) as fault:
        raise Malformed(f"{slot.name}: not a form of {slot.of.__name__}") from fault


def _finite(number: float) -> float:
    if not isfinite(number):
        raise ValueError(number)
    return float(number)


def _bytes(text: str) -> bytes:
    return b64decode(text, validate=True)


def _slots(fields: Iterable[FieldDescriptor]) -> Mapping[str, _Slot]:
    slots = {}
    for field in fields:
        oneof = field.containing_oneof
        slots[field.name] = _Slot(
            name=field.name,
            attribute=oneof.name if oneof else field.name,
            of=_type(field),
            repeated=field.is_repeated,
        )
    return slots


_SLOTS: Mapping[Any, Mapping[str, _Slot]] = {
    kind: _slots(make.DESCRIPTOR.fields) for kind, (make, _, _) in MESSAGES.items()
}
