"""A debt that nobody will pay is borne by the house, when a second person says so."""

import pytest

from contracts.values import Transferred
from ledger.core.booking import book
from ledger.core.refusals import Code
from tests.ledger_books import (
    NETWORK,
    ask,
    decide,
    make_books,
    note,
    pay,
    reverse,
    write_off,
)

OWED = "receivable:member:eve"


@pytest.fixture
def books():
    """Eve owes 80 of paid credit, and the house has 100."""
    books = make_books()
    payment = book(books, [ask("eve", 90)]).verdicts[0].detail
    book(
        books,
        [
            note(payment, "captured", "pi_1", 90),
            pay("member:eve", "group:g", 80, asset="CNY"),
            note(payment, "dispute_lost", "dp_1", 90),
            pay("issuer", "house", 100, asset="CNY"),
        ],
    )
    return books


def balance(books, path):
    return books.account(NETWORK, path, "CNY").balance


def asked(books, command):
    """Return the request that waits since ``command``."""
    [verdict] = book(books, [command]).verdicts
    assert verdict.code == Code.APPROVAL_NEEDED
    return verdict.detail.split()[1]


def code(books, command):
    return book(books, [command]).verdicts[0].code


def test_nothing_is_written_off_before_a_second_person_says_so(books):
    request = asked(books, write_off("member:eve"))
    waiting = (balance(books, OWED), balance(books, "house"))

    batch = book(books, [decide(request)])

    assert waiting == (-80, 100)
    assert (balance(books, OWED), balance(books, "house")) == (0, 20)
    assert [(txn.kind, txn.purpose) for txn in batch.txns] == [("write_off", "gone")]
    assert batch.verdicts[0].amount == 80
    [fact] = [e.payload for e in batch.facts if isinstance(e.payload, Transferred)]
    assert (fact.source, fact.destination, fact.amount) == ("house", OWED, 80)


def test_however_little_it_is_and_whoever_asks_it_waits(books):
    assert code(books, write_off("member:eve", 1)) == Code.APPROVAL_NEEDED
    assert code(books, write_off("member:eve", 1, by="", key="rest:bob:1")) == Code.APPROVAL_NEEDED
    assert code(books, write_off("member:eve", 1, by="")) == Code.MEMBER_INVALID


def test_nobody_approves_their_own(books):
    request = asked(books, write_off("member:eve", by="ann"))

    assert code(books, decide(request, by="ann")) == Code.OWN_REQUEST
    assert balance(books, OWED) == -80


def test_a_part_is_written_off_and_then_the_rest(books):
    first = asked(books, write_off("member:eve", 30))
    second = asked(books, write_off("member:eve"))

    assert code(books, decide(first)) == ""
    assert code(books, decide(second)) == Code.DEBT_EXCEEDED
    third = asked(books, write_off("member:eve"))
    assert (code(books, decide(third)), balance(books, OWED)) == ("", 0)
    assert balance(books, "house") == 20


def test_what_was_paid_meanwhile_is_not_written_off(books):
    request = asked(books, write_off("member:eve"))
    payment = book(books, [ask("eve", 10)]).verdicts[0].detail
    book(books, [note(payment, "captured", "pi_2", 10)])

    assert code(books, decide(request)) == Code.DEBT_EXCEEDED
    assert (balance(books, OWED), balance(books, "house")) == (-70, 100)


def test_who_bears_it_has_to_have_it(books):
    request = asked(books, write_off("member:eve", bearer="treasury"))

    assert code(books, decide(request)) == Code.INSUFFICIENT_FUNDS
    assert balance(books, OWED) == -80


def test_what_is_written_off_stays_so(books):
    wanted = write_off("member:eve")
    book(books, [decide(asked(books, wanted))])

    assert code(books, reverse(wanted)) == Code.NOT_REVERSIBLE


def test_who_asked_may_take_it_back_while_it_waits(books):
    wanted = write_off("member:eve")
    request = asked(books, wanted)

    book(books, [reverse(wanted)])

    assert code(books, decide(request)) == Code.REQUEST_DECIDED


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (write_off("member:eve", 81), Code.DEBT_EXCEEDED),
        (write_off("member:eve", -1), Code.DEBT_EXCEEDED),
        (write_off("member:bob"), Code.DEBT_EXCEEDED),
        (write_off("member:eve", asset="points"), Code.DEBT_EXCEEDED),
        (write_off("member:eve", asset="none"), Code.ASSET_UNKNOWN),
        (write_off("member:eve", bearer="member:ann"), Code.BEARER_INVALID),
        (write_off("member:eve", bearer="issuer"), Code.BEARER_INVALID),
        (write_off("member:eve", why=" "), Code.TEXT_INVALID),
        (write_off("member:eve", why="x" * 201), Code.TEXT_INVALID),
        (write_off("nobody"), Code.ACCOUNT_INVALID),
        (write_off("member:" + "e" * 290), Code.ACCOUNT_INVALID),
    ],
)
def test_no_more_is_written_off_than_is_owed_and_never_without_a_reason(books, command, why):
    assert code(books, command) == why
    assert books.requests == {}
