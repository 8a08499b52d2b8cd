"""Serial voting is found in the set of votes, whole days at a time."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.core.serial import Vote, serial

TODAY = 100


def votes(*days, member="ann", giver="bob", first=1):
    return [Vote(first + n, member, giver, day) for n, day in enumerate(days)]


def test_praise_of_one_again_and_again_is_serial():
    assert serial(votes(90, 91, 96), 3, TODAY) == [1, 2, 3]


def test_what_is_further_apart_than_a_week_is_not():
    assert serial(votes(90, 91, 97), 3, TODAY) == []


def test_a_day_is_looked_at_when_it_is_over():
    assert serial(votes(99, 100, 100), 3, TODAY) == []
    assert serial(votes(99, 100, 100), 3, TODAY + 1) == [1, 2, 3]


def test_who_praises_others_as_much_is_not_serial():
    others = votes(90, 90, 90, 90, first=10)
    mixed = [vote._replace(member=f"m{n}") for n, vote in enumerate(others)]

    assert serial(votes(90, 90, 90) + mixed, 3, TODAY) == []
    assert serial(votes(90, 90, 90) + mixed[:3], 3, TODAY) == [1, 2, 3]


def test_what_rules_give_is_never_serial():
    assert serial(votes(90, 90, 90, giver=""), 3, TODAY) == []


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(90, 101)), max_size=14
    ),
    st.integers(2, 4),
    st.randoms(use_true_random=False),
)
def test_in_whichever_order_votes_come_the_same_are_serial(said, limit, random):
    made = [Vote(n, member, giver, day) for n, (member, giver, day) in enumerate(said)]
    shuffled = list(made)
    random.shuffle(shuffled)

    assert serial(shuffled, limit, TODAY) == serial(made, limit, TODAY)
