"""Ids never change: stored ones must be found again by every later version."""

from base64 import b32encode
from collections import Counter
from hashlib import blake2b

import pytest

from contracts import ids, subjects


@pytest.mark.parametrize(
    ("made", "golden"),
    [
        (ids.event_id("matrix", "demo", "!r:example.org", "$e"), "kciwydgl2cj323ip7y64imo7qu"),
        (ids.event_id("", "", "", ""), "o3yk6yhdbjk4opam22wwtsich4"),
        (ids.action_id("e", "flood", "mute"), "yg6cszod6624ubrjc7qbdt2rom"),
        (ids.decision_id("e", "d"), "haaygbagufnkz6exq6igvjafb4"),
        (ids.case_id("e"), "mv72tcq5swspvq4nzdz4oe3f4a"),
        (ids.timer_id("e", "adverts", "debt"), "gc35huqgohabkb2u6tbds7gxpu"),
        (ids.digest(b""), "pyu3udkw5futis2g45hsjirpli"),
        (ids.token("公告"), "5fbv7qhja226c65xqnqlecje6q"),
    ],
)
def test_an_id_is_what_it_always_was(made, golden):
    assert made == golden


def test_an_id_is_base32_of_a_hash_that_anybody_can_compute():
    hashed = blake2b(b"6:matrix4:demo2:!r2:$e", digest_size=16, person=b"reeve.event").digest()

    expected = b32encode(hashed).decode().rstrip("=").lower()

    assert ids.event_id("matrix", "demo", "!r", "$e") == expected


def test_parts_do_not_run_into_each_other():
    assert ids.action_id("a", "b", "c") != ids.action_id("ab", "", "c")
    assert ids.action_id("1:a", "", "") != ids.action_id("", "1:a", "")


@pytest.mark.parametrize(
    ("network", "group", "partitions", "golden"),
    [
        ("demo", "!a:example.org", 8, 0),
        ("demo", "!b:example.org", 8, 0),
        ("demo", "!a:example.org", 64, 16),
        ("demo", "", 64, 9),
        ("", "", 64, 6),
        ("网", "群", 64, 56),
    ],
)
def test_a_group_stays_in_its_partition(network, group, partitions, golden):
    assert subjects.partition(network, group, partitions) == golden


def test_groups_are_spread_over_all_partitions():
    counts = Counter(subjects.partition("demo", f"!{n}:example.org", 64) for n in range(6400))

    assert set(counts) == set(range(64))
    assert max(counts.values()) < 2 * 100
