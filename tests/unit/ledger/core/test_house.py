"""Red packets that no member sends: an account of the house pays for them."""

import pytest

from ledger.core.booking import book
from ledger.core.refusals import Code
from tests.ledger_books import make_books, send


@pytest.mark.parametrize(
    ("sender", "source", "code"),
    [
        ("", "", Code.MEMBER_INVALID),
        ("ann", "treasury", Code.MEMBER_INVALID),
        ("", "member:ann", Code.ACCOUNT_INVALID),
        ("", "issuer", Code.ACCOUNT_INVALID),
        ("", "safe", Code.ACCOUNT_INVALID),
        ("", "treasury", Code.INSUFFICIENT_FUNDS),
        ("", "group:g", Code.INSUFFICIENT_FUNDS),
    ],
)
def test_a_packet_is_paid_by_its_sender_or_by_an_account_of_the_house(sender, source, code):
    batch = book(make_books(), [send(sender, 10, 2, packet={"source": source})])

    assert batch.verdicts[0].code == code
    assert batch.facts[0].payload.member == sender
