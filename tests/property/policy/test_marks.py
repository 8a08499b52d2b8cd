"""What packed marks say of any threshold they were made for is what all happenings say."""

from hypothesis import given
from hypothesis import strategies as st

from contracts import ids
from policy.core.alike import COMMON, SKETCH, are_alike, sketch_of, substance_of
from policy.core.counters import Texts
from policy.core.marks import PLAIN, SUMS, VALUES, id_of, mark_of, stamp_of
from policy.core.runs import Runs
from policy.core.said import run_of, text_key
from policy.core.tallies import SLOTS, Tally, slot_ms

waits = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6)), min_size=1, max_size=60)


def event(number):
    return ids.digest(str(number).encode())


def recent(seen, now_ms, within_ms):
    return [one for one in seen if now_ms - one[0] < within_ms]


@given(waits, st.integers(0, 20), st.integers(1, 200), st.integers(0, 100))
def test_more_than_so_many_within_a_span_is_exact_and_has_its_evidence(
    happenings, limit, within_ms, longer_ms
):
    ring = b""
    seen = []
    now_ms = 1_000
    for number, (wait_ms, _) in enumerate(happenings):
        now_ms += wait_ms
        floor = stamp_of(now_ms - within_ms - longer_ms)
        mark = mark_of(event(number))
        ring = PLAIN.add(ring, stamp_of(now_ms), mark, b"", limit + 1, floor)
        seen.append((now_ms, event(number)))

        inside = recent(seen, now_ms, within_ms)
        floor_ms = now_ms - within_ms

        assert PLAIN.exceeds(ring, limit, floor_ms) == (len(inside) > limit)
        assert PLAIN.amount(ring, floor_ms) == min(len(inside), limit + 1)
        assert PLAIN.events(ring, floor_ms) == tuple(one[1] for one in inside[-limit - 1 :])
        assert len(ring) <= (limit + 1) * PLAIN.width


@given(waits, st.integers(0, 20), st.integers(1, 200))
def test_more_of_an_amount_than_allowed_within_a_span_is_exact(happenings, limit, within_ms):
    ring = b""
    seen = []
    now_ms = 1_000
    for number, (wait_ms, amount) in enumerate(happenings):
        now_ms += wait_ms
        floor = stamp_of(now_ms - within_ms)
        mark = mark_of(event(number))
        tail = SUMS.tail(ring, amount)
        ring = SUMS.add(ring, stamp_of(now_ms), mark, tail, limit + 1, floor)
        seen.append((now_ms, amount))

        sum_inside = sum(one[1] for one in recent(seen, now_ms, within_ms))

        assert SUMS.exceeds(ring, limit, now_ms - within_ms) == (sum_inside > limit)
        if sum_inside <= limit:
            assert SUMS.amount(ring, now_ms - within_ms) == sum_inside


@given(waits, st.integers(0, 5), st.integers(1, 200))
def test_more_than_so_many_different_ones_within_a_span_is_exact(happenings, limit, within_ms):
    ring = b""
    seen = []
    now_ms = 1_000
    for number, (wait_ms, value) in enumerate(happenings):
        now_ms += wait_ms
        tail = value.to_bytes(8)
        floor = stamp_of(now_ms - within_ms)
        ring = VALUES.without(ring, tail)
        ring = VALUES.add(ring, stamp_of(now_ms), mark_of(event(number)), tail, limit + 1, floor)
        seen.append((now_ms, value))

        different = {one[1] for one in recent(seen, now_ms, within_ms)}

        assert VALUES.exceeds(ring, limit, now_ms - within_ms) == (len(different) > limit)
        assert VALUES.amount(ring, now_ms - within_ms) == min(len(different), limit + 1)


@given(waits, st.integers(0, 8))
def test_what_came_after_a_place_is_what_came_after_it(happenings, capacity):
    ring, place = b"", b""
    after = 0
    now_ms = 1_000
    for number, (wait_ms, act) in enumerate(happenings):
        now_ms += wait_ms
        mark = mark_of(event(number))
        ring = PLAIN.add(ring, stamp_of(now_ms), mark, b"", capacity + 1, b"")
        after += 1
        assert len(PLAIN.since(ring, place)) // PLAIN.width == min(after, capacity + 1)
        if act == 1:
            place, after = PLAIN.place(ring), 0


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_any_id_finds_a_place_in_a_mark(event_id):
    mark = mark_of(event_id)

    assert len(mark) == ids.LENGTH
    if len(event_id.encode()) <= ids.LENGTH and not event_id.endswith(" "):
        assert id_of(mark) == event_id


