"""Judge one message as the judge would, without a server: in a room, from a member, on their own.

A message is judged in a memory that is made once and copied for each, so that no message knows of
another. For one member who says them all, the same memory goes on.
"""

from dataclasses import dataclass, replace

from contracts import ids
from contracts.codec import encode, view_event
from contracts.values import (
    Actor,
    ActorKind,
    Availability,
    Content,
    Decision,
    Event,
    MemberJoined,
    MessageCreated,
    Origin,
    Outcome,
    Place,
)
from policy.core.compiled import Compiled
from policy.core.engine import Engine
from policy.core.state import State

PLATFORM = "try"
NETWORK = "try"
MEMBER = "member"
DAY_MS = 86_400_000
TENURE_MS = 365 * DAY_MS
ACCOUNT_MS = 3 * TENURE_MS
NEW_ACCOUNT_MS = 3_600_000
JUST_NOW_MS = 10_000
PACE_MS = 1_000
TEXT_MAX = 200_000  # code points; of a longer text the head is judged, as of any that is too long
_SMALL_TALK = (
    "Good morning, how is everybody today?",
    "I walked along the river after work and saw two herons.",
    "Thank you, that was a great help to me yesterday.",
    "Has anybody read the chapter about lighthouses yet?",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that held: in which view of the text, and where in what was written."""

    rule: str
    view: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What would come of a message."""

    outcome: str
    findings: tuple[Finding, ...]
    explanation: str


NOTHING = Verdict(outcome="allow", findings=(), explanation="")


class Trial:
    """A room with one rulebook, in which messages are tried.

    ``now_ms`` is when they are said. The author has been here for a year and talked now and then,
    or, as a ``newcomer``, has just come with a fresh account. With ``one_member`` the messages
    follow one another, a second apart, and windows count them.
    """

    def __init__(
        self,
        compiled: Compiled,
        *,
        now_ms: int,
        group: str = "room",
        newcomer: bool = False,
        one_member: bool = False,
    ) -> None:
        self._books = {compiled.digest: compiled}
        self._group = group
        self._now_ms = now_ms
        self._number = 0
        self._one_member = one_member
        born_ms, joined_ms = (
            (now_ms - NEW_ACCOUNT_MS, now_ms - JUST_NOW_MS)
            if newcomer
            else (now_ms - ACCOUNT_MS, now_ms - TENURE_MS)
        )
        self._author = Actor(
            id=MEMBER,
            kind=ActorKind.USER,
            display_name="Member",
            joined_ms=max(1, joined_ms),
            account_created_ms=max(1, born_ms),
        )
        self._state = State()
        self._state.adopt(NETWORK, (), compiled.digest)
        self._live(max(1, joined_ms), self._past(newcomer=newcomer), newcomer=newcomer)
        self._image = self._state.snapshot()

    def say(self, content: Content, *, author: Actor | None = None) -> Verdict:
        """Return what would come of a message.

        ``author`` replaces the member; without an id or a date of joining, theirs is used.

        Raises:
            Malformed: The message is longer than any event may be.
        """
        if not self._one_member:
            self._state = State.restore(self._image)
        actor = self._author if author is None else self._completed(author)
        if len(content.text) > TEXT_MAX:
            content = replace(content, text=content.text[:TEXT_MAX])
        at_ms = self._now_ms + (self._number * PACE_MS if self._one_member else 0)
        decision = self._judge(content, at_ms, actor)
        return NOTHING if decision is None else verdict(decision)

    def _completed(self, author: Actor) -> Actor:
        known = self._author
        return replace(
            author,
            id=author.id or known.id,
            kind=author.kind or known.kind,
            joined_ms=author.joined_ms or known.joined_ms,
            account_created_ms=author.account_created_ms or known.account_created_ms,
        )

    def _past(self, *, newcomer: bool) -> list[int]:
        """Return when the member said something before."""
        if newcomer or self._now_ms <= TENURE_MS:
            return []
        return [self._now_ms - days * DAY_MS for days in range(360, 0, -12)]

    def _live(self, joined_ms: int, said_ms: list[int], *, newcomer: bool) -> None:
        if newcomer:  # whoever has been here for long came before Reeve
            self._decide(MemberJoined(member=self._author), joined_ms, self._author)
        for number, at_ms in enumerate(said_ms):
            before = self._state.snapshot()
            content = Content(text=_SMALL_TALK[number % len(_SMALL_TALK)], form="text")
            decision = self._judge(content, at_ms, self._author)
            if decision is not None and decision.hits:  # even small talk can be against a rule
                self._state = State.restore(before)

    def _judge(self, content: Content, at_ms: int, actor: Actor) -> Decision | None:
        message = MessageCreated(message_id=f"m{self._number + 1}", content=content)
        return self._decide(message, at_ms, actor)

    def _decide(
        self, payload: MessageCreated | MemberJoined, at_ms: int, actor: Actor
    ) -> Decision | None:
        self._number += 1
        key = str(self._number)
        event = Event(
            id=ids.event_id(PLATFORM, NETWORK, self._group, key),
            schema=1,
            platform=PLATFORM,
            network=NETWORK,
            group=self._group,
            connection=PLATFORM,
            place=Place(channel=self._group),
            actor=actor,
            occurred_ms=at_ms,
            received_ms=at_ms,
            dedup_key=key,
            origin=Origin.LIVE,
            availability=Availability.FULL,
            payload=payload,
        )
        return Engine(self._state, self._books).decide(view_event(encode(event)), self._number)


def verdict(decision: Decision) -> Verdict:
    """Return what a decision says, without its effects."""
    return Verdict(
        outcome=(decision.outcome or Outcome.ALLOW).name.lower(),
        findings=tuple(
            Finding(
                rule=hit.rule,
                view=hit.spans[0].view if hit.spans else "",
                # Of several terms that are met there, one place is enough.
                spans=tuple(dict.fromkeys((span.start, span.end) for span in hit.spans)),
            )
            for hit in decision.hits
        ),
        explanation=decision.explanation,
    )
