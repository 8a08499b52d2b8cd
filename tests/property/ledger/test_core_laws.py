"""What is true of every split and every batch."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from contracts.values import SplitMode
from ledger.core.booking import book
from ledger.core.books import Terms
from ledger.core.packets import split
from tests.ledger_books import NETWORK, close, fund, make_books, pay, send, take

SHARES = st.integers(1, 200)
SEEDS = st.binary(min_size=32, max_size=32)
MEMBERS = st.sampled_from(["ann", "bob", "cid", "dan"])
AMOUNTS = st.integers(-1, 30)
KEYS = st.one_of(st.none(), st.sampled_from("xyz"))


@st.composite
def splits(draw):
    shares = draw(SHARES)
    return draw(st.integers(shares, 2**63 - 1)), shares, draw(SEEDS)


@given(splits(), st.sampled_from([SplitMode.EQUAL, SplitMode.LUCKY]))
def test_the_shares_are_positive_and_sum_to_the_total(case, mode):
    total, shares, seed = case

    parts = split(mode, total, shares, seed)

    assert len(parts) == shares
    assert sum(parts) == total
    assert min(parts) >= 1


@given(splits())
def test_equal_shares_differ_by_at_most_one_and_never_grow(case):
    total, shares, seed = case

    parts = split(SplitMode.EQUAL, total, shares, seed)

    assert max(parts) - min(parts) <= 1
    assert parts == sorted(parts, reverse=True)


@st.composite
def bounded_splits(draw):
    shares, least = draw(SHARES), draw(st.integers(1, 10**6))
    most = draw(st.integers(least, 10**7))
    return draw(st.integers(shares * least, shares * most)), shares, draw(SEEDS), least, most


@given(bounded_splits(), st.sampled_from([SplitMode.EQUAL, SplitMode.LUCKY]))
def test_no_share_is_smaller_or_larger_than_was_said(case, mode):
    total, shares, seed, least, most = case

    parts = split(mode, total, shares, seed, least, most)

    assert (len(parts), sum(parts)) == (shares, total)
    assert least <= min(parts) <= max(parts) <= most


@given(splits())
def test_a_bound_that_binds_nothing_changes_no_share(case):
    total, shares, seed = case

    assert split(SplitMode.LUCKY, total, shares, seed, 1, total) == split(
        SplitMode.LUCKY, total, shares, seed
    )


@st.composite
def commands(draw):
    transfer = st.builds(
        lambda payer, payee, amount, key: pay(
            f"member:{payer}", f"member:{payee}", amount, key=key
        ),
        MEMBERS, MEMBERS, AMOUNTS, KEYS,
    )  # fmt: skip
    sending = st.builds(
        lambda member, total, shares, mode, key: send(member, total, shares, mode=mode, key=key),
        MEMBERS, AMOUNTS, st.integers(0, 4), st.sampled_from(SplitMode), KEYS,
    )  # fmt: skip
    taking = st.builds(lambda member, key: take(member, key=key), MEMBERS, KEYS)
    return draw(st.lists(st.one_of(transfer, sending, taking, taking, taking), max_size=25))


def started(grant):
    books = make_books(terms=Terms(opening_grant=grant))
    book(books, [fund("ann", 40, key="start")])
    return books


@given(commands(), st.sampled_from([0, 7]))
def test_a_batch_has_the_outcome_of_its_commands_one_by_one(asked, grant):
    together, apart = started(grant), started(grant)

    batch = book(together, asked)
    singles = [book(apart, [command]) for command in asked]

    assert batch.verdicts == [verdict for single in singles for verdict in single.verdicts]
    assert batch.postings == [posting for single in singles for posting in single.postings]
    assert batch.facts == [fact for single in singles for fact in single.facts]
    assert together == apart


@given(commands(), st.sampled_from([0, 7]))
def test_money_is_neither_made_nor_lost(asked, grant):
    books = started(grant)

    batch = book(books, asked)

    assert sum(account.balance for account in books.accounts.values()) == 0
    for number in {posting.txn_id for posting in batch.postings}:
        assert sum(p.amount for p in batch.postings if p.txn_id == number) == 0
    for packet in books.packets.values():
        escrow = books.account(NETWORK, packet.escrow, packet.asset).balance
        assert packet.total == packet.amount_taken + packet.refunded + escrow
        assert (packet.state == "closed") == (escrow == 0)


@given(commands())
def test_repeating_everything_changes_nothing(asked):
    books = started(0)
    keyed = [command for command in asked if command.key in "xyz"]
    book(books, keyed)
    before = copy.deepcopy(books)

    again = book(books, keyed)

    assert again.answered == again.postings == again.facts == []
    assert {key: a for key, a in books.accounts.items() if a.version} == {
        key: a for key, a in before.accounts.items() if a.version
    }


@given(st.lists(MEMBERS, min_size=1, max_size=12), st.integers(1, 4))
def test_a_packet_pays_each_member_once_and_the_sender_the_rest(takers, shares):
    books = make_books()
    sent = book(books, [fund("eve", 100), send("eve", 100, shares, mode=SplitMode.LUCKY)])
    packet_id = sent.verdicts[1].packet_id

    batch = book(books, [*[take(member) for member in takers], close(packet_id)])

    winners = list(dict.fromkeys(takers))[:shares]
    paid = {v.slot: v.amount for v in batch.verdicts[:-1] if not v.code}
    assert sorted(paid) == list(range(1, len(winners) + 1))
    assert books.account(NETWORK, "member:eve", "points").balance == 100 - sum(paid.values())
