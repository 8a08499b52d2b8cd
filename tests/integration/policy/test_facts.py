"""Facts' promises: what a decision tells other judges reaches them once, even in a dry run."""

from dataclasses import replace

from contracts import ids, subjects
from contracts.codec import decode
from contracts.values import Event, MemberBarred, MemberSilent, Sighting
from policy.core.incidents import partition_of
from policy.gate import Gate
from tests.integration.policy.story import NETWORK, PARTITIONS, until
from tests.integration.policy.test_dispatch import (
    commit,
    make_decision,
    make_dispatch,  # noqa: F401 -- a fixture
)


def make_fact(number, payload):
    group = "" if isinstance(payload, Sighting) else "g"
    return Event(
        id=ids.event_id("matrix", NETWORK, group, f"fact{number}"),
        schema=1,
        platform="matrix",
        network=NETWORK,
        group=group,
        dedup_key=f"fact{number}",
        payload=payload,
    )


async def heard(bus, count):
    return (await bus.bounds(subjects.EVENTS)).last_seq >= count


async def test_a_fact_is_published_once_into_the_partition_of_whoever_is_to_hear_it(
    bus,
    make_dispatch,  # noqa: F811 -- the fixture
):
    told = [
        make_fact(1, Sighting(kind="text", key="abc", group="g", event_id="e1")),
        make_fact(2, MemberSilent(since_ms=1, for_ms=2)),
    ]
    decision = make_decision(1, actions=(), facts=tuple(told))
    await commit(bus, decision)
    await commit(bus, replace(decision, id="again"))

    async with make_dispatch(Gate(dry_run=True)):
        await until(lambda: heard(bus, 2))

    owner = partition_of(NETWORK, "text", "abc", PARTITIONS)
    own = subjects.partition(NETWORK, "g", PARTITIONS)
    found = [
        (int(delivery.subject.split(".")[1]), decode(Event, delivery.data))
        async for page in bus.read(subjects.EVENTS, "ev.>")
        for delivery in page
    ]
    assert sorted(found, key=lambda one: one[1].dedup_key) == [(owner, told[0]), (own, told[1])]


async def test_who_is_barred_everywhere_is_told_to_the_judges_of_all_partitions(
    bus,
    make_dispatch,  # noqa: F811 -- the fixture
):
    fact = replace(make_fact(3, MemberBarred(member="@eve:example.org", thing="packets")), group="")
    await commit(bus, make_decision(1, actions=(), facts=(fact,)))

    async with make_dispatch(Gate(dry_run=True)):
        await until(lambda: heard(bus, PARTITIONS))

    found = [
        int(delivery.subject.split(".")[1])
        async for page in bus.read(subjects.EVENTS, "ev.>")
        for delivery in page
    ]
    assert sorted(found) == list(range(PARTITIONS))
