"""Whichever way a provider's letters come, and however often, the books end up the same."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.core.booking import book
from tests.ledger_books import ask, make_books, note

AMOUNT = 1_000
PAYEES = ("", "group:!quay:example.org")

PARTS = st.integers(1, AMOUNT)
WORDS = st.one_of(
    st.just(("captured", "pi", AMOUNT)),
    st.just(("failed", "cs", AMOUNT)),
    st.builds(
        lambda what, n: (what, f"re_{n}", 150 * n),
        st.sampled_from(["refunded", "refund_failed"]),
        st.integers(1, 4),
    ),
    st.builds(
        lambda what, n: (what, f"dp_{n}", 300 * n),
        st.sampled_from(
            ["dispute_opened", "dispute_dropped", "disputed", "dispute_lost", "dispute_won"]
        ),
        st.integers(1, 3),
    ),
)
LETTERS = st.lists(
    st.tuples(st.sampled_from([0, 1, 2]), WORDS).map(lambda one: (one[0], *one[1])),
    max_size=14,
)


def played(letters):
    """Return where the payments and the accounts stand after ``letters``, one after the other."""
    books = make_books()
    asked = [ask("ann", AMOUNT, key=f"ask{n}") for n in (0, 1)]
    asked.append(ask("ann", AMOUNT, key="ask2", destination=PAYEES[1]))
    ids = [verdict.detail for verdict in book(books, asked).verdicts]
    postings = []
    for number, (payment, what, name, amount) in enumerate(letters):
        said = note(ids[payment], what, f"{name}_{payment}", amount, key=f"w{number}")
        postings += book(books, [said]).postings
    accounts = {a.path: a.balance for a in books.accounts.values() if a.asset == "CNY"}
    standings = [books.payments[one].standing for one in ids]
    return {path: n for path, n in accounts.items() if n}, standings, postings


@given(LETTERS, st.randoms(use_true_random=False))
def test_letters_in_any_order_and_repeated_lead_to_the_same_books(letters, chance):
    balances, standings, _ = played(letters)
    mixed = letters + [one for one in letters if chance.random() < 0.5]
    chance.shuffle(mixed)

    again, stand_again, postings = played(mixed)

    assert (again, stand_again) == (balances, standings)
    assert all(posting.amount for posting in postings)


@given(LETTERS)
def test_no_payment_gives_back_more_than_it_brought_and_nothing_is_made_of_nothing(letters):
    balances, standings, _ = played(letters)

    assert sum(balances.values()) == 0
    left = sum(standing.captured - standing.returned for standing in standings)
    assert balances.get("provider:stripe", 0) == -left
    assert all(0 <= one.returned <= one.captured <= AMOUNT for one in standings)
    assert all(n > 0 for path, n in balances.items() if path.startswith(("member:", "group:")))
