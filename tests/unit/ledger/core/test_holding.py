"""Money put aside: who can touch it, how it is paid, and when it is free again."""

import pytest

from contracts.values import HoldChanged, LedgerRefused, Transferred
from ledger.core.booking import book
from ledger.core.books import Terms
from ledger.core.refusals import Code
from tests.ledger_books import (
    NETWORK,
    NOW_MS,
    SCENE,
    bound,
    capture,
    fund,
    hold,
    make_books,
    pay,
    release,
    reverse,
    send,
)

DAY_MS = 86_400_000


def codes(batch):
    return [verdict.code for verdict in batch.verdicts]


def held(books, path="member:ann"):
    account = books.account(NETWORK, path, "points")
    return account.balance, account.held


@pytest.fixture
def books():
    """Books in which ann has 100."""
    books = make_books()
    book(books, [fund("ann", 100)])
    return books


@pytest.fixture
def hold_id(books):
    """A hold of 60 of ann's 100, for the treasury."""
    return book(books, [hold("member:ann", "treasury", 60)]).verdicts[0].hold_id


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (hold("member:ann", "treasury", 100), ""),
        (hold("member:ann", "treasury", 101), Code.INSUFFICIENT_FUNDS),
        (hold("member:ann", "treasury", 0), Code.AMOUNT_NOT_POSITIVE),
        (hold("member:ann", "member:ann", 1), Code.SAME_ACCOUNT),
        (hold("member:ann", "packet:x", 1), Code.ACCOUNT_RESERVED),
        (hold("member:ann", "bank:x", 1), Code.ACCOUNT_INVALID),
        (hold("member:ann", "treasury", 1, asset="gold"), Code.ASSET_UNKNOWN),
        (hold("member:ann", "treasury", 1, asset="reputation"), Code.ASSET_NOT_TRANSFERABLE),
        (hold("member:ann", "treasury", 1, lifetime_ms=999), Code.LIFETIME_INVALID),
        (hold("member:ann", "treasury", 1, lifetime_ms=91 * DAY_MS), Code.LIFETIME_INVALID),
        (hold("member:ann", "treasury", 1, purpose="x" * 201), Code.TEXT_INVALID),
        (hold("issuer", "member:ann", 2**63 - 1), Code.BALANCE_OVERFLOW),
        (hold("issuer", "member:ann", 2**62), ""),
    ],
)
def test_what_can_be_put_aside(books, command, code):
    batch = book(books, [command])

    assert codes(batch) == [code]
    assert (batch.verdicts[0].hold_id is None) == bool(code)
    assert batch.txns == []


def test_what_is_held_is_spent_on_nothing_else(books, hold_id):
    batch = book(
        books,
        [
            pay("member:ann", "member:bob", 41),
            send("ann", 41, 1),
            hold("member:ann", "treasury", 41),
            bound("member:ann", 41),
            pay("member:ann", "member:bob", 40),
        ],
    )

    assert codes(batch) == [*[Code.INSUFFICIENT_FUNDS] * 3, Code.BOUNDS_BROKEN, ""]
    assert held(books) == (60, 60)
    assert book(books, [capture(hold_id)]).verdicts[0].amount == 60


def test_a_hold_is_paid_in_parts_and_never_more_than_it_is(books, hold_id):
    batch = book(
        books, [capture(hold_id, 20), capture(hold_id, 41), capture(hold_id), capture(hold_id)]
    )

    assert codes(batch) == ["", Code.HOLD_EXCEEDED, "", Code.HOLD_ENDED]
    assert [verdict.amount for verdict in batch.verdicts] == [20, None, 40, None]
    assert [verdict.detail for verdict in batch.verdicts] == ["", "40 left", "", "captured"]
    assert (held(books), held(books, "treasury")) == ((40, 0), (60, 0))


def test_the_last_capture_frees_the_rest(books, hold_id):
    batch = book(books, [capture(hold_id, 1, last=True), release(hold_id)])

    assert codes(batch) == ["", Code.HOLD_ENDED]
    assert held(books) == (99, 0)
    assert [(step.what, step.amount) for step in batch.steps] == [("captured", 1), ("released", 59)]


