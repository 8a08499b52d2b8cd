"""Budgets: what may leave an account of the house in a day, a week or a month."""

from datetime import UTC, datetime

import pytest

from ledger.core.booking import book
from ledger.core.books import Budget, Terms
from ledger.core.budgets import span
from ledger.core.caps import DAY_MS
from ledger.core.refusals import Code
from tests.ledger_books import (
    NETWORK,
    NOW_MS,
    budget,
    capture,
    fund,
    hold,
    make_books,
    pay,
    release,
    reverse,
    send,
)

FROM_HOUSE = {"packet": {"source": "treasury"}}


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000


def verdicts(books, *commands):
    return book(books, commands).verdicts


def codes(books, *commands):
    return [verdict.code for verdict in verdicts(books, *commands)]


def spent(books, period="day"):
    return books.budgets[NETWORK, "treasury", "points", period].spent


@pytest.fixture
def books():
    """The treasury has 1,000 points; 100 of them may leave it in a day."""
    books = make_books()
    book(books, [pay("issuer", "treasury", 1_000), budget("treasury", 100)])
    return books


def test_a_transfer_a_packet_and_a_hold_are_spent_of_one_budget(books):
    ways = [
        pay("treasury", "member:ann", 40),
        send("", 30, 3, **FROM_HOUSE),
        hold("treasury", "member:ann", 30),
        pay("treasury", "member:ann", 1),
        send("", 1, 1, **FROM_HOUSE),
        hold("treasury", "member:ann", 1),
    ]

    assert codes(books, *ways) == ["", "", "", *[Code.BUDGET_EXCEEDED] * 3]
    assert spent(books) == 100


def test_a_refusal_says_what_is_left_and_when_it_is_renewed(books):
    [_, refused] = verdicts(
        books, pay("treasury", "member:ann", 60), pay("treasury", "member:ann", 41)
    )

    assert refused.detail == "40 points left today, renewed at 2025-06-16T00:00Z"


def test_the_narrowest_of_the_budgets_holds_and_none_counts_what_is_refused(books):
    book(books, [budget("treasury", 150, "month")])

    assert codes(books, pay("treasury", "member:ann", 100)) == [""]
    books.now_ms += DAY_MS
    late = [pay("treasury", "member:ann", 51), pay("treasury", "member:ann", 50)]

    assert codes(books, *late) == [Code.BUDGET_EXCEEDED, ""]
    assert (spent(books), spent(books, "month")) == (50, 150)


def test_what_the_account_cannot_pay_is_not_spent(books):
    book(books, [budget("treasury", 5_000)])

    assert (
        codes(books, pay("treasury", "member:ann", 2_000), send("", 2_000, 1, **FROM_HOUSE))
        == [Code.INSUFFICIENT_FUNDS] * 2
    )
    assert codes(books, hold("treasury", "member:ann", 2_000)) == [Code.INSUFFICIENT_FUNDS]
    assert spent(books) == 0


def test_what_comes_in_and_what_others_spend_does_not_count(books):
    others = [
        fund("ann", 500),
        pay("member:ann", "treasury", 300),
        pay("member:ann", "house", 200),
        pay("house", "member:bob", 200),
    ]

    assert codes(books, *others) == [""] * 4
    assert spent(books) == 0


def test_what_was_held_is_spent_once_and_what_comes_back_stays_spent(books):
    held = verdicts(books, hold("treasury", "member:ann", 60))[0].hold_id
    paid = pay("treasury", "member:bob", 40)

    assert codes(books, capture(held, 10), release(held), paid, reverse(paid)) == [""] * 4
    assert spent(books) == 100


def test_what_is_said_again_keeps_what_is_spent_and_nothing_ends_it(books):
    book(books, [pay("treasury", "member:ann", 60), budget("treasury", 50)])
    lowered = codes(books, pay("treasury", "member:ann", 1))
    book(books, [budget("treasury", 0)])
    free = codes(books, pay("treasury", "member:ann", 500))
    book(books, [budget("treasury", 100)])

    assert (lowered, free) == ([Code.BUDGET_EXCEEDED], [""])
    assert codes(books, pay("treasury", "member:ann", 100)) == [""]


def test_a_rain_is_spent_as_a_whole(books):
    rain = {"source": "treasury", "drops": 4, "every_ms": 1_000}

    assert codes(books, send("", 101, 2, packet=rain), send("", 100, 2, packet=rain)) == [
        Code.BUDGET_EXCEEDED,
        "",
    ]
    assert spent(books) == 100


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (budget("treasury", 5, "year"), Code.BUDGET_INVALID),
        (budget("treasury", 5, ""), Code.BUDGET_INVALID),
        (budget("treasury", -1), Code.BUDGET_INVALID),
        (budget("member:ann", 5), Code.BUDGET_INVALID),
        (budget("issuer", 5), Code.BUDGET_INVALID),
        (budget("bank", 5), Code.ACCOUNT_INVALID),
        (budget("group:g", 5, asset="gold"), Code.ASSET_UNKNOWN),
        (budget("group:g", 5, "week", asset=""), ""),
    ],
)
def test_accounts_of_the_house_have_budgets(books, said, code):
    assert codes(books, said) == [code]


def test_who_said_a_budget_leaves_an_entry(books):
    batch = book(books, [budget("treasury", 7)])

    assert [(entry.deed, '"why": "spring"' in entry.said) for entry in batch.entries] == [
        ("set_budget", True)
    ]


@pytest.mark.parametrize(
    ("period", "now", "began", "renews"),
    [
        ("day", "2025-06-15T15:06:40", "2025-06-15T00:00", "2025-06-16T00:00"),
        ("week", "2025-06-15T15:06:40", "2025-06-09T00:00", "2025-06-16T00:00"),
        ("week", "2025-06-16T00:00", "2025-06-16T00:00", "2025-06-23T00:00"),
        ("month", "2025-06-15T15:06:40", "2025-06-01T00:00", "2025-07-01T00:00"),
        ("month", "2024-02-29T23:59:59", "2024-02-01T00:00", "2024-03-01T00:00"),
        ("month", "2025-12-31T00:00", "2025-12-01T00:00", "2026-01-01T00:00"),
    ],
)
def test_a_period_is_the_calendars(period, now, began, renews):
    assert span(period, at(now), 0) == (at(began), at(renews))


def test_a_period_begins_where_the_day_does():
    in_china = span("month", at("2025-06-30T16:00"), 8 * 3_600_000)

    assert in_china == (at("2025-06-30T16:00"), at("2025-07-31T16:00"))


def test_a_period_that_has_begun_is_kept_where_the_day_is_moved(books):
    book(books, [pay("treasury", "member:ann", 100)])
    books.terms = Terms(day_shift_ms=8 * 3_600_000)
    books.now_ms = at("2025-06-15T23:00")
    early = codes(books, pay("treasury", "member:ann", 1))
    books.now_ms = at("2025-06-16T01:00")

    assert early == [Code.BUDGET_EXCEEDED]
    assert codes(books, pay("treasury", "member:ann", 1)) == [""]
    since, renews = at("2025-06-16T00:00"), at("2025-06-16T16:00")
    assert books.budgets[NETWORK, "treasury", "points", "day"] == Budget(
        100, 1, NOW_MS, since, renews
    )
