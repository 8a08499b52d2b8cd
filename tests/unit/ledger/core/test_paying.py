"""Money from outside: asked for, taken, given back, disputed, and owed where it was spent."""

import pytest

from contracts.values import PaymentReceived, PaymentReturned, Transferred
from ledger.core.booking import book
from ledger.core.refusals import Code
from tests.ledger_books import (
    NETWORK,
    ask,
    ask_back,
    bound,
    hold,
    link,
    make_books,
    note,
    pay,
)

GROUP_ACCOUNT = "group:!quay:example.org"
OWED = "receivable:member:ann"


def codes(batch):
    return [verdict.code for verdict in batch.verdicts]


def balances(books):
    """Return what every account of CNY that was posted to has, by its path."""
    accounts = books.accounts.values()
    return {a.path: a.balance for a in accounts if a.asset == "CNY" and a.version}


def asked(books, amount=990, **fields):
    return book(books, [ask("ann", amount, **fields)]).verdicts[0].detail


@pytest.fixture
def books():
    return make_books()


@pytest.fixture
def topup(books):
    """A top-up of ann by 990 that came in."""
    payment = asked(books)
    book(books, [link(payment), note(payment, "captured", "pi_1", 990)])
    return payment


def test_a_payment_is_nothing_in_the_books_until_its_provider_has_the_money(books):
    payment = asked(books, destination=GROUP_ACCOUNT)
    before = balances(books)

    batch = book(books, [note(payment, "captured", "pi_1", 990)])

    assert before == {}
    assert balances(books) == {"provider:stripe": -990, GROUP_ACCOUNT: 990}
    received = next(e for e in batch.facts if isinstance(e.payload, PaymentReceived))
    assert received.actor.id == "ann"
    fact = received.payload
    assert (fact.payment_id, fact.intent_id, fact.amount) == ("pi_1", payment, 990)
    assert (fact.purpose, fact.destination) == ("entry", GROUP_ACCOUNT)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (ask("ann", 0), Code.AMOUNT_NOT_POSITIVE),
        (ask("", 5), Code.MEMBER_INVALID),
        (ask("ann", 5, destination="issuer"), Code.ACCOUNT_RESERVED),
        (ask("ann", 5, destination="provider:stripe"), Code.ACCOUNT_RESERVED),
        (ask("ann", 5, destination="nowhere"), Code.ACCOUNT_INVALID),
        (ask("ann", 5, destination="member:" + "a" * 290), Code.ACCOUNT_INVALID),
        (ask("ann", 5, destination=GROUP_ACCOUNT, purpose="bet"), Code.PURPOSE_INVALID),
        (ask("ann", 5, destination="member:bob", purpose="topup"), Code.PURPOSE_INVALID),
        (ask("ann", 5, destination="member:ann"), Code.PURPOSE_INVALID),
    ],
)
def test_nobody_is_asked_for_what_cannot_be_paid(books, command, code):
    assert codes(book(books, [command])) == [code]


@pytest.mark.parametrize("asset", ["points", "", "reputation"])
def test_points_and_reputation_are_not_for_sale(books, asset):
    assert codes(book(books, [ask("ann", 5, asset=asset)])) == [Code.ASSET_NOT_PAYABLE]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"amount": 0}, Code.AMOUNT_NOT_POSITIVE),
        ({"amount": 990, "asset": "USD"}, Code.AMOUNT_DIFFERS),
        ({"amount": 990, "provider": "wechat"}, Code.PAYMENT_UNKNOWN),
    ],
)
def test_what_a_provider_says_of_another_currency_or_payment_books_nothing(books, said, code):
    payment = asked(books)

    batch = book(books, [note(payment, "captured", "pi_1", **said)])

    assert codes(batch) == [code]
    assert balances(books) == {}


def test_a_payment_that_nobody_asked_for_is_refused(books):
    assert codes(book(books, [note("none", "captured", "pi_1", 5)])) == [Code.PAYMENT_UNKNOWN]
    assert codes(book(books, [note(asked(books), "asked", "pi_1", 5)])) == [Code.COMMAND_INVALID]


def test_the_same_said_twice_under_other_ids_is_booked_once(books, topup):
    batch = book(books, [note(topup, "captured", "pi_1", 990)])

    assert codes(batch) == [""]
    assert (batch.txns, batch.facts) == ([], [])
    assert balances(books)["member:ann"] == 990


def test_money_that_came_in_again_under_another_id_is_told_and_not_booked(books, topup):
    batch = book(books, [note(topup, "captured", "pi_2", 990)])

    assert codes(batch) == [Code.PAYMENT_CAPTURED]


def test_a_part_goes_back_and_then_the_rest(books, topup):
    first = book(books, [note(topup, "refunded", "re_1", 300)])
    second = book(books, [note(topup, "refunded", "re_2", 690)])

    assert balances(books) == {"provider:stripe": 0, "member:ann": 0}
    states = [e.payload for b in (first, second) for e in b.facts]
    returned = [fact for fact in states if isinstance(fact, PaymentReturned)]
    assert [(f.amount, f.left, f.why, f.owed) for f in returned] == [
        (300, 690, "refunded", 0),
        (690, 0, "refunded", 0),
    ]
    assert books.payments[topup].standing.state == "refunded"


def test_no_more_goes_back_than_came_in_whatever_is_said(books, topup):
    book(books, [note(topup, "refunded", f"re_{n}", 600) for n in range(3)])

    assert balances(books) == {"provider:stripe": 0, "member:ann": 0}


