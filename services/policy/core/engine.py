"""Decide what to do about each event. Pure: same state, books and event, same decision, always."""

from collections.abc import Callable, Mapping
from typing import Final

from contracts.codec import EventView, encode
from contracts.subjects import REPLAY
from contracts.values import ActionOutcome, Decision, Origin, Outcome, RuleHit
from policy.core import commands, facts
from policy.core.arrivals import WITNESSED, spoke, witness
from policy.core.carry_out import carry_out, lift
from policy.core.compile import Compiled
from policy.core.counting import count
from policy.core.effects import Draft
from policy.core.kinds import KIND_OF
from policy.core.sanctions import Hit, judge, rule_on
from policy.core.seen import Clue, Seen
from policy.core.state import Room, State
from policy.core.text import EXAMINED_MAX

OVERSIZED: Final = "reeve:oversized"  # no id of a rulebook's rule has a colon
_PAST = frozenset((Origin.BACKFILLED, Origin.REPLAYED))


class UnknownRulebook(Exception):
    """A rulebook is needed that was not given; the state is spoiled and has to be restored."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"rulebook {digest} is not loaded")
        self.digest = digest


class Engine:
    """The judge of one partition. It changes `state` and nothing else.

    `books` are the compiled rulebooks by digest; it is read at each decision and may grow between
    them. Those that `state.rulebooks()` names, and those that the next events adopt, must be in it.
    """

    def __init__(self, state: State, books: Mapping[str, Compiled]) -> None:
        self.state = state
        self.books = books
        self._handlers: Final[dict[str, Callable[[EventView, int], Decision | None]]] = {
            "message_created": self._speech,
            "message_edited": self._speech,
            "command_invoked": self._speech,
            "message_deleted": self._deleted,
            "timer_due": self._timer_due,
            "packet_sent": self._fact,
            "packet_share_taken": self._fact,
            "packet_closed": self._fact,
            "ledger_refused": self._fact,
            "transferred": self._fact,
            "action_outcome": self._outcome,
            "rulebook_adopted": self._adopted,
        }

    def decide(self, view: EventView, seq: int) -> Decision | None:
        """Return what follows from one event, in the order of EVENTS; None: nothing, just count it.

        An event whose id was among the last 16,384 is not judged again.

        Raises:
            UnknownRulebook: `books` lacks what is needed.
        """
        state = self.state
        event_id = view.id
        if not state.admit(event_id, view.received_ms):
            return None
        if view.kind in WITNESSED:
            self._witness(view)
        handle = self._handlers.get(view.kind)
        decision = handle(view, seq) if handle is not None else None
        if decision is None:
            state.note(event_id.encode())
        else:
            state.note(event_id.encode(), encode(decision))
        return decision

    def _witness(self, view: EventView) -> None:
        state = self.state
        if state.in_force(view.network, view.group):
            witness(state.room(view.network, view.group).members, view, state.clock_ms)

    def _book(self, digest: str) -> Compiled:
        book = self.books.get(digest)
        if book is None:
            raise UnknownRulebook(digest)
        return book

    def _in_force(self, view: EventView) -> str:
        books = self.state.books.get(view.network)
        if books is None:
            return ""
        if books.by_group:
            return books.in_force(view.group)
        return books.in_force(view.group, view.platform, view.place.channel)

    def _draft(self, view: EventView, seq: int, compiled: Compiled | None) -> Draft:
        return Draft(
            view,
            seq,
            at_ms=self.state.clock_ms,
            rulebook=compiled.digest if compiled is not None else "",
            language=compiled.rulebook.language if compiled is not None else "",
        )

    def _speech(self, view: EventView, seq: int) -> Decision | None:
        state = self.state
        network, group = view.network, view.group
        digest = self._in_force(view)
        if not digest:
            return None
        compiled = self._book(digest)
        actor = view.actor
        if actor.is_self:
            return None
        kind = KIND_OF[view.kind]
        payload = view.payload
        now_ms = state.clock_ms
        seen = Seen(
            kind, payload.content, actor, now_ms=now_ms, automaton=compiled.automaton, event=view
        )
        room = state.room(network, group)
        connection = view.connection
        if connection not in (room.connection, REPLAY):
            room.connection = connection
        if kind != "edit":
            spoke(room.members, actor, view.place.channel, now_ms)
        seen.windows = room.windows
        if kind in compiled.counted.kinds and view.origin not in _PAST:
            count(compiled.counted, room.windows, seen, view.id)
        hits = judge(compiled, seen)
        asked = kind == "command" and commands.is_command(payload.name)
        if not hits and not asked and seen.look.length <= EXAMINED_MAX:
            return None
        draft = self._draft(view, seq, compiled)
        draft.message_id = payload.message_id
        self._rule(draft, compiled, room, hits, seen.look.original)
        if seen.look.length > EXAMINED_MAX:
            length = seen.look.length
            draft.hits.append(
                RuleHit(rule=OVERSIZED, outcome=Outcome.ALLOW, count=length, threshold=EXAMINED_MAX)
            )
        # What is removed or muted is not carried out; and what a file replays was, long ago.
        if asked and draft.outcome < Outcome.DELETE and view.origin != Origin.REPLAYED:
            commands.run(draft, state, compiled, room, payload.name, payload.args)
        return draft.finish()

    def _rule(
        self, draft: Draft, compiled: Compiled, room: Room, hits: list[Hit], text: str
    ) -> None:
        if not hits or draft.subject is None:
            return
        ruling = rule_on(compiled, room, draft.subject.id, draft.at_ms, hits)
        draft.add_hits(hits, text)
        carry_out(draft, compiled, room, ruling, hits, text)

    def _deleted(self, view: EventView, seq: int) -> Decision | None:
        room = self._known_room(view)
        if room is None or not room.debts:
            return None
        gone = set(view.message_deleted.message_ids)
        timers = sorted(
            timer for timer, debt in room.debts.items() if debt.author.message_id in gone
        )
        if not timers:
            return None
        draft = self._draft(view, seq, None)
        for timer in timers:
            del room.debts[timer]
            draft.cancelled.append(timer)
        return draft.finish()

    def _known_room(self, view: EventView) -> Room | None:
        rooms = self.state.rooms.get(view.network)
        return rooms.get(view.group, self.state.clock_ms) if rooms is not None else None

    def _timer_due(self, view: EventView, seq: int) -> Decision | None:
        room = self._known_room(view)
        if room is None:
            return None
        timer = view.timer_due.timer_id
        mute = room.mutes.pop(timer, None)
        if mute is not None:
            draft = self._draft(view, seq, None)
            draft.address(mute.author)
            lift(draft, mute)
            return draft.finish()
        debt = room.debts.pop(timer, None)
        if debt is None:
            return None
        compiled = self._book(debt.rulebook)
        rule = compiled.by_id[debt.rule]
        draft = self._draft(view, seq, compiled)
        draft.address(debt.author)
        otherwise = rule.rule.otherwise
        assert otherwise is not None, "only a rule that says what follows asks for a packet"
        clue = Clue("unpaid", measure="packets", limit=1, event_ids=(debt.event_id,))
        self._rule(draft, compiled, room, [Hit(rule, otherwise, (clue,))], "")
        return draft.finish()

    def _fact(self, view: EventView, seq: int) -> Decision | None:
        state = self.state
        digest = self._in_force(view)
        if not digest:
            return None
        compiled = self._book(digest)
        room = state.room(view.network, view.group)
        draft = self._draft(view, seq, compiled)
        draft.connection = draft.connection or room.connection
        facts.tell(draft, view, state, compiled, room)
        return draft.finish()

    def _outcome(self, view: EventView, seq: int) -> Decision | None:
        draft = self._draft(view, seq, None)
        draft.outcome = Outcome.UNSPECIFIED
        payload = draft.event.payload
        assert isinstance(payload, ActionOutcome)
        draft.outcome_of = payload
        return draft.finish()

    def _adopted(self, view: EventView, _seq: int) -> None:
        fact = view.rulebook_adopted
        self._book(fact.digest)
        groups = tuple(fact.groups) or ((view.group,) if view.group else ())
        channels = tuple(fact.channels)
        platform = fact.platform
        self.state.adopt(view.network, groups, fact.digest, platform=platform, channels=channels)
        self.state.note(fact.digest.encode())
