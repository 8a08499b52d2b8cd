"""Decisions as data: what shall be done about an event, each effect with an id of its cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contracts import ids
from contracts.codec import EventView, actor_of, place_of
from contracts.values import (
    Action,
    ActionBody,
    ActionOutcome,
    Actor,
    ActorKind,
    Announce,
    Attachment,
    Claim,
    Decision,
    DeleteMessage,
    DirectNotice,
    Event,
    Harvested,
    Outcome,
    Place,
    Reply,
    Resolution,
    RuleHit,
    Saw,
    Span,
    TimerSet,
)
from policy.core.conduct import Person
from policy.core.hits import Hit
from policy.core.seen import Clue

SAFETY: Final = 0
SANCTION: Final = 1
SPEECH: Final = 2
BULK: Final = 3
LEDGER: Final = "ledger"
OWN: Final = "reeve"  # the rule of what Reeve says and does by itself
SPANS_MAX: Final = 16
SPAN_MAX: Final = 500  # of a longer one the decision keeps the beginning; its place tells the rest
EVIDENCE_MAX: Final = 1_001  # the newest; only floods of characters can have more


@dataclass(frozen=True, slots=True)
class Tells:
    """What a text tells of: it waits until all these actions ended, and says what is true then.

    Where none of `after` was done, it is not said at all. The text begins with the `claims`.
    """

    after: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()


class Draft:
    """A decision in the making. `finish` returns it, or None where nothing came of the event."""

    def __init__(
        self, view: EventView, seq: int, *, at_ms: int, rulebook: str, language: str
    ) -> None:
        self.view = view
        self._event: Event | None = None
        self.seq = seq
        self.at_ms = at_ms
        self.rulebook = rulebook
        self.language = language
        self.id = ids.decision_id(view.id, rulebook)
        self.actor = actor_of(view)
        self.subject = self.actor
        self.is_private: bool = view.kind == "command_invoked" and view.payload.direct
        self.place = place_of(view)
        self.connection = view.connection
        self.message_id = ""
        self.outcome = Outcome.ALLOW
        self.case_id = ""
        self.hits: list[RuleHit] = []
        self.actions: list[Action] = []
        self.timers: list[TimerSet] = []
        self.cancelled: list[str] = []
        self.told: list[str] = []
        self.acted = ""
        self.sanction = Outcome.UNSPECIFIED
        self.strikes = 0
        self.until_ms = 0
        self.outcome_of: ActionOutcome | None = None
        self.facts: list[Event] = []
        self.harvested: list[Harvested] = []
        self.resolution: Resolution | None = None

    @property
    def event(self) -> Event:
        """All of the event, which is read when it is first asked for."""
        if self._event is None:
            self._event = self.view.value()
        return self._event

    def act(  # noqa: PLR0913 -- as many fields as an action has
        self,
        body: ActionBody,
        *,
        effect: str,
        rule: str = OWN,
        reason: str = "",
        priority: int = SPEECH,
        target: Actor | None = None,
        executor: str = "",
        case_id: str | None = None,
        tells: Tells | None = None,
        undoes: str = "",
    ) -> str:
        """Add an action and return its id; one rule has each effect once on one event.

        What takes another action back has an id made from that one's alone: it is done once.
        """
        action = Action(
            id=ids.action_id(undoes or self.view.id, rule, effect),
            executor=executor or self.connection,
            priority=priority,
            platform=self.view.platform,
            network=self.view.network,
            group=self.view.group,
            place=self.place,
            target=target if target is not None else self.subject,
            case_id=self.case_id if case_id is None else case_id,
            decision_id=self.id,
            event_id=self.view.id,
            rule=rule,
            reason=reason,
            decided_ms=self.at_ms,
            connection=self.connection,
            after=tells.after if tells is not None else (),
            claims=tells.claims if tells is not None else (),
            undoes=undoes,
            body=body,
        )
        self.actions.append(action)
        return action.id

    def reply(
        self,
        text: str,
        *,
        effect: str,
        rule: str = OWN,
        mention: bool = True,
        tells: Tells | None = None,
    ) -> None:
        """Answer the subject in the room, or in private whoever asked there."""
        if self.is_private and self.subject is self.actor:
            self.notify(text, effect=effect, rule=rule, tells=tells)
            return
        body = Reply(message_id=self.message_id, text=text, mention=mention)
        self.act(body, effect=effect, rule=rule, tells=tells)
        self.told.append(text)

    def notify(
        self,
        text: str,
        *,
        effect: str,
        rule: str,
        tells: Tells | None = None,
    ) -> None:
        """Tell the subject in private."""
        self.act(DirectNotice(text=text), effect=effect, rule=rule, tells=tells)
        self.told.append(text)

    def announce(
        self,
        text: str,
        *,
        effect: str = "announce",
        rule: str = OWN,
        files: Sequence[Attachment] = (),
    ) -> None:
        """Tell the room, and show it these files."""
        body = Announce(text=text, attachments=tuple(files))
        self.act(body, effect=effect, rule=rule, target=Actor())
        self.told.append(text)

    def address(self, person: Person) -> None:
        """Make this about somebody remembered, where the event itself does not say who."""
        self.subject = Actor(id=person.member, kind=ActorKind.USER, display_name=person.name)
        self.place = Place(channel=person.channel, thread=person.thread)
        self.connection = person.connection or self.connection
        self.message_id = person.message_id

    def person(self) -> Person:
        """Return whom this is about, to be remembered."""
        actor, place = self.subject or Actor(), self.place or Place()
        return Person(
            member=actor.id,
            name=actor.display_name,
            message_id=self.message_id,
            channel=place.channel,
            thread=place.thread,
            connection=self.connection,
            seq=self.seq,
        )

    def add_hits(self, hits: list[Hit], text: str) -> None:
        """Record the rules that held, with the evidence."""
        self.hits += [rule_hit(hit, text) for hit in hits]

    @property
    def is_removed(self) -> bool:
        """Whether the message that this is about is being taken away."""
        return self.outcome >= Outcome.DELETE and any(
            isinstance(action.body, DeleteMessage) for action in self.actions
        )

    def finish(self) -> Decision | None:
        """Return the decision; None where the batch's count is record enough."""
        answers = self.outcome_of or self.resolution
        told = self.timers or self.facts or self.harvested
        if not (self.hits or self.actions or self.cancelled or answers or told):
            return None
        return self.decision()

    def decision(self) -> Decision:
        """Return all there is of it until now."""
        return Decision(
            id=self.id,
            event_id=self.view.id,
            event_seq=self.seq,
            at_ms=self.at_ms,
            platform=self.view.platform,
            network=self.view.network,
            group=self.view.group,
            place=self.place,
            subject=self.subject,
            message_id=self.message_id,
            rulebook=self.rulebook,
            outcome=self.outcome,
            hits=tuple(self.hits),
            strikes=self.strikes,
            until_ms=self.until_ms,
            case_id=self.case_id,
            actions=tuple(self.actions),
            timers=tuple(self.timers),
            cancelled_timers=tuple(self.cancelled),
            outcome_of=self.outcome_of,
            resolution=self.resolution,
            explanation="\n".join(self.told),
            language=self.language,
            connection=self.connection,
            acted=self.acted,
            sanction=self.sanction,
            facts=tuple(self.facts),
            harvested=tuple(self.harvested),
        )


