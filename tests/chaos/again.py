"""The undisturbed run: the recorded log, judged again in this process from an empty memory."""

from collections.abc import Iterator, Sequence

from contracts.codec import decode, encode, view_event
from contracts.values import Decision, DecisionBatch
from policy.core.compile import compile_rulebook
from policy.core.compiled import Compiled
from policy.core.court import Court
from policy.core.rulebook import parse
from policy.core.state import State
from tests.chaos.evidence import Evidence, Logged


def decided(evidence: Evidence, partition: int) -> Iterator[str]:
    """Return how the commits of a partition differ from what an undisturbed judge concludes.

    Their ranges must tile the log. Each batch is built anew and compared as bytes, the digest of
    the memory included; only the judge's name is taken from it.
    """
    log = [each for each in evidence.events if each.partition == partition]
    court = Court(State(), books(evidence))
    after_seq = 0
    for commit in (each for each in evidence.commits if each.partition == partition):
        batch = decode(DecisionBatch, commit.data)
        if batch.after_seq != after_seq:
            yield f"a batch of {partition} starts at {batch.after_seq}, not at {after_seq}"
            return
        run = [each for each in log if after_seq < each.seq <= batch.last_seq]
        expected = _judge(court, run, batch)
        if encode(expected) != commit.data:
            yield from _differences(partition, expected, batch)
        after_seq = batch.last_seq
    left = [each.seq for each in log if each.seq > after_seq]
    if left:
        yield f"{len(left)} events of partition {partition} were never judged, from {left[0]} on"


def books(evidence: Evidence) -> dict[str, Compiled]:
    """Return the rulebooks, compiled in this process."""
    return {digest: compile_rulebook(parse(text)) for digest, text in evidence.rulebooks.items()}


def batches(evidence: Evidence) -> Iterator[DecisionBatch]:
    """Return what was committed."""
    return (decode(DecisionBatch, commit.data) for commit in evidence.commits)


def planned(evidence: Evidence) -> frozenset[str]:
    """Return the ids of all actions that were decided."""
    return frozenset(
        action.id
        for batch in batches(evidence)
        for decision in batch.decisions
        for action in decision.actions
    )


def _judge(court: Court, run: Sequence[Logged], like: DecisionBatch) -> DecisionBatch:
    """Return the batch on ``run``; of ``like`` only partition, start and owner are used."""
    decisions = [court.decide(view_event(each.data), each.seq) for each in run]
    disagreements, tallies = court.take()
    return DecisionBatch(
        schema=1,
        partition=like.partition,
        after_seq=like.after_seq,
        last_seq=run[-1].seq if run else like.after_seq,
        events=len(run),
        decisions=tuple(decision for decision in decisions if decision is not None),
        rulebooks=tuple(sorted(court.state.rulebooks())),
        state_digest=court.state.digest,
        owner=like.owner,
        clock_ms=court.state.clock_ms,
        disagreements=disagreements,
        tallies=tallies,
    )


def _differences(partition: int, expected: DecisionBatch, found: DecisionBatch) -> Iterator[str]:
    where = f"partition {partition}, events {found.after_seq + 1} to {found.last_seq}"
    ours, theirs = _by_event(expected), _by_event(found)
    for event in sorted(ours.keys() | theirs.keys()):
        if ours.get(event) != theirs.get(event):
            told = f"{theirs.get(event)}, not {ours.get(event)}"
            yield f"{where}: of event {event} was decided {told}"
            return
    yield f"{where}: the batch is {_frame(found)}, not {_frame(expected)}"


def _by_event(batch: DecisionBatch) -> dict[int, Decision]:
    return {decision.event_seq: decision for decision in batch.decisions}


def _frame(batch: DecisionBatch) -> tuple[object, ...]:
    return batch.last_seq, batch.events, batch.rulebooks, batch.state_digest.hex(), batch.clock_ms
