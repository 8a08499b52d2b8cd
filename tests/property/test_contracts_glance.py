"""What is read of an event at a glance is what the library reads of it, or nothing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import codec
from contracts.codec import EventView, decode, encode, view_event
from contracts.glance import glance
from contracts.values import Content, Event, MessageCreated, Origin
from tests.property.contract_values import any_value

COUNTS = st.integers(0, 2**63 - 1)
FLAT = ("id", "platform", "network", "group", "connection", "received_ms", "origin", "availability")
PLACE = ("channel", "thread", "parent")
ACTOR = (
    "id", "kind", "is_self", "display_name", "power", "joined_ms", "account_created_ms",
)  # fmt: skip
CONTENT = ("text", "html", "reply_to", "mentions_everyone", "form")
BESIDE = ("attachments", "forwards", "embeds")

words = st.builds(
    lambda content: replace(content, attachments=(), forwards=(), embeds=(), poll=None),
    any_value(Content),
)
messages = st.builds(MessageCreated, message_id=st.text(max_size=8), content=st.none() | words)
plain = st.builds(
    lambda event, payload, at_ms: replace(
        event,
        payload=payload,
        received_ms=at_ms,
        occurred_ms=at_ms,
        place_sequence=at_ms,
        gap_before=False,
        raw_truncated=False,
        action_id="",
        origin=Origin.LIVE,
        actor=None
        if event.actor is None
        else replace(event.actor, power=at_ms, joined_ms=at_ms, account_created_ms=at_ms),
    ),
    any_value(Event),
    messages,
    COUNTS,
)


def shown(of, names):
    return [(name, getattr(of, name)) for name in names]


def whole(data):
    """Return the view that the library gives."""
    return EventView(data, codec.LIBRARY).parse()


def same(found, event):
    """Hold what was found against the view that the library gives."""
    read = whole(event)
    assert shown(found, FLAT) == shown(read, FLAT)
    assert shown(found.place, PLACE) == shown(read.place, PLACE)
    assert shown(found.actor, ACTOR) == shown(read.actor, ACTOR)
    assert list(found.actor.roles) == list(read.actor.roles)
    assert read.kind == "message_created"
    said, held = found.payload.content, read.payload.content
    assert found.payload.message_id == read.payload.message_id
    assert shown(said, CONTENT) == shown(held, CONTENT)
    assert list(said.mentions) == list(held.mentions)
    assert [len(getattr(held, name)) for name in BESIDE] == [0, 0, 0]
    assert (said.poll.question, list(said.poll.answers)) == ("", [])
    assert (held.poll.question, list(held.poll.answers)) == ("", [])


@given(event=plain)
def test_a_message_with_nothing_but_words_is_read_at_a_glance(event):
    data = encode(event)

    found = glance(data, codec.LIBRARY)

    assert found is not None
    same(found, data)


@given(event=any_value(Event))
def test_of_any_other_event_a_glance_says_nothing_or_the_truth(event):
    data = encode(event)

    found = glance(data, codec.LIBRARY)

    if found is not None:
        same(found, data)


@settings(max_examples=400)
@given(event=plain, data=st.data())
def test_of_bytes_that_are_damaged_a_glance_says_nothing_or_the_truth(event, data):
    sent = bytearray(encode(event))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, max(0, len(sent) - 1)))
        sent[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=3))
    damaged = bytes(sent)

    found = glance(damaged, codec.LIBRARY)

    if found is not None:
        decode(Event, damaged)
        same(found, damaged)


def test_as_many_names_as_an_event_can_hold_are_read_one_after_another():
    many = ("ann",) * 150_000
    content = Content(text="hello", mentions=many)
    event = Event(id="e", payload=MessageCreated(message_id="m", content=content))

    found = glance(encode(event), codec.LIBRARY)

    assert found is not None
    assert tuple(found.payload.content.mentions) == many


@pytest.mark.parametrize("glances", [False, True], ids=["by the library", "at a glance"])
@given(event=plain)
def test_a_view_is_the_same_either_way(glances, event):
    data = encode(event)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(codec, "_GLANCES", glances)
        view = view_event(data)

    assert view.value() == decode(Event, data)
    assert (view.kind, view.dedup_key, view.id) == ("message_created", event.dedup_key, event.id)
    with pytest.raises(AttributeError):
        view.group = "another"
    assert view.message_created.message_id == view.payload.message_id
