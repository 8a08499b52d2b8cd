"""Whatever comes in and goes back, in whatever parts, no unit of it is lost or made."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ledger.core.booking import book
from ledger.core.payments import WHOLE, apportion
from ledger.core.postings import MAX_AMOUNT
from tests.ledger_books import ask, make_books, note, pay, share

HALL = "group:!quay:example.org"
AMOUNT = 1_001
SHARERS = ["network", "house", "member:bob", "member:cid", HALL]


@st.composite
def shares(draw, most=20):
    """Draw parts of at least one basis point that come to the whole."""
    cuts = draw(st.sets(st.integers(1, WHOLE - 1), max_size=most - 1))
    edges = [0, *sorted(cuts), WHOLE]
    return [high - low for low, high in pairwise(edges)]


@st.composite
def rules(draw):
    """Draw parts for some accounts, which leave a rest or none."""
    parts = draw(shares(most=6))
    return dict(zip(SHARERS, parts, strict=False))


WORDS = st.one_of(
    st.tuples(st.just("captured"), st.just("pi"), st.just(AMOUNT)),
    st.tuples(
        st.sampled_from(["refunded", "refund_failed"]),
        st.sampled_from(["re_1", "re_2"]),
        st.just(333),
    ),
    st.tuples(
        st.sampled_from(["disputed", "dispute_won", "dispute_lost"]), st.just("dp"), st.just(700)
    ),
)


def net(books, path):
    """Return what an account has, less what it owes."""
    accounts = [books.accounts.get(("harbour", one, "CNY")) for one in (path, f"receivable:{path}")]
    return sum(account.balance for account in accounts if account is not None)


@given(st.integers(0, MAX_AMOUNT), shares())
def test_parts_come_to_the_amount_and_each_is_less_than_a_unit_off(amount, parts):
    given_ = apportion(amount, parts)

    assert sum(given_) == amount
    exact = [Fraction(amount * part, WHOLE) for part in parts]
    assert all(abs(part - due) < 1 for part, due in zip(given_, exact, strict=True))


@given(rules(), rules(), st.lists(st.one_of(WORDS, st.just(None)), max_size=10), st.data())
def test_what_is_left_of_payments_is_with_each_in_its_part(first, then, story, data):
    """``None`` in a story is another rule, which is nothing to payments that came in before."""
    books = make_books()
    book(books, [share(first)])
    asked = book(
        books, [ask("ann", AMOUNT, destination=HALL), ask("eve", AMOUNT, destination=HALL)]
    )
    ids = [verdict.detail for verdict in asked.verdicts]
    spent = dict.fromkeys(SHARERS, 0)
    held, in_force = {}, first
    for number, word in enumerate(story):
        if word is None:
            in_force = then
            book(books, [share(then)])
            continue
        what, name, amount = word
        which = data.draw(st.sampled_from([0, 1]))
        if what == "captured":
            held.setdefault(ids[which], in_force)
        book(books, [note(ids[which], what, f"{name}{which}", amount, key=f"w{number}")])
        if what == "captured":  # bob spends what he has at once
            has = books.account("harbour", "member:bob", "CNY").balance
            gone = book(books, [pay("member:bob", "treasury", has, asset="CNY")]) if has else None
            spent["member:bob"] += has if gone and not gone.verdicts[0].code else 0

    due = dict.fromkeys(SHARERS, 0)
    for payment, rule in held.items():
        left = books.payments[payment].standing.left
        parts = dict(rule)
        parts[HALL] = parts.get(HALL, 0) + WHOLE - sum(rule.values())
        parts = {path: part for path, part in parts.items() if part}
        for path, amount in zip(parts, apportion(left, list(parts.values())), strict=True):
            due[path] += amount
    assert {path: net(books, path) + spent[path] for path in SHARERS} == due
    accounts = [a for a in books.accounts.values() if a.asset == "CNY"]
    assert sum(account.balance for account in accounts) == 0
    assert all(a.balance >= 0 for a in accounts if a.kind in {"member", "group", "house"})


@given(rules(), st.lists(WORDS, max_size=10), st.randoms(use_true_random=False))
def test_letters_in_any_order_split_the_same(rule, letters, chance):
    def played(said):
        books = make_books()
        book(books, [share(rule)])
        payment = book(books, [ask("ann", AMOUNT, destination=HALL)]).verdicts[0].detail
        for number, (what, name, amount) in enumerate(said):
            book(books, [note(payment, what, name, amount, key=f"w{number}")])
        return {a.path: a.balance for a in books.accounts.values() if a.balance}

    mixed = letters + [one for one in letters if chance.random() < 0.5]
    chance.shuffle(mixed)

    assert played(mixed) == played(letters)
