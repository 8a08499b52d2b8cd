import dataclasses

import pytest

from contracts.values import (
    LedgerRefused,
    PacketClosed,
    PacketSent,
    PacketShareTaken,
    SplitMode,
    Transferred,
)
from ledger.core.booking import book
from ledger.core.books import Terms
from ledger.core.postings import blank
from ledger.core.refusals import Code
from tests.ledger_books import (
    GROUP,
    NETWORK,
    NOW_MS,
    SCENE,
    close,
    fund,
    make_books,
    make_command,
    pay,
    send,
    take,
)

HOUR_MS = 3_600_000
ELSEWHERE = dataclasses.replace(SCENE, group="!other:example.org")
NOWHERE = dataclasses.replace(SCENE, group="")
ABROAD = dataclasses.replace(SCENE, network="other")


def answer(*commands, books=None):
    return book(books or make_books(), commands)


def codes(batch):
    return [verdict.code for verdict in batch.verdicts]


def payloads(batch, kind):
    return [fact.payload for fact in batch.facts if isinstance(fact.payload, kind)]


def balance(books, path, asset="points"):
    return books.account(NETWORK, path, asset).balance


def with_packet(total=10, shares=2, mode=SplitMode.EQUAL, **fields):
    """Return books in which ann has sent one packet, and its id."""
    books = make_books()
    sent = answer(fund("ann", total), send("ann", total, shares, mode=mode, **fields), books=books)
    return books, sent.verdicts[1].packet_id


def test_a_transfer_takes_here_and_gives_there():
    books = make_books()

    batch = answer(fund("ann", 10), pay("member:ann", "member:bob", 4), books=books)

    assert codes(batch) == ["", ""]
    assert balance(books, "member:ann") == 6
    assert balance(books, "member:bob") == 4
    assert balance(books, "issuer") == -10
    fact = payloads(batch, Transferred)[1]
    assert (fact.source, fact.destination, fact.amount) == ("member:ann", "member:bob", 4)
    assert fact.transfer_id == str(batch.verdicts[1].txn_id)


def test_without_an_asset_the_default_one_is_meant():
    batch = answer(fund("ann", 10, asset=""))

    assert payloads(batch, Transferred)[0].asset == "points"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (fund("ann", 0), Code.AMOUNT_NOT_POSITIVE),
        (fund("ann", -3), Code.AMOUNT_NOT_POSITIVE),
        (fund("ann", 1, asset="gold"), Code.ASSET_UNKNOWN),
        (pay("member:ann", "member:ann", 1), Code.SAME_ACCOUNT),
        (pay("member:ann", "member:bob", 1), Code.INSUFFICIENT_FUNDS),
        (pay("member:ann", "bank:bob", 1), Code.ACCOUNT_INVALID),
        (pay("issuer", "packet:abc", 1), Code.ACCOUNT_RESERVED),
        (pay("member:ann", "member:bob", 1, asset="reputation"), Code.ASSET_NOT_TRANSFERABLE),
        (pay("issuer", "member:bob", 1, purpose="x" * 201), Code.TEXT_INVALID),
        (pay("issuer", "member:bob", 1, purpose="a\0b"), Code.TEXT_INVALID),
        (pay("issuer", "member:bob", 1, deadline_ms=NOW_MS - 1), Code.TOO_LATE),
        (send("ann", 10, 2), Code.INSUFFICIENT_FUNDS),
        (send("", 10, 2), Code.MEMBER_INVALID),
        (send("a\nb", 10, 2), Code.MEMBER_INVALID),
        (send("a" * 256, 10, 2), Code.MEMBER_INVALID),
        (send("ann", 0, 2), Code.AMOUNT_NOT_POSITIVE),
        (send("ann", 1, 2), Code.TOTAL_TOO_SMALL),
        (send("ann", 10, 0), Code.SHARES_INVALID),
        (send("ann", 10, 2, mode=SplitMode.UNSPECIFIED), Code.MODE_INVALID),
        (send("ann", 10, 2, scene=NOWHERE), Code.GROUP_MISSING),
        (send("ann", 10, 2, packet={"greeting": "祝" * 201}), Code.TEXT_INVALID),
        (send("ann", 10, 2, packet={"lifetime_ms": 999}), Code.LIFETIME_INVALID),
        (send("ann", 10, 2, packet={"lifetime_ms": 73 * HOUR_MS}), Code.LIFETIME_INVALID),
        (send("ann", 10, 2, packet={"asset": "gold"}), Code.ASSET_UNKNOWN),
        (send("ann", 10, 2, packet={"asset": "reputation"}), Code.ASSET_NOT_GIFTABLE),
        (take("bob"), Code.NO_OPEN_PACKET),
        (take("bob", "abc"), Code.PACKET_UNKNOWN),
        (take(""), Code.MEMBER_INVALID),
        (close("abc"), Code.PACKET_UNKNOWN),
        (close("abc", "sold_out"), Code.REASON_INVALID),
    ],
)
def test_a_refusal_names_its_reason_and_changes_nothing(command, code):
    books = make_books()

    batch = answer(command, books=books)

    assert codes(batch) == [code]
    assert (batch.txns, batch.postings, batch.accounts, batch.opened) == ([], [], {}, [])
    assert books.next_txn == 1
    [fact] = payloads(batch, LedgerRefused)
    assert (fact.code, fact.command_id) == (code, command.key)


