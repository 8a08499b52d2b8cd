import msgspec
import pytest

from contracts.codec import encode
from policy.core.state import (
    CHAIN_EVERY,
    CLOCK_MAX_MS,
    RECENT_MAX,
    Books,
    State,
    Strikes,
    UnreadableSnapshot,
)
from tests.unit.policy.core.room import Room, make_event

BOOK = """
name: one
language: en
rules:
  - {id: a, why: b, when: {words: apple}, then: notice}
"""


def test_an_event_is_let_in_once_as_long_as_it_is_remembered():
    state = State()

    assert state.admit("e0", 1)
    assert not state.admit("e0", 1)
    for number in range(1, RECENT_MAX + 1):
        assert state.admit(f"e{number}", 1)
    assert state.admit("e0", 1)
    assert not state.admit("e2", 1)


def test_what_was_seen_is_remembered_through_a_snapshot_however_full_the_ring():
    state = State()
    for number in range(RECENT_MAX + 7):
        state.admit(f"e{number}", number)

    restored = State.restore(state.snapshot())

    assert restored.snapshot() == state.snapshot()
    for copy in (state, restored):
        assert not copy.admit("e7", 1)
        assert copy.admit("e6", 1)
        assert copy.admit("e8", 1) is False
    assert restored.snapshot() == state.snapshot()


def test_the_clock_never_goes_back_and_never_beyond_what_is_a_time():
    state = State()

    for number, stamp in enumerate([5, 3, -1, CLOCK_MAX_MS + 1, 9]):
        state.admit(f"e{number}", stamp)

    assert state.clock_ms == 9


def test_the_digest_runs_over_all_parts_wherever_it_is_looked_at():
    watched, left_alone = State(), State()
    for number in range(3 * CHAIN_EVERY):
        for state in (watched, left_alone):
            state.admit(f"e{number}", 1)
            state.note(b"edecision" if number % 5 else b"e")
        assert len(watched.digest) == 16

    assert watched.digest == left_alone.digest
    left_alone.note(b"x")
    assert watched.digest != left_alone.digest


def test_a_group_has_the_network_s_rulebook_until_it_has_its_own():
    state = State()

    assert state.in_force("town", "g") == ""
    state.adopt("town", (), "first")
    state.adopt("town", ("g", "h"), "second")

    assert state.in_force("town", "g") == "second"
    assert state.in_force("town", "other") == "first"
    assert state.in_force("village", "g") == ""
    assert state.rulebooks() == {"first", "second"}


def test_the_nearest_rulebook_is_in_force_the_channel_s_before_the_group_s():
    state = State()
    state.adopt("town", (), "first")
    state.adopt("town", (), "matrix", platform="matrix")
    state.adopt("town", ("g",), "own")
    state.adopt("town", ("g",), "quiet", channels=("reading", "sleeping"))

    assert state.in_force("town", "other", "discord") == "first"
    assert state.in_force("town", "other", "matrix") == "matrix"
    assert state.in_force("town", "g", "matrix", "talk") == "own"
    assert state.in_force("town", "g", "matrix", "sleeping") == "quiet"
    assert state.rulebooks() == {"first", "matrix", "own", "quiet"}
    assert State.restore(state.snapshot()).books == state.books


def test_the_rulebook_of_an_open_debt_is_still_needed():
    text = """
name: ads
language: en
rules:
  - id: ad
    why: b
    when: {words: sale}
    then: {owes_packet: {amount: 5, asset: points, shares: 1, within: 9s}}
    otherwise: delete
"""
    room = Room(text)
    room.says("sale")
    room.state.adopt("town", ("!room:example.org",), "another")

    assert room.state.rulebooks() == {room.compiled.digest, "another"}


@pytest.mark.parametrize("data", [b"", b"\xff\xff", b"\x91\x01", msgspec.msgpack.encode([1] * 9)])
def test_bytes_that_are_no_snapshot_are_refused_by_name(data):
    with pytest.raises(UnreadableSnapshot):
        State.restore(data)


def test_a_snapshot_of_another_version_is_refused():
    other = msgspec.msgpack.decode(State().snapshot())
    other[0] = 99

    with pytest.raises(UnreadableSnapshot, match="schema 99"):
        State.restore(msgspec.msgpack.encode(other))


def test_equal_memories_give_equal_bytes_in_whatever_order_they_grew():
    left, right = State(), State()
    for state, order in ((left, "ab"), (right, "ba")):
        for network in order:
            state.books[network] = Books(default=network)
            state.room(network, "g")

    assert left.snapshot() == right.snapshot()


def test_points_fade_by_whole_periods_and_keep_the_rest_of_one():
    strikes = Strikes(5, 0)

    assert strikes.faded(25, points=1, every_ms=10) == 3
    assert strikes.faded(29, points=1, every_ms=10) == 3
    assert strikes.faded(30, points=1, every_ms=10) == 2
    assert strikes.faded(10_000, points=1, every_ms=10) == 0
    assert strikes.as_of_ms == 10_000
    assert Strikes(5, 0).faded(10**12, points=0, every_ms=0) == 5


def test_an_event_that_says_nothing_is_only_counted():
    room = Room(BOOK)

    assert room.feed(None) is None
    assert room.state.events == 2
    assert encode(make_event(None))


def test_a_group_that_is_heard_again_is_remembered(monkeypatch):
    monkeypatch.setattr("policy.core.state.ROOMS_MAX", 1)
    state = State()
    first = state.room("town", "a")
    state.room("town", "b")

    assert state.room("town", "a") is first
    for group in "cdef":
        state.room("town", group)
    assert state.room("town", "a") is not first
