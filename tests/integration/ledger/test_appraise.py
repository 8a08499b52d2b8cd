"""What a group makes of its members is told where it has changed, and serial voting is undone."""

import asyncio

import pytest

from contracts.codec import decode
from contracts.values import Event, StandingChanged
from ledger.appraise import SERIAL, Seen, look
from ledger.core.levels import Level
from ledger.core.standings import MeritTerms
from ledger.store.appraising import Appraising
from ledger.store.ratings import say_terms
from tests.ledger_books import NETWORK, merit, reverse

DAY_MS = 86_400_000
KNOWN = Level("known", 3, 2, givers=2, labels=("may-post",))


@pytest.fixture
async def appraising(pool):
    return Appraising(pool)


@pytest.fixture
async def told(pool):
    """``await told()`` returns the standings that wait in the outbox."""

    async def read():
        rows = await pool.fetch("SELECT payload FROM outbox ORDER BY seq")
        facts = [decode(Event, row["payload"]).payload for row in rows]
        return [fact for fact in facts if isinstance(fact, StandingChanged)]

    return read


async def test_a_standing_is_told_once_until_it_changes(door, appraising, told, pool, sound):
    await say_terms(pool, NETWORK, "", MeritTerms(levels=(KNOWN,)), "operator")
    lost = merit("ann", 2, giver="cid")
    await door.book([merit("ann", 2, giver="bob"), lost])
    seen = Seen()

    first = [await look(door, appraising, seen) for _ in range(3)]
    again = await look(door, appraising, Seen())
    await door.book([reverse(lost)])
    fell = await look(door, appraising, seen)
    await door.book([merit("ann", -1, rule="spam")])
    await look(door, appraising, seen)

    assert (first, again, fell) == ([1, 0, 0], 0, 1)
    [rose, kept, left] = await told()
    assert (rose.member, rose.standing, rose.level) == ("ann", 4, "known")
    assert (rose.labels, rose.givers, rose.days) == (("may-post",), 2, 1)
    assert (kept.standing, kept.level, kept.labels_lost) == (2, "known", ())
    assert (left.standing, left.level, left.level_before) == (1, "", "known")
    assert (left.labels, left.labels_lost) == ((), ("may-post",))
    await sound()


async def test_other_terms_tell_all_standings_anew(door, appraising, told, pool):
    await door.book([merit("ann", 2, giver="bob")])
    seen = Seen()
    await look(door, appraising, seen)

    await say_terms(pool, NETWORK, "", MeritTerms(per_pair=1), "operator")
    changed = await look(door, appraising, seen)

    assert (changed, [fact.standing for fact in await told()]) == (1, [2, 1])


async def test_two_who_look_at_once_tell_it_once(door, appraising, told):
    await door.book([merit("ann", 2, giver="bob")])

    async with asyncio.TaskGroup() as tasks:
        for _ in range(2):
            tasks.create_task(look(door, appraising, Seen()))

    assert [fact.standing for fact in await told()] == [2]


async def test_serial_voting_is_reversed_once_when_its_day_is_over(
    door, appraising, told, pool, sound
):
    await say_terms(pool, NETWORK, "", MeritTerms(serial=3), "operator")
    yesterday = await pool.fetchval("SELECT (extract(epoch FROM clock()) * 1000)::bigint") - DAY_MS
    ring = [merit("ann", 1, giver="bob", happened_ms=yesterday) for _ in range(3)]
    fresh = [merit("eve", 1, giver="dan") for _ in range(3)]
    await door.book([*ring, *fresh, merit("ann", 1, giver="cid", happened_ms=yesterday)])

    for _ in range(2):
        await look(door, appraising, Seen())

    undone = await pool.fetch("SELECT reverses FROM txn WHERE purpose = $1 ORDER BY id", SERIAL)
    assert [row["reverses"] for row in undone] == [1, 2, 3]
    assert {(fact.member, fact.standing) for fact in await told()} == {("ann", 1), ("eve", 3)}
    await sound()
