"""What is drawn of a packet, and that it is drawn of what members wrote without harm."""

from xml.etree.ElementTree import fromstring

import pytest

from ledger.core.picture import ROWS_MAX, Given, Taken, draw

SVG = "{http://www.w3.org/2000/svg}"
PLAIN = Given("@ann:example.org", "Enjoy!", "points", 0, 30, 3, "lucky", "sold_out", 0)
SHARES = [Taken(1, "@bob:x", 5), Taken(2, "@cid:x", 20), Taken(3, "@dan:x", 5)]


def drawn(packet=PLAIN, taken=SHARES, language="en"):
    """Return the texts of a picture, how long its bars are, and how many crowns it has."""
    tree = fromstring(draw(packet, taken, language))  # noqa: S314 -- made by us just now
    texts = [each.text for each in tree.iter(f"{SVG}text")]
    bars = [int(each.get("width")) for each in tree.iter(f"{SVG}rect")][1:]
    crowns = [each for each in tree.iter(f"{SVG}path") if each.get("transform")]
    return texts, bars, len(crowns)


def test_each_share_has_a_bar_and_the_best_luck_a_crown():
    texts, bars, crowns = drawn()

    assert texts == [
        "Red packet from ann", "Enjoy!", "30 points in 3 shares, by luck",
        "bob", "5", "cid", "20", "dan", "5", "all shares are taken",
    ]  # fmt: skip
    assert (bars, crowns) == ([82, 330, 82], 1)


def test_it_is_told_in_chinese_too():
    texts, _, _ = drawn(PLAIN._replace(sender="", asset="CNY", scale=2), language="zh")

    assert texts[0] == "本群 的红包"
    assert texts[2] == "0.30 CNY，共 3 份，拼手气"
    assert texts[-1] == "已抢完"


@pytest.mark.parametrize(
    "packet",
    [
        PLAIN._replace(mode="equal"),
        PLAIN._replace(closed_why=""),
        PLAIN._replace(shares=9, closed_why="expired"),
    ],
)
def test_no_luck_is_told_of_an_equal_an_open_or_a_hardly_taken_packet(packet):
    taken = SHARES if packet.shares == 3 else SHARES[:2]

    assert drawn(packet, taken)[2] == 0


def test_a_packet_of_which_nobody_took_says_so():
    texts, bars, _ = drawn(PLAIN._replace(closed_why="", greeting=""), [])

    assert texts[-2:] == ["Nobody has taken of it.", "open: 3 shares left"]
    assert bars == []


def test_of_many_shares_the_first_are_drawn_and_the_best_always():
    taken = [Taken(n, f"@m{n}:x", 2 + (n == 90)) for n in range(1, 101)]

    texts, bars, crowns = drawn(PLAIN._replace(shares=100, total=201), taken)

    assert (len(bars), crowns) == (ROWS_MAX, 1)
    assert "m90" in texts
    assert "and 60 more shares: 120" in texts


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("@<script>alert(1):x", "<script>alert(1)"),
        ("@\u202egp&j:x", "\ufffdgp&j"),
        ("@" + "恭" * 30 + ":x", "恭" * 9 + "…"),
        ("@\x00\x1b]:x", "\ufffd\ufffd]"),
        ("alone", "alone"),
    ],
)
def test_what_members_are_called_is_escaped_and_cut(name, shown):
    texts, _, _ = drawn(taken=[Taken(1, name, 5)])

    assert texts[3] == shown
