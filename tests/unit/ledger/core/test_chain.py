import pytest

from ledger.core.auditing import Entry
from ledger.core.chain import Given, Opened, Promise, Promised, Written, batch_hash
from ledger.core.holds import HoldStep
from ledger.core.packets import PacketStep
from ledger.core.postings import Bound, Earned, Posting, Txn

BEFORE = bytes(32)
TXN = Txn(1, "harbour", "transfer:k", bytes(16), "transfer", "rent")
POSTINGS = [
    Posting(1, 0, "harbour", 1, "points", -5, -5, 1),
    Posting(1, 1, "harbour", 2, "points", 5, 5, 1),
]
PACKET = Given(
    1, "p", "harbour", "quay", "ann", "member:ann", "points", 9, "4,5", "lucky", bytes(32), 2_000
)
MERIT = Earned(
    1, "harbour", "quay", "reputation", "ann", "bob", 5, "thanks", "Helped.", ("e1", "e2"), 900
)
TERMS = Promise(1, "p", 2, 9, 1_500, "p", 30, 3, ("bob", "cid"), ("wise",), "c0ffee", 60_000, 20)
WRITTEN = {
    "txns": [TXN],
    "postings": POSTINGS,
    "bounds": [Bound(2, 0, "harbour", 0, 0, 9, "open", "why")],
    "steps": [HoldStep("h", 1, "harbour", "placed", 3, None, 0)],
    "accounts": [Opened(1, "harbour", "issuer", "points"), Opened(2, "harbour", "a", "points")],
    "holds": [Promised("h", "harbour", "member:ann", "treasury", "points", 3, "rent", 2_000)],
    "packets": [PACKET],
    "merits": [MERIT],
    "terms": [TERMS],
    "deeds": [PacketStep("p", 0, "harbour", "frozen", "mod", "stolen")],
    "entries": [Entry("harbour", "rest:ann:1", "set_budget", '{"amount": 5}')],
}


def hashed(before=BEFORE, batch_id=1, at_ms=1_000, form=5, **change):
    return batch_hash(before, batch_id, at_ms, Written(**{**WRITTEN, **change}), form=form)


def other(value):
    """Return something else of the same type."""
    match value:
        case bytes():
            return bytes(31) + b"x"
        case str():
            return f"{value}x"
        case tuple():
            return (*value, "x")
        case _:
            return 77


def test_the_same_batch_has_the_same_hash():
    assert hashed() == hashed()
    assert len(hashed()) == 32


@pytest.mark.parametrize(
    "change",
    [
        {"before": bytes(31) + b"x"},
        {"batch_id": 2},
        {"at_ms": 1_001},
        {"form": 1},
        {"form": 2},
        {"form": 3},
        {"form": 4},
        {"terms": [TERMS._replace(members=("bobcid",))]},
        {"terms": [TERMS._replace(members=("bob",), tiers=("cid", "wise"))]},
        {"merits": [MERIT._replace(evidence=("e1e2",))]},
        {"txns": []},
        {"postings": POSTINGS[::-1]},
        {"accounts": WRITTEN["accounts"][::-1]},
    ],
)
def test_any_change_shows(change):
    assert hashed(**change) != hashed()


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        (kind, column)
        for kind, rows in WRITTEN.items()
        for column in rows[0]._fields
        # the place is the order, and the network that of the transaction, account or hold
        if column != "place"
        and (column != "network" or kind not in {"postings", "bounds", "steps"})
    ],
)
def test_whichever_column_is_changed_shows(kind, column):
    [first, *rest] = WRITTEN[kind]
    changed = first._replace(**{column: other(getattr(first, column))})

    assert hashed(**{kind: [changed, *rest]}) != hashed()


def test_a_batch_of_the_first_form_covers_its_bookings_alone():
    assert hashed(form=1, accounts=[], holds=[], packets=[]) == hashed(form=1)
    assert hashed(form=1, steps=[]) != hashed(form=1)


def test_a_batch_of_the_second_form_covers_no_merits():
    assert hashed(form=2, merits=[]) == hashed(form=2)
    assert hashed(form=2, packets=[]) != hashed(form=2)


def test_a_batch_of_the_third_form_covers_neither_terms_nor_what_was_done_to_packets():
    assert hashed(form=3, terms=[], deeds=[]) == hashed(form=3)
    assert hashed(form=3, merits=[]) != hashed(form=3)


def test_a_batch_of_the_fourth_form_covers_no_entries():
    assert hashed(form=4, entries=[]) == hashed(form=4)
    assert hashed(form=4, deeds=[]) != hashed(form=4)
