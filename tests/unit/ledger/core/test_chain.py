import pytest

from ledger.core.chain import batch_hash
from ledger.core.postings import Posting, Txn

BEFORE = bytes(32)
TXN = Txn(1, "harbour", "transfer:k", bytes(16), "transfer", "rent")
POSTINGS = [
    Posting(1, 0, "harbour", 1, "points", -5, -5, 1),
    Posting(1, 1, "harbour", 2, "points", 5, 5, 1),
]


def test_the_same_batch_has_the_same_hash():
    once = batch_hash(BEFORE, 1, 1_000, [TXN], POSTINGS)

    assert once == batch_hash(BEFORE, 1, 1_000, [TXN], POSTINGS)
    assert len(once) == 32


@pytest.mark.parametrize(
    "change",
    [
        {"before": bytes(31) + b"x"},
        {"batch_id": 2},
        {"at_ms": 1_001},
        {"txns": [TXN._replace(key="transfer:l")]},
        {"txns": [TXN._replace(purpose="tips")]},
        {"txns": []},
        {"postings": POSTINGS[::-1]},
        {"postings": [POSTINGS[0], POSTINGS[1]._replace(balance_after=6)]},
    ],
)
def test_any_change_shows(change):
    plain = {"before": BEFORE, "batch_id": 1, "at_ms": 1_000, "txns": [TXN], "postings": POSTINGS}

    assert batch_hash(**{**plain, **change}) != batch_hash(**plain)
