"""Nobody is better off for coming early or late: statistics over splits of numbered seeds.

The seeds are fixed, so the figures are too; the bounds are those of chance at one in a thousand.
"""

import statistics
from collections import Counter
from hashlib import sha256
from itertools import pairwise

from contracts.values import SplitMode
from ledger.core.booking import book
from ledger.core.packets import lucky
from tests.ledger_books import fund, make_books, send, take

SPLITS = 4_000
SHARES = 10
TOTAL = 10_000
MOST_BY_CHANCE = 27.88  # chi-square with 9 degrees of freedom


def splits():
    for number in range(SPLITS):
        yield lucky(TOTAL, SHARES, sha256(number.to_bytes(4)).digest())


def test_the_best_luck_is_as_likely_in_every_place():
    best = Counter(parts.index(max(parts)) for parts in splits())

    expected = SPLITS / SHARES
    chi_square = sum((best[place] - expected) ** 2 / expected for place in range(SHARES))
    assert chi_square < MOST_BY_CHANCE


def test_every_place_gets_the_mean():
    columns = list(zip(*splits(), strict=True))

    for column in columns:
        error = statistics.stdev(column) / SPLITS**0.5
        assert abs(statistics.fmean(column) - TOTAL / SHARES) < 4 * error


def test_a_share_tells_nothing_of_the_next_but_that_it_is_gone():
    pairs = [pair for parts in splits() for pair in pairwise(parts)]

    # Parts of a whole that are drawn alike correlate by -1/(n - 1), wherever they lie.
    assert abs(statistics.correlation(*zip(*pairs, strict=True)) + 1 / (SHARES - 1)) < 0.03


def test_of_equal_shares_the_earliest_has_the_best_luck_however_often_it_is_asked():
    books = make_books()
    takers = ["bob", "cid", "dan"]
    sent = book(books, [fund("ann", 3), send("ann", 3, 3, mode=SplitMode.LUCKY)])
    packet_id = sent.verdicts[1].packet_id

    batch = book(books, [take(member, packet_id) for member in takers])

    last = batch.facts[-2].payload
    assert [verdict.amount for verdict in batch.verdicts] == [1, 1, 1]
    assert (last.best_luck_member, last.best_luck_amount) == ("bob", 1)
    assert books.packets[packet_id].best_member == "bob"
