"""What the house earns goes in parts to those who share in it, and goes back in the same parts."""

import pytest

from contracts.values import PaymentReceived, PaymentReturned, Transferred
from ledger.core.booking import book
from ledger.core.payments import apportion
from ledger.core.postings import MAX_AMOUNT
from ledger.core.refusals import Code
from tests.ledger_books import ask, bound, make_books, note, pay, share

HALL = "group:!quay:example.org"
OTHER = "group:!pier:example.org"
PARTS = {"network": 6_000, "member:bob": 2_500}


@pytest.fixture
def books():
    return make_books()


def came(books, amount=990, *, name="pi_1", **fields):
    """Return a payment for the group that came in."""
    fields = {"destination": HALL, **fields}
    payment = book(books, [ask("ann", amount, **fields)]).verdicts[0].detail
    [verdict] = book(books, [note(payment, "captured", name, amount)]).verdicts
    assert verdict.code == ""
    return payment


def had(books):
    """Return what each account of CNY has or owes, and is not nothing."""
    accounts = books.accounts.values()
    return {a.path: a.balance for a in accounts if a.asset == "CNY" and a.balance}


def test_each_gets_its_part_and_the_destination_the_rest(books):
    book(books, [share(PARTS)])

    came(books, 990)

    assert had(books) == {
        "provider:stripe": -990, "network": 594, "member:bob": 248, HALL: 148,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "shares", "parts"),
    [
        (100, [3_333, 3_333, 3_334], [33, 33, 34]),
        (1, [5_000, 5_000], [1, 0]),
        (2, [3_334, 3_333, 3_333], [1, 1, 0]),
        (0, [9_999, 1], [0, 0]),
        (MAX_AMOUNT, [1, 9_999], [MAX_AMOUNT // 10_000 + 1, MAX_AMOUNT - MAX_AMOUNT // 10_000 - 1]),
    ],
)
def test_no_unit_is_lost_and_the_largest_remainder_has_the_odd_one(amount, shares, parts):
    assert apportion(amount, shares) == parts


def test_what_goes_back_is_taken_in_the_same_parts_whatever_is_said_meanwhile(books):
    book(books, [share(PARTS)])
    payment = came(books, 1_000)
    book(books, [share({"house": 10_000})])

    book(books, [note(payment, "refunded", "re_1", 300)])
    left = had(books)
    batch = book(books, [note(payment, "disputed", "dp_1", 700)])

    assert left == {"provider:stripe": -700, "network": 420, "member:bob": 175, HALL: 105}
    assert had(books) == {}
    [fact] = [e.payload for e in batch.facts if isinstance(e.payload, PaymentReturned)]
    assert (fact.amount, fact.owed, fact.destination) == (700, 0, HALL)


def test_who_spent_their_part_owes_it_and_pays_it_from_the_next_one(books):
    book(books, [share({"member:bob": 4_000})])
    payment = came(books, 1_000)
    book(books, [pay("member:bob", "house", 300, asset="CNY")])

    batch = book(books, [note(payment, "disputed", "dp_1", 1_000)])
    owing = had(books)
    came(books, 500, name="pi_2")

    assert owing == {"house": 300, "receivable:member:bob": -300}
    [fact] = [e.payload for e in batch.facts if isinstance(e.payload, PaymentReturned)]
    assert fact.owed == 300
    assert had(books) == {
        "provider:stripe": -500, HALL: 300, "house": 300, "receivable:member:bob": -100,
    }  # fmt: skip


def test_every_account_is_told_of_its_own_part_under_its_own_id(books):
    book(books, [share(PARTS)])
    payment = book(books, [ask("ann", 1_000, destination=HALL)]).verdicts[0].detail

    batch = book(books, [note(payment, "captured", "pi_1", 1_000)])

    moved = [e.payload for e in batch.facts if isinstance(e.payload, Transferred)]
    assert [(t.destination, t.amount) for t in moved] == [
        ("network", 600), ("member:bob", 250), (HALL, 150),
    ]  # fmt: skip
    assert len({event.id for event in batch.facts}) == len(batch.facts)
    [fact] = [e.payload for e in batch.facts if isinstance(e.payload, PaymentReceived)]
    assert (fact.amount, fact.destination) == (1_000, HALL)


@pytest.mark.parametrize(
    ("rules", "who"),
    [
        ([{}, {"purpose": "seat"}], 0),
        ([{}, {"purpose": "entry"}], 1),
        ([{"purpose": "entry"}, {"group": "!quay:example.org"}], 1),
        ([{"group": "!quay:example.org"}, {"group": "!pier:example.org"}], 0),
        (
            [
                {"group": "!quay:example.org"},
                {"group": "!quay:example.org", "purpose": "entry"},
            ],
            1,
        ),
    ],
)
def test_the_nearest_rule_holds(books, rules, who):
    book(books, [share({f"house:{n}": 10_000}, **rule) for n, rule in enumerate(rules)])

    came(books, 10)

    assert had(books) == {"provider:stripe": -10, f"house:{who}": 10}


def test_a_rule_that_is_over_leaves_it_to_the_next_nearest(books):
    said = [share({"house": 10_000}), share({"network": 10_000}, purpose="entry")]
    book(books, [*said, share({}, purpose="entry")])

    came(books, 10)
    book(books, [share({})])
    came(books, 5, name="pi_2")

    assert had(books) == {"provider:stripe": -15, "house": 10, HALL: 5}
    assert books.splits["harbour", "", "entry"].version == 2


def test_only_what_the_house_earns_is_shared(books):
    book(books, [share({"network": 10_000})])

    came(books, 10, destination=None)
    came(books, 20, destination="escrow:meal", name="pi_2")

    assert had(books) == {"provider:stripe": -30, "member:ann": 10, "escrow:meal": 20}


def test_a_part_that_cannot_be_taken_waits_in_suspense_and_goes_back_from_there(books):
    book(books, [share({"member:bob": 5_000}), bound("member:bob", 0, 10, asset="CNY")])

    payment = came(books, 100)
    waiting = had(books)
    book(books, [bound("member:bob", asset="CNY"), note(payment, "refunded", "re", 100)])

    assert waiting == {"provider:stripe": -100, "suspense": 50, HALL: 50}
    assert had(books) == {}


def test_what_cannot_be_booked_leaves_the_payment_as_it_was(books):
    book(books, [share({"member:bob": 5_000})])
    payment = book(books, [ask("ann", 100, destination=HALL)]).verdicts[0].detail
    cashbox = books.account("harbour", "provider:stripe", "CNY")
    cashbox.balance = -MAX_AMOUNT

    batch = book(books, [note(payment, "captured", "pi_1", 100)])

    assert batch.verdicts[0].code == Code.BALANCE_OVERFLOW
    assert (batch.shared, books.payments[payment].parts) == ([], ())
    assert (books.payments[payment].payee, books.payments[payment].steps) == ("", 1)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (share({"house": 0}), Code.SPLIT_INVALID),
        (share({"house": 10_001}), Code.SPLIT_INVALID),
        (share({"house": 6_000, "network": 4_001}), Code.SPLIT_INVALID),
        (share({"issuer": 5}), Code.SPLIT_INVALID),
        (share({"suspense": 5}), Code.SPLIT_INVALID),
        (share({"receivable:house": 5}), Code.SPLIT_INVALID),
        (share({"provider:stripe": 5}), Code.SPLIT_INVALID),
        (share({"nobody": 5}), Code.ACCOUNT_INVALID),
        (share({"member:" + "b" * 290: 5}), Code.ACCOUNT_INVALID),
        (share({f"house:{n}": 1 for n in range(21)}), Code.SPLIT_INVALID),
        (share({"house": 5}, purpose="topup"), Code.SPLIT_INVALID),
        (share({"house": 5}, group="a\nb"), Code.SPLIT_INVALID),
    ],
)
def test_nothing_is_said_that_cannot_be_split_by(books, command, code):
    assert [verdict.code for verdict in book(books, [command]).verdicts] == [code]
    assert books.splits == {}


def test_no_account_is_named_twice(books):
    twice = share({"house": 5})
    body = twice.body
    doubled = type(body)(parts=body.parts * 2)

    [verdict] = book(books, [type(twice)(key="k", scene=twice.scene, body=doubled)]).verdicts

    assert verdict.code == Code.SPLIT_INVALID
