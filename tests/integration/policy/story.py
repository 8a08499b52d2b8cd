"""What the policy tests talk about: a rulebook, a crowd that breaks it, and what was decided."""

import random

from chassis.bus import Outgoing
from contracts import ids, subjects
from contracts.codec import decode, encode
from contracts.values import (
    Actor,
    ActorKind,
    Content,
    DecisionBatch,
    Event,
    MessageCreated,
    Origin,
    Place,
    RulebookAdopted,
)
from tests import waiting

PARTITIONS = 4
until = waiting.until
NETWORK = "example"
START_MS = 1_750_000_000_000

BOOK = """\
name: test
language: en
lists:
  insults:
    words: [blockhead, nincompoop]
ladder:
  steps:
    - {at: 1, do: warn}
    - {at: 3, do: mute, for: 10m}
    - {at: 6, do: kick}
rules:
  - id: insults
    why: people come here to talk, not to be called names
    when:
      words: [list:insults]
    then: [delete, {points: 1}]
  - id: flood
    why: others want to be read as well
    when:
      flood: {messages: 4, within: 10s}
    then: [{points: 1}]
  - id: echo
    why: once is enough
    when:
      count: {of: messages, by: text, within: 60s, more_than: 5}
    then: [notice]
  - id: chorus
    why: one text from many mouths is no conversation
    when:
      distinct: {of: members, by: [text, channel], within: 2m, at_least: 7}
      words: [blockhead]
    then: [delete]
  - id: row
    why: others want to be read as well
    when:
      in_a_row: {more_than: 3}
    then: [notice]
"""

SAID = (
    "good morning",
    "what a blockhead",
    "see https://example.org/x",
    "ok",
    "早上好",
    "nincompoop!",
)


def make_message(number, text="hello", *, member="@ann:x", group="g0", at_ms=None, **fields):
    """An event in which ``member`` says ``text``; its id follows from ``number``."""
    dedup_key = f"$m{number}"
    said = MessageCreated(message_id=dedup_key, content=Content(text=text, form="text"))
    return Event(
        id=ids.event_id("matrix", NETWORK, group, dedup_key),
        schema=1,
        platform="matrix",
        network=NETWORK,
        group=group,
        connection="matrix",
        place=Place(channel=group),
        actor=Actor(id=member, kind=ActorKind.USER, display_name=member[1:4]),
        received_ms=START_MS + number * 100 if at_ms is None else at_ms,
        dedup_key=dedup_key,
        origin=Origin.LIVE,
        payload=fields.pop("payload", said),
        **fields,
    )


def make_crowd(count, *, groups=24, members=20, seed=1, first=0):
    """``count`` events of people in several groups, some of whom insult and flood."""
    draw = random.Random(seed)  # the same crowd every time
    return [
        make_message(
            number,
            draw.choice(SAID),
            member=f"@m{draw.randrange(members)}:x",
            group=f"g{draw.randrange(groups)}",
        )
        for number in range(first, first + count)
    ]


def make_adoption(digest, partition):
    """The event that puts a rulebook in force for the whole network, in one partition."""
    dedup_key = f"adoption:{digest}:{partition}"
    return Event(
        id=ids.event_id("reeve", NETWORK, "", dedup_key),
        schema=1,
        platform="reeve",
        network=NETWORK,
        received_ms=START_MS,
        dedup_key=dedup_key,
        origin=Origin.LIVE,
        payload=RulebookAdopted(digest=digest),
    )


def outgoing(event, *, partitions=PARTITIONS, partition=None):
    """``event`` as it is published."""
    own = subjects.partition(event.network, event.group, partitions)
    return Outgoing(
        subject=subjects.event(
            own if partition is None else partition, event.platform, event.network, event.group
        ),
        data=encode(event),
        msg_id=event.id,
    )


async def say(bus, events, *, partitions=PARTITIONS):
    """Publish events into the partitions of their groups."""
    await bus.publish_batch([outgoing(event, partitions=partitions) for event in events])


async def adopt(bus, digest, *, partitions=PARTITIONS):
    """Put a rulebook that is stored in force everywhere."""
    await bus.publish_batch(
        [
            outgoing(make_adoption(digest, partition), partition=partition)
            for partition in range(partitions)
        ]
    )


async def batches(bus, partition):
    """Every batch committed in ``partition``, in order."""
    return [
        decode(DecisionBatch, delivery.data)
        async for page in bus.read(subjects.DECISIONS, subjects.decisions(partition))
        for delivery in page
    ]


async def verdicts(bus, *, partitions=PARTITIONS):
    """The bytes of every decision, by partition and place in the log; batch bounds left out."""
    found = {}
    for partition in range(partitions):
        for batch in await batches(bus, partition):
            for decision in batch.decisions:
                key = (partition, decision.event_seq)
                assert key not in found, "an event was judged twice"
                found[key] = encode(decision)
    return found


async def judged_upto(bus, partition):
    """The last event of ``partition`` that has been judged."""
    newest = await bus.last(subjects.DECISIONS, subjects.decisions(partition))
    return decode(DecisionBatch, newest.data).last_seq if newest else 0


async def ends(bus, *, partitions=PARTITIONS):
    """The last event there is in each partition that has any."""
    found = {}
    for partition in range(partitions):
        newest = await bus.last(subjects.EVENTS, subjects.event_filter(partition))
        if newest is not None:
            found[partition] = newest.seq
    return found
