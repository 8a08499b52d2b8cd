"""A room to play events in: makes events, feeds the engine what a gateway and a ledger would."""

from dataclasses import replace
from functools import cache

from chassis.bus import Delivery
from contracts import ids
from contracts.codec import encode, view_event
from contracts.values import (
    ActionOutcome,
    Actor,
    ActorKind,
    Appealed,
    CommandInvoked,
    Content,
    Decision,
    Done,
    Event,
    GroupChanged,
    Incident,
    IncidentGroup,
    Inviter,
    LedgerRefused,
    MemberBanned,
    MemberInvited,
    MemberJoined,
    MemberKicked,
    MemberLeft,
    MemberUnbanned,
    MessageCreated,
    MessageDeleted,
    MessageEdited,
    Origin,
    OutcomeStatus,
    PaymentReceived,
    PaymentReturned,
    Place,
    ProfileChanged,
    ReactionAdded,
    Reported,
    Reviewed,
    RoleChanged,
    RulebookAdopted,
    StandingChanged,
    ThreadCreated,
    Tick,
    TimerDue,
    Transferred,
    Undoing,
)
from policy.core.compile import compile_rulebook
from policy.core.engine import Engine
from policy.core.filing import act_of, admissions_of, points_of
from policy.core.rulebook import parse
from policy.core.state import State
from tests.unit.policy.core.packets import EPOCH_MS, PacketFacts

GROUP = "!room:example.org"


def make_event(payload, *, number=1, at_ms=0, who="ann", **fields):
    group = fields.pop("group", GROUP)
    dedup_key = fields.pop("dedup_key", f"$e{number}")
    actor = make_actor(who, fields)
    return Event(
        id=ids.event_id("matrix", "town", group, dedup_key),
        platform=fields.pop("platform", "matrix"),
        network="town",
        group=group,
        connection=fields.pop("connection", "matrix"),
        place=fields.pop("place", Place(channel=group)),
        actor=actor,
        received_ms=EPOCH_MS + at_ms,
        dedup_key=dedup_key,
        origin=fields.pop("origin", Origin.LIVE),
        payload=payload,
        **fields,
    )


def make_actor(who, fields):
    """Return a member; what of ``fields`` is theirs is taken out."""
    return Actor(
        id=f"@{who}:example.org",
        kind=ActorKind.USER,
        display_name=fields.pop("name", who.capitalize()),
        power=fields.pop("power", 0),
        roles=tuple(fields.pop("roles", ())),
        is_self=fields.pop("is_self", False),
        account_created_ms=fields.pop("account_created_ms", 0),
        joined_ms=fields.pop("joined_ms", 0),
    )


def delivered(log):
    """Return events, as bytes, as the stream hands them out."""
    return [Delivery("ev.0", data, seq=seq) for seq, data in enumerate(log, 1)]


@cache
def compiled_once(text):
    return compile_rulebook(parse(text))


