"""Dispatch: decisions become cases, actions and timers; then actions and alarms are published.

Recording is one transaction; publishing follows it, and acknowledging follows that. A crash between
any two of them repeats what comes after, and every repetition meets the same ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import asyncpg
import structlog

from chassis import clock, telemetry
from chassis.bus import Bus, Delivery, Inbox, Outgoing
from chassis.stopping import Stopping
from contracts import subjects
from contracts.codec import Malformed, encode
from contracts.values import Decision, DecisionBatch, Event, MemberBarred, Sighting
from policy import brake, traces
from policy.core.incidents import partition_of
from policy.gate import Gate, kind
from policy.seat import read_batch
from policy.store.outcomes import Outcomes, Recorded, Unpublished
from policy.store.reach import LOST
from policy.store.trials import Trials
from policy.timers import Timers

CONSUMER = "policy-dispatch"
BATCHES = 64  # recorded in one transaction at most
TRIES = 5  # of a batch whose recording fails for a reason of its own
RETRY_S = 1.0
PAGE = 500
WINDOWS_KEPT_S = 86_400.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Carries decisions over to those who act on them."""

    bus: Bus
    outcomes: Outcomes
    trials: Trials
    timers: Timers
    gate: Gate
    sweep_s: float
    stopping: Stopping
    engaged: dict[str, float] = field(default_factory=dict)  # network to when the brake last held

    async def dispatch(self) -> None:
        """Record and publish every batch, until the service stops."""
        telemetry.gauge("reeve_brake_engaged").watch(self._engaged)
        await self.bus.ensure_consumer(
            subjects.DECISIONS, CONSUMER, filter_subjects=[subjects.EVERY_DECISION]
        )
        async with self.bus.pull(subjects.DECISIONS, CONSUMER, batch=BATCHES) as inbox:
            while deliveries := await inbox.next(BATCHES):
                await self._take(inbox, deliveries)

    async def sweep(self) -> None:
        """Publish what an earlier process recorded and did not publish, until the service stops."""
        while not self.stopping.is_set():
            try:
                left = await self.outcomes.unpublished(older_than_s=self.sweep_s, limit=PAGE)
                await self.bus.publish_batch([_outgoing(one) for one in left])
                await self.outcomes.published([one.id for one in left])
                await self.outcomes.forget_windows(older_than_s=WINDOWS_KEPT_S)
            except LOST as fault:
                log.warning("the sweep waits for the database", fault=str(fault))
            await self.stopping.wait_at_most(self.sweep_s)

    async def _take(self, inbox: Inbox, deliveries: Sequence[Delivery]) -> None:
        try:
            batches = [read_batch(delivery) for delivery in deliveries]
            pairs = [(batch.partition, one) for batch in batches for one in batch.decisions]
            await self._hear(batches)
            if pairs:
                headers = {key: text for each in deliveries for key, text in each.headers.items()}
                await self._carry(pairs, headers)
        except LOST as fault:
            log.warning("decisions wait for the database", fault=str(fault))
            for delivery in deliveries:
                await inbox.retry(delivery, delay_s=RETRY_S)
        except (Malformed, ValueError, asyncpg.PostgresError) as fault:
            await self._isolate(inbox, deliveries, fault)
        else:
            await inbox.ack(deliveries)

    async def _hear(self, batches: Sequence[DecisionBatch]) -> None:
        """Keep what trials came to; nothing of it is carried out."""
        telling = [batch for batch in batches if batch.tallies or batch.disagreements]
        if not telling:
            return
        disagreements = telemetry.counter("reeve_shadow_disagreements_total")
        for rule, how in await self.trials.record(telling):
            disagreements.add(1, rule=rule, kind=how)

    async def _isolate(
        self, inbox: Inbox, deliveries: Sequence[Delivery], fault: Exception
    ) -> None:
        """Take batches one by one, so that the bad one harms no other; give it up in the end."""
        if len(deliveries) > 1:
            for delivery in deliveries:
                await self._take(inbox, [delivery])
            return
        (delivery,) = deliveries
        log.error("a batch cannot be recorded", seq=delivery.seq, fault=str(fault))
        if isinstance(fault, Malformed) or delivery.deliveries >= TRIES:
            await inbox.give_up(delivery, reason=f"{type(fault).__name__}: {fault}")
        else:
            await inbox.retry(delivery, delay_s=RETRY_S)

    def _engaged(self) -> int:
        since_s = clock.monotonic_s() - brake.MINUTE_MS / 1000
        return sum(at_s > since_s for at_s in self.engaged.values())

    async def _carry(
        self, pairs: Sequence[tuple[int, Decision]], headers: Mapping[str, str]
    ) -> None:
        began_s = clock.monotonic_s()
        recorded = await self.outcomes.record(pairs, self.gate)
        actions = _actions(pairs, recorded, headers) + _released(pairs, recorded, headers)
        if actions:
            await self.bus.publish_batch(actions)
            await self.outcomes.published([action.msg_id for action in actions])
        facts = _facts(pairs, self.timers.partitions)
        if facts:
            await self.bus.publish_batch(facts)
        if recorded.timers:
            await self.timers.arm(await self.timers.alarms.pending(sorted(recorded.timers)))
        cancelled = [timer for _, decision in pairs for timer in decision.cancelled_timers]
        await self.timers.silence(cancelled)
        for window in recorded.tripped:
            log.warning(
                "the brake holds sanctions back",
                network=window.network,
                scope=window.scope,
                name=window.name,
                undo=window.command(),
            )
            self.engaged[window.network] = clock.monotonic_s()
        for reason, withheld in recorded.withheld.items():
            telemetry.counter("reeve_dispatch_withheld_total").add(withheld, reason=reason)
        _measure(pairs, recorded, took_s=clock.monotonic_s() - began_s)


