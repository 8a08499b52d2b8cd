"""What an event sets going beyond its own decision: members watched, ticks, sightings told."""

from typing import Final, NamedTuple

from contracts import ids
from contracts.codec import EventView
from contracts.values import (
    Actor,
    ActorKind,
    Event,
    Incident,
    IncidentGroup,
    MemberSilent,
    Origin,
    Place,
    Sighting,
    TimerSet,
)
from policy.core.clockwork import Clock, Clockwork
from policy.core.counting import Counted
from policy.core.effects import OWN, Draft
from policy.core.incidents import Known, Sight, Spread, Spreads, fingerprint
from policy.core.lateness import heed
from policy.core.scene import Scene
from policy.core.seen import Seen
from policy.core.silence import CONTRIBUTIONS, DEPARTURES, Lapse
from policy.core.state import Room, State
from policy.core.ticks import SECOND_MS, grain_ms

TICK: Final = "tick"
CLOCK: Final = "clock"
ROLES_MAX: Final = 32
LAPSES_MAX: Final = 200  # told by one tick; the rest by the next


class Aside(NamedTuple):
    """What an event sets going: facts, another tick, a clock to be wound up; how late it was."""

    facts: list[Event]
    is_tick_due: bool = False
    wound: tuple[Clock, Clockwork] | None = None
    late_ms: int = 0


NOTHING: Final = Aside([])


def notice(
    state: State, counted: Counted, room: Room, seen: Seen, view: EventView, *, is_live: bool
) -> Aside:
    """Note what goes beyond the event's own decision, and return what it sets going."""
    if seen.kind == "incident":
        learn(room, view, state.clock_ms)
    facts = sight(counted, room, seen, view) if is_live else []
    is_tick_due = watch(state, counted, room, seen, view)
    wound = None
    if is_live and counted.clock is not None and room.clock.book != counted.clock.book:
        wound = room.clock, counted.clock
    late_ms = state.clock_ms - view.received_ms if is_live and counted.late is not None else 0
    late_ms = late_ms if counted.late is not None and late_ms >= counted.late.after_ms else 0
    anything = facts or is_tick_due or wound or late_ms
    return Aside(facts, is_tick_due, wound, late_ms) if anything else NOTHING


def set_going(scene: Scene, aside: Aside) -> None:
    """Put into a decision what its event sets going, and tell the group how late it was."""
    draft, state = scene.draft, scene.state
    heed(draft, scene.room, scene.compiled, aside.late_ms)
    draft.facts += aside.facts
    if aside.is_tick_due:
        arm(draft, state)
    if aside.wound is not None:
        wind(draft, *aside.wound)


def wind(draft: Draft, clock: Clock, clockwork: Clockwork) -> None:
    """Have the clock of a group strike next when its rules want it, and at no other time."""
    if clock.timer:
        draft.cancelled.append(clock.timer)
    clock.book, clock.timer, clock.due_ms = clockwork.book, "", clockwork.next_ms(draft.at_ms)
    assert clock.due_ms, "every rule for the clock names a minute of some day"
    clock.timer = ids.timer_id(draft.view.id, OWN, CLOCK)
    draft.timers.append(TimerSet(id=clock.timer, purpose=CLOCK, due_ms=clock.due_ms))


def watch(state: State, counted: Counted, room: Room, seen: Seen, view: EventView) -> bool:
    """Note who contributes, comes and goes; return whether another tick has to come for it."""
    if not counted.silent:
        return False
    silence, now_ms = room.silence, state.clock_ms
    if seen.kind in CONTRIBUTIONS and seen.member:
        seen.silent_ms = silence.spoke(seen.member, now_ms)
    elif seen.kind == "join":
        silence.came(seen.member, now_ms)
    elif seen.kind in DEPARTURES:
        silence.gone(view.payload.member.id)
    network, group = view.network, view.group
    if not counted.lapses or not silence.members or state.ticks.waits_for(network, group):
        return False
    # A tick that comes too early finds out when the next has to; of one member it is known.
    first_ms = counted.lapses[0] if len(silence.members) == 1 else SECOND_MS
    return state.ticks.wait(network, group, now_ms + first_ms)


def arm(draft: Draft, state: State) -> None:
    """Have the next tick come when the first of those who wait wants it, and no other."""
    ticks = state.ticks
    if ticks.timer:
        draft.cancelled.append(ticks.timer)
    ticks.timer, ticks.due_ms = "", ticks.next_ms(draft.at_ms)
    if ticks.due_ms:
        ticks.timer = ids.timer_id(draft.view.id, OWN, TICK)
        draft.timers.append(TimerSet(id=ticks.timer, purpose=TICK, due_ms=ticks.due_ms))


def lapse(
    state: State, counted: Counted, room: Room, at: tuple[str, str], most: int
) -> list[Event]:
    """Return whom of a group a tick finds silent, and let the group wait for the next."""
    network, group = at
    now_ms, lengths_ms = state.clock_ms, counted.lapses
    found = [
        _silent(room, network, group, one, now_ms)
        for one in room.silence.lapsed(now_ms, lengths_ms, most)
    ]
    next_ms = room.silence.wakes_ms(lengths_ms)
    if next_ms:
        state.ticks.wait(network, group, max(next_ms, now_ms + grain_ms(lengths_ms[0])))
    return found


