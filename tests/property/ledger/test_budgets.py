"""Whatever leaves and whenever, no period sees more than its budget leave."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ledger.core.booking import book
from tests.ledger_books import NOW_MS, budget, hold, make_books, pay, send

HOUR_MS = 3_600_000
moves = st.tuples(st.integers(0, 40), st.sampled_from(["pay", "send", "hold"]), st.integers(1, 60))


def move(kind, amount):
    if kind == "pay":
        return pay("treasury", "member:ann", amount)
    if kind == "hold":
        return hold("treasury", "member:ann", amount)
    return send("", amount, 1, packet={"source": "treasury"})


def period_of(period, at_ms):
    at = datetime.fromtimestamp(at_ms / 1_000, tz=UTC)
    if period == "week":
        return (at - timedelta(days=at.weekday())).strftime("%Y-%m-%d")
    return at.strftime("%Y-%m-%d" if period == "day" else "%Y-%m")


@given(
    st.fixed_dictionaries(
        {"day": st.integers(1, 90), "week": st.integers(1, 150), "month": st.integers(1, 400)}
    ),
    st.lists(moves, max_size=40),
)
def test_no_period_gives_more_than_its_budget_and_refuses_only_what_would(limits, history):
    books = make_books()
    book(books, [pay("issuer", "treasury", 10**6)])
    book(books, [budget("treasury", limits[period], period) for period in limits])
    now_ms, left = NOW_MS, {}
    for hours, kind, amount in history:
        now_ms += hours * HOUR_MS
        books.now_ms = now_ms
        [verdict] = book(books, [move(kind, amount)]).verdicts

        names = [(period, period_of(period, now_ms)) for period in limits]
        fits = all(left.get(name, limits[name[0]]) >= amount for name in names)
        assert (verdict.code == "") == fits
        if fits:
            left.update({name: left.get(name, limits[name[0]]) - amount for name in names})
