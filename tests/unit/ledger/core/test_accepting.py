"""A payment of another amount waits in suspense, and is refunded, or accepted by two persons."""

import pytest

from contracts.values import PaymentReceived, PaymentReturned
from ledger.core.booking import book
from ledger.core.books import Terms
from ledger.core.refusals import Code
from tests.ledger_books import (
    accept,
    ask,
    ask_back,
    decide,
    make_books,
    note,
    pay,
    share,
)

HALL = "group:!quay:example.org"


@pytest.fixture
def books():
    return make_books()


def had(books):
    """Return what each account of CNY has or owes, and is not nothing."""
    accounts = books.accounts.values()
    return {a.path: a.balance for a in accounts if a.asset == "CNY" and a.balance}


def came(books, amount, *, wanted=990, **fields):
    """Return a payment that came in with ``amount``, and what was told of it."""
    fields = {"destination": HALL, **fields}
    payment = book(books, [ask("ann", wanted, **fields)]).verdicts[0].detail
    batch = book(books, [note(payment, "captured", "pi_1", amount)])
    assert batch.verdicts[0].code == ""
    return payment, told(batch)


def told(batch):
    payloads = [event.payload for event in batch.facts]
    return [p for p in payloads if isinstance(p, (PaymentReceived, PaymentReturned))]


def code(books, command):
    return book(books, [command]).verdicts[0].code


def requested(books, command):
    [verdict] = book(books, [command]).verdicts
    assert verdict.code == Code.APPROVAL_NEEDED
    return verdict.detail.split()[1]


@pytest.mark.parametrize("amount", [1, 989, 991, 5_000])
def test_another_amount_waits_in_suspense_and_opens_nothing(books, amount):
    payment, facts = came(books, amount)

    assert had(books) == {"provider:stripe": -amount, "suspense": amount}
    assert facts == []
    assert books.payments[payment].standing == (amount, 0, "differs")


def test_what_is_accepted_goes_to_whom_it_was_asked_for_and_opens_it(books):
    payment, _ = came(books, 800)
    request = requested(books, accept(payment))
    waiting = had(books)

    batch = book(books, [decide(request)])

    assert waiting == {"provider:stripe": -800, "suspense": 800}
    assert had(books) == {"provider:stripe": -800, HALL: 800}
    [fact] = told(batch)
    assert (type(fact), fact.amount, fact.destination) == (PaymentReceived, 800, HALL)
    assert books.payments[payment].standing == (800, 0, "captured")
    assert code(books, accept(payment)) == Code.PAYMENT_SETTLED


def test_nobody_accepts_alone_and_not_without_a_name(books):
    payment, _ = came(books, 800)
    request = requested(books, accept(payment, by="bob"))

    assert code(books, decide(request, by="bob")) == Code.OWN_REQUEST
    assert code(books, accept(payment, by="")) == Code.MEMBER_INVALID
    assert had(books)["suspense"] == 800


def test_what_was_too_much_is_given_back_and_the_rest_accepted(books):
    payment, _ = came(books, 1_090)
    early = requested(books, accept(payment))
    refund = book(books, [ask_back(payment, 100)]).verdicts[0].detail
    returned = book(books, [note(payment, "refunded", refund, 100)])
    late = requested(books, accept(payment, 990))

    assert told(returned) == []
    assert code(books, decide(early)) == Code.AMOUNT_DIFFERS
    assert code(books, decide(late)) == ""
    assert had(books) == {"provider:stripe": -990, HALL: 990}
    assert books.payments[payment].standing == (1_090, 100, "refunded_part")


def test_all_of_it_is_given_back_and_nothing_was_ever_opened(books):
    payment, _ = came(books, 1_090)
    refund = book(books, [ask_back(payment)]).verdicts[0].detail

    batch = book(books, [note(payment, "refunded", refund, 1_090)])

    assert had(books) == {}
    assert told(batch) == []
    assert books.payments[payment].standing.state == "refunded"
    assert code(books, accept(payment)) == Code.PAYMENT_SETTLED


def test_what_was_accepted_is_disputed_like_any_other(books):
    payment, _ = came(books, 800)
    book(books, [decide(requested(books, accept(payment)))])
    book(books, [pay(HALL, "member:cid", 500, asset="CNY")])

    batch = book(books, [note(payment, "disputed", "dp_1", 800)])

    assert had(books) == {"member:cid": 500, f"receivable:{HALL}": -500}
    assert [(fact.amount, fact.owed) for fact in told(batch)] == [(800, 500)]


def test_a_dispute_takes_it_from_suspense_and_gives_it_back_there(books):
    payment, _ = came(books, 800)

    book(books, [note(payment, "disputed", "dp_1", 800)])
    gone = had(books), code(books, accept(payment))
    book(books, [note(payment, "dispute_won", "dp_1", 800)])

    assert gone == ({}, Code.PAYMENT_SETTLED)
    assert had(books) == {"provider:stripe": -800, "suspense": 800}
    assert code(books, decide(requested(books, accept(payment)))) == ""
    assert had(books) == {"provider:stripe": -800, HALL: 800}


def test_it_is_shared_when_it_is_accepted_by_the_rule_of_then(books):
    book(books, [share({"house": 10_000})])
    payment, _ = came(books, 1_000)
    book(books, [share({"network": 6_000})])

    book(books, [decide(requested(books, accept(payment)))])
    book(books, [note(payment, "refunded", "re_1", 500)])

    assert had(books) == {"provider:stripe": -500, "network": 300, HALL: 200}


def test_a_topup_is_as_old_as_its_payment_when_it_is_accepted():
    books = make_books(terms=Terms(paid_gifts=True, maturity_days=1))
    payment, _ = came(books, 50, destination=None)
    request = requested(books, accept(payment))
    books.now_ms += 86_400_000 - 1
    book(books, [decide(request)])
    gift = pay("member:ann", "member:bob", 50, asset="CNY")

    assert code(books, gift) == Code.NOT_MATURE
    books.now_ms += 1
    assert code(books, pay("member:ann", "member:bob", 50, asset="CNY")) == ""


def test_what_came_as_it_was_asked_for_needs_nobody(books):
    payment, facts = came(books, 990)

    assert [fact.amount for fact in facts] == [990]
    assert code(books, accept(payment)) == Code.PAYMENT_SETTLED
    assert code(books, accept("none")) == Code.PAYMENT_UNKNOWN


def test_more_never_goes_back_than_came_in(books):
    payment, _ = came(books, 800)

    assert code(books, note(payment, "refunded", "re_1", 991)) == Code.AMOUNT_DIFFERS
    assert code(books, note(payment, "refunded", "re_1", 990)) == ""
    assert had(books) == {}
