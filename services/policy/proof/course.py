"""One course over a part of the log: what was in force, or another rulebook, against a new one.

Both are judged by the same engine on the same events, in the order of the log and from its
beginning, so that windows, points and debts are exact where counting begins. Pure.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from contracts.codec import EventView
from contracts.values import AdoptionMode, Decision, TimerSet
from policy.core.candidate import ADOPTED, Candidate
from policy.core.compiled import Compiled
from policy.core.court import Court
from policy.core.kinds import KIND_OF
from policy.core.state import State
from policy.core.trials import Trial
from policy.proof.findings import Findings

SPEECH = ("message_created", "message_edited", "command_invoked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is compared with what. ``old`` empty: what was in force, as the log says.

    ``network`` and ``groups`` empty: all. Counting begins when the judge's clock is at
    ``since_ms``; what is before it warms the memory.
    """

    new: str
    old: str = ""
    network: str = ""
    groups: tuple[str, ...] = ()
    since_ms: int = 0
    samples: int = 5


class Rung(Container[TimerSet]):
    """The timers that ring in the log by themselves: they must not be made to ring again."""

    def __init__(self, timers: frozenset[str]) -> None:
        self.timers = timers

    def __contains__(self, timer: object) -> bool:
        return isinstance(timer, TimerSet) and timer.id in self.timers


class Course:
    """Judges the events of one partition. ``books`` holds every rulebook that the log names.

    ``rung`` are the timers that come due in the log.
    """

    def __init__(
        self, plan: Plan, books: Mapping[str, Compiled], rung: frozenset[str] = frozenset()
    ) -> None:
        self.plan = plan
        self.findings = Findings(samples_max=plan.samples)
        self._rung = Rung(rung)
        self._clock_ms = 0
        self._live = Court(State(), books) if not plan.old else None
        self._old = self._candidate(plan.old, books) if plan.old else None
        self._new = self._candidate(plan.new, books)

    def hear(self, view: EventView, seq: int) -> None:
        """Judge one event twice and count how the decisions differ."""
        old, new = self.judge(view, seq)
        findings = self.findings
        findings.events += 1
        if self._clock_ms < self.plan.since_ms or not self._new.covers(view):
            return
        kind = view.kind
        if KIND_OF.get(kind, "tick") != "tick":
            findings.hear(at_ms=self._clock_ms, network=view.network, group=view.group)
        if not (old or new):
            return
        would = {decision.event_id: decision for decision in new}
        text = view.payload.content.text if kind in SPEECH else ""
        for decision in old:
            said = text if decision.event_id == view.id else ""
            findings.compare(decision, would.pop(decision.event_id, None), said)
        for event_id, decision in would.items():
            findings.compare(None, decision, text if event_id == view.id else "")

    def judge(self, view: EventView, seq: int) -> tuple[Sequence[Decision], Sequence[Decision]]:
        """Return what is decided under the old rulebook and under the new one."""
        old: Sequence[Decision] = ()
        if self._live is not None:
            # What else was tried at the time is of no matter here.
            shadow = view.kind == ADOPTED and view.rulebook_adopted.mode is AdoptionMode.SHADOW
            decision = None if shadow else self._live.decide(view, seq)
            self._live.take()
            self._clock_ms = self._live.state.clock_ms
            old = () if decision is None else (decision,)
        else:
            self._clock_ms = max(self._clock_ms, view.received_ms)
        if self._old is not None:
            old = self._heard(self._old, view, seq)
        return old, self._heard(self._new, view, seq)

    def _heard(self, candidate: Candidate, view: EventView, seq: int) -> Sequence[Decision]:
        if not candidate.covers(view) or view.kind == ADOPTED:
            return ()
        return candidate.decide(view, seq, clock_ms=self._clock_ms, recorded=self._rung)

    def _candidate(self, digest: str, books: Mapping[str, Compiled]) -> Candidate:
        plan = self.plan
        trial = Trial("", digest, plan.network, list(plan.groups))
        return Candidate(trial, State(), books)
