"""What a person decides by REST becomes a fact in the log, and the judge concludes from it."""

from dataclasses import dataclass

from chassis import clock
from chassis.bus import Bus, Outgoing
from contracts import ids, subjects
from contracts.codec import encode
from contracts.values import Actor, ActorKind, Appealed, Event, Origin, Place, Reviewed
from policy.store.lookup import Case

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Reviews:
    """Writes verdicts and appeals into the log, each once."""

    bus: Bus
    partitions: int

    async def decide(self, case: Case, *, verdict: str, reason: str, by: str) -> str:
        """Let ``by`` decide on a case; return the id of the event when JetStream has it."""
        fact = Reviewed(case_id=case.id, verdict=verdict, reason=reason)
        return await self._tell(case, fact, by=by, name="", key=f"review:{case.id}:{verdict}:{by}")

    async def appeal(self, case: Case, *, reason: str) -> str:
        """Let the member of a case appeal; return the id of the event when JetStream has it."""
        fact = Appealed(case_id=case.id, reason=reason)
        key = f"appeal:{case.id}"
        return await self._tell(case, fact, by=case.member, name=case.member_name, key=key)

    async def _tell(
        self, case: Case, fact: Reviewed | Appealed, *, by: str, name: str, key: str
    ) -> str:
        now_ms = clock.now_ms()
        event = Event(
            id=ids.event_id(case.platform, case.network, case.group_id, key),
            schema=SCHEMA,
            platform=case.platform,
            network=case.network,
            group=case.group_id,
            connection=case.connection,
            place=Place(channel=case.channel),
            actor=Actor(id=by, kind=ActorKind.USER, display_name=name),
            occurred_ms=now_ms,
            received_ms=now_ms,
            dedup_key=key,
            origin=Origin.LIVE,
            payload=fact,
        )
        partition = subjects.partition(case.network, case.group_id, self.partitions)
        subject = subjects.event(partition, case.platform, case.network, case.group_id)
        await self.bus.publish_batch(
            [Outgoing(subject=subject, data=encode(event), msg_id=event.id)]
        )
        return event.id
