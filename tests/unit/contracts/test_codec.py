"""The codec by example: presence, limits, and every way to be malformed."""

import json
from dataclasses import FrozenInstanceError, replace
from math import inf, nan

import pytest

from contracts.codec import (
    LIMIT_BYTES,
    Malformed,
    decode,
    encode,
    from_json,
    payload_name,
    to_json,
    view_event,
)
from contracts.values import (
    Action,
    Actor,
    ActorKind,
    Content,
    Decision,
    Event,
    Inviter,
    Kick,
    LedgerCommand,
    MemberJoined,
    MessageCreated,
    Origin,
    Place,
    TakeShare,
)

HELLO = Event(
    id="e1",
    network="demo",
    group="!r:example.org",
    actor=Actor(id="@a:example.org", kind=ActorKind.USER, roles=("member",)),
    received_ms=1_700_000_000_000,
    origin=Origin.LIVE,
    raw=b"\x00\xff",
    payload=MessageCreated(message_id="$m", content=Content(text="你好")),
)


def test_an_absent_part_and_an_empty_one_stay_apart():
    assert decode(Event, encode(Event(place=Place()))).place == Place()
    assert decode(Event, encode(Event())).place is None


def test_a_payload_without_fields_is_still_a_payload():
    assert decode(Action, encode(Action(body=Kick()))).body == Kick()


def test_a_value_of_the_default_takes_no_bytes():
    assert encode(Event()) == b""


def test_what_is_decoded_cannot_be_changed_but_copied():
    event = decode(Event, encode(HELLO))

    with pytest.raises(FrozenInstanceError):
        event.id = "e2"
    assert replace(event, id="e2").id == "e2"
    assert event.id == "e1"


def test_the_name_of_a_payload():
    assert payload_name(HELLO) == "message_created"
    assert payload_name(Event()) == ""


def test_a_view_reads_in_place():
    view = view_event(encode(HELLO))

    assert view.kind == "message_created"
    assert view.group == "!r:example.org"
    assert view.actor.kind == ActorKind.USER
    assert view.message_created.content.text == view.payload.content.text == "你好"
    assert view.value() == HELLO


def test_what_is_absent_reads_as_empty_in_a_view():
    view = view_event(b"")

    assert (view.kind, view.payload) == ("", None)
    assert (view.actor.id, view.message_created.content.poll.question) == ("", "")


def test_a_view_cannot_be_written():
    view = view_event(encode(HELLO))

    with pytest.raises(AttributeError):
        view.group = "!other:example.org"


def test_a_field_of_a_newer_sender_is_skipped():
    assert decode(Event, encode(HELLO) + b"\xf8\x7f\x01") == HELLO


def test_an_enum_of_a_newer_sender_is_unspecified():
    origin = b"\x70\x63"  # field 14, 99

    assert decode(Event, origin).origin is Origin.UNSPECIFIED


UNFIT = {
    "int64 above": Event(received_ms=1 << 63),
    "int64 below": Event(received_ms=-(1 << 63) - 1),
    "uint32 below": Event(schema=-1),
    "uint64 above": Event(place_sequence=1 << 64),
    "fraction for int64": Event(received_ms=1.5),
    "lone surrogate": Event(id="\ud800"),
    "lone surrogate in a list": Event(capabilities=("\udfff",)),
    "none for text": Event(id=None),
    "number in a list of texts": Event(capabilities=(1,)),
    "unknown enum": Event(origin=99),
    "list for enum": Event(origin=[]),
    "text for bool": Event(gap_before="yes"),
    "text for bytes": Event(raw="text"),
    "other part": Event(place=Actor()),
    "other payload": Event(payload=Action()),
    "too long": Event(payload=MessageCreated(content=Content(text="x" * LIMIT_BYTES))),
    "no value": "Event",
    "nothing": None,
}


@pytest.mark.parametrize("value", UNFIT.values(), ids=UNFIT)
def test_a_value_that_does_not_fit_is_malformed(value):
    with pytest.raises(Malformed):
        encode(value)
    with pytest.raises(Malformed):
        to_json(value)


