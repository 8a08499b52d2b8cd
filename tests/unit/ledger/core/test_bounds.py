"""What an account may hold, and where goes what it cannot take."""

import pytest

from ledger.core.booking import book
from ledger.core.books import Terms
from ledger.core.refusals import Code
from tests.ledger_books import NETWORK, bound, close, fund, make_books, pay, send


def codes(batch):
    return [verdict.code for verdict in batch.verdicts]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (bound("member:ann", -50), ""),
        (bound("member:ann", 0, 100), ""),
        (bound("member:eve", -50, 10), ""),
        (bound("issuer", -1_000, asset="CNY"), ""),
        (bound("suspense", boundless=True), ""),
        (bound("suspense", state="frozen"), ""),
        (bound("suspense", 0, 100), Code.BOUNDS_INVALID),
        (bound("suspense", state="closed"), Code.BOUNDS_INVALID),
        (bound("suspense:lost", state="closed"), ""),
        (bound("house:fees", 0, 5, state="frozen"), ""),
        (bound("member:ann", 101), Code.BOUNDS_BROKEN),
        (bound("member:ann", 0, 99), Code.BOUNDS_BROKEN),
        (bound("member:ann", state="closed"), Code.BOUNDS_BROKEN),
        (bound("member:eve", state="closed"), ""),
        (bound("member:ann", 10, 9), Code.BOUNDS_INVALID),
        (bound("member:ann", boundless=True), Code.BOUNDS_INVALID),
        (bound("issuer", -5, boundless=True), Code.BOUNDS_INVALID),
        (bound("member:ann", -(2**63)), Code.BOUNDS_INVALID),
        (bound("member:ann", 0, -1), Code.BOUNDS_INVALID),
        (bound("member:ann", state="lost"), Code.BOUNDS_INVALID),
        (bound("member:ann", asset="gold"), Code.ASSET_UNKNOWN),
        (bound("packet:x"), Code.ACCOUNT_RESERVED),
        (bound("bank:x"), Code.ACCOUNT_INVALID),
        (bound("escrow"), Code.ACCOUNT_INVALID),
    ],
)
def test_bounds_are_such_that_the_account_stands_within_them(command, code):
    batch = book(make_books(), [fund("ann", 100), command])

    assert codes(batch) == ["", code]
    assert bool(batch.bounds) == (code == "")
    assert len(batch.txns) == 1


def test_an_account_may_owe_as_much_as_was_said_and_no_more():
    batch = book(
        make_books(),
        [
            bound("member:ann", -30),
            pay("member:ann", "member:bob", 30),
            pay("member:ann", "member:bob", 1),
            fund("ann", 10),
            bound("member:ann", -20),
            pay("member:ann", "member:bob", 1),
        ],
    )

    assert codes(batch) == ["", "", Code.INSUFFICIENT_FUNDS, "", "", Code.INSUFFICIENT_FUNDS]


def test_the_ceiling_of_an_issuer_is_how_much_there_can_ever_be():
    batch = book(make_books(), [bound("issuer", -10), fund("ann", 10), fund("bob", 1)])

    assert codes(batch) == ["", "", Code.INSUFFICIENT_FUNDS]


def test_nothing_leaves_a_frozen_account_and_nothing_reaches_a_closed_one():
    batch = book(
        make_books(),
        [
            fund("ann", 10),
            bound("member:ann", state="frozen"),
            fund("ann", 1),
            pay("member:ann", "member:bob", 1),
            bound("member:cid", state="closed"),
            fund("cid", 1),
            bound("member:cid", state="open"),
            fund("cid", 1),
        ],
    )

    assert codes(batch) == ["", "", "", Code.ACCOUNT_FROZEN, "", Code.ACCOUNT_CLOSED, "", ""]


@pytest.mark.parametrize("ceiling", [0, 95])
def test_what_a_sender_cannot_take_back_waits_in_suspense(ceiling):
    books = make_books()
    sent = book(books, [fund("ann", 100), send("ann", 10, 2)])
    state = "" if ceiling else "closed"
    leave = [] if ceiling else [pay("member:ann", "treasury", 90)]
    book(books, [*leave, bound("member:ann", 0, ceiling, state=state)])

    batch = book(books, [close(sent.verdicts[1].packet_id)])

    reason = Code.CEILING_REACHED if ceiling else Code.ACCOUNT_CLOSED
    assert (batch.verdicts[0].code, batch.verdicts[0].detail) == ("", f"{reason}: member:ann")
    assert books.account(NETWORK, "suspense", "points").balance == 10


def test_a_transfer_goes_to_suspense_only_if_it_says_so_and_has_to():
    books = make_books()
    book(books, [bound("member:ann", 0, 10)])

    batch = book(
        books,
        [
            pay("issuer", "member:ann", 11),
            pay("issuer", "member:ann", 11, or_suspense=True),
            pay("issuer", "member:ann", 10, or_suspense=True),
            pay("member:bob", "member:ann", 5, or_suspense=True),
        ],
    )

    assert codes(batch) == [Code.CEILING_REACHED, "", "", Code.INSUFFICIENT_FUNDS]
    told = [fact.payload for fact in batch.facts]
    assert [getattr(fact, "destination", None) for fact in told] == [
        None,
        "suspense",
        "member:ann",
        None,
    ]
    assert books.account(NETWORK, "suspense", "points").balance == 11


def test_what_waits_in_suspense_already_is_not_moved_there_again():
    batch = book(
        make_books(),
        [
            pay("issuer", "suspense", 10),
            bound("member:ann", 0, 1),
            pay("suspense", "member:ann", 5, or_suspense=True),
        ],
    )

    assert codes(batch) == ["", "", Code.CEILING_REACHED]
    assert len(batch.txns) == 1


def test_suspense_keeps_from_its_issuer_what_may_not_be_passed_on_and_from_nobody_else():
    batch = book(
        make_books(),
        [
            bound("member:eve", 0, 1, asset="reputation"),
            pay("issuer", "member:eve", 2, asset="reputation", or_suspense=True),
            fund("ann", 10, asset="reputation"),
            bound("issuer", -100, -12, asset="reputation"),
            pay("member:ann", "issuer", 5, asset="reputation", or_suspense=True),
        ],
    )

    assert codes(batch) == ["", "", "", "", Code.CEILING_REACHED]


def test_a_newcomer_with_no_room_for_the_grant_is_waited_for_in_suspense():
    batch = book(
        make_books(terms=Terms(opening_grant=100)),
        [bound("member:ann", 0, 50), pay("issuer", "member:ann", 5, or_suspense=True)],
    )

    assert codes(batch) == ["", ""]
    assert batch.verdicts[1].detail == "ceiling_reached: member:ann"
    assert len(batch.txns) == 1
