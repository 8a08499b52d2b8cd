"""``reeve ledger packet``: who got what, and the split recomputed from its seed."""

import json

import pytest

from contracts.values import SplitMode
from tests.integration.ledger.test_verb import reeve
from tests.ledger_books import close, fund, send, take


@pytest.fixture
async def packet(store):
    """A lucky packet of three shares, one of which is taken."""
    sent = await store.book([fund("ann", 100), send("ann", 100, 3, mode=SplitMode.LUCKY)])
    packet_id = sent.verdicts[1].packet_id
    await store.book([take("bob", packet_id)])
    return packet_id


async def test_who_got_what_is_told_and_the_seed_is_not_while_the_packet_is_open(packet, books_url):
    status, told, _ = await reeve(books_url, "packet", packet, "--verify")
    found = json.loads((await reeve(books_url, "packet", packet, "--json"))[1])

    assert status == 0
    assert told.splitlines()[0] == f"packet {packet} of ann: 100 points in 3 shares, lucky, open"
    assert told.splitlines()[1].split()[2:] == ["bob", "best", "luck"]
    assert told.splitlines()[-1] == "The seed is shown when the packet is closed."
    assert (found["seed"], found["recomputed"]) == ("", [])


async def test_anyone_can_recompute_the_split_of_a_closed_packet(store, packet, books_url):
    await store.book([close(packet)])

    status, told, _ = await reeve(books_url, "packet", packet, "--verify")
    found = json.loads((await reeve(books_url, "packet", packet, "--json"))[1])

    assert (status, told.splitlines()[-1]) == (0, "Every share follows from the seed.")
    assert [share["amount"] for share in found["given"]] == found["recomputed"]
    assert (found["best"], found["sound"]) == ("bob", True)


async def test_a_share_that_does_not_follow_from_the_seed_is_found(
    store, packet, books_url, superuser
):
    await store.book([close(packet)])
    await superuser.execute("SET session_replication_role = replica")
    await superuser.execute(
        "UPDATE packet_share SET amount = amount + 1 WHERE packet_id = $1 AND slot = 2", packet
    )

    status, told, _ = await reeve(books_url, "packet", packet, "--verify")

    assert (status, told.splitlines()[-1].split()[:2]) == (1, ["slot", "2"])


async def test_a_packet_that_there_is_not_is_one_sentence(books_url):
    status, _, complaint = await reeve(books_url, "packet", "nothing")

    assert (status, complaint) == (2, "reeve: there is no packet nothing.\n")