@pytest.mark.parametrize(
    "data",
    [
        b"\x0a",
        b"\x0a\x05abc",
        b"\x0a\x01\xff",
        b"\x00",
        b"\xff" * 11,
        b"\x0f",
        b"\x3b" * 10_000,
        b"\x0a" + b"\xff" * 9 + b"\x01",
        b"\x92\x02\x80\x80\x80\x80\x08",
        bytes(LIMIT_BYTES + 1),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_bytes_that_are_no_message_are_malformed(data):
    with pytest.raises(Malformed):
        decode(Event, data)
    with pytest.raises(Malformed):
        view_event(data)


def test_a_message_of_just_the_limit_passes():
    frame = len(encode(Event(raw=bytes(LIMIT_BYTES // 2)))) - LIMIT_BYTES // 2
    event = Event(raw=bytes(LIMIT_BYTES - frame))

    data = encode(event)

    assert len(data) == LIMIT_BYTES
    assert decode(Event, data) == event


def test_json_is_what_a_person_would_write():
    assert to_json(HELLO) == {
        "id": "e1",
        "network": "demo",
        "group": "!r:example.org",
        "actor": {"id": "@a:example.org", "kind": "USER", "roles": ["member"]},
        "received_ms": 1_700_000_000_000,
        "origin": "LIVE",
        "raw": "AP8=",
        "message_created": {"message_id": "$m", "content": {"text": "你好"}},
    }


def test_an_empty_part_is_in_json_too():
    assert to_json(Event(place=Place())) == {"place": {}}
    assert to_json(LedgerCommand(body=TakeShare())) == {"take_share": {}}


def test_a_whole_number_will_do_for_a_fraction():
    joined = from_json(Event, {"member_joined": {"inviters": [{"confidence": 1}]}})

    assert joined.payload == MemberJoined(inviters=(Inviter(confidence=1.0),))


def test_json_has_no_word_for_what_is_not_finite():
    for number in (inf, -inf, nan):
        with pytest.raises(Malformed, match="JSON"):
            to_json(Inviter(confidence=number))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "not an object"),
        ({"idd": "x"}, "no field 'idd'"),
        ({"payload": {}}, "no field 'payload'"),
        ({1: 2}, "no field 1"),
        ({"id": 1}, "id: int is no str"),
        ({"id": None}, "id: NoneType is no str"),
        ({"id": "\ud800"}, "surrogates"),
        ({"gap_before": 1}, "gap_before: int is no bool"),
        ({"received_ms": True}, "received_ms: bool is no int"),
        ({"received_ms": 1.0}, "received_ms: float is no int"),
        ({"received_ms": 1 << 63}, "range"),
        ({"origin": "NOWHERE"}, "origin: not a form of Origin"),
        ({"origin": 1}, "origin: int is no Origin"),
        ({"raw": "AP8"}, "raw: not a form of bytes"),
        ({"raw": "网"}, "raw: not a form of bytes"),
        ({"raw": []}, "raw: list is no bytes"),
        ({"capabilities": "delete"}, "capabilities: not a list"),
        ({"place": "here"}, "Place: not an object"),
        ({"gap": {}, "tick": {}}, "more than one payload"),
        ({"member_joined": {"inviters": [{"confidence": nan}]}}, "confidence: not a form"),
        ({"member_joined": {"inviters": [{"confidence": 10**400}]}}, "confidence: not a form"),
        ({"member_joined": {"inviters": [{"confidence": "1"}]}}, "confidence: str is no float"),
        ({"message_created": {"content": {"text": "x" * LIMIT_BYTES}}}, "bytes of at most"),
    ],
    ids=lambda given: repr(given)[:60],
)
def test_json_that_is_no_event_is_malformed(given, told):
    with pytest.raises(Malformed, match=told):
        from_json(Event, given)


def test_json_nested_without_end_is_malformed():
    given = json.loads('{"place":' * 900 + "{}" + "}" * 900)

    with pytest.raises(Malformed):
        from_json(Event, given)


def test_a_fault_does_not_repeat_what_was_said():
    with pytest.raises(Malformed) as caught:
        from_json(Decision, {"secret" * 100: 1})

    assert len(str(caught.value)) < 200
