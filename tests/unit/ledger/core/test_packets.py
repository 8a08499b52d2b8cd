import pytest

from contracts.values import SplitMode
from ledger.core.packets import MAX_SHARES, commitment, equal, lucky, split
from ledger.core.refusals import Code, Refused

SEED = bytes(range(32))


def test_the_remainder_of_an_equal_split_goes_to_the_first():
    assert equal(10, 3) == [4, 3, 3]


def test_one_hundred_in_eighteen_shares_pays_nobody_a_negative_amount():
    assert equal(100, 18) == [6] * 10 + [5] * 8


def test_a_lucky_split_can_be_recomputed_from_its_seed():
    assert lucky(100, 7, SEED) == [10, 7, 18, 26, 17, 9, 13]
    assert lucky(100, 7, SEED) == lucky(100, 7, SEED)
    assert lucky(100, 7, SEED) != lucky(100, 7, SEED[::-1])


def test_one_share_is_the_whole():
    assert lucky(5, 1, SEED) == [5]
    assert equal(5, 1) == [5]


def test_as_many_shares_as_units_are_one_unit_each():
    assert lucky(50, 50, SEED) == [1] * 50


def test_the_commitment_shows_nothing_of_the_seed_but_binds_it():
    assert len(commitment(SEED)) == 32
    assert commitment(SEED) != commitment(SEED[::-1])


@pytest.mark.parametrize(
    ("mode", "total", "shares", "code"),
    [
        (SplitMode.EQUAL, 10, 0, Code.SHARES_INVALID),
        (SplitMode.EQUAL, 10**6, MAX_SHARES + 1, Code.SHARES_INVALID),
        (SplitMode.LUCKY, 4, 5, Code.TOTAL_TOO_SMALL),
        (SplitMode.UNSPECIFIED, 10, 5, Code.MODE_INVALID),
    ],
)
def test_a_split_that_cannot_be_is_refused(mode, total, shares, code):
    with pytest.raises(Refused) as refusal:
        split(mode, total, shares, SEED)

    assert refusal.value.code is code


def test_the_largest_packet_is_split():
    assert sum(split(SplitMode.LUCKY, 2**63 - 1, MAX_SHARES, SEED)) == 2**63 - 1
