"""What is said in the next events, looked at before they are judged, one text after the other.

The tables of an automaton take a megabyte. Read in turn with all else that a decision touches, they
are fetched again for every message; for many texts in a row, once. What is found says what
a text is and nothing of when it is looked at, so no decision depends on it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from contracts.codec import EventView
from policy.core.automaton import Automaton, Hits
from policy.core.compile import Compiled
from policy.core.state import State
from policy.core.text.look import Look

AHEAD: Final = 128  # events that are looked at in a row
_SAID: Final = "message_created"


class Ahead:
    """What was found in the texts of some events; each of them asks once."""

    __slots__ = ("_found", "_views")

    def __init__(self) -> None:
        self._views: Sequence[EventView | str] = ()  # kept, so that each has an id of its own
        self._found: dict[int, tuple[Automaton, Look, Hits]] = {}

    def read(
        self, views: Sequence[EventView | str], state: State, books: Mapping[str, Compiled]
    ) -> None:
        """Look at the texts of these events; what was found before is forgotten."""
        self._views = views
        found = self._found = {}
        for view in views:
            if isinstance(view, str) or view.kind != _SAID:
                continue
            book = books.get(in_force(state, view))
            if book is None:
                continue
            automaton = book.automaton
            look = Look(view.payload.content.text, "text")
            try:
                found[id(view)] = automaton, look, automaton.scan(look)
            except Exception:  # noqa: BLE001, S112 -- who judges it meets the same, and says so
                continue

    def take(self, view: EventView, automaton: Automaton) -> tuple[Look, Hits] | None:
        """Return the look at the text of an event, and what this automaton finds there."""
        found = self._found.pop(id(view), None)
        return found[1:] if found is not None and found[0] is automaton else None


def in_force(state: State, view: EventView) -> str:
    """Return the digest of the rulebook where an event happened, "" where there is none."""
    books = state.books.get(view.network)
    if books is None:
        return ""
    if books.canary or books.platforms or books.channels:
        return books.in_force(view.group, view.platform, view.place.channel)
    return books.groups.get(view.group) or books.default
