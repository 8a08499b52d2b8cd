"""Points only by default; paid credit is given equally or not at all; nothing is cashed out."""

import pytest

from contracts.values import SplitMode
from ledger.core.booking import book
from ledger.core.books import Terms
from ledger.core.refusals import Code
from tests.ledger_books import (
    NETWORK,
    ask,
    bound,
    fund,
    hold,
    make_books,
    note,
    pay,
    send,
)

CASHBOX = "provider:stripe"
IN_CNY = {"asset": "CNY"}


def codes(books, *commands):
    return [verdict.code for verdict in book(books, commands).verdicts]


@pytest.fixture(params=[True, False], ids=["gifts on", "gifts off"])
def books(request):
    """Ann has 100 points and 100 of paid credit, the treasury too."""
    books = make_books(terms=Terms(paid_gifts=request.param))
    for asset in ("points", "CNY"):
        book(books, [fund("ann", 100, asset=asset), pay("issuer", "treasury", 100, asset=asset)])
    return books


def test_what_was_paid_for_is_a_gift_only_where_the_operator_lets_it_be(books):
    gifts = [
        send("ann", 10, 2, packet=IN_CNY),
        send("", 10, 2, packet={"source": "treasury", **IN_CNY}),
        pay("member:ann", "member:bob", 10, asset="CNY"),
        hold("member:ann", "member:bob", 10, asset="CNY"),
    ]

    assert codes(books, *gifts) == ["" if books.terms.paid_gifts else Code.PAID_GIFTS_OFF] * 4


def test_what_was_paid_for_can_be_spent_and_given_back_by_the_house(books):
    moves = [
        pay("member:ann", "group:g", 10, asset="CNY"),
        hold("member:ann", "treasury", 10, asset="CNY"),
        pay("treasury", "member:ann", 10, asset="CNY"),
    ]

    assert codes(books, *moves) == [""] * 3


def test_points_are_given_as_ever(books):
    gifts = [send("ann", 10, 2, mode=SplitMode.LUCKY), pay("member:ann", "member:bob", 10)]

    assert codes(books, *gifts) == ["", ""]


def test_lucky_packets_are_never_of_paid_credit(books):
    lucky = [
        send("ann", 10, 2, mode=SplitMode.LUCKY, packet=IN_CNY),
        send("", 10, 2, mode=SplitMode.LUCKY, packet={"source": "treasury", **IN_CNY}),
        send("ann", 10, 2, mode=SplitMode.LUCKY, packet={"drops": 2, "every_ms": 1_000, **IN_CNY}),
    ]

    assert codes(books, *lucky) == [Code.ASSET_NOT_GIFTABLE] * 3


def test_nothing_is_cashed_out_by_any_command(books):
    payment = book(books, [ask("ann", 50)]).verdicts[0].detail
    book(books, [note(payment, "captured", "pi_1", 50)])
    ways = [
        pay("member:ann", CASHBOX, 5, asset="CNY"),
        pay("issuer", CASHBOX, 5, asset="CNY"),
        pay("treasury", CASHBOX, 5, asset="CNY", or_suspense=True),
        hold("member:ann", CASHBOX, 5, asset="CNY"),
        bound(CASHBOX, asset="CNY"),
        ask("ann", 5, destination=CASHBOX),
        send("", 10, 2, packet={"source": CASHBOX, **IN_CNY}),
        note(payment, "refunded", "re_1", 51),
        note(payment, "paid_out", "po_1", 5),
    ]

    answers = codes(books, *ways)

    assert "" not in answers
    assert books.account(NETWORK, CASHBOX, "CNY").balance == -50
