"""Where consequences are carried out: the decision in the making, and all that it may look at."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from policy.core.compiled import Compiled
from policy.core.conduct import Person
from policy.core.effects import Draft
from policy.core.hits import Hit
from policy.core.messages import Language
from policy.core.seen import Seen
from policy.core.state import Room, State


@dataclass(slots=True)
class Scene:
    """One event being decided on in one group, under one rulebook.

    `text` is what the clues of hits point into. `tag` makes effects of one rule differ that follow
    twice from one event: because it holds now, and because something came that it had waited for.
    `books` are the rulebooks by digest, and `follow` lets follow what rules that hold ask for. `by`
    is the person who decided so, where one did.
    """

    draft: Draft
    state: State
    compiled: Compiled
    room: Room
    books: Callable[[str], Compiled]
    follow: "Callable[[Scene, list[Hit]], None]"
    text: str = ""
    seen: Seen | None = None
    tag: str = ""
    by: str = ""

    @property
    def language(self) -> Language:
        """What members are told in."""
        return self.compiled.rulebook.language

    @contextmanager
    def about(
        self, person: Person, compiled: Compiled, tag: str, *, always: bool = False
    ) -> "Iterator[Scene]":
        """Let this be about somebody remembered, under the rulebook of then, for a while.

        Where it is about them already it stays where it is, unless it shall `always` go back.
        """
        draft = self.draft
        held = draft.subject, draft.place, draft.connection, draft.message_id
        if always or draft.subject is None or draft.subject.id != person.member:
            draft.address(person)
        yield replace(self, compiled=compiled, text="", seen=None, tag=tag)
        draft.subject, draft.place, draft.connection, draft.message_id = held

    def told_to(self, told: str, *, effect: str, rule: str) -> None:
        """Say something to whom this is about, where the rulebook wants it said.

        Who waits to be let in is told in private: there they can answer.
        """
        if self.compiled.rulebook.private or self._waits():
            self.draft.notify(told, effect=f"{self.tag}{effect}", rule=rule)
        else:
            self.draft.reply(told, effect=f"{self.tag}{effect}", rule=rule)

    def _waits(self) -> bool:
        draft = self.draft
        member = draft.subject.id if draft.subject is not None else ""
        record = self.room.members.find(member, draft.at_ms)
        return record is not None and record.standing is not None and record.standing.pending
