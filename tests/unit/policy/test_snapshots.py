"""When the judge's memory is copied: often while that costs little, with rests where it does."""

from types import SimpleNamespace

from policy.snapshots import SMALL_BYTES, Snapshots

HUGE = 200_000_000  # it takes minutes until the next may follow


class Kept:
    """Remembers of which partitions snapshots were stored."""

    def __init__(self):
        self.partitions = []

    async def save(self, partition, _log, _snapshot):
        self.partitions.append(partition)


def seat(partition, size):
    """A judge whose memory takes so many bytes."""
    state = SimpleNamespace(snapshot=lambda: bytes(size), rulebooks=frozenset, digest=b"")
    return SimpleNamespace(partition=partition, state=state, log="log", last_seq=9, dec_seq=3)


async def stored(*seats):
    kept = Kept()
    snapshots = Snapshots(memory=kept, every_s=0.0, every_events=10)
    for one in seats:
        snapshots.offer(one, 10)
    await snapshots.flush()
    return sorted(kept.partitions)


async def test_small_memories_are_copied_one_after_another():
    assert await stored(seat(0, 10), seat(1, SMALL_BYTES), seat(2, 10)) == [0, 1, 2]


async def test_after_a_large_copy_the_others_wait():
    assert await stored(seat(0, 10), seat(1, HUGE), seat(2, 10)) == [0, 1]


async def test_whoever_gives_a_partition_up_copies_it_all_the_same():
    kept = Kept()
    snapshots = Snapshots(memory=kept, every_s=0.0, every_events=10)

    snapshots.offer(seat(0, HUGE), 10)
    snapshots.take(seat(1, 10))
    await snapshots.flush()

    assert sorted(kept.partitions) == [0, 1]


async def test_too_few_events_are_not_worth_a_copy():
    kept = Kept()
    snapshots = Snapshots(memory=kept, every_s=0.0, every_events=10)

    snapshots.offer(seat(0, 10), 9)
    await snapshots.flush()
    assert not kept.partitions

    snapshots.offer(seat(0, 10), 1)
    await snapshots.flush()
    assert kept.partitions == [0]
