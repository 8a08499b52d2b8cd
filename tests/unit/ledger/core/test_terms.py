"""Who may take of a packet, when, and who may end it."""

from dataclasses import replace

import pytest

from contracts.values import PacketOpened, PacketSent, PacketTerms, SplitMode
from ledger.core.booking import book
from ledger.core.refusals import Code
from tests.ledger_books import (
    NETWORK,
    NOW_MS,
    SCENE,
    announce_open,
    close,
    freeze,
    fund,
    make_books,
    pay,
    send,
    stands,
    take,
)

DAY_MS = 86_400_000
SESAME = {"password": "Sesame"}


def sent(books, total=100, shares=4, *, mode=SplitMode.EQUAL, terms=None, **packet):
    """Send a packet of ann's, and return its id."""
    fields = {**packet, "terms": PacketTerms(**terms) if terms else None}
    batch = book(books, [fund("ann", total), send("ann", total, shares, mode=mode, packet=fields)])
    assert batch.verdicts[1].code == "", batch.verdicts[1]
    return batch.verdicts[1].packet_id


def code_of(books, command):
    return book(books, [command]).verdicts[0].code


def refused_to_send(**packet):
    """Return why a packet of 100 in 4 shares is refused."""
    books = make_books()
    return book(books, [fund("ann", 100), send("ann", 100, 4, packet=packet)]).verdicts[1].code


@pytest.mark.parametrize(
    ("terms", "claim", "code"),
    [
        ({"members": ("cid",)}, {}, Code.NOT_FOR_YOU),
        ({"tiers": ("old", "wise")}, {"tier": "new"}, Code.TIER_NOT_MET),
        ({"tiers": ("old", "wise")}, {}, Code.TIER_NOT_MET),
        ({"tenure_ms": DAY_MS}, {"since_ms": NOW_MS - DAY_MS + 1}, Code.TENURE_TOO_SHORT),
        ({"tenure_ms": DAY_MS}, {}, Code.TENURE_TOO_SHORT),
        ({"reputation": 5}, {}, Code.REPUTATION_TOO_LOW),
        (SESAME, {"password": "simsim"}, Code.PASSWORD_WRONG),
        (SESAME, {}, Code.PASSWORD_WRONG),
    ],
)
def test_whoever_does_not_meet_the_terms_gets_no_share(terms, claim, code):
    books = make_books()
    packet = sent(books, terms=terms)

    assert code_of(books, take("bob", packet, claim=claim)) == code


@pytest.mark.parametrize(
    ("terms", "claim"),
    [
        ({"members": ("cid", "bob")}, {}),
        ({"tiers": ("old", "wise")}, {"tier": "wise"}),
        ({"tenure_ms": DAY_MS}, {"since_ms": NOW_MS - DAY_MS}),
        ({"reputation": 5}, {}),
        (SESAME, {"password": " sesame"}),
        ({"password": "恭喜ABC"}, {"password": "恭喜ａｂｃ"}),
    ],
)
def test_whoever_meets_the_terms_gets_a_share(terms, claim):
    books = make_books()
    book(books, [stands("bob", 5)])
    packet = sent(books, terms=terms)

    assert code_of(books, take("bob", packet, claim=claim)) == ""


def test_reputation_is_the_standing_in_the_packets_group_and_no_balance():
    books = make_books()
    packet = sent(books, terms={"reputation": 5})
    pier = replace(SCENE, group="!pier:example.org")
    book(books, [pay("issuer", "member:bob", 500, asset="reputation"), stands("bob", 4)])
    book(
        books,
        [stands("bob", 9, scene=pier), stands("bob", 9, scene=replace(SCENE, network="elsewhere"))],
    )

    assert code_of(books, take("bob", packet)) == Code.REPUTATION_TOO_LOW
    assert code_of(books, take("bob")) == Code.REPUTATION_TOO_LOW
    assert [v.code for v in book(books, [stands("bob", 5), take("bob", packet)]).verdicts] == [
        ""
    ] * 2


def test_a_wrong_password_keeps_the_claim():
    books = make_books()
    packet = sent(books, terms=SESAME)

    tries = [take("bob", packet, claim={"password": word}) for word in ("open", "sesame")]

    assert [v.code for v in book(books, tries).verdicts] == [Code.PASSWORD_WRONG, ""]


def test_no_fact_and_no_row_has_the_password():
    books = make_books()
    batch = book(
        books,
        [fund("ann", 9), send("ann", 9, 3, packet={"terms": PacketTerms(**SESAME)})],
    )

    told = next(f.payload for f in batch.facts if isinstance(f.payload, PacketSent))
    assert (told.packet.locked, told.packet.terms.password) == (True, "")
    assert "esame" not in repr(batch.facts).lower()
    assert "esame" not in repr(batch.opened).lower()


def test_the_same_password_of_two_packets_is_kept_differently():
    books = make_books()
    first, second = (sent(books, terms=SESAME) for _ in range(2))

    hashes = {books.packets[name].conditions.password_hash for name in (first, second)}
    assert len(hashes) == 2


def test_a_person_with_two_accounts_gets_one_share():
    books = make_books()
    packet = sent(books)
    ours, theirs = {"identity": "person 1"}, {"identity": "person 2"}

    batch = book(
        books,
        [
            take("bob@discord", packet, claim=ours),
            take("bob@matrix", packet, claim=ours),
            take("cid", packet, claim=theirs),
            take("dan", packet),
        ],
    )

    assert [v.code for v in batch.verdicts] == ["", Code.IDENTITY_TAKEN, "", ""]


