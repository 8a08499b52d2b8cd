"""Keys are created once, changed only by who has read them, and forgotten in time."""

from functools import partial

import pytest

from chassis.bus import Taken
from tests.integration.chassis.waiting import until


@pytest.fixture
async def bucket(bus):
    return await bus.bucket("things")


async def is_gone(bucket, key):
    return await bucket.get(key) is None


async def test_a_key_is_what_was_put_last(bucket):
    await bucket.put("a", b"1")
    revision = await bucket.put("a", b"2")

    entry = await bucket.get("a")

    assert (entry.key, entry.value, entry.revision) == ("a", b"2", revision)
    assert await bucket.get("b") is None


async def test_of_two_who_create_a_key_one_gets_it(bucket):
    await bucket.create("lease", b"one")

    with pytest.raises(Taken, match="the key lease of bucket things is held by somebody else"):
        await bucket.create("lease", b"two")
    assert (await bucket.get("lease")).value == b"one"


async def test_a_key_changes_only_from_the_revision_that_was_read(bucket):
    first = await bucket.create("a", b"1")
    second = await bucket.update("a", b"2", first)

    with pytest.raises(Taken):
        await bucket.update("a", b"3", first)
    assert await bucket.update("a", b"4", second) > second


async def test_a_deleted_key_can_be_created_again(bucket):
    await bucket.create("a", b"1")
    await bucket.delete("a")

    gone = await bucket.get("a")
    await bucket.create("a", b"2")

    assert gone is None
    assert (await bucket.get("a")).value == b"2"


async def test_a_key_is_deleted_only_from_the_revision_that_was_read(bucket):
    first = await bucket.create("a", b"1")
    await bucket.update("a", b"2", first)

    with pytest.raises(Taken):
        await bucket.delete("a", revision=first)


async def test_a_lease_is_free_again_after_its_time(bucket):
    await bucket.create("lease", b"one", ttl_s=1)

    await until(partial(is_gone, bucket, "lease"))
    await bucket.create("lease", b"two", ttl_s=600)

    assert (await bucket.get("lease")).value == b"two"


async def test_a_lease_that_is_renewed_stays(bucket):
    revision = await bucket.create("lease", b"one", ttl_s=5)
    await bucket.update("lease", b"one", revision, ttl_s=600)
    await bucket.create("other", b"as old", ttl_s=5)

    await until(partial(is_gone, bucket, "other"))

    with pytest.raises(Taken):
        await bucket.create("lease", b"two", ttl_s=600)


async def test_keys_are_those_that_are_there(bucket):
    for key in ("b", "a/x", "c"):
        await bucket.put(key, b"")
    await bucket.delete("b")

    assert await bucket.keys() == ["a/x", "c"]


async def test_a_bucket_forgets_what_is_older_than_its_time(bus):
    bucket = await bus.bucket("short", ttl_s=1)
    await bucket.put("a", b"1")

    await until(partial(is_gone, bucket, "a"))

    assert await bucket.keys() == []


async def test_a_bucket_that_exists_is_used_as_it_is(bus):
    one = await bus.bucket("things")
    await one.put("a", b"1")

    other = await bus.bucket("things", ttl_s=60)

    assert (await other.get("a")).value == b"1"
