"""Laws of what counts: the set of merits decides, never their order."""

from math import sqrt

from hypothesis import given
from hypothesis import strategies as st

from ledger.core.ratings import MILLION, TRUST, Told, praise, rate, trust_rank, wilson_ppm
from ledger.core.standings import Deed, MeritTerms, count, share, weigh, weight

names = st.sampled_from("abcde")
deeds = st.builds(
    Deed,
    names,
    st.sampled_from(["", *"abcdefg"]),
    st.integers(20_000, 20_003),
    st.integers(-9, 9).filter(bool),
    st.booleans(),
).filter(lambda deed: deed.giver != deed.member)
all_terms = st.builds(
    MeritTerms,
    half_life_days=st.integers(0, 400),
    per_giver=st.integers(0, 12),
    per_member=st.integers(0, 12),
    per_pair=st.integers(0, 6),
    seeds=st.lists(names, max_size=3).map(tuple),
)
places = st.lists(deeds, max_size=25)


@given(places, all_terms, st.randoms(use_true_random=False))
def test_in_whichever_order_merits_come_the_same_counts(place, terms, random):
    shuffled = list(place)
    random.shuffle(shuffled)

    assert rate(shuffled, terms, 20_010) == rate(place, terms, 20_010)


@given(places, all_terms)
def test_nothing_counts_for_more_than_its_caps(place, terms):
    for day in range(20_000, 20_004):
        praise = [deed for deed in place if deed.day == day and deed.giver and deed.amount > 0]
        counted = count(praise, terms)
        by_giver = {}
        for (giver, member), n in counted.given.items():
            said = sum(d.amount for d in praise if (d.giver, d.member) == (giver, member))
            assert 0 < n <= min(said, terms.per_pair or said)
            by_giver[giver] = by_giver.get(giver, 0) + n
        assert all(n <= (terms.per_giver or n) for n in by_giver.values())
        for days in counted.days.values():
            assert all(n <= (terms.per_member or n) for n in days.values())


@given(places, all_terms)
def test_a_merit_that_was_taken_back_counts_as_if_it_had_never_come(place, terms):
    standing = [deed for deed in place if deed.stands]

    assert count(place, terms) == count(standing, terms)


@given(st.integers(0, 50), st.dictionaries(st.text(max_size=3), st.integers(1, 40), max_size=6))
def test_a_cap_is_divided_to_the_last_unit_and_nobody_gets_more_than_they_want(cap, wanted):
    shares = share(cap, wanted)

    assert sum(shares.values()) == (min(cap, sum(wanted.values())) if cap else sum(wanted.values()))
    assert all(0 <= shares[name] <= n for name, n in wanted.items())


@given(st.integers(0, 5_000), st.integers(1, 1_000))
def test_weights_only_fall_and_halve_with_a_half_life(age, half_life):
    assert weight(age + 1, half_life) <= weight(age, half_life)
    assert weight(age + half_life, half_life) == weight(age, half_life) // 2


@given(st.dictionaries(st.integers(0, 900), st.integers(-50, 50), max_size=9), st.integers(1, 400))
def test_a_standing_is_what_a_float_says_as_far_as_that_goes(days, half_life):
    about = sum(n * 0.5 ** ((900 - day) / half_life) for day, n in days.items())

    assert abs(weigh(days, 900, half_life) - about) < 1 + 1e-6


@given(st.integers(1, 400), st.integers(0, 400))
def test_quality_is_the_lower_wilson_bound(good, bad):
    n, z = good + bad, 1.96
    ratio = good / n
    bound = (ratio + z * z / (2 * n) - z * sqrt(ratio * (1 - ratio) / n + z * z / (4 * n * n))) / (
        1 + z * z / n
    )

    assert abs(wilson_ppm(good, n) - bound * MILLION) < 2


@given(places, all_terms)
def test_no_trust_is_made_or_lost(place, terms):
    trust = trust_rank(count(place, terms), terms.seeds)

    assert sum(trust.values()) == (TRUST if terms.seeds else 0)
    assert all(n > 0 for n in trust.values())


def test_a_ring_that_no_seed_praises_has_no_trust():
    ring = [Deed(taker, giver, 1, 5) for giver, taker in ("xy", "yz", "zx")]
    honest = [Deed("b", "a", 1, 1), Deed("c", "b", 1, 1)]

    trust = trust_rank(count(ring + honest, MeritTerms()), ("a",))

    assert trust.keys() == {"a", "b", "c"}
    assert trust["a"] > trust["b"] > trust["c"]


def test_quality_of_few_is_below_that_of_many():
    assert 0 == wilson_ppm(0, 5) < wilson_ppm(1, 1) < wilson_ppm(10, 10) < wilson_ppm(100, 100)


def test_who_was_praised_most_is_told_with_the_largest_reasons_and_none_twice():
    told = [
        Told(1, "ann", "bob", 1, 1, "thanks", "Tides.", ("e1",)),
        Told(2, "ann", "cid", 1, 3, "thanks", "Charts.", ("e2",)),
        Told(3, "ann", "dan", 1, 2, "thanks", "Charts.", ("e3",)),
        Told(4, "eve", "bob", 1, 1, "thanks", "", ()),
    ]

    [first, second] = praise(told[::-1], MeritTerms(), 5)

    assert (first.member, first.amount) == ("ann", 6)
    assert [reason.txn_id for reason in first.reasons] == [2, 1]
    assert (second.member, praise(told, MeritTerms(), 1)) == ("eve", [first])