def test_a_refund_that_failed_after_all_comes_in_again(books, topup):
    book(books, [note(topup, "refunded", "re_1", 300)])

    batch = book(books, [note(topup, "refund_failed", "re_1", 300)])

    assert balances(books) == {"provider:stripe": -990, "member:ann": 990}
    assert [e.payload.amount for e in batch.facts if isinstance(e.payload, PaymentReceived)] == [
        300
    ]


def test_a_refund_told_before_the_capture_is_booked_with_it(books):
    payment = asked(books)
    early = book(books, [note(payment, "refunded", "re_1", 990)])

    batch = book(books, [note(payment, "captured", "pi_1", 990)])

    assert (early.txns, batch.txns) == ([], [])
    kinds = [type(event.payload) for event in batch.facts]
    assert kinds == [PaymentReceived, PaymentReturned]
    assert books.payments[payment].standing == (990, 990, "refunded")


def test_what_was_spent_is_owed_and_no_balance_is_below_zero(books, topup):
    book(books, [pay("member:ann", "group:g", 800, asset="CNY")])

    batch = book(books, [note(topup, "disputed", "dp_1", 990)])

    assert balances(books) == {
        "provider:stripe": 0, "member:ann": 0, "group:g": 800, OWED: -800,
    }  # fmt: skip
    [fact] = [e.payload for e in batch.facts if isinstance(e.payload, PaymentReturned)]
    assert (fact.why, fact.amount, fact.owed) == ("disputed", 990, 800)
    moved = [e.payload for e in batch.facts if isinstance(e.payload, Transferred)]
    assert [(t.source, t.destination, t.amount) for t in moved] == [
        ("member:ann", "provider:stripe", 190)
    ]


def test_what_is_owed_is_paid_first_from_what_comes_in_next(books, topup):
    book(books, [pay("member:ann", "group:g", 800, asset="CNY")])
    book(books, [note(topup, "disputed", "dp_1", 990)])
    other = asked(books, 1_000)

    book(books, [note(other, "captured", "pi_2", 1_000)])

    assert (balances(books)["member:ann"], balances(books)[OWED]) == (200, 0)


def test_a_dispute_that_is_won_gives_the_money_back_and_one_that_is_lost_keeps_it(books, topup):
    def state():
        return books.payments[topup].standing.state, balances(books)["member:ann"]

    book(books, [note(topup, "dispute_opened", "dp_1", 990)])
    inquiry = state()
    book(books, [note(topup, "disputed", "dp_1", 990)])
    taken = state()
    book(books, [note(topup, "dispute_won", "dp_1", 990)])
    won = state()
    book(books, [note(topup, "disputed", "dp_2", 90), note(topup, "dispute_lost", "dp_2", 90)])

    assert (inquiry, taken, won) == (("captured", 990), ("disputed", 0), ("won", 990))
    assert state() == ("lost", 900)


@pytest.mark.parametrize(
    "meanwhile",
    [
        hold("member:ann", "house", 990, asset="CNY"),
        bound("member:ann", 990, asset="CNY"),
        bound("member:ann", asset="CNY", state="frozen"),
    ],
    ids=["held", "under its floor", "frozen"],
)
def test_what_an_account_may_not_let_go_is_owed(books, topup, meanwhile):
    book(books, [meanwhile])

    book(books, [note(topup, "refunded", "re_1", 990)])

    assert (balances(books)["member:ann"], balances(books)[OWED]) == (990, -990)


def test_what_the_destination_cannot_take_waits_in_suspense_and_goes_back_from_there(books):
    payment = asked(books)
    book(books, [bound("member:ann", 0, 100, asset="CNY")])

    book(books, [note(payment, "captured", "pi_1", 990)])
    waiting = balances(books)
    book(books, [note(payment, "refunded", "re_1", 990)])

    assert waiting == {"provider:stripe": -990, "suspense": 990}
    assert balances(books) == {"provider:stripe": 0, "suspense": 0}


def test_refunds_are_asked_for_up_to_what_is_left(books, topup):
    batch = book(books, [ask_back(topup, 600), ask_back(topup, 400), ask_back(topup)])

    assert codes(batch) == ["", Code.REFUND_EXCEEDS, ""]
    assert [verdict.amount for verdict in batch.verdicts] == [600, None, 390]
    assert balances(books)["member:ann"] == 990
    failed = note(topup, "refund_failed", batch.verdicts[0].detail, 600)
    assert codes(book(books, [failed, ask_back(topup)])) == ["", ""]


@pytest.mark.usefixtures("topup")
def test_the_money_of_providers_and_what_is_owed_move_by_no_transfer(books):
    moves = [
        pay("provider:stripe", "member:ann", 5, asset="CNY"),
        pay("member:ann", OWED, 5, asset="CNY"),
        hold("member:ann", "provider:stripe", 5, asset="CNY"),
        bound("provider:stripe", asset="CNY"),
    ]

    assert codes(book(books, moves)) == [Code.ACCOUNT_RESERVED] * 4


def test_a_page_is_kept_once(books):
    payment = asked(books)

    book(books, [link(payment, "https://a"), link(payment, "https://b")])

    assert books.payments[payment].link == "https://a"
    assert codes(book(books, [link(payment, "a\nb"), link("none")])) == [
        Code.TEXT_INVALID, Code.PAYMENT_UNKNOWN,
    ]  # fmt: skip


def test_no_network_notes_what_is_said_of_anothers_payment(books, topup):
    stranger = note(topup, "refunded", "re_1", 5, scene=type(ask("a", 1).scene)(network="other"))

    assert codes(book(books, [stranger])) == [Code.PAYMENT_UNKNOWN]
    assert books.account(NETWORK, "member:ann", "CNY").balance == 990
