"""Whoever asks and decides, nothing above the limit leaves on one person's word."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.core.booking import book
from tests.ledger_books import NETWORK, decide, hold, limit, make_books, pay, send

LIMIT = 50
people = st.sampled_from(["ann", "bob", "cid"])
asks = st.tuples(
    st.just("ask"), people, st.sampled_from(["pay", "send", "hold"]), st.integers(1, 100)
)
decisions = st.tuples(st.just("decide"), people, st.integers(0, 9), st.booleans())


def move(kind, amount, key):
    if kind == "pay":
        return pay("treasury", "member:dan", amount, key=key)
    if kind == "hold":
        return hold("treasury", "member:dan", amount, key=key)
    return send("", amount, 1, packet={"source": "treasury"}, key=key)


@given(st.lists(asks | decisions, max_size=40))
def test_what_is_above_the_limit_leaves_on_the_word_of_two(history):
    books = make_books()
    book(books, [pay("issuer", "treasury", 10**6), limit("treasury", LIMIT)])
    asked, decided, gone = [], set(), 0
    for number, (what, who, *rest) in enumerate(history):
        key = f"rest:{who}:{number}"
        if what == "ask":
            kind, amount = rest
            [verdict] = book(books, [move(kind, amount, key)]).verdicts
            assert (verdict.code == "") == (amount <= LIMIT)
            if verdict.code:
                asked.append((verdict.detail.split()[1], who, amount))
            else:
                gone += amount
        elif asked:
            place, approved = rest
            request, asker, amount = asked[place % len(asked)]
            command = decide(request, approved=approved, key=key)
            [verdict] = book(books, [command]).verdicts
            fits = request not in decided and not (approved and who == asker)
            assert (verdict.code == "") == fits
            if fits:
                decided.add(request)
                gone += amount if approved else 0
    treasury = books.account(NETWORK, "treasury", "points")
    assert treasury.balance - treasury.held == 10**6 - gone
