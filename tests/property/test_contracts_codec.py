"""Laws of the codec, over every message there is."""

import json
from dataclasses import fields, is_dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codec import (
    Malformed,
    decode,
    encode,
    encode_batch,
    from_json,
    payload_name,
    to_json,
    view_event,
)
from contracts.values import DecisionBatch, Event
from tests.property.contract_values import KINDS, TOP_LEVEL, any_value, descriptor

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
events = any_value(Event)


@every_kind
@settings(max_examples=40)
@given(data=st.data())
def test_what_is_encoded_decodes_to_the_same(kind, data):
    value = data.draw(any_value(kind))

    decoded = decode(kind, encode(value))

    assert decoded == value
    assert hash(decoded) == hash(value)
    assert shape(decoded) == shape(value)


@every_kind
@settings(max_examples=40)
@given(data=st.data())
def test_the_same_value_always_gives_the_same_bytes(kind, data):
    value = data.draw(any_value(kind))

    encoded = encode(value)

    assert encode(value) == encode(decode(kind, encoded)) == encoded


@settings(max_examples=100)
@given(batch=any_value(DecisionBatch))
def test_a_batch_is_the_same_bytes_where_its_decisions_are_encoded_before(batch):
    assert encode_batch(batch, [encode(decision) for decision in batch.decisions]) == encode(batch)


@every_kind
@settings(max_examples=40)
@given(data=st.data())
def test_json_and_back_is_the_same(kind, data):
    value = data.draw(any_value(kind))

    text = json.dumps(to_json(value), allow_nan=False)

    assert from_json(kind, json.loads(text)) == value


@given(events)
def test_a_view_shows_what_the_value_holds(event):
    view = view_event(encode(event))

    assert view.value() == event
    assert view.kind == payload_name(event)
    for field in descriptor(Event).fields:
        inside = field.containing_oneof is None or field.name == view.kind
        attribute = field.name if field.containing_oneof is None else "payload"
        there = getattr(event, attribute) if inside else None
        assert shown(field, getattr(view, field.name)) == held(field, there)
    chosen = descriptor(Event).fields_by_name.get(view.kind)
    assert (view.payload is None) == (chosen is None)
    if chosen:
        assert shown(chosen, view.payload) == held(chosen, event.payload)


@pytest.mark.parametrize("kind", TOP_LEVEL, ids=lambda kind: kind.__name__)
@given(data=st.binary(max_size=200))
def test_random_bytes_are_a_message_or_malformed(kind, data):
    assert_survived(kind, data)


@pytest.mark.parametrize("kind", TOP_LEVEL, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_truncated_messages_are_a_message_or_malformed(kind, data):
    encoded = encode(data.draw(any_value(kind)))

    assert_survived(kind, encoded[: data.draw(st.integers(0, len(encoded)))])


@pytest.mark.parametrize("kind", TOP_LEVEL, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_mutated_messages_are_a_message_or_malformed(kind, data):
    mutated = bytearray(encode(data.draw(any_value(kind))))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(mutated)))
        mutated[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=3))

    assert_survived(kind, bytes(mutated))


def assert_survived(kind, data):
    try:
        value = decode(kind, data)
    except Malformed:
        value = None
    if kind is Event:
        try:
            assert repr(view_event(data).value()) == repr(value)
        except Malformed:
            assert value is None
    if value is not None:
        again = decode(kind, encode(value))
        assert repr(again) == repr(value), "compared as text, since one NaN is not another"


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(alphabet=st.characters(), max_size=8)
    | st.sampled_from(sorted(descriptor(Event).fields_by_name)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(sorted(descriptor(Event).fields_by_name)) | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(anything)
def test_whatever_json_says_is_an_event_or_malformed(given_json):
    try:
        event = from_json(Event, given_json)
    except Malformed:
        return
    assert decode(Event, encode(event)) == event


@given(events, st.data())
def test_a_json_form_with_one_thing_changed_is_an_event_or_malformed(event, data):
    form = to_json(event)
    name = data.draw(st.sampled_from(sorted(descriptor(Event).fields_by_name)))
    form[name] = data.draw(anything)

    try:
        changed = from_json(Event, form)
    except Malformed:
        return
    assert decode(Event, encode(changed)) == changed


def shape(value):
    """The types of a value, all the way down."""
    if is_dataclass(value):
        return type(value), {
            field.name: shape(getattr(value, field.name)) for field in fields(value)
        }
    if isinstance(value, tuple):
        return tuple, [shape(each) for each in value]
    return type(value)


def shown(field, there):
    """What a view's attribute shows, as plain data."""
    if field.is_repeated:
        return [shown_one(field, each) for each in there]
    return shown_one(field, there)


def shown_one(field, there):
    if not field.message_type:
        return there
    return {
        inner.name: shown(inner, getattr(there, inner.name)) for inner in field.message_type.fields
    }


def held(field, there):
    """What a value's attribute holds, absent parts read as empty, as plain data."""
    if field.is_repeated:
        return [held_one(field, each) for each in there]
    return held_one(field, there)


def held_one(field, there):
    if not field.message_type:
        return there
    return {
        inner.name: held(
            inner, getattr(there, inner.name, () if inner.is_repeated else default(inner))
        )
        for inner in field.message_type.fields
    }


def default(field):
    return None if field.message_type else field.default_value
