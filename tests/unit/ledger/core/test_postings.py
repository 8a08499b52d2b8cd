import pytest

from ledger.core.postings import MAX_AMOUNT, Leg, blank, check, check_amount, kind_of, post
from ledger.core.refusals import Code, Refused


def make_account(path="member:ann", balance=0, **fields):
    account = blank("harbour", path, "points")
    account.balance = balance
    for name, value in fields.items():
        setattr(account, name, value)
    return account


def code_of(legs):
    with pytest.raises(Refused) as refusal:
        check(legs)
    return refusal.value.code


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("member:@ann:example.org", "member"),
        ("group:!quay:example.org", "group"),
        ("issuer", "issuer"),
        ("issuer:welcome", "issuer"),
        ("treasury", "treasury"),
        ("packet:abc", "packet"),
        ("suspense", "suspense"),
    ],
)
def test_the_first_segment_of_a_path_is_its_kind(path, kind):
    assert kind_of(path) == kind
    assert blank("harbour", path, "points").kind == kind


@pytest.mark.parametrize(
    "path", ["", "member", "member:", "treasury:", "bank:ann", "member:a\nb", "member:" + "a" * 300]
)
def test_what_names_no_account_is_refused(path):
    with pytest.raises(Refused) as refusal:
        kind_of(path)

    assert refusal.value.code is Code.ACCOUNT_INVALID


@pytest.mark.parametrize("amount", [0, -1, -MAX_AMOUNT])
def test_an_amount_is_positive(amount):
    with pytest.raises(Refused) as refusal:
        check_amount(amount)

    assert refusal.value.code is Code.AMOUNT_NOT_POSITIVE
    check_amount(1)
    check_amount(MAX_AMOUNT)


def test_only_issuers_and_suspense_may_owe():
    assert blank("harbour", "issuer", "points").floor is None
    assert blank("harbour", "suspense", "points").floor is None
    assert blank("harbour", "treasury", "points").floor == 0


def test_nobody_pays_more_than_they_have():
    assert code_of([Leg(make_account(balance=5), -6)]) is Code.INSUFFICIENT_FUNDS
    check([Leg(make_account(balance=5), -5)])


def test_what_is_held_cannot_be_paid():
    assert code_of([Leg(make_account(balance=5, held=2), -4)]) is Code.INSUFFICIENT_FUNDS


def test_an_account_takes_no_more_than_its_ceiling():
    assert code_of([Leg(make_account(ceiling=10, balance=8), 3)]) is Code.CEILING_REACHED
    check([Leg(make_account(ceiling=10, balance=8), 2)])


def test_a_balance_never_leaves_64_bits():
    assert code_of([Leg(make_account(balance=MAX_AMOUNT), 1)]) is Code.BALANCE_OVERFLOW
    issuer = make_account("issuer", balance=-MAX_AMOUNT)
    assert code_of([Leg(issuer, -1)]) is Code.BALANCE_OVERFLOW


def test_a_frozen_account_receives_but_does_not_pay():
    frozen = make_account(balance=5, state="frozen")

    assert code_of([Leg(frozen, -1)]) is Code.ACCOUNT_FROZEN
    check([Leg(frozen, 1)])


def test_a_closed_account_does_neither():
    assert code_of([Leg(make_account(state="closed"), 1)]) is Code.ACCOUNT_CLOSED


def test_what_an_earlier_leg_gave_counts_for_a_later_one():
    account = make_account()

    check([Leg(account, 5), Leg(account, -5)])

    assert code_of([Leg(account, 5), Leg(account, -6)]) is Code.INSUFFICIENT_FUNDS
    assert account.balance == 0


def test_posting_moves_the_balance_and_numbers_it():
    payer, payee = make_account(balance=5, id=1, version=3), make_account("member:bob", id=2)

    postings = post(7, [Leg(payer, -2), Leg(payee, 2)])

    assert postings == [
        (7, 0, "harbour", 1, "points", -2, 3, 4),
        (7, 1, "harbour", 2, "points", 2, 2, 1),
    ]
