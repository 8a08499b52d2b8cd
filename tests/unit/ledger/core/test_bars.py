"""Who is barred takes no share, in one group or in all of them, until it is over."""

import dataclasses

import pytest

from contracts.values import SplitMode
from ledger.core.booking import book
from ledger.core.refusals import Code
from tests.ledger_books import NOW_MS, SCENE, bar, fund, make_books, send, take

ELSEWHERE = dataclasses.replace(SCENE, group="!other:example.org")
NOWHERE = dataclasses.replace(SCENE, group="")
HOUR_MS = 3_600_000


def answers(*commands, scene=SCENE):
    """Return how commands are answered where ann has sent a packet, and the batch."""
    books = make_books()
    book(books, [fund("ann", 10), send("ann", 10, 5, mode=SplitMode.EQUAL, scene=scene)])
    batch = book(books, commands)
    return [(verdict.code, verdict.detail) for verdict in batch.verdicts], batch


def test_a_barred_member_takes_no_share_and_is_told_until_when():
    told, batch = answers(bar("bob", NOW_MS + HOUR_MS), take("bob"), take("cat"))

    assert told == [("", ""), (Code.BARRED, "2025-06-15 16:06 UTC"), ("", "")]
    assert [verdict.key for verdict in batch.answered] != []
    assert len(batch.answered) == 2, "a bar is no booking"


def test_a_bar_that_is_over_bars_nobody_and_one_without_an_end_always():
    told, _ = answers(bar("bob", NOW_MS), take("bob"), bar("cat"), take("cat"))

    assert told == [("", ""), ("", ""), ("", ""), (Code.BARRED, "")]


@pytest.mark.parametrize(("everywhere", "code"), [(False, ""), (True, Code.BARRED)])
def test_a_bar_of_one_group_is_not_one_of_the_network(everywhere, code):
    told, _ = answers(bar("bob", scene=ELSEWHERE, everywhere=everywhere), take("bob"), scene=SCENE)

    assert told[1][0] == code


def test_of_two_bars_the_one_that_was_decided_later_counts():
    lifted = bar("bob", NOW_MS, since_ms=NOW_MS)
    late = bar("bob", since_ms=NOW_MS - 1)

    told, _ = answers(lifted, late, take("bob"))

    assert told[2] == ("", "")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (bar("bob", scene=NOWHERE), Code.GROUP_MISSING),
        (bar("bob", -1), Code.LIFETIME_INVALID),
        (bar("bob", since_ms=2**62), Code.LIFETIME_INVALID),
        (bar(""), Code.ACCOUNT_INVALID),
    ],
)
def test_a_bar_that_cannot_be_is_refused(command, code):
    told, _ = answers(command)

    assert told[0][0] == code
