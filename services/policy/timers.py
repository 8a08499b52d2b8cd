"""Timers come back as events: PostgreSQL holds them, NATS rings, a sweeper looks for the unrung.

An alarm that is lost, late, early after a restart or doubled changes nothing: the row decides
whether a timer may still fire, and the event's id is derived from the timer's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from chassis import clock, telemetry
from chassis.bus import Bus, Delivery, Inbox, Outgoing
from chassis.stopping import Stopping
from contracts import ids, subjects
from contracts.codec import encode
from contracts.values import Event, Origin, Place, Tick, TimerDue
from policy.core.noticing import TICK
from policy.store.alarms import Alarms, Timer
from policy.store.reach import LOST

CONSUMER = "policy-timers"
SCHEMA = 1
PAGE = 500
RETRY_S = 1.0
ALARM = re.compile(rb"[a-z2-7]{%d}" % ids.LENGTH)
GRACE_MS = 2_000  # an alarm rings within a second or two of its time; later it is not waited for

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timers:
    """What turns a timer that is due into an event of its group."""

    bus: Bus
    alarms: Alarms
    partitions: int
    sweep_s: float
    stopping: Stopping

    async def ring(self) -> None:
        """Fire the timers whose alarm rings, until the service stops."""
        await self.bus.ensure_consumer(
            subjects.TIMERS, CONSUMER, filter_subjects=[subjects.EVERY_TIMER_DUE]
        )
        async with self.bus.pull(subjects.TIMERS, CONSUMER, batch=PAGE) as inbox:
            while deliveries := await inbox.next(PAGE):
                rung = [each for each in deliveries if await _is_alarm(inbox, each)]
                try:
                    timers = await self.alarms.pending([each.data.decode() for each in rung])
                    await self.fire(timers, by="alarm")
                except LOST as fault:
                    log.warning("timers wait for the database", fault=str(fault))
                    for delivery in rung:
                        await inbox.retry(delivery, delay_s=RETRY_S)
                else:
                    await inbox.ack(rung)

    async def sweep(self) -> None:
        """Fire what is overdue and arm what was never armed, until the service stops."""
        while not self.stopping.is_set():
            try:
                done = await self._sweep_once()
            except LOST as fault:
                log.warning("the sweep waits for the database", fault=str(fault))
                done = True
            if done:
                await self.stopping.wait_at_most(self.sweep_s)

    async def arm(self, timers: Sequence[Timer]) -> None:
        """Have NATS ring for ``timers``; setting an alarm again replaces it."""
        for timer in timers:
            await self.bus.publish(
                subjects.timer(timer.id),
                timer.id.encode(),
                at_ms=timer.due_ms,
                target=subjects.timer_due(timer.id),
            )
        await self.alarms.armed([timer.id for timer in timers])

    async def silence(self, timer_ids: Sequence[str]) -> None:
        """Take back the alarms of cancelled timers; one that rings all the same fires nothing."""
        for timer_id in timer_ids:
            await self.bus.purge(subjects.TIMERS, subjects.timer(timer_id))

    async def fire(self, timers: Sequence[Timer], *, by: str) -> None:
        """Publish the events of ``timers``, then note that they have fired."""
        await self.bus.publish_batch([self._outgoing(timer) for timer in timers])
        await self.alarms.fired([timer.id for timer in timers])
        telemetry.counter("reeve_timers_fired_total").add(len(timers), by=by)

    async def _sweep_once(self) -> bool:
        now_ms = clock.now_ms()
        overdue = await self.alarms.overdue(at_ms=now_ms - GRACE_MS, limit=PAGE)
        await self.fire(overdue, by="sweeper")
        telemetry.gauge("reeve_timers_overdue").set(len(overdue))
        unarmed = await self.alarms.unarmed(
            due_after_ms=now_ms, older_than_s=self.sweep_s, limit=PAGE
        )
        await self.arm(unarmed)
        return len(overdue) < PAGE and len(unarmed) < PAGE

    def _outgoing(self, timer: Timer) -> Outgoing:
        event = to_event(timer, at_ms=max(clock.now_ms(), timer.due_ms))
        partition = subjects.partition(timer.network, timer.group_id, self.partitions)
        return Outgoing(
            subject=subjects.event(partition, event.platform, event.network, event.group),
            data=encode(event),
            msg_id=event.id,
        )


async def _is_alarm(inbox: Inbox, delivery: Delivery) -> bool:
    """Say whether a timer's id is in a message; what is none is given up."""
    if ALARM.fullmatch(delivery.data):
        return True
    await inbox.give_up(delivery, reason="no id of a timer")
    return False


def to_event(timer: Timer, *, at_ms: int) -> Event:
    """Return the event that says ``timer`` is due, noticed at ``at_ms``; a tick is one of its own.

    Its id depends on the timer alone, so firing twice is hearing it twice, which the judge ignores.
    """
    dedup_key = f"timer:{timer.id}"
    return Event(
        id=ids.event_id(timer.platform, timer.network, timer.group_id, dedup_key),
        schema=SCHEMA,
        platform=timer.platform,
        network=timer.network,
        group=timer.group_id,
        connection=timer.connection,
        place=Place(channel=timer.channel),
        occurred_ms=timer.due_ms,
        received_ms=at_ms,
        dedup_key=dedup_key,
        origin=Origin.LIVE,
        payload=Tick(at_ms=at_ms)
        if timer.purpose == TICK
        else TimerDue(
            timer_id=timer.id,
            purpose=timer.purpose,
            subject_id=timer.subject_id,
            due_ms=timer.due_ms,
        ),
    )
