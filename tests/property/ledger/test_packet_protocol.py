"""Every order in which a small packet can be taken of, frozen, recalled, withdrawn and expired.

Nothing is drawn: all states that can be reached are, from one packet of two shares and three
members, and what must always be so is checked in each. A crash before the commit leaves the state
as it was; one after it, and a lost answer, are the same command again.
"""

import copy

from ledger.core.booking import book
from tests.ledger_books import NETWORK, close, freeze, fund, make_books, send, take

DAY_MS = 86_400_000
DEEDS = {
    "take bob": lambda packet, key: take("bob", packet, key=key),
    "take bob twin": lambda packet, key: take("rob", packet, key=key, claim={"identity": "bob"}),
    "take cid": lambda packet, key: take("cid", packet, key=key, claim={"identity": "bob"}),
    "take dan": lambda packet, key: take("dan", packet, key=key),
    "take sender": lambda packet, key: take("ann", packet, key=key),
    "recall": lambda packet, key: close(packet, "recalled", key=key),
    "withdraw": lambda packet, key: close(packet, "withdrawn", key=key),
    "expire": lambda packet, key: close(packet, "expired", key=key),
    "freeze": lambda packet, key: freeze(packet, key=key),
    "free": lambda packet, key: freeze(packet, frozen=False, key=key),
}


def state_of(books, packet_id):
    packet = books.packets[packet_id]
    balances = tuple(sorted((key[1], one.balance) for key, one in books.accounts.items()))
    return (
        packet.state, packet.closed_why, packet.frozen, packet.taken, packet.refunded,
        books.now_ms, frozenset(books.claims), frozenset(books.identities), balances,
    )  # fmt: skip


def check(books, packet_id):
    packet = books.packets[packet_id]
    balances = {key[1]: one.balance for key, one in books.accounts.items()}
    escrow = balances[packet.escrow]
    members = {name: n for name, n in balances.items() if name.startswith("member:")}
    assert sum(balances.values()) == 0
    assert packet.total == packet.amount_taken + packet.refunded + escrow
    assert (packet.state == "closed") == (escrow == 0)
    assert len(books.claims) == packet.taken <= packet.shares
    assert members["member:ann"] == packet.refunded
    assert sum(members.values()) == packet.amount_taken + packet.refunded
    assert not {"member:rob", "member:cid"} <= {name for name, n in members.items() if n}
    assert packet.closed_why != "recalled" or packet.taken == 0


def after(books, packet_id, deed, step):
    """Return the books after a deed, which is done twice under its key, and its first answer."""
    moved = copy.deepcopy(books)
    moved.answers = {}
    command = DEEDS[deed](packet_id, f"{deed} {step}")
    first = book(moved, [command])
    again = book(moved, [command])
    assert again.answered == again.postings == again.facts == []
    assert again.verdicts[0].code == first.verdicts[0].code
    return moved, first.verdicts[0].code


def test_whatever_the_order_nothing_is_lost_or_paid_twice():
    books = make_books()
    sent = book(books, [fund("ann", 3), send("ann", 3, 2, packet={"lifetime_ms": DAY_MS})])
    packet_id = sent.verdicts[1].packet_id
    found = {state_of(books, packet_id): books}
    front = [books]
    answers = set()
    while front:
        here = front.pop()
        check(here, packet_id)
        for deed in DEEDS:
            moved, code = after(here, packet_id, deed, len(found))
            answers.add((deed, code))
            if code:
                assert state_of(moved, packet_id)[:6] == state_of(here, packet_id)[:6]
            if not code and (state := state_of(moved, packet_id)) not in found:
                found[state] = moved
                front.append(moved)
        later = copy.deepcopy(here)
        later.now_ms = books.now_ms + DAY_MS
        if (state := state_of(later, packet_id)) not in found:
            found[state] = later
            front.append(later)

    assert len(found) > 50
    assert ("expire", "") in answers
    assert ("expire", "not_expired") in answers
    assert ("recall", "packet_started") in answers
    assert ("take cid", "identity_taken") in answers
    assert ("take sender", "own_packet") in answers
    assert ("take sender", "") not in answers
    assert {name for name, code in answers if not code} == set(DEEDS) - {"take sender"}
    assert books.account(NETWORK, "member:ann", "points").balance == 0
