"""A network of groups in several partitions: facts find their way as dispatch would send them."""

from collections import deque

from contracts.codec import encode, view_event
from contracts.subjects import partition
from contracts.values import Content, MemberBarred, MessageCreated, RulebookAdopted, Sighting
from policy.core.engine import Engine
from policy.core.incidents import partition_of
from policy.core.state import State
from tests.unit.policy.core.room import compiled_once, make_event

NETWORK = "town"


class Town:
    """One rulebook for all groups. `told` is every decision, by the event it is about."""

    def __init__(self, text, *, partitions=4):
        self.partitions = partitions
        compiled = compiled_once(text)
        self.engines = [Engine(State(), {compiled.digest: compiled}) for _ in range(partitions)]
        self.number = 0
        self.told = {}
        self.log = [[] for _ in range(partitions)]
        adopted = RulebookAdopted(digest=compiled.digest)
        for place in range(partitions):
            event = make_event(adopted, group="", dedup_key=f"adopted{place}")
            self._decide(place, event)

    def says(self, text, *, group, at_ms, who="ann", **fields):
        """Return all that was decided because of this message, here and elsewhere, in order."""
        payload = MessageCreated(
            message_id=f"$m{self.number + 1}", content=Content(text=text, form="text")
        )
        return self.happens(payload, group=group, at_ms=at_ms, who=who, **fields)

    def happens(self, payload, *, group, at_ms, who="ann", **fields):
        """Return all that was decided because of this, here and elsewhere, in order."""
        self.number += 1
        event = make_event(payload, number=self.number, group=group, at_ms=at_ms, who=who, **fields)
        waiting = deque([(partition(NETWORK, group, self.partitions), event)])
        decided = []
        while waiting:
            decision = self._decide(*waiting.popleft())
            if decision is not None:
                decided.append(decision)
                waiting.extend(
                    (place, fact) for fact in decision.facts for place in self._hearers(fact)
                )
        return decided

    def _hearers(self, fact):
        if isinstance(fact.payload, MemberBarred):
            return range(self.partitions)
        if isinstance(fact.payload, Sighting):
            kind, key = fact.payload.kind, fact.payload.key
            return [partition_of(fact.network, kind, key, self.partitions)]
        return [partition(fact.network, fact.group, self.partitions)]

    def _decide(self, place, event):
        data = encode(event)
        self.log[place].append(data)
        decision = self.engines[place].decide(view_event(data), len(self.log[place]))
        if decision is not None:
            self.told[event.id] = decision
        return decision