def sight(counted: Counted, room: Room, seen: Seen, view: EventView) -> list[Event]:
    """Return what other groups may have seen too."""
    found: list[Event] = []
    for ask in counted.sights:
        if seen.kind not in ask.kinds or not (
            ask.wheres is None or any(w(seen) for w in ask.wheres)
        ):
            continue
        key = seen.member if ask.of == "member" else fingerprint(seen.look.folded)
        own = seen.sight_key(ask.of)
        if not key or not own:
            continue
        if room.sightings.tell(own, f"{ask.of} {view.id}", seen.now_ms, ask.within_ms):
            found.append(_sighting(view, ask.of, key, ask.groups_at_least, ask.within_ms))
    return found


def learn(room: Room, view: EventView, now_ms: int) -> None:
    """Note an incident that the group is told of."""
    fact = view.incident
    stamps = [group.at_ms for group in fact.groups]
    events = [group.event_id for group in fact.groups]
    known = Known(fact.decision_id, stamps, events)
    room.sightings.learn(f"{fact.kind} {fact.event_id}", known, now_ms)


def spread(state: State, draft: Draft, view: EventView) -> list[Event]:
    """Count a sighting; return the incident as each group that has not heard of it is to hear."""
    fact, now_ms = view.sighting, state.clock_ms
    network = view.network
    known = state.spreads.setdefault(network, Spreads())
    found = known.of(fact.kind, fact.key, now_ms, fact.within_ms)
    if found is None:
        return []
    seen = _sight(view, now_ms)
    if not found.add(fact.group, seen, fact.within_ms, fact.groups_at_least, draft.id):
        return []
    groups = found.recent(now_ms, fact.within_ms)
    untold = [group for group in groups if not found.sights[group].told_ms]
    for group in untold:
        found.sights[group].told_ms = now_ms
    return [_incident(network, fact.kind, found, groups, group, now_ms) for group in untold]


def _sight(view: EventView, now_ms: int) -> Sight:
    fact, actor, place = view.sighting, view.actor, view.place
    return Sight(
        at_ms=now_ms,
        event_id=fact.event_id,
        message_id=fact.message_id,
        platform=view.platform,
        connection=view.connection,
        channel=place.channel,
        thread=place.thread,
        member=actor.id,
        name=actor.display_name,
        roles=list(actor.roles[:ROLES_MAX]),
        power=actor.power,
    )


def _incident(
    network: str, kind: str, found: Spread, groups: list[str], group: str, now_ms: int
) -> Event:
    own = found.sights[group]
    dedup_key = f"incident:{found.opened}:{own.event_id}"
    return Event(
        id=ids.event_id(own.platform, network, group, dedup_key),
        schema=1,
        platform=own.platform,
        network=network,
        group=group,
        connection=own.connection,
        place=Place(channel=own.channel, thread=own.thread),
        actor=Actor(
            id=own.member,
            kind=ActorKind.USER,
            display_name=own.name,
            roles=tuple(own.roles),
            power=own.power,
        ),
        occurred_ms=own.at_ms,
        received_ms=now_ms,
        dedup_key=dedup_key,
        origin=Origin.LIVE,
        payload=Incident(
            decision_id=found.opened,
            kind=kind,
            key=found.key,
            groups=tuple(
                IncidentGroup(group=each, at_ms=one.at_ms, event_id=one.event_id)
                for each, one in ((each, found.sights[each]) for each in groups)
            ),
            event_id=own.event_id,
            message_id=own.message_id,
        ),
    )


def _sighting(view: EventView, kind: str, key: str, groups_at_least: int, within_ms: int) -> Event:
    event = view.value()
    dedup_key = f"sighting:{kind}:{event.id}"
    return Event(
        id=ids.event_id(event.platform, event.network, event.group, dedup_key),
        schema=1,
        platform=event.platform,
        network=event.network,
        connection=event.connection,
        place=event.place,
        actor=event.actor,
        occurred_ms=event.occurred_ms,
        received_ms=event.received_ms,
        dedup_key=dedup_key,
        origin=Origin.LIVE,
        payload=Sighting(
            kind=kind,
            key=key,
            group=event.group,
            event_id=event.id,
            message_id=getattr(event.payload, "message_id", ""),
            groups_at_least=groups_at_least,
            within_ms=within_ms,
        ),
    )


def _silent(room: Room, network: str, group: str, found: Lapse, now_ms: int) -> Event:
    member, since_ms, for_ms = found
    record = room.members.known(member, now_ms)
    profile = record.profile
    dedup_key = f"silent:{member}:{since_ms}:{for_ms}"
    return Event(
        id=ids.event_id(room.platform, network, group, dedup_key),
        schema=1,
        platform=room.platform,
        network=network,
        group=group,
        connection=room.connection,
        place=Place(channel=profile.channel),
        actor=Actor(
            id=member,
            kind=ActorKind.USER,
            display_name=profile.name,
            roles=profile.roles,
            power=profile.power,
        ),
        occurred_ms=since_ms + for_ms,
        received_ms=now_ms,
        dedup_key=dedup_key,
        origin=Origin.LIVE,
        payload=MemberSilent(since_ms=since_ms, for_ms=for_ms),
    )
