"""Whatever a homeserver sends, the normaliser answers with events that can be sent on."""

from hashlib import sha256

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import codec
from contracts.values import Event, Malformed
from gateway.journal import encoded
from gateway.platforms.matrix.normalise import IGNORED, RAW_LIMIT_BYTES
from tests.unit.gateway.matrix.payloads import ANN, BOB, READING, Desk

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.sampled_from(
        ["m.replace", "m.thread", "join", "ban", ANN, "m.text", "12", "\0", "\ud800"]
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["body", "membership", "users", "m.relates_to", "event_id", "state_key"]
            )
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


def samples():
    """One well-formed event of every type the normaliser knows."""
    desk = Desk()
    message = {"msgtype": "m.text", "body": "hello", "format": "x", "formatted_body": "<b>x</b>"}
    relation = {"rel_type": "m.replace", "event_id": "$x", "m.in_reply_to": {"event_id": "$y"}}
    edit = {**message, "m.new_content": message, "m.relates_to": relation}
    image = {"msgtype": "m.image", "body": "b", "info": {"size": 3}, "file": {"url": "mxc://a/b"}}
    levels = {"users": {ANN: 100, BOB: -1}, "events": {"m.room.name": 50}, "ban": 50}
    joined = {"membership": "join", "displayname": "Ann", "avatar_url": "mxc://a/b"}
    rule = {"entity": "@*:x", "recommendation": "m.ban", "reason": "spam"}
    question = {"m.poll.start": {"question": {"body": "?"}, "answers": [{"body": "x"}]}}
    annotation = {"rel_type": "m.annotation", "event_id": "$x", "key": "+"}
    room, before = {"state_key": ""}, {"prev_content": {"name": "n", "membership": "invite"}}
    return [
        desk.raw("m.room.message", message),
        desk.raw("m.room.message", edit),
        desk.raw("m.room.message", image),
        desk.raw("m.sticker", {"body": "b", "url": "mxc://a/b", "info": {}}),
        desk.raw("m.room.encrypted", {"algorithm": "x", "m.relates_to": relation}),
        desk.raw("m.poll.start", question),
        desk.raw("m.reaction", {"m.relates_to": annotation}),
        desk.raw("m.room.redaction", {"redacts": "$x", "reason": "r"}, redacts="$x"),
        desk.raw("m.room.member", joined, state_key=ANN, unsigned=before),
        desk.raw("m.room.member", {"membership": "leave"}, state_key=BOB, unsigned=before),
        desk.raw("m.room.power_levels", levels, **room, unsigned={"prev_content": {}}),
        desk.raw("m.room.name", {"name": "x"}, **room, unsigned=before),
        desk.raw("m.room.server_acl", {"deny": ["x"], "allow": []}, **room),
        desk.raw("m.room.create", {"room_version": "12", "additional_creators": [BOB]}, **room),
        desk.raw("m.space.child", {"via": ["x"]}, state_key="!x:y"),
        desk.raw("m.policy.rule.server", rule, state_key="1"),
        desk.raw("m.room.third_party_invite", {"display_name": "x"}, state_key="t"),
        desk.raw("m.call.member", {"call_id": "x", "memberships": [{}]}, state_key="_ann"),
        desk.raw("org.example.unknown", {"a": 1}),
    ]


def paths(value, path=()):
    """Every place in a JSON value."""
    yield path
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, part in pairs:
        yield from paths(part, (*path, key))


def replaced(value, path, other):
    """A copy of ``value`` with ``other`` at ``path``; ``...`` takes the entry out."""
    if not path:
        return other
    copy = value.copy()
    if other is ... and len(path) == 1:
        copy.pop(path[0])
    else:
        copy[path[0]] = replaced(value[path[0]], path[1:], other)
    return copy


def put(desk, raw):
    """The events of ``raw``, each proven to have a form on the wire."""
    events = desk.normaliser.events(desk.room, raw, READING)
    for event in events:
        assert codec.decode(Event, encoded(event)).id == event.id
    return events


@given(st.sampled_from(samples()), st.data())
def test_any_part_of_an_event_may_be_anything(sample, data):
    place = data.draw(st.sampled_from(sorted(paths(sample), key=str)))
    raw = replaced(sample, place, data.draw(JSON | st.just(...)) if place else data.draw(JSON))

    put(Desk(), raw)


@given(JSON)
def test_anything_at_all_is_an_event(raw):
    (event,) = put(Desk(), raw)

    assert isinstance(event.payload, Malformed)


@given(st.lists(st.sampled_from(samples()), max_size=12))
def test_a_place_is_numbered_without_a_gap(raws):
    desk = Desk()

    events = [event for raw in raws for event in put(desk, raw)]

    assert [event.place_sequence for event in events] == list(range(1, len(events) + 1))


@pytest.mark.parametrize("sample", samples(), ids=lambda raw: raw["event_id"][-2:] + raw["type"])
def test_every_known_type_is_understood(sample):
    events = put(Desk(), sample)

    if sample["type"] in IGNORED:
        assert events == []
    else:
        assert isinstance(events[0].payload, Malformed) == (sample["type"] == "org.example.unknown")


def test_what_is_too_large_is_cut_and_says_so():
    desk = Desk()
    noise = "".join(sha256(b"%d" % at).hexdigest() for at in range(20_000))

    (message,) = put(desk, desk.raw("m.room.message", {"msgtype": "m.text", "body": noise}))
    (unknown,) = put(desk, desk.raw("org.example.unknown", {"body": noise}))

    assert len(message.payload.content.text) == 65_536
    assert unknown.raw_truncated
    assert len(unknown.raw) <= RAW_LIMIT_BYTES


def test_what_is_nested_too_deep_is_kept_as_far_as_it_can_be_written():
    desk = Desk()
    deep = orjson.loads(b'{"a":' * 1_000 + b"1" + b"}" * 1_000)

    (event,) = put(desk, desk.raw("org.example.unknown", deep))

    assert event.raw_truncated
