"""Whatever comes in, and whoever accepts it when, the money is where the payment says."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.core.booking import book
from tests.ledger_books import accept, ask, decide, make_books, note

AMOUNT = 1_000
HALL = "group:!quay:example.org"
STORY = st.lists(
    st.one_of(
        st.just(("accept", "", 0)),
        st.tuples(
            st.sampled_from(["refunded", "refund_failed"]),
            st.sampled_from(["re_1", "re_2"]),
            st.just(300),
        ),
        st.tuples(
            st.sampled_from(["disputed", "dispute_won", "dispute_lost"]),
            st.just("dp"),
            st.just(500),
        ),
    ),
    max_size=8,
)


def played(came, story):
    """Return books, their payment, and whether somebody accepted it."""
    books, accepted = make_books(), False
    payment = book(books, [ask("ann", AMOUNT, destination=HALL)]).verdicts[0].detail
    book(books, [note(payment, "captured", "pi", came)])
    for number, (what, name, amount) in enumerate(story):
        if what == "accept":
            [asked] = book(books, [accept(payment)]).verdicts
            if asked.code == "approval_needed":
                [decided] = book(books, [decide(asked.detail.split()[1])]).verdicts
                accepted = decided.code == ""
        else:
            book(books, [note(payment, what, name, amount, key=f"w{number}")])
    return books, books.payments[payment], accepted


def net(books, path):
    accounts = [books.accounts.get(("harbour", one, "CNY")) for one in (path, f"receivable:{path}")]
    return sum(account.balance for account in accounts if account is not None)


@given(st.integers(1, 2 * AMOUNT), STORY)
def test_what_is_left_is_in_suspense_until_it_is_accepted(came, story):
    books, payment, accepted = played(came, story)

    left = payment.standing.left
    waits = came != AMOUNT and not accepted
    assert payment.standing.captured == came
    assert net(books, "provider:stripe") == -left
    assert (net(books, "suspense"), net(books, HALL)) == ((left, 0) if waits else (0, left))
    assert (payment.standing.state == "differs") <= waits


@given(st.integers(1, 2 * AMOUNT), STORY, st.randoms(use_true_random=False))
def test_letters_in_any_order_leave_as_much(came, story, chance):
    letters = [one for one in story if one[0] != "accept"]
    mixed = letters + [one for one in letters if chance.random() < 0.5]
    chance.shuffle(mixed)

    assert played(came, mixed)[1].standing == played(came, letters)[1].standing
