"""Praise is capped whatever people do: no ring of them makes more of it than the caps allow."""

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.core.consequences.members import Cap, Esteem
from policy.core.members import Members
from policy.core.praise import PAIR, allows

PEOPLE = ("ann", "bob", "cat", "dan")
HOUR_MS = 3_600_000
caps = st.none() | st.builds(Cap, st.integers(1, 4), st.sampled_from([HOUR_MS, 24 * HOUR_MS]))
praises = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), st.sampled_from([0, 60_000, HOUR_MS])
    ).filter(lambda praise: praise[0] != praise[1]),
    max_size=60,
)


def naive(effect, said):
    """Return which of all praises count, looking through everything before each."""
    counted = []
    pair = effect.per_pair or PAIR

    def within(cap, now_ms, giver=None, taker=None):
        return sum(
            now_ms - at_ms < cap.within_ms
            for g, t, at_ms in counted
            if giver in (None, g) and taker in (None, t)
        )

    verdicts = []
    for giver, taker, now_ms in said:
        fits = (
            not within(pair, now_ms, taker, giver) and within(pair, now_ms, giver, taker) < pair.n
        )
        if effect.per_giver:
            fits = fits and within(effect.per_giver, now_ms, giver) < effect.per_giver.n
        if effect.per_member:
            fits = fits and within(effect.per_member, now_ms, None, taker) < effect.per_member.n
        if fits:
            counted.append((giver, taker, now_ms))
        verdicts.append(fits)
    return verdicts


@given(praises, caps, caps, caps)
@settings(max_examples=200, deadline=None)
def test_praise_counts_as_a_list_of_all_praise_would_say(story, giver, member, pair):
    effect = Esteem(1, to="author", per_giver=giver, per_member=member, per_pair=pair)
    members, said, now_ms = Members(), [], 0
    for who, whom, wait_ms in story:
        now_ms += wait_ms
        said.append((who, whom, now_ms))

    assert [allows(members, effect, *praise) for praise in said] == naive(effect, said)


@given(praises)
@settings(max_examples=50, deadline=None)
def test_what_is_given_by_rule_is_not_praise(story):
    members, effect = Members(), Esteem(1)

    assert all(allows(members, effect, who, whom, 0) for who, whom, _ in story)
    assert not len(members.praise)