sayings = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from("ab"), st.sampled_from("xy")), max_size=40
)


@given(sayings, st.integers(1, 6), st.integers(1, 200))
def test_a_run_is_what_one_member_said_since_anybody_else_did(happenings, capacity, within_ms):
    runs = Runs()
    said = {"x": [], "y": []}
    now_ms = 1_000
    for number, (wait_ms, who, where) in enumerate(happenings):
        now_ms += wait_ms
        before = list(said[where])
        said[where].append((now_ms, who, event(number)))
        mark = mark_of(event(number))
        run, ended = run_of(runs, where, who, now_ms, mark, capacity)

        own = tail_of(said[where])
        assert run.member == who
        assert PLAIN.events(run.ring, 0) == tuple(one[2] for one in own[-capacity:])
        theirs = tail_of(before) if before and before[-1][1] != who else []
        inside = [one[2] for one in recent(theirs, now_ms, within_ms)][-capacity:]
        assert list(PLAIN.events(ended.ring, now_ms - within_ms)) == inside


def tail_of(said):
    """Return the last of a channel's messages that are all of one member."""
    tail = []
    for one in reversed(said):
        if one[1] != said[-1][1]:
            break
        tail.insert(0, one)
    return tail


@given(
    st.lists(st.tuples(st.integers(0, 90), st.booleans()), min_size=1, max_size=80),
    st.integers(1, 400),
)
def test_a_share_is_exact_to_the_slot(happenings, window_ms):
    tally = Tally()
    seen = []
    now_ms = 1_000
    for number, (wait_ms, is_sort) in enumerate(happenings):
        now_ms += wait_ms
        tally.add(now_ms, window_ms, event_id=event(number), is_sort=is_sort)
        seen.append((now_ms // slot_ms(window_ms), is_sort, event(number)))

        inside = [one for one in seen if one[0] > seen[-1][0] - SLOTS]

        assert tally.sums(now_ms, window_ms) == (len(inside), sum(one[1] for one in inside))
        assert len(tally.slots) <= SLOTS
        newest = [one[2] for one in seen if one[1]]
        assert tally.newest == newest[-20:]


words = st.lists(
    st.sampled_from(["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"])
)
letters = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Z")), max_size=80)


@given(st.lists(st.one_of(letters, words.map(" ".join)), max_size=20), st.integers(0, 50))
def test_texts_that_are_the_same_have_one_key_and_others_only_where_they_are_alike(texts, wait_ms):
    kept = Texts()
    keys = {}
    for number, text in enumerate(texts):
        key = text_key(kept, text, number * wait_ms, 10**9)
        bare = substance_of(text)
        assert (key == "") == (bare == b"")
        assert keys.setdefault(bare, key) == key
        first = next(known for known, its in keys.items() if its == key)
        if first != bare:
            assert are_alike(sketch_of(first), sketch_of(bare))


@given(words.filter(lambda one: len(one) > 25), st.integers(0, 10**6))
def test_a_long_text_with_another_number_at_its_end_keeps_its_key(said, number):
    kept = Texts()
    text = " ".join(said) + " write to us today and not tomorrow for the best of all prices"

    assert text_key(kept, text, 1, 10**9) == text_key(kept, f"{text} {number}", 2, 10**9)


def test_a_text_is_forgotten_when_nobody_has_said_it_for_long():
    kept = Texts()
    first = "the quick brown fox jumps over the lazy dog and runs away"
    changed = first.replace("away", "home")

    key = text_key(kept, first, 0, 100)

    assert text_key(kept, changed, 90, 100) == key
    assert text_key(kept, first, 150, 100) == key
    for later_ms in (450, 600):
        text_key(kept, "something else", later_ms, 100)
    assert text_key(kept, changed, 600, 100) != key
    assert COMMON < SKETCH
