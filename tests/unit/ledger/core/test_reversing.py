"""What was booked is taken back by one more transaction, once."""

from contracts.values import LedgerRefused, SplitMode, Transferred
from ledger.core.refusals import Code
from tests.ledger_books import fund, make_books, make_command, pay, reverse, send
from tests.unit.ledger.core.test_booking import answer, balance, codes, payloads


def test_a_reversal_books_the_opposite_and_names_what_it_takes_back():
    books = make_books()
    paid = pay("member:ann", "treasury", 4)
    answer(fund("ann", 10), paid, books=books)

    batch = answer(reverse(paid), books=books)

    assert codes(batch) == [""]
    assert (balance(books, "member:ann"), balance(books, "treasury")) == (10, 0)
    (txn,) = batch.txns
    assert (txn.kind, txn.reverses) == ("reversal", 2)
    (fact,) = payloads(batch, Transferred)
    assert (fact.source, fact.destination, fact.amount) == ("treasury", "member:ann", 4)
    assert fact.reverses == paid.key


def test_what_is_taken_back_once_stays_so():
    books = make_books()
    paid = fund("ann", 10)

    batch = answer(paid, reverse(paid), reverse(paid), books=books)

    assert codes(batch) == ["", "", Code.REVERSED_BEFORE]
    assert balance(books, "member:ann") == 0


def test_reputation_goes_back_to_its_issuer():
    books = make_books()
    given = fund("ann", 3, asset="reputation")

    batch = answer(given, reverse(given), books=books)

    assert codes(batch) == ["", ""]
    assert balance(books, "member:ann", "reputation") == 0


def test_a_refused_command_leaves_nothing_to_take_back():
    refused = pay("member:eve", "treasury", 1)

    batch = answer(refused, reverse(refused))

    assert codes(batch) == [Code.INSUFFICIENT_FUNDS, Code.NOTHING_BOOKED]


def test_a_command_that_is_taken_back_before_it_comes_is_answered_for_ever():
    books = make_books()
    late = fund("ann", 10)

    batch = answer(reverse(late), late, late, books=books)

    assert codes(batch) == [Code.NOTHING_BOOKED, Code.WITHDRAWN, Code.WITHDRAWN]
    assert balance(books, "member:ann") == 0
    assert [fact.code for fact in payloads(batch, LedgerRefused)] == [Code.NOTHING_BOOKED]


def test_a_packet_is_closed_and_not_reversed():
    sent = send("ann", 4, 2, mode=SplitMode.EQUAL)

    batch = answer(fund("ann", 4), sent, reverse(sent))

    assert codes(batch) == ["", "", Code.NOT_REVERSIBLE]


def test_what_was_spent_since_cannot_be_taken_back():
    given = fund("ann", 10)

    batch = answer(given, pay("member:ann", "member:bob", 4), reverse(given))

    assert codes(batch) == ["", "", Code.INSUFFICIENT_FUNDS]


def test_a_reversal_has_no_reversal():
    given = fund("ann", 10)
    back = reverse(given)

    batch = answer(given, back, reverse(back), make_command(back.body))

    assert codes(batch) == ["", "", Code.NOT_REVERSIBLE, Code.REVERSED_BEFORE]
