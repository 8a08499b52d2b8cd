"""What every scene plays with: the town, the operator's desk, and the narrator."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from chassis import clock
from reeve.demo.desk import Desk
from reeve.demo.narrator import Narrator
from reeve.demo.people import Seen, is_redaction, is_text
from reeve.demo.stage import Town

PATIENCE_S = 60.0
LOOK_AGAIN_S = 0.3


@dataclass(slots=True, kw_only=True)
class Play:
    """The state of the story.

    ``taken`` is what was grabbed from the red packet, in points; ``told`` are the events that
    Reeve said and the narrator has repeated, since one sentence can answer two questions.
    """

    town: Town
    desk: Desk
    tell: Narrator
    taken: int = 0
    notes: dict[str, list[str]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    async def speak(self, group: str, name: str, text: str) -> str:
        """Let a member say something; the event id."""
        person = self.town.people[name]
        event = await person.say(self.town.rooms[group], text)
        self.tell.say(self.town.title(group), person.name, text)
        return event

    async def try_to_speak(self, group: str, name: str, text: str) -> str | None:
        """Let a member try; ``None`` where the homeserver refuses."""
        person = self.town.people[name]
        event = await person.try_to_say(self.town.rooms[group], text)
        if event is not None:
            self.tell.say(self.town.title(group), person.name, text)
        return event

    async def hears(
        self, group: str, holds: str, *, since: int = 0, within_s: float = PATIENCE_S
    ) -> Seen | None:
        """What Reeve says in the group that contains ``holds``, after position ``since``."""
        room = self.town.rooms[group]
        heard = await self.town.witness.see(
            lambda event: is_text(event, room=room, sender=self.town.bot, holds=holds),
            within_s=within_s,
            since=since,
        )
        if heard is not None and heard["event_id"] not in self.told:
            self.told.add(heard["event_id"])
            self.tell.reeve(self.town.title(group), str(heard["content"]["body"]))
        return heard

    async def hears_privately(self, name: str, holds: str) -> list[str]:
        """What Reeve tells a member alone, once it contains ``holds``."""
        person = self.town.people[name]
        until_s = clock.monotonic_s() + PATIENCE_S
        words: list[str] = []
        rooms: set[str] = set()
        while not any(holds in text for text in words) and clock.monotonic_s() < until_s:
            words += await person.private_words(self.town.bot, rooms)
            await asyncio.sleep(LOOK_AGAIN_S)
        for text in words:
            self.tell.reeve(f"to {person.name}", text)
        return words

    async def sees(self, what: Callable[[Seen], bool]) -> Seen | None:
        """The first event that is ``what``, for as long as a person would wait."""
        return await self.town.witness.see(what, within_s=PATIENCE_S)

    async def is_removed(self, group: str, event: str, *, within_s: float = PATIENCE_S) -> bool:
        """Whether the message ``event`` is taken down within ``within_s`` seconds."""
        witness = self.town.witness
        seen = await witness.see(lambda other: is_redaction(other, of=event), within_s=within_s)
        if seen is not None:
            self.tell.reeve(self.town.title(group), "(removed the message)")
        return seen is not None

    def was_removed(self, event: str) -> bool:
        """Whether the message ``event`` has been taken down by now."""
        return any(is_redaction(other, of=event) for other in self.town.witness.seen)

    def now(self) -> int:
        """The position in what the witness has seen."""
        return len(self.town.witness.seen)

    def remember(self, what: str, event: str) -> None:
        """Keep an event id for a later scene."""
        self.notes.setdefault(what, []).append(event)

    def remembered(self, what: str) -> list[str]:
        """The event ids kept under that word."""
        return self.notes[what]
