"""What is said in the next events, looked at before they are judged, one text after the other.

The tables of an automaton take a megabyte. Read in turn with all else that a decision touches, they
are fetched again for every message; for many texts in a row, once. What is found says what
a text is and nothing of when it is looked at, so no decision depends on it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from contracts.codec import EventView
from policy.core.automaton import Automaton, Hits
from policy.core.compiled import Compiled
from policy.core.state import State
from policy.core.text.look import Look

AHEAD: Final = 128  # events that are looked at in a row
_SAID: Final = "message_created"


class Sighted:
    """What a text is, and what an automaton found in it."""

    __slots__ = ("automaton", "hits", "look")

    def __init__(self, automaton: Automaton, look: Look, hits: Hits) -> None:
        self.automaton = automaton
        self.look = look
        self.hits = hits


class Ahead:
    """What was found in the texts of some events; each of them asks once, in their order."""

    __slots__ = ("_found", "_next", "_views")

    def __init__(self) -> None:
        self._views: Sequence[EventView | str] = ()
        self._found: list[Sighted | None] = []
        self._next = 0

    def read(
        self, views: Sequence[EventView | str], state: State, books: Mapping[str, Compiled]
    ) -> None:
        """Look at the texts of these events; what was found before is forgotten."""
        self._views, self._next = views, 0
        self._found = [None] * len(views)
        network, everywhere = "", ""
        plain = False  # one rulebook is in force everywhere in the network
        for place, view in enumerate(views):
            if isinstance(view, str) or view.kind != _SAID:
                continue
            if not plain or view.network != network:
                network = view.network
                everywhere = _everywhere(state, network)
                plain = everywhere != ""
            book = books.get(everywhere or in_force(state, view))
            if book is not None:
                self._found[place] = _sighted(view, book.automaton)

    def take(self, view: EventView, automaton: Automaton) -> Sighted | None:
        """Return the look at the text of an event, and what this automaton finds there."""
        for place in range(self._next, len(self._found)):
            if self._views[place] is view:
                self._next = place + 1
                found = self._found[place]
                return found if found is not None and found.automaton is automaton else None
        return None


def _sighted(view: EventView, automaton: Automaton) -> Sighted | None:
    look = Look(view.payload.content.text, "text")
    try:
        return Sighted(automaton, look, automaton.scan(look))
    except Exception:  # noqa: BLE001 -- who judges it meets the same, and says so
        return None


def _everywhere(state: State, network: str) -> str:
    """Return the digest of the rulebook in force in all of a network, "" where there are more."""
    books = state.books.get(network)
    if books is None or books.canary or books.platforms or books.channels or books.groups:
        return ""
    return books.default


def in_force(state: State, view: EventView) -> str:
    """Return the digest of the rulebook where an event happened, "" where there is none."""
    books = state.books.get(view.network)
    if books is None:
        return ""
    if books.canary or books.platforms or books.channels:
        return books.in_force(view.group, view.platform, view.place.channel)
    return books.groups.get(view.group) or books.default
