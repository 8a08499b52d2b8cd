"""What is given and taken in a day, and how often a password is tried."""

import pytest

from contracts.values import PacketTerms
from ledger.core.booking import book
from ledger.core.books import Cap, Terms
from ledger.core.caps import DAY_MS, TRIES_MS
from ledger.core.refusals import Code
from tests.ledger_books import NOW_MS, close, fund, make_books, pay, send, take

MIDNIGHT_MS = NOW_MS // DAY_MS * DAY_MS
LOCKED = {"terms": PacketTerms(password="sesame")}  # noqa: S106 - what a packet asks for
WRONG, RIGHT = {"password": "open"}, {"password": "sesame"}


def books_with(**terms):
    """Return books with such caps, in which ann and bob have 1,000 points each."""
    books = make_books(terms=Terms(**terms))
    assert codes(books, fund("ann", 1_000), fund("bob", 1_000)) == ["", ""]
    return books


def codes(books, *commands):
    return [verdict.code for verdict in book(books, commands).verdicts]


def test_a_member_sends_so_many_packets_of_so_much_in_a_day():
    books = books_with(sender_cap=Cap(number=2, amount=50))

    assert codes(books, send("ann", 51, 1), send("ann", 30, 1)) == [Code.SENDER_CAP_REACHED, ""]
    assert codes(books, send("ann", 21, 1), send("ann", 20, 1)) == [Code.SENDER_CAP_REACHED, ""]
    assert codes(books, send("ann", 1, 1), send("bob", 1, 1)) == [Code.SENDER_CAP_REACHED, ""]


def test_a_refused_packet_counts_for_nothing_and_a_recalled_one_counts():
    books = books_with(sender_cap=Cap(number=1))

    assert codes(books, send("ann", 2_000, 1)) == [Code.INSUFFICIENT_FUNDS]
    sent = book(books, [send("ann", 10, 1)]).verdicts[0]
    assert codes(books, close(sent.packet_id, "recalled"), send("ann", 10, 1)) == [
        "",
        Code.SENDER_CAP_REACHED,
    ]


def test_a_group_is_sent_so_much_in_a_day_by_whomever():
    books = books_with(group_cap=Cap(amount=30))
    codes(books, pay("issuer", "treasury", 100))
    house = {"source": "treasury"}

    assert codes(books, send("ann", 20, 1), send("bob", 11, 1)) == ["", Code.GROUP_CAP_REACHED]
    assert codes(books, send("", 11, 1, packet=house), send("", 10, 1, packet=house)) == [
        Code.GROUP_CAP_REACHED,
        "",
    ]


def test_a_rain_is_one_packet_of_its_whole_total():
    rain = {"drops": 4, "every_ms": 1_000}
    books = books_with(sender_cap=Cap(number=1, amount=40))

    assert codes(books, send("ann", 41, 2, packet=rain), send("ann", 40, 2, packet=rain)) == [
        Code.SENDER_CAP_REACHED,
        "",
    ]


def test_a_share_that_would_pass_the_cap_is_refused_and_stays_for_others():
    books = books_with(receiver_cap=Cap(amount=15))
    packets = [book(books, [send("ann", 20, 2)]).verdicts[0].packet_id for _ in range(2)]

    assert codes(books, take("cid", packets[0]), take("cid", packets[1])) == [
        "",
        Code.RECEIVER_CAP_REACHED,
    ]
    assert codes(books, take("dan", packets[1]), take("eve", packets[1])) == ["", ""]


@pytest.mark.parametrize(
    ("shift_ms", "turns_ms"),
    [(0, MIDNIGHT_MS + DAY_MS), (8 * 3_600_000, MIDNIGHT_MS + DAY_MS - 8 * 3_600_000)],
)
def test_a_new_day_begins_when_it_does_here(shift_ms, turns_ms):
    books = books_with(sender_cap=Cap(number=1), day_shift_ms=shift_ms)
    books.now_ms = turns_ms - DAY_MS
    assert codes(books, send("ann", 1, 1)) == [""]

    books.now_ms = turns_ms - 1
    assert codes(books, send("ann", 1, 1)) == [Code.SENDER_CAP_REACHED]
    books.now_ms = turns_ms
    assert codes(books, send("ann", 1, 1)) == [""]


def test_whoever_guesses_a_password_too_often_is_shut_out_for_a_minute():
    books = books_with(password_tries=2)
    packet = book(books, [send("ann", 9, 3, packet=LOCKED)]).verdicts[0].packet_id

    guesses = [take("cid", packet, claim=WRONG) for _ in range(2)]
    assert codes(books, *guesses) == [Code.PASSWORD_WRONG] * 2
    assert (
        codes(books, take("cid", packet, claim=RIGHT), take("cid", claim=RIGHT))
        == [Code.TRIES_EXHAUSTED] * 2
    )
    assert codes(books, take("dan", packet, claim=RIGHT)) == [""]
    books.now_ms += TRIES_MS
    assert codes(books, take("cid", packet, claim=RIGHT)) == [""]


def test_what_has_no_cap_is_not_counted():
    books = books_with()

    batch = book(books, [send("ann", 9, 3), take("bob")])

    assert batch.tallies == {}