def test_luck_and_paid_credit_do_not_go_together():
    books = make_books(terms=Terms(paid_gifts=True))
    answer(fund("ann", 100, asset="CNY"), books=books)

    lucky = send("ann", 10, 2, mode=SplitMode.LUCKY, packet={"asset": "CNY"})
    equal = send("ann", 10, 2, mode=SplitMode.EQUAL, packet={"asset": "CNY"})

    assert codes(answer(lucky, equal, books=books)) == [Code.ASSET_NOT_GIFTABLE, ""]


def test_reputation_comes_from_its_issuer_alone():
    assert codes(answer(fund("ann", 3, asset="reputation"))) == [""]


def test_the_sender_of_a_refused_command_hears_of_it_once_if_he_waits_for_the_answer():
    batch = answer(pay("member:ann", "member:bob", 1, told=True))

    assert batch.facts == []
    assert codes(batch) == [Code.INSUFFICIENT_FUNDS]


def test_the_same_key_gets_the_same_answer():
    command = fund("ann", 10, key="k")
    books = make_books()

    first = answer(command, books=books)
    again = answer(command, books=books)

    assert again.verdicts == [first.verdicts[0]._replace(repeated=True)]
    assert again.answered == again.txns == again.facts == []
    assert balance(books, "member:ann") == 10


def test_a_refusal_stays_one_when_it_would_pass_by_now():
    command = pay("member:ann", "member:bob", 1, key="k")
    books = make_books()

    batch = answer(command, fund("ann", 10), command, books=books)

    assert codes(batch) == [Code.INSUFFICIENT_FUNDS, "", Code.INSUFFICIENT_FUNDS]


@pytest.mark.parametrize("change", [{"amount": 11}, {"scene": ELSEWHERE}])
def test_a_key_cannot_be_used_for_something_else(change):
    second = fund("ann", change.get("amount", 10), key="k", scene=change.get("scene", SCENE))

    batch = answer(fund("ann", 10, key="k"), second)

    assert codes(batch) == ["", Code.KEY_REUSED]
    assert len(batch.answered) == 1


def test_a_key_belongs_to_its_network():
    assert codes(answer(fund("ann", 1, key="k"), fund("ann", 2, key="k", scene=ABROAD))) == ["", ""]


def test_sending_a_packet_moves_its_total_into_escrow():
    books, packet_id = with_packet(total=10, shares=3)

    assert balance(books, "member:ann") == 0
    assert balance(books, f"packet:{packet_id}") == 10
    assert [books.shares[packet_id, slot] for slot in (1, 2, 3)] == [4, 3, 3]


