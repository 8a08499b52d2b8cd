"""A second person's word before much leaves an account of the house."""

import dataclasses

import pytest

from contracts.values import PacketTerms, Transferred
from ledger.core.booking import book
from ledger.core.refusals import Code
from tests.ledger_books import (
    NETWORK,
    SCENE,
    budget,
    decide,
    fund,
    hold,
    limit,
    make_books,
    pay,
    reverse,
    send,
)

FROM_HOUSE = {"source": "treasury"}
ABROAD = dataclasses.replace(SCENE, network="other")
BY_ANN, BY_BOB = "rest:ann:1", "rest:bob:1"


def answers(books, *commands):
    return book(books, commands).verdicts


def codes(books, *commands):
    return [verdict.code for verdict in answers(books, *commands)]


def left(books):
    account = books.account(NETWORK, "treasury", "points")
    return account.balance - account.held


@pytest.fixture
def books():
    """The treasury has 1,000 points; of more than 100 at once a second person is asked."""
    books = make_books()
    book(books, [pay("issuer", "treasury", 1_000), limit("treasury", 100)])
    return books


def waiting(books, command):
    """Book ``command``, which waits; return the request's id."""
    [verdict] = answers(books, command)
    assert verdict.code == Code.APPROVAL_NEEDED
    [request] = [one for one in books.requests.values() if one.key == command.key]
    assert request.id in verdict.detail
    return request.id


WAYS = {
    "a transfer": lambda **key: pay("treasury", "member:cid", 101, **key),
    "a packet": lambda **key: send("", 101, 3, packet=FROM_HOUSE, **key),
    "a hold": lambda **key: hold("treasury", "member:cid", 101, **key),
    "a rain": lambda **key: send(
        "", 101, 3, packet={**FROM_HOUSE, "drops": 3, "every_ms": 1_000}, **key
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_above_the_limit_waits_and_is_booked_on_a_second_persons_word(books, way):
    request = waiting(books, WAYS[way](key=BY_ANN))
    before = left(books)

    [verdict] = answers(books, decide(request, key=BY_BOB))

    assert (before, left(books)) == (1_000, 899)
    assert (verdict.code, verdict.amount) == ("", 101)
    kept = books.requests[request]
    assert (kept.state, kept.asked_by, kept.decided_by) == ("approved", "ann", "bob")


@pytest.mark.parametrize(
    "command",
    [
        pay("treasury", "member:cid", 100),
        send("", 100, 3, packet=FROM_HOUSE),
        hold("treasury", "member:cid", 100),
        pay("issuer", "treasury", 5_000),
        fund("cid", 5_000),
    ],
)
def test_what_is_not_above_the_limit_or_comes_in_waits_for_nobody(books, command):
    assert codes(books, command) == [""]


def test_nobody_approves_what_they_asked_for_but_they_may_reject_it(books):
    request = waiting(books, pay("treasury", "member:cid", 500, key=BY_ANN))

    own = decide(request, key="rest:ann:2")
    back = decide(request, approved=False, key="rest:ann:3")

    assert codes(books, own, back) == [Code.OWN_REQUEST, ""]
    assert (left(books), books.requests[request].state) == (1_000, "rejected")


def test_over_rest_it_is_the_caller_who_decides_whatever_the_command_says(books):
    request = waiting(books, pay("treasury", "member:cid", 500, key=BY_ANN))

    assert codes(books, decide(request, by="somebody", key="rest:ann:2")) == [Code.OWN_REQUEST]


def test_a_member_who_asked_in_chat_does_not_approve_it_there(books):
    book(books, [fund("ann", 1), limit("group:g", 0), pay("issuer", "group:g", 10)])
    asked = send("", 10, 1, packet={"source": "group:g"}, key="action1")
    request = waiting(books, asked)

    assert codes(books, decide(request, by=""), decide(request, by="bob")) == [
        Code.MEMBER_INVALID, "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "code"),
    [("approved", Code.REQUEST_DECIDED), ("rejected", Code.REQUEST_DECIDED)],
)
def test_what_is_decided_is_decided(books, state, code):
    request = waiting(books, pay("treasury", "member:cid", 500, key=BY_ANN))
    book(books, [decide(request, approved=state == "approved")])

    again = answers(books, decide(request), decide(request, approved=False))

    assert [(verdict.code, verdict.detail) for verdict in again] == [(code, state)] * 2


def test_after_its_time_it_can_only_be_asked_for_again(books):
    request = waiting(books, pay("treasury", "member:cid", 500, key=BY_ANN))
    books.now_ms += books.terms.approval_ms

    assert codes(books, decide(request)) == [Code.REQUEST_EXPIRED]
    again = waiting(books, pay("treasury", "member:cid", 500, key="rest:ann:2"))
    assert codes(books, decide(again)) == [""]


def test_what_the_books_cannot_bear_waits_on(books):
    request = waiting(books, pay("treasury", "member:cid", 800, key=BY_ANN))
    book(books, [budget("treasury", 700)])
    over_budget = codes(books, decide(request))
    book(books, [budget("treasury", 0)])
    book(books, [pay("treasury", "house", 100, key=f"out{n}") for n in range(3)])
    too_poor = codes(books, decide(request))
    book(books, [pay("house", "treasury", 300)])

    assert (over_budget, too_poor) == ([Code.BUDGET_EXCEEDED], [Code.INSUFFICIENT_FUNDS])
    assert codes(books, decide(request)) == [""]


def test_what_was_asked_for_is_answered_the_same_for_ever(books):
    asked = pay("treasury", "member:cid", 500, key=BY_ANN)
    request = waiting(books, asked)
    book(books, [decide(request)])

    [again] = answers(books, asked)

    assert (again.code, again.repeated) == (Code.APPROVAL_NEEDED, True)
    assert left(books) == 500


def test_facts_name_the_command_that_asked(books):
    asked = pay("treasury", "member:cid", 500, key="action1")
    batch = book(books, [decide(waiting(books, asked))])

    [fact] = [event.payload for event in batch.facts if isinstance(event.payload, Transferred)]
    assert fact.command_id == "action1"


def test_what_was_taken_back_is_not_approved_any_more(books):
    asked = pay("treasury", "member:cid", 500, key="action1")
    request = waiting(books, asked)

    assert codes(books, reverse(asked), decide(request)) == [
        Code.NOTHING_BOOKED, Code.REQUEST_DECIDED,
    ]  # fmt: skip
    assert (left(books), books.requests[request].state) == (1_000, "withdrawn")


def test_what_was_approved_is_taken_back_once(books):
    asked = pay("treasury", "member:cid", 500, key="action1")
    approval = decide(waiting(books, asked))

    assert codes(books, approval, reverse(asked), reverse(approval)) == [
        "", "", Code.REVERSED_BEFORE,
    ]  # fmt: skip
    assert left(books) == 1_000


def test_no_network_decides_on_what_waits_in_another(books):
    request = waiting(books, pay("treasury", "member:cid", 500, key=BY_ANN))

    assert (
        codes(books, decide(request, scene=ABROAD), decide("nothing")) == [Code.REQUEST_UNKNOWN] * 2
    )


def test_no_password_waits(books):
    locked = {**FROM_HOUSE, "terms": PacketTerms(password="sesame")}  # noqa: S106 - a packet's

    assert codes(books, send("", 500, 1, packet=locked)) == [Code.TERMS_INVALID]
    assert not books.requests


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (limit("member:ann", 5), Code.LIMIT_INVALID),
        (limit("treasury", -5), Code.LIMIT_INVALID),
        (limit("bank", 5), Code.ACCOUNT_INVALID),
        (limit("treasury", 5, asset="gold"), Code.ASSET_UNKNOWN),
        (limit("network", 0, asset=""), ""),
    ],
)
def test_accounts_of_the_house_have_limits(books, said, code):
    assert codes(books, said) == [code]


