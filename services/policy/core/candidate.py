"""A rulebook judged beside what is in force: the same engine on the same events, another memory.

The log holds what the rulebook in force brought about: its timers ring, those of the candidate do
not. So the candidate's own timers come due here, by the clock of the log, right before the first
event that is later.
"""

from collections.abc import Container, Mapping
from typing import Final

from contracts import ids
from contracts.codec import EventView, encode, view_event
from contracts.values import Decision, Event, Origin, Place, TimerDue, TimerSet
from policy.core.compiled import Compiled
from policy.core.engine import Engine
from policy.core.state import Books, State
from policy.core.trials import TIMERS_MAX, Pending, Trial

ADOPTED: Final = "rulebook_adopted"
NEVER_MS: Final = 1 << 62
RINGS_MAX: Final = 4  # before one event; what is left over comes before the next


class Candidate:
    """The judge of one candidate; it changes `state` and the timers of `trial`.

    A trial without a network is about all of them.
    """

    def __init__(self, trial: Trial, state: State, books: Mapping[str, Compiled]) -> None:
        self.trial = trial
        self.state = state
        self.engine = Engine(state, books)
        self._next_ms = min((timer.due_ms for timer in trial.timers.values()), default=NEVER_MS)

    def covers(self, view: EventView) -> bool:
        """Return whether an event is the candidate's to hear."""
        trial = self.trial
        if trial.network and view.network not in ("", trial.network):
            return False
        return not trial.groups or view.group in trial.groups or not view.group

    def decide(
        self, view: EventView, seq: int, *, clock_ms: int, recorded: Container[TimerSet] = ()
    ) -> list[Decision]:
        """Return what would follow from an event, after what its own timers brought about.

        `clock_ms` is the judge's clock at the event. Timers that are among those `recorded` ring by
        themselves, since what is in force has set them too.

        Raises:
            UnknownRulebook: a book is missing.
        """
        found = self._ring(clock_ms, seq) if self._next_ms < clock_ms else []
        self.state.clock_ms = max(self.state.clock_ms, clock_ms)
        if view.kind == "timer_due" and view.timer_due.timer_id in self.trial.timers:
            return found  # it rings for what is in force; ours is due at another time
        if view.kind == ADOPTED:
            return found  # what is in force elsewhere does not matter here
        if view.network not in self.state.books:
            self.assign(view.network)
        decision = self.engine.decide(view, seq)
        if decision is not None:
            self._set(decision, recorded)
            found.append(decision)
        return found

    def assign(self, network: str) -> None:
        """Put the candidate in force wherever the trial is about."""
        trial = self.trial
        books = self.state.books[network] = Books()
        if not trial.groups:
            books.default = trial.digest
        for group in trial.groups:
            books.groups[group] = trial.digest

    def _set(self, decision: Decision, recorded: Container[TimerSet]) -> None:
        timers = self.trial.timers
        for timer in decision.cancelled_timers:
            timers.pop(timer, None)
        for timer_set in decision.timers:
            if timer_set in recorded or len(timers) >= TIMERS_MAX:
                continue
            self._next_ms = min(self._next_ms, timer_set.due_ms)
            timers[timer_set.id] = Pending(
                due_ms=timer_set.due_ms,
                purpose=timer_set.purpose,
                subject=timer_set.subject_id,
                platform=decision.platform,
                network=decision.network,
                group=decision.group,
                connection=decision.connection,
                channel=decision.place.channel if decision.place else "",
            )

    def _ring(self, clock_ms: int, seq: int) -> list[Decision]:
        found: list[Decision] = []
        timers = self.trial.timers
        due = sorted((known.due_ms, timer) for timer, known in timers.items())
        for due_ms, timer in due[:RINGS_MAX]:
            if due_ms >= clock_ms:
                break
            event = _due(timer, timers.pop(timer))
            decision = self.engine.decide(view_event(encode(event)), seq)
            if decision is not None:
                self._set(decision, ())
                found.append(decision)
        self._next_ms = min((known.due_ms for known in timers.values()), default=NEVER_MS)
        return found


def _due(timer: str, pending: Pending) -> Event:
    dedup_key = f"timer:{timer}"
    return Event(
        id=ids.event_id(pending.platform, pending.network, pending.group, dedup_key),
        schema=1,
        platform=pending.platform,
        network=pending.network,
        group=pending.group,
        connection=pending.connection,
        place=Place(channel=pending.channel),
        occurred_ms=pending.due_ms,
        received_ms=pending.due_ms,
        dedup_key=dedup_key,
        origin=Origin.LIVE,
        payload=TimerDue(
            timer_id=timer,
            purpose=pending.purpose,
            subject_id=pending.subject,
            due_ms=pending.due_ms,
        ),
    )
