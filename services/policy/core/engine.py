"""Decide what to do about each event. Pure: same state, books and event, same decision, always."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from contracts.codec import EventView, encode
from contracts.subjects import REPLAY
from contracts.values import Availability, Decision, Origin, Outcome, RuleHit
from contracts.values.view import ActorView
from policy.core import appeals, commands, expecting, facts, floor, happenings, permits, staff
from policy.core.acts.doors import opens, vacancy
from policy.core.acts.members import tell_move
from policy.core.acts.returning import returns
from policy.core.ahead import Ahead, in_force
from policy.core.alarms import book_of, ring
from policy.core.arrivals import STIRRING, WITNESSED, spoke, stirs, witness
from policy.core.belonging import begin, take_part
from policy.core.carry_out import carry_out, lift
from policy.core.compiled import Compiled
from policy.core.conduct import Expectation
from policy.core.counting import count
from policy.core.effects import Draft
from policy.core.expecting import Occurrence
from policy.core.highlights import forget, starred, tell
from policy.core.hits import Hit
from policy.core.household import Household
from policy.core.kinds import KIND_OF, SPEECH, EventKind
from policy.core.noticing import NOTHING, notice, set_going
from policy.core.sanctions import failures, judge, rule_on
from policy.core.scene import Scene
from policy.core.seen import Seen
from policy.core.state import Room, State
from policy.core.text.fold import EXAMINED_MAX
from policy.core.undoing import undo

OVERSIZED: Final = "reeve:oversized"  # no id of a rulebook's rule has a colon
_UNREADABLE: Final = frozenset((Availability.WITHHELD, Availability.ENCRYPTED))
_PAST: Final = frozenset((Origin.BACKFILLED, Origin.REPLAYED))
_SAID: Final = "message_created"  # most of what happens
_FACTS: Final = (
    "packet_sent", "packet_opened", "packet_frozen", "packet_share_taken", "packet_closed",
    "payment_received", "payment_returned", "ledger_refused", "transferred",
)  # fmt: skip


class UnknownRulebook(Exception):
    """A rulebook is needed that was not given; the state is spoiled and has to be restored."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"rulebook {digest} is not loaded")
        self.digest = digest