def test_a_packet_that_was_sent_is_told_with_all_that_concerns_it():
    batch = answer(fund("ann", 9), send("ann", 9, 3, key="k", packet={"greeting": "新年快乐"}))

    [fact] = payloads(batch, PacketSent)
    assert fact.command_id == "k"
    assert (fact.packet.total, fact.packet.shares, fact.packet.greeting) == (9, 3, "新年快乐")
    assert fact.packet.expires_ms == NOW_MS + 24 * HOUR_MS
    event = batch.facts[-1]
    assert (event.platform, event.network, event.group) == ("matrix", NETWORK, GROUP)
    assert (event.connection, event.place.channel) == ("matrix", GROUP)
    assert event.received_ms == NOW_MS


def test_shares_are_given_in_their_order_and_the_last_closes_the_packet():
    books, packet_id = with_packet(total=9, shares=2, mode=SplitMode.LUCKY)

    batch = answer(take("bob"), take("cid"), take("dan"), books=books)

    assert codes(batch) == ["", "", Code.PACKET_SOLD_OUT]
    first, last = payloads(batch, PacketShareTaken)
    assert (first.slot, first.shares_left, first.best_luck) == (1, 1, False)
    assert (last.slot, last.shares_left, last.best_luck) == (2, 0, True)
    assert first.amount + last.amount == 9
    best = max(first, last, key=lambda share: share.amount)
    assert (last.best_luck_member, last.best_luck_amount) == (best.member, best.amount)
    [closed] = payloads(batch, PacketClosed)
    assert (closed.why, closed.refunded) == ("sold_out", 0)
    assert balance(books, f"packet:{packet_id}") == 0


def test_of_two_equal_shares_the_earlier_is_the_best_luck():
    books, packet_id = with_packet(total=2, shares=2, mode=SplitMode.LUCKY)

    batch = answer(take("bob"), take("cid"), books=books)

    assert payloads(batch, PacketShareTaken)[1].best_luck_member == "bob"
    assert books.packets[packet_id].best_member == "bob"


def test_an_equal_packet_knows_no_luck():
    books, _ = with_packet(total=3, shares=1)

    batch = answer(take("bob"), books=books)

    assert payloads(batch, PacketShareTaken)[0].best_luck_member == ""


def test_nobody_gets_two_shares_even_when_all_are_gone():
    books, _ = with_packet(total=2, shares=2)

    batch = answer(take("bob"), take("bob"), take("cid"), take("bob"), books=books)

    assert codes(batch) == ["", Code.ALREADY_TAKEN, "", Code.ALREADY_TAKEN]


def test_senders_take_nothing_of_their_own():
    books, packet_id = with_packet()

    assert codes(answer(take("ann"), take("ann", packet_id), books=books)) == [Code.OWN_PACKET] * 2


def test_a_frozen_member_takes_no_share():
    books, _ = with_packet()
    books.account(NETWORK, "member:bob", "points").state = "frozen"

    assert codes(answer(take("bob"), books=books)) == [Code.ACCOUNT_FROZEN]


def test_a_packet_is_known_in_its_own_group_and_network_only():
    books, packet_id = with_packet()

    batch = answer(
        take("bob", packet_id, scene=ELSEWHERE),
        take("bob", packet_id, scene=ABROAD),
        take("bob", scene=ELSEWHERE),
        take("bob", packet_id, scene=NOWHERE),
        books=books,
    )

    assert codes(batch) == [Code.PACKET_UNKNOWN, Code.PACKET_UNKNOWN, Code.NO_OPEN_PACKET, ""]


def test_the_newest_packet_that_can_be_had_is_meant_when_none_is_named():
    books, older = with_packet(total=2, shares=2)
    newer = answer(fund("cid", 1), send("cid", 1, 1), books=books).verdicts[1].packet_id

    batch = answer(take("bob"), take("bob"), take("ann"), take("bob"), books=books)

    assert [verdict.packet_id for verdict in batch.verdicts] == [newer, older, None, None]
    assert codes(batch)[2:] == [Code.OWN_PACKET, Code.ALREADY_TAKEN]


