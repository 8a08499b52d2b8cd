"""A ring keeps T + 1 happenings; what it says of any threshold up to T is what all of them say."""

from hypothesis import given
from hypothesis import strategies as st

from policy.core.windows import Generations, Ring

steps = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 6)), min_size=1, max_size=60
)  # ms since the one before, amount


@given(steps, st.integers(1, 20), st.integers(1, 200))
def test_more_than_a_threshold_within_a_span_is_exact(happenings, limit, within_ms):
    ring = Ring()
    all_seen = []
    now_ms = 0
    for number, (wait_ms, amount) in enumerate(happenings):
        now_ms += wait_ms
        ring.add(now_ms, f"e{number}", amount, capacity=limit + 1)
        all_seen.append((now_ms, amount, f"e{number}"))

        recent = [one for one in all_seen if now_ms - one[0] < within_ms]
        first = ring.first(now_ms, within_ms)

        assert (ring.amount(first) > limit) == (sum(one[1] for one in recent) > limit)
        evidence = ring.ids[first:]
        assert evidence == [one[2] for one in recent][-len(evidence) :]
        assert len(ring.stamps) == len(ring.ids) == len(ring.totals) <= limit + 1


@given(steps, st.integers(1, 8))
def test_what_a_rule_has_acted_on_is_not_counted_for_it_again(happenings, limit):
    ring = Ring()
    unanswered = 0
    now_ms = 0
    for number, (wait_ms, amount) in enumerate(happenings):
        now_ms += wait_ms
        ring.add(now_ms, f"e{number}", amount, capacity=limit + 1)
        unanswered += amount

        answer = ring.unanswered("rule", now_ms, within_ms=10**9)

        assert (answer > limit) == (unanswered > limit)
        if answer > limit:
            ring.charge("rule")
            unanswered = 0


touches = st.lists(st.tuples(st.integers(0, 50), st.sampled_from("abcdefgh")), max_size=60)


@given(touches, st.integers(1, 100), st.integers(1, 5))
def test_a_value_lives_as_long_as_it_must_and_never_crowds(happenings, horizon_ms, cap):
    kept = Generations(horizon_ms, cap)
    touched = {}
    now_ms = 0
    for wait_ms, key in happenings:
        now_ms += wait_ms
        touched_since = {other for other, at in touched.items() if now_ms - at < horizon_ms}
        kept.advance(now_ms)
        value = kept.get(key, now_ms)
        if key in touched_since and len(touched_since) <= cap:
            assert value == key
        if value is None:
            kept.put(key, key, now_ms)
        touched[key] = now_ms
        assert len(kept) <= 2 * cap + 1


def test_without_a_horizon_only_the_cap_lets_go():
    kept = Generations(0, 2)
    for key in "abcdef":
        kept.put(key, key.upper(), now_ms=1)

    kept.advance(10**15)

    assert sorted(kept.values()) == ["D", "E", "F"]
    kept.drop("f")
    assert kept.get("f", 1) is None
