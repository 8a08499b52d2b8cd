"""What the judge hears that no member did: ticks, sightings, ends of actions, rulebooks adopted."""

from collections.abc import Callable
from typing import Final

from contracts.codec import EventView
from contracts.values import ActionOutcome, Decision, Outcome
from policy.core import bars
from policy.core.compiled import Compiled
from policy.core.effects import Draft
from policy.core.lateness import heed
from policy.core.noticing import LAPSES_MAX, arm, lapse, spread
from policy.core.state import State


class Household:
    """Keeps the house of one partition. `book` returns a compiled rulebook or raises."""

    def __init__(self, state: State, book: Callable[[str], Compiled]) -> None:
        self._state = state
        self._book = book
        self.handlers: Final[dict[str, Callable[[EventView, int], Decision | None]]] = {
            "tick": self._tick,
            "sighting": self._sighting,
            "member_barred": self._barred,
            "action_outcome": self._outcome,
            "rulebook_adopted": self._adopted,
        }

    def _draft(self, view: EventView, seq: int) -> Draft:
        return Draft(view, seq, at_ms=self._state.clock_ms, rulebook="", language="")

    def _tick(self, view: EventView, seq: int) -> Decision | None:
        """Tell of whoever has been silent for long in the groups whose time has come."""
        state = self._state
        draft = self._draft(view, seq)
        if view.dedup_key == f"timer:{state.ticks.timer}":
            state.ticks.timer = ""  # this is the one that was to come
        for network, group in state.ticks.due(state.clock_ms):
            digest = state.in_force(network, group)
            if digest:
                room, counted = state.room(network, group), self._book(digest).counted
                most = LAPSES_MAX - len(draft.facts)
                draft.facts += lapse(state, counted, room, (network, group), most)
        arm(draft, state)
        return draft.finish()

    def _sighting(self, view: EventView, seq: int) -> Decision | None:
        """Count what groups of a network saw, and tell them where it is an incident."""
        draft = self._draft(view, seq)
        draft.facts += spread(self._state, draft, view)
        return draft.finish()

    def _barred(self, view: EventView, _seq: int) -> Decision | None:
        """Note who is barred in the whole network, wherever it was decided."""
        bars.hear(self._state.bars, view.network, view.member_barred, self._state.clock_ms)
        return None

    def _outcome(self, view: EventView, seq: int) -> Decision | None:
        draft = self._draft(view, seq)
        draft.outcome = Outcome.UNSPECIFIED
        payload = draft.event.payload
        assert isinstance(payload, ActionOutcome)
        draft.outcome_of = payload
        digest = self._state.in_force(view.network, view.group, view.platform, view.place.channel)
        book = self._book(digest) if digest and payload.decided_ms else None
        if book is not None and book.rulebook.late is not None:
            room = self._state.room(view.network, view.group)
            heed(draft, room, book, view.received_ms - payload.decided_ms)
        return draft.finish()

    def _adopted(self, view: EventView, seq: int) -> Decision | None:
        state = self._state
        fact = view.rulebook_adopted
        state.note(fact.digest.encode())
        if fact.mode:  # a trial, and not in force everywhere: see `court`
            return None
        self._book(fact.digest)
        groups = tuple(fact.groups) or ((view.group,) if view.group else ())
        channels = tuple(fact.channels)
        platform = fact.platform
        state.adopt(view.network, groups, fact.digest, platform=platform, channels=channels)
        if not state.ticks.hurry(view.network, state.clock_ms):
            return None
        draft = self._draft(view, seq)
        arm(draft, state)
        return draft.finish()
