"""The judge of one partition and its trials: what is decided, and what would have been.

Trials begin and end by events of the log, what they remember is part of the memory, and what they
come to is part of its digest. So replaying the log replays them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from contracts.codec import EventView, Malformed, encode
from contracts.values import AdoptionMode, Decision, Disagreement, RulebookAdopted, Tally
from policy.core.candidate import ADOPTED, Candidate
from policy.core.compiled import Compiled
from policy.core.engine import Engine, UnknownRulebook
from policy.core.kinds import KIND_OF
from policy.core.state import State
from policy.core.trials import SHADOWS_MAX, TRIALS_MAX, Trial, difference, disagreement

SIZE_MAX = 12 * 1024  # of one disagreement; a longer one is told without its evidence
TALLY_BYTES: Final = 220  # of one rule, at most
BROKEN: Final = "broken"


class Court:
    """Decides as `engine` does, and lets every trial hear the same. It changes `state` only.

    What trials come to is collected until `take`: `size` is its length in bytes.
    """

    def __init__(self, state: State, books: Mapping[str, Compiled]) -> None:
        self.state = state
        self.books = books
        self.engine = Engine(state, books)
        self.size = 0
        self._found: list[Disagreement] = []
        self._changed: dict[str, set[str]] = {}
        self._candidates: dict[str, Candidate] = {}
        for name, memory in state.shadows.items():
            self._candidates[name] = Candidate(state.trials[name], memory, books)

    def decide(self, view: EventView, seq: int) -> Decision | None:
        """Return what follows from one event, as `Engine.decide`; trials hear it afterwards.

        Raises:
            UnknownRulebook: `books` lacks what is needed.
        """
        events = self.state.events
        decision = self.engine.decide(view, seq)
        if self.state.events == events:  # it was heard before
            return decision
        if self.state.trials:
            self._try(view, seq, decision)
        if view.kind == ADOPTED and view.rulebook_adopted.mode:
            payload = view.value().payload
            assert isinstance(payload, RulebookAdopted)
            self._turn(view, payload)
        return decision

    def look_ahead(self, views: Sequence[EventView | str]) -> None:
        """Look at what is said in events that are about to be decided on; see `Ahead`."""
        self.engine.ahead.read(views, self.state, self.books)

    def take(self) -> tuple[tuple[Disagreement, ...], tuple[Tally, ...]]:
        """Return what trials came to since this was last asked."""
        found = tuple(self._found)
        trials = self.state.trials
        tallies = tuple(
            trials[name].tally(self._changed[name])
            for name in sorted(self._changed)
            if name in trials
        )
        self._found.clear()
        self._changed.clear()
        self.size = 0
        return found, tallies

    def _try(self, view: EventView, seq: int, decision: Decision | None) -> None:
        kind = KIND_OF.get(view.kind, "tick")
        judged = kind != "tick"
        for name in sorted(self.state.trials):
            trial = self.state.trials[name]
            if trial.share:
                if judged and self._under_canary(trial, view):
                    trial.judged += 1
                    self._mark(trial, trial.count(None, decision, ""))
                continue
            candidate = self._candidates[name]
            if not candidate.covers(view):
                continue
            if judged:
                trial.judged += 1
                self._mark(trial, set())
            self._compare(candidate, view, seq, decision)

    def _under_canary(self, trial: Trial, view: EventView) -> bool:
        state = self.state
        place = view.place.channel
        digest = state.in_force(view.network, view.group, view.platform, place)
        return digest == trial.digest and trial.covers(view.network, view.group)

    def _compare(
        self, candidate: Candidate, view: EventView, seq: int, live: Decision | None
    ) -> None:
        recorded = live.timers if live is not None else ()
        try:
            found = candidate.decide(view, seq, clock_ms=self.state.clock_ms, recorded=recorded)
            self.state.note(b"".join(map(encode, found)))
        except (MemoryError, UnknownRulebook):
            raise
        except Exception as fault:  # noqa: BLE001 -- a trial that breaks must not touch the judge
            self.state.note(type(fault).__name__.encode())
            self._tell(self._broken(candidate.trial, view, seq))
            return
        about = None
        for one in found:
            if one.event_id == view.id:
                about = one
            else:
                self._note(candidate.trial, None, one, seq)
        self._note(candidate.trial, live, about, seq)

    def _note(self, trial: Trial, live: Decision | None, found: Decision | None, seq: int) -> None:
        kind = difference(live, found)
        if changed := trial.count(live, found, kind):
            self._mark(trial, changed)
        if kind:
            self._tell(disagreement(trial.id, kind, live, found, seq))

    def _mark(self, trial: Trial, rules: set[str]) -> None:
        known = self._changed.setdefault(trial.id, set())
        known |= rules
        self.size += TALLY_BYTES * len(rules)

    def _broken(self, trial: Trial, view: EventView, seq: int) -> Disagreement:
        trial.disagreed += 1
        self._mark(trial, set())
        return Disagreement(
            trial=trial.id,
            event_seq=seq,
            event_id=view.id,
            at_ms=self.state.clock_ms,
            network=view.network,
            group=view.group,
            kind=BROKEN,
        )

    def _tell(self, found: Disagreement) -> None:
        try:
            size = len(encode(found))
        except Malformed:
            size = SIZE_MAX + 1
        if size > SIZE_MAX and found.candidate is not None:
            bare = Decision(
                id=found.candidate.id,
                event_id=found.candidate.event_id,
                at_ms=found.candidate.at_ms,
                rulebook=found.candidate.rulebook,
                outcome=found.candidate.outcome,
                until_ms=found.candidate.until_ms,
            )
            found = replace(found, candidate=bare, live_rules=found.live_rules[:16])
            size = len(encode(found))
        self._found.append(found)
        self.size += size

    def _turn(self, view: EventView, fact: RulebookAdopted) -> None:
        """Begin or end a trial."""
        state, network = self.state, view.network
        if fact.mode is AdoptionMode.ENDED:
            self._candidates.pop(fact.trial, None)
            state.end_trial(network, fact.trial)
            return
        if fact.trial in state.trials or len(state.trials) >= TRIALS_MAX:
            return
        groups = sorted(fact.groups)
        shadows = sum(state.trials[name].network == network for name in state.shadows)
        if fact.mode is AdoptionMode.SHADOW and shadows >= SHADOWS_MAX:
            return
        share = fact.share if fact.mode is AdoptionMode.CANARY else 0
        trial = Trial(fact.trial, fact.digest, network, groups, share)
        if fact.mode is AdoptionMode.CANARY:
            state.begin_canary(trial)
            return
        memory = state.fork(network, groups)
        candidate = Candidate(trial, memory, self.books)
        candidate.assign(network)
        state.trials[trial.id] = trial
        state.shadows[trial.id] = memory
        self._candidates[trial.id] = candidate
