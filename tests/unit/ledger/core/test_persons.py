"""One share for each person, whichever of their accounts takes, and however that is known."""

import dataclasses

import pytest

from ledger.core.booking import book
from ledger.core.persons import ACCOUNTS_LIMIT
from ledger.core.refusals import Code
from tests.ledger_books import SCENE, belongs, fund, make_books, send, take

ABROAD = dataclasses.replace(SCENE, network="other")
LINKED = [belongs("bob", "Bob"), belongs("rob", "Bob")]


def codes(books, *commands):
    return [verdict.code for verdict in book(books, commands).verdicts]


@pytest.fixture
def books():
    """Ann has sent a packet of four shares."""
    books = make_books()
    book(books, [fund("ann", 100), send("ann", 40, 4)])
    return books


@pytest.mark.parametrize("packet", ["", "named"])
def test_accounts_that_are_one_persons_get_one_share(books, packet):
    [found] = books.packets
    packet = packet and found

    assert codes(books, *LINKED, take("bob", packet), take("rob", packet)) == [
        "", "", "", Code.IDENTITY_TAKEN,
    ]  # fmt: skip
    assert codes(books, take("cid", packet)) == [""]


def test_who_took_before_it_was_known_has_their_share(books):
    assert codes(books, take("bob"), *LINKED, take("rob")) == ["", "", "", Code.IDENTITY_TAKEN]


def test_nobody_takes_of_their_own_packet_by_another_account(books):
    twins = [belongs("ann", "Ann"), belongs("anna", "Ann")]

    assert codes(books, *twins, take("anna")) == ["", "", Code.OWN_PACKET]


def test_what_the_ledger_knows_comes_before_what_it_is_told(books):
    told = take("rob", claim={"identity": "somebody else"})

    assert codes(books, *LINKED, take("bob"), told) == ["", "", "", Code.IDENTITY_TAKEN]


@pytest.mark.parametrize("first", ["bob", "rob"])
def test_an_account_that_is_told_to_be_a_known_persons_is_theirs(books, first):
    known = belongs("bob", "Bob")
    takes = [take("bob"), take("rob", claim={"identity": "Bob"})]

    assert codes(books, known, *(takes if first == "bob" else takes[::-1])) == [
        "", "", Code.IDENTITY_TAKEN,
    ]  # fmt: skip


def test_an_account_that_is_nobody_elses_any_more_takes(books):
    assert codes(books, *LINKED, take("bob"), belongs("rob", ""), take("rob")) == [""] * 5


def test_a_share_stays_the_persons_it_was_given_to(books):
    parted = [belongs("bob", ""), take("rob")]

    assert codes(books, *LINKED, take("bob"), *parted) == ["", "", "", "", Code.IDENTITY_TAKEN]


def test_networks_know_their_own(books):
    abroad = [dataclasses.replace(one, scene=ABROAD) for one in LINKED]

    assert codes(books, *abroad, take("bob"), take("rob")) == [""] * 4


def test_a_person_has_only_so_many_accounts(books):
    many = [belongs(f"a{n}", "Ann") for n in range(ACCOUNTS_LIMIT)]
    book(books, many)

    assert codes(books, belongs("one more", "Ann"), belongs("a1", "Ann")) == [
        Code.MEMBER_INVALID, "",
    ]  # fmt: skip


@pytest.mark.parametrize(("member", "identity"), [("", "Ann"), ("ann", "a\nb"), ("a\tb", "Ann")])
def test_what_is_no_name_is_no_persons(books, member, identity):
    assert codes(books, belongs(member, identity)) == [Code.MEMBER_INVALID]
    assert not books.persons


def test_who_said_whose_an_account_is_leaves_an_entry(books):
    batch = book(books, [belongs("bob", "Bob", key="rest:ann:1"), belongs("rob", "Bob")])

    assert [entry.deed for entry in batch.entries] == ["set_identity"] * 2
