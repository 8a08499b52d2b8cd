"""However somebody pays, spends and gives, what may still be disputed is not with others."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.core.booking import book
from ledger.core.books import Terms
from ledger.core.caps import DAY_MS
from tests.ledger_books import ask, fund, make_books, note, pay

DAYS = 3
AMOUNTS = st.integers(1, 60)
DEEDS = st.one_of(
    st.tuples(st.sampled_from(["pay", "spend", "give", "grant"]), AMOUNTS),
    st.tuples(st.sampled_from(["refund", "dispute", "win"]), st.integers(0, 3)),
    st.tuples(st.just("wait"), st.integers(1, DAYS * DAY_MS)),
)


def played(books, deeds):
    """Yield each gift: how much of it, what ann had and what was young, and whether she gave it."""
    paid = []  # id, when, amount, and whether it is with ann
    for number, (deed, amount) in enumerate(deeds):
        command = None
        if deed == "wait":
            books.now_ms += amount
        elif deed == "pay":
            payment = book(books, [ask("ann", amount)]).verdicts[0].detail
            book(books, [note(payment, "captured", f"pi_{number}", amount)])
            paid.append((payment, books.now_ms, amount))
        elif deed in {"refund", "dispute", "win"} and amount < len(paid):
            payment, _, whole = paid[amount]
            what = {"refund": "refunded", "dispute": "disputed", "win": "dispute_won"}[deed]
            name = f"re_{payment}" if deed == "refund" else f"dp_{payment}"
            part = max(1, whole // 2) if deed == "refund" else whole
            book(books, [note(payment, what, name, part)])
        elif deed == "grant":
            book(books, [fund("ann", amount, asset="CNY")])
        elif deed in {"spend", "give"}:
            to = "house" if deed == "spend" else "member:bob"
            command = pay("member:ann", to, amount, asset="CNY")
        if command is not None:
            had = books.account("harbour", "member:ann", "CNY").balance
            young = sum(
                books.payments[payment].standing.left
                for payment, at_ms, _ in paid
                if at_ms + DAYS * DAY_MS > books.now_ms
            )
            [verdict] = book(books, [command]).verdicts
            yield deed, amount, had, young, verdict.code


@given(st.lists(DEEDS, max_size=25))
def test_a_gift_leaves_at_least_what_young_payments_brought(deeds):
    books = make_books(terms=Terms(paid_gifts=True, maturity_days=DAYS))

    for deed, amount, had, young, code in played(books, deeds):
        owes = books.account("harbour", "receivable:member:ann", "CNY").balance < 0
        if deed == "spend":
            assert code == ("" if amount <= had else "insufficient_funds")
        elif code == "":
            assert had - amount >= young or owes
        elif code == "not_mature":
            assert had - amount < young
        else:
            assert (code, amount > had) == ("insufficient_funds", True)