def _measure(pairs: Sequence[tuple[int, Decision]], recorded: Recorded, *, took_s: float) -> None:
    published = telemetry.counter("reeve_dispatch_actions_total")
    for _, decision in pairs:
        for action in decision.actions:
            if action.id in recorded.actions:
                published.add(1, kind=kind(action))
    for one in recorded.released:
        published.add(1, kind=one.kind)
    telemetry.histogram("reeve_dispatch_batch_seconds").record(took_s)


def _outgoing(action: Unpublished, headers: Mapping[str, str] | None = None) -> Outgoing:
    """Return a recorded action as it is published."""
    subject = subjects.action(action.executor, action.priority)
    return Outgoing(subject=subject, data=action.body, msg_id=action.id, headers=headers or {})


def _released(
    pairs: Sequence[tuple[int, Decision]], recorded: Recorded, headers: Mapping[str, str]
) -> list[Outgoing]:
    """Return what waited for others to end, each with the trace of the end that released it."""
    ends = {
        decision.outcome_of.action_id: decision.event_seq
        for _, decision in pairs
        if decision.outcome_of is not None
    }
    return [
        _outgoing(
            one,
            traces.of_event(next(ends[other] for other in one.awaits if other in ends), headers),
        )
        for one in recorded.released
    ]


def _facts(pairs: Sequence[tuple[int, Decision]], partitions: int) -> list[Outgoing]:
    """Return what other judges are to hear, each in the partition of whoever is to hear it.

    Whatever the gate holds back: a fact is no effect, and a dry run without it would be another.
    """
    return [
        Outgoing(
            subject=subjects.event(hearer, fact.platform, fact.network, fact.group),
            data=encode(fact),
            msg_id=f"{fact.id}:{hearer}" if len(hearers) > 1 else fact.id,
        )
        for _, decision in pairs
        for fact in decision.facts
        for hearers in [_hearers(fact, partitions)]
        for hearer in hearers
    ]


def _hearers(fact: Event, partitions: int) -> Sequence[int]:
    """Return the partitions whose judges are to hear it: who is barred everywhere, all of them."""
    match fact.payload:
        case MemberBarred():
            return range(partitions)
        case Sighting(kind=of, key=key):
            return [partition_of(fact.network, of, key, partitions)]
    return [subjects.partition(fact.network, fact.group, partitions)]


def _actions(
    pairs: Sequence[tuple[int, Decision]], recorded: Recorded, headers: Mapping[str, str]
) -> list[Outgoing]:
    """Return the recorded actions in the order in which they were decided, each once."""
    found = {
        action.id: Outgoing(
            subject=subjects.action(action.executor, action.priority),
            data=encode(action),
            msg_id=action.id,
            headers=traces.of_event(decision.event_seq, headers),
        )
        for _, decision in pairs
        for action in decision.actions
        if action.id in recorded.actions
    }
    return list(found.values())
