"""What is kept for a time lives as long as it must, and never crowds."""

from hypothesis import given
from hypothesis import strategies as st

from policy.core.windows import Generations

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
