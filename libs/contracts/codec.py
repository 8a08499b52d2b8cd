"""Between values and the bytes on the wire, and between values and JSON.

Whatever is wrong with an input, the only error that leaves this module is `Malformed`. A field that
is not known is skipped and an enum's number that is not known reads as UNSPECIFIED, so that a newer
sender does not stop an older reader.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar, cast

from google.protobuf.message import DecodeError, EncodeError

from contracts import glance as glancing
from contracts import json_form, values
from contracts.errors import Malformed
from contracts.v1.convert import MESSAGES
from contracts.v1.event_pb2 import Event as _Event
from contracts.values.view import EventView, Library

__all__ = [
    "LIMIT_BYTES",
    "EventView",
    "Malformed",
    "actor_of",
    "body_name",
    "decode",
    "encode",
    "encode_batch",
    "from_json",
    "payload_name",
    "payload_tag",
    "place_of",
    "to_json",
    "view_event",
]

LIMIT_BYTES: Final = (1 << 20) - (1 << 12)
"""No message is longer, either way: with 4 KiB of headers it fits a NATS server's default limit."""

Value = TypeVar("Value")

# What values of the wrong type or range raise while a message is filled from them.
_UNFIT: Final = (TypeError, ValueError, AttributeError, KeyError, EncodeError)


def _field_names(message: Any, oneof: str) -> dict[type, str]:  # noqa: ANN401 - protobuf's metaclass
    fields = message.DESCRIPTOR.oneofs_by_name[oneof].fields
    named = {values.__dict__[field.message_type.name]: field.name for field in fields}
    return {type(None): "", **named}


_PAYLOAD_NAMES: Final = _field_names(_Event, "payload")
_BODY_NAMES: Final = _field_names(MESSAGES[values.Action][0], "body")


LIBRARY: Final = Library(_Event.FromString, MESSAGES[values.Event][2])
_actor: Final = MESSAGES[values.Actor][2]
_place: Final = MESSAGES[values.Place][2]
_GLANCES = not str(glancing.__file__).endswith(".py")


def encode(value: object) -> bytes:
    """Return a value of `contracts.values` as protobuf; the same value always gives the same bytes.

    Raises:
        Malformed: a field is of the wrong type, out of its range, or text that is no Unicode (with
            a lone surrogate); or the whole is longer than ``LIMIT_BYTES``.
    """
    try:
        make, put, _ = MESSAGES[type(value)]
        message = make()
        put(message, value)
        data = cast(bytes, message.SerializeToString())
    except _UNFIT as fault:
        raise Malformed(f"{type(value).__name__} cannot be encoded: {fault}") from fault
    return _fitting(value, data)


def encode_batch(batch: values.DecisionBatch, decisions: Sequence[bytes]) -> bytes:
    """Return what `encode` does, given the decisions of the batch as it encodes them.

    Raises:
        Malformed: the whole is longer than ``LIMIT_BYTES``.
    """
    make, put, _ = MESSAGES[values.DecisionBatch]
    message = make()
    put(message, replace(batch, decisions=()))
    for decision in decisions:
        message.decisions.add().MergeFromString(decision)
    return _fitting(batch, cast(bytes, message.SerializeToString()))


def _fitting(value: object, data: bytes) -> bytes:
    if len(data) > LIMIT_BYTES:
        raise Malformed(f"{type(value).__name__} takes {len(data)} bytes of at most {LIMIT_BYTES}")
    return data


def decode(kind: type[Value], data: bytes) -> Value:
    """Return the value of type ``kind`` that protobuf ``data`` holds.

    Raises:
        Malformed: the data are longer than ``LIMIT_BYTES`` or are not such a message.
    """
    make, _, get = MESSAGES[kind]
    if len(data) > LIMIT_BYTES:
        raise _too_long(data)
    try:
        return cast(Value, get(make.FromString(data)))
    except DecodeError as fault:
        raise _unreadable(kind, fault) from fault


def view_event(data: bytes) -> EventView:
    """Return a view of the event that protobuf ``data`` holds; `decode` would accept the same data.

    Raises:
        Malformed: the data are longer than ``LIMIT_BYTES`` or are not an event.
    """
    if len(data) > LIMIT_BYTES:
        raise _too_long(data)
    found = glancing.glance(data, LIBRARY) if _GLANCES else None
    if found is not None:
        return found
    try:
        return EventView(data, LIBRARY).parse()
    except DecodeError as fault:
        raise _unreadable(values.Event, fault) from fault


def actor_of(view: EventView) -> values.Actor | None:
    """Return who acted in an event, as a value; None where nobody did."""
    if not isinstance(view, glancing.Glance):
        return view.value().actor
    return None if view.actor is glancing.NOBODY else cast(values.Actor, _actor(view.actor))


def place_of(view: EventView) -> values.Place | None:
    """Return where an event happened, as a value; None where it was nowhere in particular."""
    if not isinstance(view, glancing.Glance):
        return view.value().place
    return None if view.place is glancing.NOWHERE else cast(values.Place, _place(view.place))


def payload_name(event: values.Event) -> str:
    """The name of the field its payload has on the wire: "message_created"; empty: no payload."""
    return _PAYLOAD_NAMES[type(event.payload)]


def payload_tag(name: str) -> bytes:
    """The bytes before a payload on the wire, by its field name; no event of ours has it without.

    Raises:
        KeyError: there is no such payload.
    """
    tag = _Event.DESCRIPTOR.fields_by_name[name].number << 3 | 2
    return bytes((tag & 0x7F | 0x80, tag >> 7))


def body_name(action: values.Action) -> str:
    """The name of the field its body has on the wire: "mute"; empty: no body."""
    return _BODY_NAMES[type(action.body)]


def to_json(value: object) -> dict[str, Any]:
    """Return a value as what JSON can say, defaults left out.

    Names are those of the fields, a payload stands under its name in the contracts, enums are names
    without their prefix, bytes are base64, and 64-bit integers are numbers.

    Raises:
        Malformed: the whole is longer than ``LIMIT_BYTES``.
    """
    encode(value)
    return json_form.write(value)


def from_json(kind: type[Value], given: Mapping[str, Any]) -> Value:
    """Return the value of type ``kind`` that `to_json` would give ``given`` for.

    Raises:
        Malformed: there is a name that is no field, or something that does not fit its field.
    """
    value = json_form.read(kind, given)
    encode(value)
    return value


def _too_long(data: bytes) -> Malformed:
    return Malformed(f"{len(data)} bytes of at most {LIMIT_BYTES}")


def _unreadable(kind: type, fault: DecodeError) -> Malformed:
    return Malformed(f"not a message of type {kind.__name__}: {fault}")