def test_when_its_time_is_over_nothing_can_be_taken():
    books, packet_id = with_packet(packet={"lifetime_ms": 1_000})
    books.now_ms += 1_000

    assert codes(answer(take("bob"), take("bob", packet_id), books=books)) == [
        Code.PACKET_EXPIRED,
        Code.PACKET_EXPIRED,
    ]


def test_what_nobody_took_goes_back_once():
    books, packet_id = with_packet(total=10, shares=2)
    answer(take("bob"), books=books)
    books.now_ms += 24 * HOUR_MS

    batch = answer(close(packet_id, "expired"), close(packet_id, "expired"), books=books)

    assert codes(batch) == ["", Code.PACKET_EXPIRED]
    assert balance(books, "member:ann") == 5
    [closed] = payloads(batch, PacketClosed)
    assert (closed.why, closed.refunded, closed.packet.shares_taken) == ("expired", 5, 1)


def test_a_packet_does_not_expire_before_its_time():
    books, packet_id = with_packet()

    assert codes(answer(close(packet_id, "expired"), books=books)) == [Code.NOT_EXPIRED]


def test_a_recalled_packet_is_closed():
    books, packet_id = with_packet()

    batch = answer(close(packet_id, ""), take("bob"), close(packet_id), books=books)

    assert codes(batch) == ["", Code.PACKET_CLOSED, Code.PACKET_CLOSED]
    assert balance(books, "member:ann") == 10


def test_members_get_the_opening_grant_with_the_first_thing_that_happens_to_them():
    books = make_books(terms=Terms(opening_grant=100))

    batch = answer(send("ann", 60, 2), take("bob"), send("ann", 60, 1), books=books)

    assert codes(batch) == ["", "", Code.INSUFFICIENT_FUNDS]
    assert balance(books, "member:ann") == 40
    assert balance(books, "member:bob") == 130
    grants = [fact for fact in payloads(batch, Transferred) if fact.purpose == "opening_grant"]
    assert [fact.destination for fact in grants] == ["member:ann", "member:bob"]


def test_the_opening_grant_is_of_one_asset_and_for_members():
    books = make_books(terms=Terms(opening_grant=100))

    answer(pay("issuer", "treasury", 5), fund("ann", 1, asset="CNY"), books=books)

    assert balance(books, "treasury") == 5
    assert balance(books, "member:ann", "CNY") == 1
    assert balance(books, "member:ann") == 0


def test_a_refused_command_opens_no_account():
    books = make_books(terms=Terms(opening_grant=100))

    batch = answer(send("ann", 101, 2), books=books)

    assert codes(batch) == [Code.INSUFFICIENT_FUNDS]
    assert batch.accounts == {}
    assert books.account(NETWORK, "member:ann", "points") == blank(NETWORK, "member:ann", "points")


def test_a_detail_that_cannot_be_printed_is_shown_escaped():
    batch = answer(fund("ann", 1, asset="go\0ld"))

    assert batch.verdicts[0].detail == r"'go\x00ld'"


@pytest.mark.parametrize(
    ("command", "member"),
    [
        (send("ann", 1, 1), "ann"),
        (take("bob"), "bob"),
        (pay("member:cid", "treasury", 1), "cid"),
        (pay("treasury", "member:cid", 1), ""),
        (close("abc"), ""),
    ],
)
def test_a_refusal_is_told_to_the_member_who_asked(command, member):
    assert payloads(answer(command), LedgerRefused)[0].member == member


def test_a_fact_without_a_platform_is_of_reeve_itself():
    batch = answer(fund("ann", 1, scene=dataclasses.replace(NOWHERE, platform="")))

    assert batch.facts[0].platform == "reeve"
    assert batch.facts[0].actor is None


def test_a_command_without_a_body_is_a_fault_of_the_caller():
    with pytest.raises(KeyError):
        answer(make_command(None))