def rule_hit(hit: Hit, text: str) -> RuleHit:
    """Return the record of a rule that held: what was seen in `text`, counted and allowed."""
    then = hit.then
    outcome = Outcome.DELETE if then.delete else Outcome.ALLOW
    if then.sanction is not None:
        outcome = max(outcome, then.sanction.outcome)
    counting = (clue for clue in hit.clues if clue.window_ms or clue.limit)
    counted = next(counting, None) or Clue("word")
    acts = not hit.exempt
    shown = [clue for clue in hit.clues[:SPANS_MAX] if clue.term]
    return RuleHit(
        rule=hit.rule.rule.id,
        outcome=outcome if acts else Outcome.ALLOW,
        spans=tuple(_span(clue, text) for clue in shown),
        event_ids=counted.event_ids[-EVIDENCE_MAX:],
        count=counted.count,
        threshold=counted.limit,
        window_ms=counted.window_ms,
        points=then.points if acts and not hit.stale else 0,
        exempt=hit.exempt,
        saw=tuple(_saw(clue, shown) for clue in hit.clues[:SPANS_MAX]),
    )


def _saw(clue: Clue, shown: list[Clue]) -> Saw:
    return Saw(
        kind=clue.kind,
        listed=clue.listed,
        measure=clue.measure,
        count=clue.count,
        threshold=clue.limit,
        window_ms=clue.window_ms,
        said=clue.said,
        span=shown.index(clue) + 1 if clue.term else 0,
        spare=clue.spare,
    )


def _span(clue: Clue, text: str) -> Span:
    view = clue.view or ("link" if clue.kind in ("link", "cold_link", "imitates") else "folded")
    seen = clue.quote or text[clue.start : clue.end]
    return Span(
        view=view,
        start=clue.start,
        end=clue.end,
        text=seen[:SPAN_MAX],
        term=clue.term,
        surface=clue.surface,
    )
