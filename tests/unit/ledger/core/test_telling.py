"""A standing is told where it has changed, and of two the one made from more counts."""

from dataclasses import replace

from contracts.values import SetStanding, StandingChanged
from ledger.core.booking import book
from ledger.core.books import Standing
from ledger.core.refusals import Code
from tests.ledger_books import GROUP, NETWORK, SCENE, make_books, make_command

TOLD = SetStanding(
    member="ann", asset="reputation", standing=12, level="known", labels=("may-post",), givers=3,
    days=2, day=9, upto_txn=5,
)  # fmt: skip


def tell(**change):
    return make_command(replace(TOLD, **change), told=True)


def test_what_is_told_is_a_fact_in_the_group_and_books_nothing():
    batch = book(make_books(), [tell(), tell(standing=3, level="", labels=(), upto_txn=6)])

    assert [event.payload for event in batch.facts] == [
        StandingChanged(
            member="ann", asset="reputation", standing=12, level="known", labels=("may-post",),
            givers=3, days=2,
        ),
        StandingChanged(
            member="ann", asset="reputation", standing=3, level_before="known",
            labels_lost=("may-post",), givers=3, days=2,
        ),
    ]  # fmt: skip
    assert {event.group for event in batch.facts} == {GROUP}
    assert (batch.txns, batch.postings) == ([], [])


def test_what_was_made_from_less_is_not_told_after_what_was_made_from_more():
    batch = book(make_books(), [tell(), tell(standing=1, upto_txn=4), tell(standing=1, day=8)])

    assert len(batch.facts) == 1
    key = (NETWORK, GROUP, "reputation", "ann")
    assert batch.standings == {key: Standing(12, "known", ("may-post",), 3, 2, 9, 5)}
    assert [verdict.code for verdict in batch.verdicts] == ["", "", ""]


def test_a_standing_is_of_a_group_and_in_an_asset():
    nowhere = make_command(TOLD, scene=replace(SCENE, group=""), told=True)

    batch = book(make_books(), [nowhere, tell(asset="nothing")])

    assert [v.code for v in batch.verdicts] == [Code.GROUP_MISSING, Code.ASSET_UNKNOWN]
    assert batch.facts == []