def test_a_packet_that_opens_later_is_taken_from_then_and_told_of_once():
    books = make_books()
    packet = sent(books, opens_in_ms=60_000)

    early = take("bob", packet), announce_open(packet)
    assert [v.code for v in book(books, early).verdicts] == [Code.PACKET_NOT_OPEN] * 2
    books.now_ms += 60_000
    batch = book(books, [take("bob", packet), announce_open(packet), announce_open(packet)])

    assert [v.code for v in batch.verdicts] == ["", "", Code.PACKET_NOT_OPEN]
    assert [type(f.payload) for f in batch.facts].count(PacketOpened) == 1


def test_whoever_names_no_packet_gets_a_share_of_one_that_is_for_them():
    books = make_books()
    open_to_all = sent(books)
    sent(books, terms={"members": ("cid",)})
    sent(books, opens_in_ms=60_000)

    assert book(books, [take("bob")]).verdicts[0].packet_id == open_to_all


def test_a_rain_is_funded_at_once_and_falls_one_drop_after_the_other():
    books = make_books()
    first = sent(books, 100, 3, drops=3, every_ms=60_000, mode=SplitMode.LUCKY)
    drops = [p for p in books.packets.values() if p.rain == first]

    assert [p.total for p in drops] == [34, 33, 33]
    assert [p.opens_ms for p in drops] == [0, NOW_MS + 60_000, NOW_MS + 120_000]
    assert len({p.seed for p in drops}) == 3
    assert books.account(NETWORK, "member:ann", "points").balance == 0
    assert code_of(books, take("bob", drops[1].id)) == Code.PACKET_NOT_OPEN
    books.now_ms += 60_000
    assert [code_of(books, take("bob", p.id)) for p in drops[:2]] == ["", ""]


def test_a_rain_that_cannot_be_paid_in_full_does_not_fall_at_all():
    books = make_books()
    packet = {"drops": 3, "every_ms": 60_000}

    batch = book(books, [fund("ann", 99), send("ann", 100, 3, packet=packet)])

    assert batch.verdicts[1].code == Code.INSUFFICIENT_FUNDS
    assert (batch.opened, len(batch.txns)) == ([], 1)


@pytest.mark.parametrize(
    ("packet", "code"),
    [
        ({"terms": PacketTerms(share_min=26)}, Code.TOTAL_TOO_SMALL),
        ({"terms": PacketTerms(share_max=24)}, Code.TOTAL_TOO_LARGE),
        ({"terms": PacketTerms(share_min=3, share_max=2)}, Code.TERMS_INVALID),
        ({"terms": PacketTerms(share_min=-1)}, Code.TERMS_INVALID),
        ({"terms": PacketTerms(members=("a",) * 101)}, Code.TERMS_INVALID),
        ({"terms": PacketTerms(tiers=("",))}, Code.TERMS_INVALID),
        ({"terms": PacketTerms(**{**SESAME, "password": "  "})}, Code.TERMS_INVALID),
        ({"terms": PacketTerms(tenure_ms=-1)}, Code.TERMS_INVALID),
        ({"opens_in_ms": -1}, Code.SCHEDULE_INVALID),
        ({"opens_in_ms": 31 * DAY_MS}, Code.SCHEDULE_INVALID),
        ({"drops": 101, "every_ms": 1_000}, Code.RAIN_INVALID),
        ({"drops": 2, "every_ms": 999}, Code.RAIN_INVALID),
        ({"drops": 2, "every_ms": 31 * DAY_MS}, Code.RAIN_INVALID),
        ({"every_ms": 1_000}, Code.RAIN_INVALID),
    ],
)
def test_terms_that_cannot_be_are_refused(packet, code):
    assert refused_to_send(**packet) == code


def test_its_sender_takes_a_packet_back_until_somebody_took_of_it():
    books = make_books()
    untouched, started = sent(books), sent(books)
    book(books, [take("bob", started)])

    batch = book(
        books,
        [
            close(untouched, "recalled", key="1"),
            close(started, "recalled", key="2"),
            close(started, "withdrawn", key="3"),
        ],
    )

    assert [v.code for v in batch.verdicts] == ["", Code.PACKET_STARTED, ""]
    assert books.account(NETWORK, "member:ann", "points").balance == 175
    assert [(d.what, d.packet_id) for d in batch.deeds] == [
        ("recalled", untouched),
        ("withdrawn", started),
    ]


def test_nobody_takes_of_a_frozen_packet_and_its_time_goes_on():
    books = make_books()
    packet = sent(books)

    batch = book(
        books,
        [
            freeze(packet, why="stolen"),
            freeze(packet),
            take("bob", packet),
            close(packet, "recalled"),
            freeze(packet, frozen=False),
            freeze(packet, frozen=False),
            take("bob", packet),
            freeze(packet),
        ],
    )
    books.now_ms += 2 * DAY_MS
    ended = book(books, [close(packet, "expired")])

    assert [v.code for v in batch.verdicts] == [
        "", Code.PACKET_FROZEN, Code.PACKET_FROZEN, Code.PACKET_FROZEN,
        "", Code.PACKET_NOT_FROZEN, "", "",
    ]  # fmt: skip
    assert [(d.what, d.by_member, d.why) for d in batch.deeds] == [
        ("frozen", "mod", "stolen"), ("freed", "mod", ""), ("frozen", "mod", ""),
    ]  # fmt: skip
    assert ended.verdicts[0].amount == 75
