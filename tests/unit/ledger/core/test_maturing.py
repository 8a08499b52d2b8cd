"""What was paid for is spent at once, and given to others when it has matured."""

import pytest

from ledger.core.booking import book
from ledger.core.books import Terms
from ledger.core.caps import DAY_MS
from ledger.core.refusals import Code
from tests.ledger_books import (
    NOW_MS,
    ask,
    capture,
    fund,
    hold,
    make_books,
    matures,
    note,
    pay,
    reverse,
    send,
    share,
    take,
)

HALL = "group:!quay:example.org"
IN_CNY = {"asset": "CNY"}


@pytest.fixture
def books():
    return make_books(terms=Terms(paid_gifts=True, maturity_days=14))


def say(books, *commands):
    return [verdict.code for verdict in book(books, commands).verdicts]


def topped_up(books, amount, name="pi_1", member="ann"):
    payment = book(books, [ask(member, amount)]).verdicts[0].detail
    assert say(books, note(payment, "captured", name, amount)) == [""]
    return payment


def gift(amount, source="ann"):
    return pay(f"member:{source}", "member:bob", amount, asset="CNY")


def test_young_credit_is_spent_and_not_given(books):
    topped_up(books, 100)

    assert say(
        books,
        gift(1),
        send("ann", 10, 2, packet=IN_CNY),
        hold("member:ann", "member:bob", 1, asset="CNY"),
        pay("member:ann", HALL, 60, asset="CNY"),
        hold("member:ann", HALL, 40, asset="CNY"),
    ) == [Code.NOT_MATURE] * 3 + ["", ""]


def test_it_can_be_given_from_the_millisecond_on_in_which_it_matures(books):
    topped_up(books, 100)

    books.now_ms = NOW_MS + 14 * DAY_MS - 1
    early = say(books, gift(1))
    books.now_ms += 1

    assert (early, say(books, gift(100))) == ([Code.NOT_MATURE], [""])


def test_the_refusal_says_when_how_much_matures(books):
    book(books, [fund("ann", 30, asset="CNY")])
    for number, amount in enumerate((50, 20, 7, 5)):
        topped_up(books, amount, f"pi_{number}")
        books.now_ms += DAY_MS
    book(books, [pay("member:ann", HALL, 60, asset="CNY")])

    [verdict] = book(books, [gift(40)]).verdicts

    assert verdict.code == Code.NOT_MATURE
    # 52 are left, of which the 82 that were paid for come last: 30 short of giving any.
    assert verdict.detail == (
        "0 CNY can be given now, 20 more at 2025-06-29T15:06:40Z, 20 more at 2025-06-30T15:06:40Z,"
        " 7 more at 2025-07-01T15:06:40Z"
    )


def test_what_matures_first_is_spent_first(books):
    book(books, [fund("ann", 50, asset="CNY")])
    topped_up(books, 100)

    assert say(books, pay("member:ann", HALL, 30, asset="CNY"), gift(21), gift(20)) == [
        "", Code.NOT_MATURE, "",
    ]  # fmt: skip


def test_nothing_becomes_older_by_going_out_and_coming_back(books):
    topped_up(books, 100)
    spent = pay("member:ann", HALL, 100, asset="CNY")

    assert say(books, spent, reverse(spent), gift(1)) == ["", "", Code.NOT_MATURE]
    assert say(books, pay("member:ann", HALL, 100, asset="CNY")) == [""]
    assert say(books, pay(HALL, "member:ann", 100, asset="CNY"), gift(1)) == ["", Code.NOT_MATURE]


def test_what_went_back_to_the_payer_keeps_nothing_young(books):
    book(books, [fund("ann", 50, asset="CNY")])
    payment = topped_up(books, 100)

    assert say(books, note(payment, "refunded", "re_1", 100), gift(50)) == ["", ""]


def test_a_dispute_that_is_won_makes_nothing_younger(books):
    payment = topped_up(books, 100)
    books.now_ms += 13 * DAY_MS
    book(books, [note(payment, "disputed", "dp_1", 100)])
    books.now_ms += DAY_MS
    book(books, [note(payment, "dispute_won", "dp_1", 100)])

    assert say(books, gift(100)) == [""]


def test_a_share_of_anothers_payment_matures_as_well(books):
    book(books, [share({"member:cid": 5_000})])
    payment = book(books, [ask("ann", 100, destination=HALL)]).verdicts[0].detail
    book(books, [note(payment, "captured", "pi_1", 100)])

    assert say(books, gift(1, "cid")) == [Code.NOT_MATURE]


def test_packets_of_the_house_wait_too_and_its_transfers_do_not(books):
    payment = book(books, [ask("ann", 100, destination="treasury")]).verdicts[0].detail
    book(books, [note(payment, "captured", "pi_1", 100)])

    assert say(
        books,
        send("", 10, 2, packet={"source": "treasury", **IN_CNY}),
        pay("treasury", "member:ann", 100, asset="CNY"),
    ) == [Code.NOT_MATURE, ""]


def test_what_was_put_aside_before_is_paid_whatever_came_in_since(books):
    book(books, [fund("ann", 50, asset="CNY")])
    placed = book(books, [hold("member:ann", "member:bob", 30, asset="CNY")]).verdicts[0].hold_id
    topped_up(books, 100)

    assert say(books, gift(21), gift(20), capture(placed)) == [Code.NOT_MATURE, "", ""]


def test_who_took_a_share_may_give_it_on(books):
    book(books, [fund("ann", 50, asset="CNY"), send("ann", 50, 2, packet=IN_CNY), take("cid")])

    assert say(books, gift(25, "cid")) == [""]


def test_who_lacks_the_money_is_told_so(books):
    topped_up(books, 100)

    assert say(books, gift(101)) == [Code.INSUFFICIENT_FUNDS]


def test_what_is_said_of_an_asset_holds_from_then_on(books):
    topped_up(books, 100)
    books.now_ms += DAY_MS

    assert say(books, matures(2), gift(1), matures(1), gift(1), matures(0), gift(99)) == [
        "", Code.NOT_MATURE, "", "", "", "",
    ]  # fmt: skip
    assert books.maturities["harbour", "CNY"] == (3, 0)


@pytest.mark.parametrize(
    "command", [matures(-1), matures(366), matures(5, asset="points"), matures(5, asset="")]
)
def test_only_paid_credit_matures_and_within_a_year(books, command):
    assert say(books, command) == [Code.MATURITY_INVALID]
    assert books.maturities == {}


def test_points_are_given_as_ever(books):
    book(books, [fund("ann", 10)])

    assert say(books, pay("member:ann", "member:bob", 5), send("ann", 5, 2)) == ["", ""]
