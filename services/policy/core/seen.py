"""What is seen of one message while it is judged: every view made once, when first asked for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from contracts.codec import EventView
from contracts.glance import is_bare
from contracts.values.view import ActorView, ContentView
from policy.core import surfaces
from policy.core.automaton import Automaton
from policy.core.kinds import SPEECH, EventKind
from policy.core.links import Link, links
from policy.core.marks import PLAIN, SUMS
from policy.core.pieces import NOTHING, Pieces
from policy.core.quotes import without_quotes
from policy.core.runs import NO_RUN, Run
from policy.core.spoilers import in_the_open
from policy.core.text.look import Look
from policy.core.text.substance import substance

if TYPE_CHECKING:
    from policy.core.ahead import Sighted
    from policy.core.bars import Bars
    from policy.core.counters import Windows
    from policy.core.members import Member
    from policy.core.state import Room

# A colon is part of a Matrix id; Chinese punctuation ends a name that is written without spaces.
_MENTION: Final = re.compile(r"(?<!\w)@[^\s：，。！？、；,!?]+")
_NO_RUN: Final = NO_RUN  # what is its own is at hand where it is compiled
_NO_PIECES: Final = NOTHING
Measure = Literal["messages", "lines", "characters"]
LIKELY: Final = 0.5  # somebody less sure to have invited than this has not
ClueKind = Literal[
    "word", "spelled_out", "pattern", "link", "cold_link", "imitates", "flood", "short", "long",
    "unmet", "unreadable", "count", "distinct", "in_a_row", "interrupts", "share", "silent",
    "time", "incident", "expression", "joined_younger", "joined_older", "account_younger",
    "account_older", "first_messages", "contributions_below", "contributions_at_least",
    "never_spoke", "rejoined", "tier", "label", "reputation_below", "reputation_at_least",
    "paid_below", "paid_at_least", "accepted", "pending", "barred", "took", "good_standing",
    "inviter", "guests_below", "guests_at_least", "name_card", "face", "capacity", "locked",
    "mixed_script", "max_run", "marks", "capitals", "media", "invites", "floor", "review",
    "theme_below", "theme_at_least", "answered", "score",
    "vouched_below", "vouched_at_least",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clue:
    """Why a condition held. Places are code points of the original text, end exclusive.

    `listed` names the list, `term` the entry that hit; `count` was seen and `limit` is allowed, in
    `measure`, within `window_ms` (0: in this message), with the `event_ids` that were counted.
    `said` is what was seen in the rulebook's language, where no other field tells it; `spare` says
    that the rule would not have held if something else had not been, which is less. `view` is what
    the text was read as, and `quote` the very characters where they stand elsewhere than in it, on
    another `surface`.
    """

    kind: ClueKind
    start: int = 0
    end: int = 0
    term: str = ""
    listed: str = ""
    measure: str = ""
    count: int = 0
    limit: int = 0
    window_ms: int = 0
    event_ids: tuple[str, ...] = ()
    said: str = ""
    spare: bool = False
    view: str = ""
    surface: str = ""
    quote: str = ""


class Seen:
    """One event, whom it is about, and what they did before. `text` is what is read of it.

    `event` is all of it and `room` what is remembered of the group. `links` are all hosts named in
    the text or its formatted form, `hits` the terms that occur. `windows` are what the group has
    counted, `rings` those in which this counts; `run` are the messages in a row that this is one
    of, `ended` those of another it ended. `silent_ms` is how long the author had said nothing;
    `bars` are who is barred from what in the whole network.
    """

    __slots__ = (
        "_automaton", "_own", "actor", "bars", "content", "ended", "event", "hits", "kind", "links",
        "look", "member", "now_ms", "pieces", "rings", "room", "run", "silent_ms", "text_key",
        "windows",
    )  # fmt: skip

    def __init__(
        self,
        kind: EventKind,
        content: ContentView,
        actor: ActorView,
        *,
        now_ms: int,
        automaton: Automaton,
        text: str | None = None,
        event: EventView | None = None,
        room: "Room | None" = None,
        sighted: "Sighted | None" = None,
    ) -> None:
        self.kind = kind
        self.content = content
        self.actor = actor
        self.member = actor.id
        self.now_ms = now_ms
        self.event = event
        self.room = room
        if sighted is not None:
            self.look, self.hits = sighted.look, sighted.hits
        else:
            surface = surfaces.OF_KIND.get(kind, "text")
            self.look = Look(content.text if text is None else text, surface)
            self.hits = automaton.scan(self.look)
        bare = is_bare(content)
        self.links = links(self.look, "" if bare else content.html)
        self._automaton = automaton
        if text is None and (automaton.names or not bare):
            self._look_beside(content, automaton)
        self.rings: dict[str, bytes] = {}
        self.windows: Windows | None = None
        self.text_key = ""
        self.silent_ms = 0
        self.run: Run = _NO_RUN
        self.ended: Run = _NO_RUN
        self.pieces: Pieces = _NO_PIECES
        self._own: int | None = None
        self.bars: Bars | None = None

    def _look_beside(self, content: ContentView, automaton: Automaton) -> None:
        if (
            content.html
            or content.attachments
            or content.forwards
            or content.embeds
            or content.poll.question
        ):
            for look in surfaces.others(content):
                for term, found in automaton.scan(look).items():
                    self.hits.setdefault(term, found)
        if automaton.names and self.kind in SPEECH:
            for term, found in automaton.scan(surfaces.name(self.actor)).items():
                if "names" in automaton.terms[term].surfaces:
                    self.hits.setdefault(term, found)

    def place(self, term: int) -> tuple[int, int]:
        """Return where in the original text a term of `hits` was written."""
        found = self.hits[term]
        return found.view.span(*self._automaton.place(term, found))

    def view(self, term: int) -> str:
        """Return the name of the view in which a term of `hits` was read."""
        return self._automaton.kind(term, self.hits[term])

    def in_the_open(self) -> "Seen":
        """Return the same without what stands behind spoiler marks; itself where nothing does."""
        return self._without(in_the_open(self.look.original, self.content.html))

    def unquoted(self) -> "Seen":
        """Return the same without what is quoted; itself where nothing is."""
        return self._without(without_quotes(self.look.original))

    def _without(self, left: str) -> "Seen":
        if left == self.look.original:
            return self
        seen = Seen(
            self.kind,
            self.content,
            self.actor,
            now_ms=self.now_ms,
            automaton=self._automaton,
            text=left,
            event=self.event,
            room=self.room,
        )
        seen.windows, seen.rings, seen.text_key = self.windows, self.rings, self.text_key
        seen.run, seen.ended, seen.pieces = self.run, self.ended, self.pieces
        seen.bars = self.bars
        return seen

    def clue(self, kind: ClueKind, term: int, listed: str) -> Clue:
        """Return the clue that a term of `hits` is."""
        start, end = self.place(term)
        look = self.hits[term].look
        return Clue(
            kind,
            start,
            end,
            self.written(term),
            listed,
            view=self.view(term),
            surface=look.surface,
            quote=look.original[start:end],
        )

    def written(self, term: int) -> str:
        """Return the term as the rulebook has it."""
        return self._automaton.terms[term].written

    @property
    def record(self) -> "Member | None":
        """What is known of whom this is about; None: nothing."""
        return self.room.members.find(self.member, self.now_ms) if self.room is not None else None

    @property
    def praised(self) -> str:
        """Who wrote what is reacted or replied to, or else the one who is mentioned; "" if none."""
        if self.room is None or self.event is None:
            return ""
        content, authors = self.content, self.room.members.authors
        to = self.event.reaction_added.message_id if self.kind == "reaction" else content.reply_to
        author = authors.get(to, self.now_ms) if to else None
        if author is None and len(content.mentions) == 1:
            author = content.mentions[0]
        return author or ""

    @property
    def clickable(self) -> tuple[Link, ...]:
        """The links that a client makes clickable."""
        found = self.links
        return tuple(link for link in found if link.clickable) if found else ()

    @property
    def own_words(self) -> int:
        """Graphemes of substance in the author's own words: no links, mentions or quoted lines."""
        if self._own is None:
            self._own = substance(_own_text(self.look.original, self.links))
        return self._own

    def recent(self, measure: Measure) -> int:
        """Return what is kept of a measure: no less than what counts within any window of it."""
        ring = self.rings.get(measure)
        if not ring:
            return 0
        return len(ring) // PLAIN.width if measure == "messages" else SUMS.whole(ring)

    @property
    def channel(self) -> str:
        """The channel or, in one, the thread; "" where it is nowhere in particular."""
        if self.event is None:
            return ""
        place = self.event.place
        return place.thread or place.channel

    def sight_key(self, of: str) -> str:
        """Return by what the group knows again what other groups may have seen; "" for nothing."""
        key = self.member if of == "member" else self.text_key
        return f"{of} {key}" if key else ""

    @property
    def inviter(self) -> str:
        """Who brought in whom this is about, or, of an invitation, who invited; "" if not known."""
        if self.kind == "invite":
            return self.member
        if self.kind != "join" or self.event is None:
            return ""
        likely = (by for by in self.event.member_joined.inviters if by.confidence >= LIKELY)
        return next((by.actor.id for by in likely), "")

    @property
    def says_more(self) -> bool:
        """It is a command, or something stands beside the words, so that few of them are fine."""
        return self.kind == "command" or self.has_media or bool(self.links and self.clickable)

    @property
    def has_media(self) -> bool:
        """Something is attached, forwarded or asked, so that few words are no fault."""
        content = self.content
        return bool(content.attachments or content.forwards or content.poll.question)


def _own_text(text: str, found: Iterable[Link]) -> str:
    kept: list[str] = []
    last = 0
    for link in found:
        if link.clickable and link.end > last:
            kept.append(text[last : link.start])
            last = link.end
    kept.append(text[last:])
    own = " ".join(kept)
    if own.startswith(">") or "\n>" in own:
        own = "\n".join(line for line in own.split("\n") if not line.startswith(">"))
    if "@" in own:
        own = _MENTION.sub(" ", own)
    return own