def test_a_released_hold_is_free_again(books, hold_id):
    batch = book(books, [capture(hold_id, 10), release(hold_id), pay("member:ann", "treasury", 90)])

    assert codes(batch) == ["", "", ""]
    assert batch.verdicts[1].amount == 50
    assert held(books) == (0, 0)


def test_a_hold_ends_when_its_time_is_over_and_not_before(books, hold_id):
    early = book(books, [release(hold_id, "expired")])
    books.now_ms = NOW_MS + 7 * DAY_MS
    late = book(books, [capture(hold_id), release(hold_id, "expired"), release(hold_id)])

    assert codes(early) == [Code.NOT_EXPIRED]
    assert codes(late) == [Code.HOLD_EXPIRED, "", Code.HOLD_ENDED]
    assert held(books) == (100, 0)


def test_a_capture_that_is_refused_changes_nothing(books, hold_id):
    refused = book(
        books,
        [
            bound("treasury", 0, 59),
            capture(hold_id),
            bound("member:ann", state="frozen"),
            capture(hold_id, 1),
            capture(hold_id, -1),
            release(hold_id, "bored"),
        ],
    )

    assert codes(refused)[1::2] == [Code.CEILING_REACHED, Code.ACCOUNT_FROZEN, Code.REASON_INVALID]
    assert codes(refused)[4] == Code.AMOUNT_NOT_POSITIVE
    assert held(books) == (100, 60)
    assert refused.steps == refused.txns == []


def test_a_hold_of_another_network_is_unknown(books, hold_id):
    elsewhere = SCENE.__class__(network="elsewhere")

    batch = book(books, [capture(hold_id, scene=elsewhere), release("nothing")])

    assert codes(batch) == [Code.HOLD_UNKNOWN] * 2


def test_a_capture_can_be_taken_back_and_a_hold_cannot(books):
    placed = hold("member:ann", "treasury", 60)
    hold_id = book(books, [placed]).verdicts[0].hold_id
    paid = capture(hold_id, 20)
    book(books, [paid])

    batch = book(books, [reverse(paid), reverse(placed), reverse(paid)])

    assert codes(batch) == ["", Code.NOT_REVERSIBLE, Code.REVERSED_BEFORE]
    assert held(books) == (100, 40)


def test_every_step_is_told_once_with_an_id_of_its_own(books):
    placed = book(books, [hold("member:ann", "treasury", 60, purpose="seat")])
    paid = book(books, [capture(placed.verdicts[0].hold_id, 20, last=True)])

    told = [fact.payload for fact in placed.facts + paid.facts]
    assert [type(fact) for fact in told] == [HoldChanged, Transferred, HoldChanged, HoldChanged]
    assert [fact.what for fact in told if isinstance(fact, HoldChanged)] == [
        "placed",
        "captured",
        "released",
    ]
    assert (told[1].purpose, told[1].amount) == ("seat", 20)
    assert len({fact.id for fact in placed.facts + paid.facts}) == 4


def test_a_newcomers_first_hold_is_of_the_opening_grant():
    books = make_books(terms=Terms(opening_grant=50))

    batch = book(books, [hold("member:ann", "treasury", 30), hold("member:ann", "treasury", 30)])

    assert codes(batch) == ["", Code.INSUFFICIENT_FUNDS]
    assert held(books) == (50, 30)
    assert [type(fact.payload) for fact in batch.facts] == [Transferred, HoldChanged, LedgerRefused]
    assert [txn.key for txn in batch.txns] == ["grant:member:ann:points"]


def test_a_hold_of_more_than_the_grant_is_refused_and_grants_nothing():
    books = make_books(terms=Terms(opening_grant=50))

    batch = book(books, [hold("member:ann", "treasury", 51)])

    assert codes(batch) == [Code.INSUFFICIENT_FUNDS]
    assert (batch.txns, batch.accounts) == ([], {})
