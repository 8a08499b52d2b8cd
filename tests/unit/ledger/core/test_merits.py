"""Reputation is booked with whose it is, by which rule and for what."""

import pytest

from contracts.values import Merit
from ledger.core.booking import book
from ledger.core.merits import EVENT_LIMIT, EVIDENCE_LIMIT
from ledger.core.postings import MAX_AMOUNT, Earned
from ledger.core.refusals import Code
from tests.ledger_books import GROUP, NETWORK, NOW_MS, fund, make_books, merit, pay, reverse


def codes(batch):
    return [verdict.code for verdict in batch.verdicts]


def test_a_merit_says_whose_it_is_and_why():
    said = merit("ann", 3, giver="bob", rule="thanks", reason="Helped.", evidence=("e1", "e2"))

    batch = book(make_books(), [said])

    assert batch.merits == [
        Earned(
            1, NETWORK, GROUP, "reputation", "ann", "bob", 3, "thanks", "Helped.", ("e1", "e2"),
            NOW_MS,
        )
    ]  # fmt: skip


def test_reputation_that_is_moved_without_a_word_is_a_merit_too():
    given = pay("issuer", "member:ann", 3, asset="reputation", purpose="a talk")
    taken = pay("member:ann", "issuer:staff", 2, asset="reputation")

    batch = book(make_books(), [given, taken, fund("ann", 5)])

    assert [(one.amount, one.reason, one.giver) for one in batch.merits] == [
        (3, "a talk", ""),
        (-2, "", ""),
    ]


def test_a_loss_before_any_gain_ends_where_a_gain_before_the_loss_does():
    loss, gain = merit("ann", -5, rule="spam"), merit("ann", 3)
    ends = []
    for order in ([loss, gain], [gain, loss]):
        books = make_books()
        assert codes(book(books, order)) == ["", ""]
        ends.append(books.accounts[NETWORK, "member:ann", "reputation"].balance)

    assert ends == [-2, -2]


def test_what_is_lost_that_was_never_had_is_said_of_the_account_once():
    batch = book(make_books(), [merit("ann", -5), merit("ann", -5)])

    assert [(bound.floor, bound.since_version) for bound in batch.bounds] == [(-MAX_AMOUNT, 0)]


def test_a_loss_that_another_account_cannot_take_changes_no_bound():
    books = make_books()
    issuer = books.account(NETWORK, "issuer", "reputation")
    issuer.ceiling = 1

    batch = book(books, [merit("ann", -5)])

    assert (codes(batch), batch.bounds, batch.merits) == ([Code.CEILING_REACHED], [], [])
    assert books.account(NETWORK, "member:ann", "reputation").floor == 0


def test_without_a_merit_nobody_owes_reputation():
    assert codes(book(make_books(), [pay("member:ann", "issuer", 1, asset="reputation")])) == [
        Code.INSUFFICIENT_FUNDS
    ]


def test_a_floor_that_somebody_said_is_kept():
    books = make_books()
    books.account(NETWORK, "member:ann", "reputation").floor = -2

    batch = book(books, [merit("ann", -2), merit("ann", -1)])

    assert codes(batch) == ["", Code.INSUFFICIENT_FUNDS]


def test_what_is_to_come_is_earned_now():
    batch = book(make_books(), [merit("ann", 1, happened_ms=NOW_MS + 1)])

    assert batch.merits[0].happened_ms == NOW_MS


def test_a_merit_is_taken_back_as_any_transfer():
    said = merit("ann", 3)
    books = make_books()

    batch = book(books, [said, reverse(said), reverse(said)])

    assert codes(batch) == ["", "", Code.REVERSED_BEFORE]
    assert batch.txns[1].reverses == batch.merits[0].txn_id
    assert len(batch.merits) == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"giver": "ann"}, Code.MERIT_INVALID),
        ({"giver": "b" * 256}, Code.MEMBER_INVALID),
        ({"giver": "b\n"}, Code.MEMBER_INVALID),
        ({"rule": "r" * 201}, Code.TEXT_INVALID),
        ({"reason": "\0"}, Code.TEXT_INVALID),
        ({"evidence": ("e",) * (EVIDENCE_LIMIT + 1)}, Code.MERIT_INVALID),
        ({"evidence": ("e" * (EVENT_LIMIT + 1),)}, Code.MERIT_INVALID),
        ({"evidence": ("\n",)}, Code.MERIT_INVALID),
        ({"happened_ms": -1}, Code.MERIT_INVALID),
    ],
)
def test_what_cannot_be_kept_is_refused(said, code):
    batch = book(make_books(), [merit("ann", 1, **said)])

    assert (codes(batch), batch.merits, batch.postings) == ([code], [], [])


@pytest.mark.parametrize(
    "ends",
    [
        {"source": "issuer", "destination": "treasury"},
        {"source": "treasury", "destination": "issuer"},
    ],
)
def test_only_members_earn_reputation(ends):
    said = pay(**ends, amount=1, asset="reputation", merit=Merit(rule="r"))

    assert codes(book(make_books(), [said])) == [Code.MERIT_INVALID]


def test_other_assets_are_earned_too_but_never_owed():
    said = pay("issuer", "member:ann", 1, merit=Merit(rule="r"))
    lost = pay("member:ann", "issuer", 2, merit=Merit(rule="r"))

    batch = book(make_books(), [said, lost])

    assert codes(batch) == ["", Code.INSUFFICIENT_FUNDS]
    assert [(one.asset, one.amount) for one in batch.merits] == [("points", 1)]