@pytest.mark.parametrize("above", [101, None])
def test_a_limit_is_raised_or_lifted_on_a_second_persons_word(books, above):
    request = waiting(books, limit("treasury", above, key=BY_ANN))
    gift = pay("treasury", "member:cid", 101)

    own, by_another = decide(request, key="rest:ann:2"), decide(request, key=BY_BOB)

    assert codes(books, pay("treasury", "member:cid", 101, key="early")) == [Code.APPROVAL_NEEDED]
    assert codes(books, own, by_another, gift) == [Code.OWN_REQUEST, "", ""]
    assert books.limits[NETWORK, "treasury", "points"] == above


def test_one_person_lowers_a_limit_or_says_the_same_or_the_first(books):
    first = limit("house", 10**9)

    assert codes(books, limit("treasury", 100), limit("treasury", 0), first) == ["", "", ""]


def test_a_limit_that_ended_is_said_by_one_person_again(books):
    book(books, [decide(waiting(books, limit("treasury", None, key=BY_ANN)))])

    assert codes(books, limit("treasury", 10**9), limit("treasury", 100)) == ["", ""]


def test_a_limit_that_was_not_to_be_raised_stays(books):
    request = waiting(books, limit("treasury", 101, key=BY_ANN))

    assert codes(books, decide(request, approved=False)) == [""]
    assert books.limits[NETWORK, "treasury", "points"] == 100


def test_who_asked_to_lift_a_limit_and_who_let_them_leave_an_entry_each(books):
    request = waiting(books, limit("treasury", None, key=BY_ANN))

    batch = book(books, [decide(request, key=BY_BOB)])

    assert [(entry.key, entry.deed) for entry in batch.entries] == [
        (BY_ANN, "set_approval"), (BY_BOB, "decide_request"),
    ]  # fmt: skip


def test_who_said_and_decided_leaves_an_entry(books):
    request = waiting(books, pay("treasury", "member:cid", 500, key=BY_ANN))

    batch = book(books, [limit("treasury", 7), decide(request, key=BY_BOB)])

    assert [entry.deed for entry in batch.entries] == ["set_approval", "decide_request"]