class Room(PacketFacts):
    """One group with a rulebook in force; `events` are all that were fed, as bytes."""

    def __init__(self, text, *, adopt=True):
        self.compiled = compiled_once(text)
        self.books = {self.compiled.digest: self.compiled}
        self.engine = Engine(State(), self.books)
        self.events = []
        self.number = 0
        self.decisions = []
        self.names = {}
        if adopt:
            self.feed(RulebookAdopted(digest=self.compiled.digest, groups=(GROUP,)))

    @property
    def state(self):
        return self.engine.state

    def feed(self, payload, **fields):
        self.number += 1
        event = make_event(payload, number=self.number, **fields)
        data = encode(event)
        self.events.append(data)
        decision = self.engine.decide(view_event(data), self.number)
        if decision is not None:
            self.decisions.append(decision)
        return decision

    def hears(self, number, *, at_ms):
        """Feed a fact of the newest decision that has any, as dispatch would."""
        told = [decision.facts for decision in self.decisions if decision.facts][-1]
        self.number += 1
        data = encode(replace(told[number], received_ms=EPOCH_MS + at_ms))
        self.events.append(data)
        decision = self.engine.decide(view_event(data), self.number)
        self.decisions += [] if decision is None else [decision]
        return decision

    def joins(self, who, *, by=None, sure=1.0, pending=False, avatar="", before="", **fields):
        made = {key: fields[key] for key in ("at_ms", "origin", "group") if key in fields}
        member = make_actor(who, fields)
        inviters = (Inviter(actor=make_actor(by, {}), confidence=sure, via="invite"),) if by else ()
        payload = MemberJoined(
            member=member, inviters=inviters, pending=pending, previous=before, avatar=avatar
        )
        return self.feed(payload, who=who, name=member.display_name, **made)

    def leaves(self, who, **fields):
        return self.feed(MemberLeft(member=make_actor(who, {})), who=who, **fields)

    def kicked(self, who, *, by="mod", **fields):
        return self.feed(MemberKicked(member=make_actor(who, {})), who=by, **fields)

    def banned(self, who, *, by="mod", until_ms=0, **fields):
        payload = MemberBanned(member=make_actor(who, {}), until_ms=until_ms)
        return self.feed(payload, who=by, **fields)

    def unbanned(self, who, *, by="mod", **fields):
        return self.feed(MemberUnbanned(member=make_actor(who, {})), who=by, **fields)

    def invites(self, by, who, **fields):
        return self.feed(MemberInvited(member=make_actor(who, {})), who=by, **fields)

    def looks(self, who, *, avatar="", name=None, before="", avatar_before="", **fields):
        member = make_actor(who, {"name": name or who.capitalize()})
        payload = ProfileChanged(
            member=member,
            previous_display_name=before,
            avatar=avatar,
            previous_avatar=avatar_before,
        )
        return self.feed(payload, who=who, name=member.display_name, **fields)

    def given_roles(self, who, roles, *, by="mod", power=0, **fields):
        member = make_actor(who, {"roles": roles, "power": power})
        return self.feed(RoleChanged(member=member, added=tuple(roles)), who=by, **fields)

    def changes(self, who, key, value, *, before="", **fields):
        return self.feed(GroupChanged(key=key, value=value, previous=before), who=who, **fields)

    def reacts(self, who, emoji, *, message, **fields):
        payload = ReactionAdded(
            message_id=self.message_id(message), key=emoji, reaction_id=f"$r{self.number + 1}"
        )
        return self.feed(payload, who=who, **fields)

    def opens(self, who, title, **fields):
        """Open a thread."""
        return self.feed(ThreadCreated(title=title), who=who, **fields)

    def reports(self, who, member, *, message=None, reason="", **fields):
        payload = Reported(
            message_id=self.message_id(message) if message else "",
            member=make_actor(member, {}),
            reason=reason,
        )
        return self.feed(payload, who=who, **fields)

    def ticks(self, *, at_ms, **fields):
        return self.feed(Tick(at_ms=EPOCH_MS + at_ms), who="reeve", at_ms=at_ms, **fields)

    def pays(self, who, amount, *, asset="CNY", purpose="", to="", **fields):
        payload = PaymentReceived(
            payment_id=f"pay{self.number}",
            provider="till",
            member=f"@{who}:example.org" if who else "",
            amount=amount,
            asset=asset,
            purpose=purpose,
            destination=to,
        )
        return self.feed(payload, who="ledger", **fields)

    def repaid(self, who, amount, *, asset="CNY", purpose="", to="", why="refunded", **fields):
        """A provider gives back what somebody paid."""
        payload = PaymentReturned(
            payment_id=f"pay{self.number}",
            provider="till",
            member=f"@{who}:example.org" if who else "",
            amount=amount,
            asset=asset,
            purpose=purpose,
            destination=to,
            why=why,
        )
        return self.feed(payload, who="ledger", **fields)

    def incident(self, of, message, groups, *, at_ms, **fields):
        """Tell of an incident that something said here is part of."""
        said = self.message_id(message)
        event_id = ids.event_id("matrix", "town", GROUP, f"$e{said.removeprefix('$m')}")
        at = {"at_ms": EPOCH_MS + at_ms, "event_id": event_id}
        seen = tuple(IncidentGroup(group=group, **at) for group in groups)
        payload = Incident(
            decision_id="opened", kind=of, groups=seen, event_id=event_id, message_id=said
        )
        return self.feed(payload, at_ms=at_ms, **fields)

    def case(self, nth):
        """Return the id of a case, counted from 0 by when it was opened."""
        opened = dict.fromkeys(one.case_id for one in self.decisions if one.case_id)
        return [*opened][nth]

    def reviews(self, nth, verdict, *, reason="", **fields):
        """A person decides by REST."""
        payload = Reviewed(case_id=self.case(nth), verdict=verdict, reason=reason)
        return self.feed(payload, **fields)

    def appeals(self, who, nth, reason, **fields):
        """A member appeals by REST."""
        return self.feed(Appealed(case_id=self.case(nth), reason=reason), who=who, **fields)

    def about(self, case_id):
        known = (
            one for one in self.decisions if case_id in (one.case_id, ids.case_id(one.event_id))
        )
        return next(known, Decision())

    def done_in(self, case_id):
        """Return what was done in a case, as the record has it."""
        actions = [action for one in self.decisions for action in one.actions]
        first = self.about(case_id)
        own = {action.id for action in first.actions}
        acts = [act_of(one) for one in actions if one.case_id == case_id or one.id in own]
        acts += admissions_of(first)
        member = first.subject.id if first.subject is not None else ""
        acts += [points_of(hit.rule, member, first.at_ms) for hit in first.hits if hit.points]
        names = ("kind", "rule", "member", "name", "before", "after")
        told = ((act.action, {name: getattr(act, name) for name in names}) for act in acts if act)
        return [Done(action_id=action, **fields) for action, fields in told]

    def undoes(self, nth, *, rule="", kind="", forgotten=False, **fields):
        """Somebody has a case (or a decision without one) taken back, or a part of it."""
        case_id = self.case(nth) if isinstance(nth, int) else ids.case_id(nth.event_id)
        done = self.done_in(case_id)
        act = next((one.action_id for one in done if one.kind == kind), "")
        if forgotten:
            self.state.room("town", GROUP).conduct.filed.drop(f"@{forgotten}:example.org")
        payload = Undoing(
            undo_id="batch", case_id=case_id, rule=rule, action_id=act, done=tuple(done),
            reason="the rule was wrong", member=self.about(case_id).subject,
        )  # fmt: skip
        return self.feed(payload, **{"who": "mod", **fields})

    def message_id(self, name=None):
        fresh = f"$m{self.number + 1}"
        return self.names.setdefault(name, fresh) if name else fresh

    def says(self, text, *, html="", message=None, attachments=(), form="text", **fields):
        content = replace(
            fields.pop("beside", Content()),
            text=text,
            html=html,
            attachments=tuple(attachments),
            form=form,
            reply_to=fields.pop("reply_to", ""),
            mentions=tuple(fields.pop("mentions", ())),
        )
        payload = MessageCreated(message_id=self.message_id(message), content=content)
        return self.feed(payload, **fields)

    def edits(self, text, *, message, **fields):
        content = Content(text=text, form="text")
        payload = MessageEdited(message_id=self.message_id(message), content=content)
        return self.feed(payload, **fields)

    def deletes(self, message, **fields):
        return self.feed(MessageDeleted(message_ids=(self.message_id(message),)), **fields)

    def commands(self, line, *, direct=False, **fields):
        name, *args = line.removeprefix("!").split()
        payload = CommandInvoked(name=name, args=tuple(args), text=line, direct=direct)
        answers, mentions = fields.pop("reply_to", ""), tuple(fields.pop("mentions", ()))
        if not direct:
            content = Content(text=line, form="text", reply_to=answers, mentions=mentions)
            payload = replace(payload, message_id=self.message_id(), content=content)
        return self.feed(payload, **fields)

    def command_id(self, of=None):
        """Return the id of the newest order to the ledger, or of one by name."""
        if of == "none":
            return ""
        orders = [
            action.id
            for decision in self.decisions
            for action in decision.actions
            if action.executor == "ledger"
        ]
        return orders[-1] if orders else ""

    def refused(self, code, member="ann", detail="", command=None, **fields):
        payload = LedgerRefused(
            command_id=self.command_id(command),
            member=f"@{member}:example.org" if member else "",
            code=code,
            detail=detail,
        )
        return self.feed(payload, who="ledger", **fields)

    def transferred(self, source, destination, amount, **fields):
        payload = Transferred(
            source=source,
            destination=destination,
            amount=amount,
            asset=fields.pop("asset", "points"),
            purpose=fields.pop("purpose", ""),
            command_id=fields.pop("command", ""),
            reverses=fields.pop("reverses", ""),
        )
        return self.feed(payload, who="ledger", **fields)

    def stands(self, member, standing, **fields):
        """The ledger tells what the group makes of a member."""
        names = ("level", "labels", "labels_lost")
        payload = StandingChanged(
            member=f"@{member}:example.org",
            asset="reputation",
            standing=standing,
            **{name: fields.pop(name) for name in names if name in fields},
        )
        return self.feed(payload, who="ledger", **fields)

    def done(self, nth, **fields):
        """The platform carried out an action that takes something away or from somebody."""
        acts = [action for one in self.decisions for action in one.actions]
        act = [action for action in acts if not hasattr(action.body, "text")][nth]
        payload = ActionOutcome(
            action_id=act.id, status=OutcomeStatus.DONE, decided_ms=act.decided_ms
        )
        return self.feed(payload, who="reeve", **fields)

    def due(self, timer, *, late_ms=0, **fields):
        if timer.purpose == "tick":
            at_ms = EPOCH_MS + fields["at_ms"]
            dedup_key = f"timer:{timer.id}"
            return self.feed(Tick(at_ms=at_ms), who="reeve", dedup_key=dedup_key, **fields)
        payload = TimerDue(
            timer_id=timer.id,
            purpose=timer.purpose,
            subject_id=timer.subject_id,
            due_ms=EPOCH_MS + fields["at_ms"] - late_ms if "at_ms" in fields else 0,
        )
        return self.feed(payload, who="reeve", **fields)