class Engine:
    """The judge of one partition. It changes `state` and nothing else.

    `books` are the compiled rulebooks by digest; it is read at each decision and may grow between
    them. Those that `state.rulebooks()` names, and those that the next events adopt, must be in it.
    `size` is how many bytes the last decision takes.
    """

    def __init__(self, state: State, books: Mapping[str, Compiled]) -> None:
        self.state, self.books = state, books
        self.data = b""
        self.ahead = Ahead()
        self._handlers: Final[dict[str, Callable[[EventView, int], Decision | None]]] = {
            **dict.fromkeys(KIND_OF, self._happens),
            "command_invoked": self._commanded,
            "message_deleted": self._deleted,
            "timer_due": self._timer_due,
            **dict.fromkeys(_FACTS, self._fact),
            **Household(state, self._book).handlers,
            "reviewed": self._reviewed,
            "appealed": self._appealed,
            "undoing": self._undoing,
        }

    def decide(self, view: EventView, seq: int) -> Decision | None:
        """Return what follows from one event, in the order of EVENTS; None: nothing, just count it.

        An event whose id was among the last 16,384 is not judged again.

        Raises:
            UnknownRulebook: `books` lacks what is needed.
        """
        state = self.state
        event_id, kind = view.id, view.kind
        if not state.admit(event_id, view.received_ms):
            return None
        if kind in WITNESSED:
            self._witness(view)
        if kind == _SAID:
            decision = self._happens(view, seq)
        else:
            handle = self._handlers.get(kind)
            decision = handle(view, seq) if handle is not None else None
        data = b"" if decision is None else encode(decision)
        self.data = data
        state.note(event_id.encode() + data)
        return decision

    def _witness(self, view: EventView) -> None:
        state = self.state
        digest = in_force(state, view)
        if digest:
            members = state.room(view.network, view.group).members
            begin(self._book(digest), members, state.clock_ms)
            witness(members, view, state.clock_ms)

    def _book(self, digest: str) -> Compiled:
        book = self.books.get(digest)
        if book is None:
            raise UnknownRulebook(digest)
        return book

    def _draft(self, view: EventView, seq: int, compiled: Compiled | None) -> Draft:
        return Draft(
            view,
            seq,
            at_ms=self.state.clock_ms,
            rulebook=compiled.digest if compiled is not None else "",
            language=compiled.rulebook.language if compiled is not None else "",
        )

    def _happens(self, view: EventView, seq: int) -> Decision | None:
        state = self.state
        digest = in_force(self.state, view)
        if not digest:
            return None
        compiled = self.books.get(digest) or self._book(digest)
        kind = KIND_OF[view.kind]
        spoken = kind in SPEECH
        actor = view.actor
        subject = actor if spoken else happenings.subject(kind, view)
        if actor.is_self or (not spoken and subject.is_self):
            return None
        room = state.room(view.network, view.group)
        if spoken and view.connection not in (room.connection, REPLAY):
            room.connection, room.platform = view.connection, view.platform
        waited_for = self._waited_for(view, room, subject) if room.expectations.of else ""
        counted = kind in compiled.counted.kinds and view.origin not in _PAST
        heard = spoken or waited_for or counted or kind in compiled.heard
        if not (heard or commands.asks(kind, view, room)) and not (
            kind in STIRRING and stirs(room.members, kind, subject.id, state.clock_ms)
        ):
            return None
        seen = self._seen(view, kind, compiled, room, subject)
        if spoken and kind != "edit":
            spoke(room.members, seen.member, actor, view, state.clock_ms)
        if counted:
            count(compiled.counted, room.windows, seen, view.id)
        came = self._came(view, seq, room, seen, compiled, waited_for) if waited_for else ()
        return self._conclude(view, seq, compiled, room, seen, came)

    def _came(
        self, view: EventView, seq: int, room: Room, seen: Seen, compiled: Compiled, member: str
    ) -> Sequence[Expectation]:
        def under(book: Compiled) -> Seen:
            if book is compiled:
                return seen
            return self._seen(view, seen.kind, book, room, seen.actor)

        return expecting.came(room, self._book, Occurrence(view, member, under, seq))

    def _conclude(
        self,
        view: EventView,
        seq: int,
        compiled: Compiled,
        room: Room,
        seen: Seen,
        came: Sequence[Expectation],
    ) -> Decision | None:
        aside = NOTHING
        kind = seen.kind
        if kind in compiled.counted.noticed:
            is_live = view.origin not in _PAST
            aside = notice(self.state, compiled.counted, room, seen, view, is_live=is_live)
        hits = judge(compiled, seen) if seen.member else []
        oversized = seen.look.length > EXAMINED_MAX
        if oversized or view.availability in _UNREADABLE:
            hits = failures(compiled, seen, hits)
        asked = bool(seen.member) and commands.asks(kind, view, room)
        in_turn = not (room.conduct.floors and view.place.channel in room.conduct.floors)
        belongs = compiled.belongs or room.members.counted_ms
        moved = take_part(compiled, room, seen, hits) if belongs else None
        stirred = kind in STIRRING and stirs(room.members, kind, seen.member, seen.now_ms)
        star = starred(compiled, room, seen) if kind == "reaction" else None
        more = stirred or aside is not NOTHING or star is not None
        if in_turn and not (hits or asked or oversized or came or moved or more):
            return None
        draft = self._draft(view, seq, compiled)
        scene = self._scene(draft, compiled, room, seen)
        set_going(scene, aside)
        draft.subject = happenings.subject_of(kind, view, draft.actor)
        draft.message_id = happenings.removable(kind, view)
        self._rule(scene, hits)
        permits.use(scene, hits)
        if star is not None:
            tell(scene, star)
        if not in_turn:
            floor.follow(scene)
        if oversized:
            draft.hits.append(_oversized(seen.look.length))
        # What is removed or muted is not carried out; and what a file replays was, long ago.
        if asked and draft.outcome < Outcome.DELETE and view.origin != Origin.REPLAYED:
            commands.carry_out(scene, kind, view)
        expecting.follow(scene, came, is_fulfilled=True)
        if moved:
            tell_move(scene, moved)
        if stirred:
            (returns if kind == "join" else vacancy)(scene)
        return draft.finish()

    def _commanded(self, view: EventView, seq: int) -> Decision | None:
        """Do what is asked for in private, which is not judged; a command in a group is speech."""
        if not view.payload.direct:
            return self._happens(view, seq)
        digest, name, actor = in_force(self.state, view), view.payload.name, view.actor
        if not digest or not commands.is_command(name):
            return None
        compiled, room = self._book(digest), self.state.room(view.network, view.group)
        seen = self._seen(view, "command", compiled, room, actor)
        scene = self._scene(self._draft(view, seq, compiled), compiled, room, seen)
        commands.run(scene, name, view.payload.args)
        if waited_for := self._waited_for(view, room, actor):
            occurrence = Occurrence(view, waited_for, lambda _: seen, seq)
            expecting.follow(scene, expecting.came(room, self._book, occurrence), is_fulfilled=True)
        return scene.draft.finish()

    def _waited_for(self, view: EventView, room: Room, subject: ActorView) -> str:
        """Return of whom something may have come that is waited for, "" where of nobody."""
        waiting = room.expectations.of
        if not waiting or view.origin == Origin.REPLAYED:
            return ""
        member = expecting.waited_for(view, subject.id)
        return member if member in waiting else ""

    def _seen(
        self, view: EventView, kind: EventKind, compiled: Compiled, room: Room, subject: ActorView
    ) -> Seen:
        spoken = kind in SPEECH
        seen = Seen(
            kind,
            view.payload.content if spoken else happenings.NO_CONTENT,
            subject,
            now_ms=self.state.clock_ms,
            automaton=compiled.automaton,
            text=None if spoken else happenings.text(kind, view),
            event=view,
            room=room,
            sighted=self.ahead.take(view, compiled.automaton) if spoken else None,
        )
        seen.windows = room.windows
        if self.state.bars:
            seen.bars = self.state.bars.get(view.network)
        return seen

    def _scene(
        self, draft: Draft, compiled: Compiled, room: Room, seen: Seen | None = None
    ) -> Scene:
        text = seen.look.original if seen is not None else ""
        return Scene(draft, self.state, compiled, room, self._book, self._rule, text, seen)

    def _rule(self, scene: Scene, hits: list[Hit]) -> None:
        draft = scene.draft
        if not hits or draft.subject is None:
            return
        ruling = rule_on(scene.compiled, scene.room, draft, hits)
        draft.add_hits(hits, scene.text)
        carry_out(scene, ruling, hits)

    def _deleted(self, view: EventView, seq: int) -> Decision | None:
        room = self._known_room(view)
        if room is None:
            return None
        gone = set(view.message_deleted.message_ids)
        floor.forget(room, gone)
        lost = forget(room.harvest, gone)
        timers = sorted(
            timer
            for timer, waiting in room.expectations.open.items()
            if waiting.author.message_id in gone
        )
        if not (timers or lost):
            return None
        draft = self._draft(view, seq, None)
        draft.harvested += lost
        for timer in timers:
            room.expectations.drop(timer)
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
        mute, draft = room.mutes.pop(timer, None), self._draft(view, seq, None)
        if mute is not None:
            draft.address(mute.author)
            lift(draft, mute)
            return draft.finish()
        if timer == room.members.shut_timer:
            opens(draft, room.members)
            return draft.finish()
        waiting = room.expectations.drop(timer)
        if waiting is None:
            return self._time_is_up(view, seq, room)
        compiled = self._book(waiting.rulebook)
        draft = self._draft(view, seq, compiled)
        draft.address(waiting.author)
        expecting.follow(self._scene(draft, compiled, room), [waiting], is_fulfilled=False)
        return draft.finish()

    def _time_is_up(self, view: EventView, seq: int, room: Room) -> Decision | None:
        """Let happen what a timer of the group was set for."""
        digest = book_of(room, view, in_force(self.state, view))
        if not digest:
            return None
        compiled = self._book(digest)
        draft = self._draft(view, seq, compiled)
        ring(self._scene(draft, compiled, room), view)
        return draft.finish()

    def _reviewed(self, view: EventView, seq: int) -> Decision | None:
        """A person decided on a case, by REST: there, whoever asks is known."""
        fact, by = view.reviewed, view.actor.id

        def ask(scene: Scene) -> str:
            return staff.reviewed(scene, fact.case_id, fact.verdict, by, fact.reason)

        return self._by_rest(view, seq, ask)

    def _appealed(self, view: EventView, seq: int) -> Decision | None:
        fact = view.appealed
        return self._by_rest(
            view,
            seq,
            lambda scene: appeals.appeal(scene, view.actor.id, fact.case_id, fact.reason),
        )

    def _undoing(self, view: EventView, seq: int) -> Decision | None:
        """Take back what was done in a case, even in a group that is long forgotten."""
        self.state.room(view.network, view.group)
        return self._by_rest(view, seq, lambda scene: undo(scene, view.actor.id))

    def _by_rest(self, view: EventView, seq: int, ask: Callable[[Scene], str]) -> Decision | None:
        room = self._known_room(view)
        digest = in_force(self.state, view)
        if room is None or not digest:
            return None
        compiled = self._book(digest)
        draft = self._draft(view, seq, compiled)
        draft.connection = draft.connection or room.connection
        draft.told.append(ask(self._scene(draft, compiled, room)))
        return draft.finish()

    def _fact(self, view: EventView, seq: int) -> Decision | None:
        """Tell a fact of the ledger, see whether it was waited for, and judge it."""
        state = self.state
        digest = in_force(self.state, view)
        if not digest:
            return None
        compiled = self._book(digest)
        room = state.room(view.network, view.group)
        kind = KIND_OF.get(view.kind) if not facts.is_later_drop(view) else None
        subject = happenings.subject(kind, view) if kind is not None else view.actor
        draft = self._draft(view, seq, compiled)
        draft.connection = draft.connection or room.connection
        if kind is not None:
            draft.subject = happenings.subject_of(kind, view, draft.actor)
        came: list[Expectation] = []
        waited_for = self._waited_for(view, room, subject)
        if waited_for:
            person = facts.asked_by(view, state, waited_for)
            since = person.seq if person is not None else seq
            came = expecting.came(room, self._book, Occurrence(view, waited_for, None, since))
        facts.tell(draft, view, state, compiled, room, settled=bool(came))
        scene = self._scene(draft, compiled, room)
        counted = kind in compiled.counted.kinds and view.origin not in _PAST
        if kind == "packet" and subject.id and compiled.counted.silent:
            room.silence.spoke(subject.id, state.clock_ms)
        if kind is not None and subject.id and (counted or kind in compiled.kinds):
            scene.seen = self._seen(view, kind, compiled, room, subject)
            scene.text = scene.seen.look.original
            if counted:
                count(compiled.counted, room.windows, scene.seen, view.id)
            self._rule(scene, judge(compiled, scene.seen))
        expecting.follow(scene, came, is_fulfilled=True)
        return draft.finish()


def _oversized(length: int) -> RuleHit:
    return RuleHit(rule=OVERSIZED, outcome=Outcome.ALLOW, count=length, threshold=EXAMINED_MAX)
